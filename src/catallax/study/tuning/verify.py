"""Whether a record belongs to its declaration, to the code and to the defaults."""

from collections.abc import Iterator
from math import isclose

from catallax.errors import InputError
from catallax.protocol.hash_names import by_hash_name
from catallax.protocol.named import values_of
from catallax.study.tuning.declared import Declaration
from catallax.study.tuning.record import Record
from catallax.study.tuning.search import candidates, spelt
from catallax.study.tuning.tune import trials

CLOSE = 1e-6  # relative; other versions of the numerical libraries may differ by less


def problems(record: Record, declaration: Declaration) -> Iterator[str]:
    """What is wrong with a record of `declaration`, without running anything."""
    name = record.mechanism
    if record.effort != declaration.hash(name) or record.declared != declaration.plain(name):
        yield f"was made from another declaration than {declaration.source}"
        return
    for training in declaration.contracts:
        if record.contracts.get(training.name) != training.contract.hash:
            yield f"contract {training.name!r} is another one now"
    known = declaration.settings_of(name)
    now = [by_hash_name(c, known) for c in candidates(declaration, name)]
    if [dict(t.settings) for t in record.trials] != now:
        yield "other settings would be tried now"


def adrift(record: Record) -> Iterator[str]:
    """Settings whose default is not the record's best."""
    try:
        now = values_of(record.mechanism, record.domain)
    except InputError as e:
        yield str(e)
        return
    for key, best in record.best_settings.items():
        if now.get(key) != best:
            yield f"{key} is {now.get(key)} by default, the best of its record is {best}"


def moved(record: Record, declaration: Declaration) -> Iterator[str]:
    """Contracts on which the best settings, run again, do not give the score of the record."""
    text = spelt(record.mechanism, record.best_settings)
    for c, training in enumerate(declaration.contracts):
        seed = declaration.seeds[0]
        (found,) = trials(training.contract, text, (seed,), declaration.objective)
        was, now = record.best.scores[c][0], found.value
        if was is None or now is None:
            same = was is now
        else:
            same = isclose(was, now, rel_tol=CLOSE)
        if not same:
            yield f"{declaration.objective} on {training.name!r}, seed {seed}, was {was}, is {now}"
