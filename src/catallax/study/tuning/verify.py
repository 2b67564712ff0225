"""Whether a record belongs to its declaration, to the code and to the defaults."""

from collections.abc import Iterator
from math import isclose

from catallax.errors import InputError
from catallax.protocol.mechanism_names import values_of
from catallax.study.tuning.declared import Declaration
from catallax.study.tuning.record import TuningRecord
from catallax.study.tuning.search import candidates, spell_mechanism
from catallax.study.tuning.tune import run_objective

CLOSE = 1e-6  # relative; other versions of the numerical libraries may differ by less


def find_problems(record: TuningRecord, declaration: Declaration) -> Iterator[str]:
    """What is wrong with a record of `declaration`, without running anything."""
    name = record.mechanism
    if record.effort != declaration.hash(name) or record.declared != declaration.plain(name):
        yield f"was made from another declaration than {declaration.source}"
        return
    for training in declaration.contracts:
        if record.contracts.get(training.name) != training.contract.hash:
            yield f"contract {training.name!r} is another one now"
    if [dict(t.settings) for t in record.trials] != [
        dict(c) for c in candidates(declaration, name)
    ]:
        yield "other settings would be tried now"


def find_drifted_defaults(record: TuningRecord) -> Iterator[str]:
    """Settings whose default is not the record's best."""
    try:
        now = values_of(record.mechanism, record.domain)
    except InputError as e:
        yield str(e)
        return
    for key, best in record.best.settings.items():
        if now.get(key) != best:
            yield f"{key} is {now.get(key)} by default, the best of its record is {best}"


def find_moved_scores(record: TuningRecord, declaration: Declaration) -> Iterator[str]:
    """Contracts on which the best settings, run again, do not give the score of the record."""
    text = spell_mechanism(record.mechanism, record.best.settings)
    for c, training in enumerate(declaration.contracts):
        seed = declaration.seeds[0]
        (found,) = run_objective(training.contract, text, (seed,), declaration.objective)
        was, now = record.best.scores[c][0], found.value
        if was is None or now is None:
            same = was is now
        else:
            same = isclose(was, now, rel_tol=CLOSE)
        if not same:
            yield f"{declaration.objective} on {training.name!r}, seed {seed}, was {was}, is {now}"
