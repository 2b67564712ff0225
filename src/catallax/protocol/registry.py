"""The domains that are known: built in, of installed packages, of the user's own files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from catallax.errors import InputError, unknown
from catallax.protocol.contract import AbstractContract
from catallax.protocol.domain import Domain, Experiment
from catallax.protocol.measured import Measure
from catallax.protocol.provenance import bytes_hash
from catallax.protocol.settings import Setting
from catallax.protocol.shocks import AbstractShock
from catallax.protocol.tuned import Value
from catallax.protocol.userfile import bytes_of, is_file, module_of

GROUP = "catallax.domains"  # of entry points
PRODUCTION = "production"  # the domain of whatever does not name one
ANY = "compare"  # its experiment that takes any shock
BUILT_IN: Mapping[str, str] = {
    PRODUCTION: "catallax.domains.production",
    "prices_quantities": "catallax.domains.prices_quantities",
}
"""Name -> module that holds it as `DOMAIN`; imported when it is first asked for."""

_known: dict[str, Domain] = {}


def register_domain(domain: Domain) -> Domain:
    """Make a domain known under its name; one of the same name is replaced.

    Raises InputError for what is not a domain, and for a name of a built-in one.
    """
    if not isinstance(domain, Domain):
        raise InputError(
            f"domain: {type(domain).__name__} is no Domain; expected a catallax.protocol.Domain"
        )
    if domain.name in BUILT_IN:
        raise InputError(f"domain {domain.name!r}: is built in; choose another name")
    _check_experiments(domain)
    _known[domain.name] = domain
    return domain


def _check_experiments(domain: Domain) -> None:
    for experiment in domain.experiments.values():
        if experiment.domain != domain.name:
            raise InputError(
                f"domain {domain.name!r}: experiment {experiment.name!r} names the domain "
                f"{experiment.domain!r}; give it its own"
            )


def domain_named(name: str) -> Domain:
    """The domain called `name`; InputError lists the known ones."""
    if name in BUILT_IN and name not in _known:
        found = import_module(BUILT_IN[name]).DOMAIN
        _known.setdefault(name, found)
    if name not in _known:
        _load_installed()
    if name not in _known:
        raise unknown("domain", name, list(dict.fromkeys([*BUILT_IN, *_known])))
    return _known[name]


@cache
def _load_installed() -> None:
    """The domains of installed packages, once: entry points of the group `catallax.domains`."""
    for point in entry_points(group=GROUP):
        try:
            register_domain(point.load())
        except Exception as e:
            what = f"domain {point.name!r} of {point.value}: {e}"
            raise InputError(f"{what}; mend or remove the package that brings it") from e


def known_domain(name: str) -> Domain | None:
    """The domain called `name`; None for one that is not at hand, as of somebody else's file."""
    try:
        return domain_named(name)
    except InputError:
        return None


def domain_of(contract: AbstractContract) -> Domain:
    """The domain of a contract. Raises InputError for what is not a contract of any."""
    if not isinstance(contract, AbstractContract):
        raise InputError(
            f"contract: {type(contract).__name__} is not a contract; expected one such as "
            f'catallax.Contract("us15")'
        )
    return domain_named(contract.domain)


def read_contract(plain: Mapping[str, Any]) -> AbstractContract:
    """The contract that `to_dict` wrote, of whichever domain; none named is the economy."""
    return domain_named(str(plain.get("domain", PRODUCTION))).read(plain)


def domains() -> Mapping[str, Domain]:
    """Every domain by name, built-in ones first."""
    _load_installed()
    for name in BUILT_IN:
        domain_named(name)
    return {name: _known[name] for name in list(dict.fromkeys([*BUILT_IN, *_known]))}


def domain_in(file: Path | str) -> Domain:
    """The domain that a Python file defines at its top level; it is made known.

    Raises InputError for a file that cannot be read, fails, or defines none or several.
    """
    module = module_of(file)
    found = {d.name: d for d in vars(module).values() if isinstance(d, Domain)}
    if len(found) != 1:
        what = "no domain" if not found else f"several domains ({', '.join(found)})"
        raise InputError(
            f"{file}: defines {what}; expected one catallax.protocol.Domain at the top level"
        )
    (domain,) = found.values()
    outside = bytes_hash([bytes_of(Path(file))])
    return register_domain(replace(domain, file=str(file), outside=outside))


def experiment_named(name: str, folder: Path | str | None = None) -> Experiment:
    """The experiment called `name` of any domain, or the first one of the domain of that name.

    name   : of an experiment or a domain, or the path of a Python file that defines a domain
    folder : of the file that names it; a Python file beside that file is meant before others

    Raises InputError that lists all known ones.
    """
    if is_file(name):
        beside = Path(folder or "") / name
        found = domain_in(beside if beside.is_file() else name)
        return next(iter(found.experiments.values()))
    everything = every_experiment()
    if name in everything:
        return everything[name]
    known = domains()
    if name in known:
        return next(iter(known[name].experiments.values()))
    raise unknown("experiment", name, everything)


def every_experiment() -> dict[str, Experiment]:
    """Every experiment by name; of two of one name the built-in one is meant."""
    found: dict[str, Experiment] = {}
    for domain in domains().values():
        for name, experiment in domain.experiments.items():
            found.setdefault(name, experiment)
    return found


def experiment_around(contract: AbstractContract, mechanisms: Sequence[str] = ()) -> Experiment:
    """The experiment whose default is a contract that somebody made: settings change it."""

    def build(settings: Mapping[str, Value], tell: Any = None) -> AbstractContract:
        changed = contract
        for key, value in settings.items():
            changed = changed.with_setting(key, value)
        return changed

    def setting_of(key: str) -> Setting:
        first = next(iter(domain_of(contract).experiments.values()))
        return replace(first.setting_of(key), default=contract.setting(key))

    return Experiment(
        "compare",
        contract.title,
        tuple(mechanisms),
        build,
        setting_of,
        (),
        contract.domain,
        lambda: contract,
    )


def register_measure(measure: Measure, domain: str = PRODUCTION) -> Measure:
    """Make a measure known in a domain: it stands in its tables, rows and studies from now on.

    Raises InputError for what is not a measure, and for a name that the domain has already.
    """
    if not isinstance(measure, Measure):
        raise InputError(f"measure: {type(measure).__name__} is not a catallax.protocol.Measure")
    known = domain_named(domain).measures
    before = known.get(measure.name)
    if before is not None and not _same_code(before.function, measure.function):
        raise InputError(f"measure {measure.name!r}: {domain} has one of that name; choose another")
    known[measure.name] = measure
    return measure


def _same_code(before: Callable[..., Any], now: Callable[..., Any]) -> bool:
    """Whether a cell of a notebook or a file was run once more."""
    places = {(f.__module__, getattr(f, "__qualname__", "")) for f in (before, now)}
    return len(places) == 1 and not now.__module__.startswith("catallax.")


def register_shock(
    kind: str, read: Callable[..., AbstractShock[Any, Any]], domain: str = PRODUCTION
) -> None:
    """Make a kind of shock known in a domain, so that contracts that have it can be read back.

    read : plain fields by keyword, without the kind -> the shock; the class itself, as a rule

    Raises InputError for a kind that the domain has already.
    """
    known = domain_named(domain).shocks
    if kind in known and not _same_code(known[kind], read):
        raise InputError(f"shock {kind!r}: {domain} has a kind of that name; choose another")
    known[kind] = read
