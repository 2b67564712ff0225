"""The registry read from its file, with every name in it checked."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from catallax.errors import InputError, unknown
from catallax.experiments.claims.benches import BENCHES
from catallax.experiments.claims.declared import Basis, Claim, Part, Plan, Registry, Rules, Weighted
from catallax.experiments.claims.places import cell, places
from catallax.experiments.contracts import DEFAULT
from catallax.experiments.registry import mechanism_named
from catallax.experiments.sweep.axes import axis
from catallax.protocol import PRODUCTION, experiment_named
from catallax.tomlfile import list_of, made_of, read_toml, table_of, typed_as

SHIPPED = Path(__file__).with_name("registry.toml")
KEYS = ("title", "seeds", "essays", "rules", "contracts", "maps", "claims")  # of a file

Made = TypeVar("Made")


def registry(file: Path | str = SHIPPED) -> Registry:
    """The claims, maps and rules of a file, by default the package's own.

    A contract may name an experiment of any domain, or a Python file beside this one that defines
    a domain.

    Raises InputError for what is unknown, missing, of the wrong type or does not go together, in
    the names of the file.
    """
    return _shipped() if file == SHIPPED else _read(Path(file))


@cache
def _shipped() -> Registry:
    return _read(SHIPPED)


def _read(file: Path) -> Registry:
    said = read_toml(file)
    for key in said:
        if key not in KEYS:
            raise unknown("key", key, KEYS)
    bases = _each("contracts", said, lambda where, t: _basis(where, t, file.parent))
    maps = _each("maps", said, lambda where, t: _plan(where, t, bases))
    claims = _each("claims", said, lambda where, t: _claim(where, t, said))
    essays = dict(table_of("essays", said.get("essays")))
    for name in claims:
        if name[0] not in essays:
            raise unknown("essay", name[0], essays)
    rules = made_of("rules", Rules, said.get("rules", {}))
    title = typed_as("title", str, said.get("title", Registry.title))
    found = Registry(essays, rules, bases, maps, claims, title)
    for claim in claims.values():
        for part in claim.parts:
            _told(f"claims.{claim.id}", lambda c=claim, p=part: _check(found, c, p))  # type: ignore[misc]
    return found


def _each(
    name: str, said: Mapping[str, Any], make: Callable[[str, Mapping[str, Any]], Made]
) -> dict[str, Made]:
    """Every entry of a table of tables; complaints begin with its place."""
    found = {}
    for key, value in table_of(name, said.get(name)).items():
        where = f"{name}.{key}"
        found[key] = _told(where, lambda w=where, v=value: make(w, table_of(w, v)))  # type: ignore[misc]
    return found


def _told(where: str, make: Callable[[], Made]) -> Made:
    try:
        return make()
    except InputError as e:
        raise InputError(str(e) if str(e).startswith(where) else f"{where}: {e}") from e


def _basis(where: str, table: Mapping[str, Any], folder: Path) -> Basis:
    name = typed_as(f"{where}.experiment", str, table.get("experiment", ""))
    domain = experiment_named(name, folder).domain if name else PRODUCTION
    if domain == PRODUCTION:
        usual = {"economy": DEFAULT}
        if "weeks" not in table:
            raise InputError("weeks is missing; say how many weeks a run has")
    else:
        usual = {}
        if "economy" in table:
            raise InputError(f"economy: is of no use to {name}; its settings stand in `set`")
    if "domain" in table:
        raise InputError("domain: is that of the experiment; name an experiment")
    return made_of(where, Basis, {"shock": {}, "set": {}, **usual, **table, "domain": domain})


def _plan(where: str, table: Mapping[str, Any], bases: Mapping[str, Basis]) -> Plan:
    axes = {
        key: made_of(f"{where}.axes.{key}", Weighted, _tuples(v))
        for key, v in table_of(f"{where}.axes", table.get("axes", {})).items()
    }
    plan = made_of(where, Plan, {"contracts": {}, **table, "axes": axes})
    for name in plan.contracts:
        if name not in bases:
            raise unknown("contract", name, bases)
    domains = list(dict.fromkeys(bases[name].domain for name in plan.contracts))
    if len(domains) > 1:
        raise InputError(f"contracts: are of several domains, {', '.join(domains)}; give one")
    for domain in domains:
        for name in axes:
            axis(name, domain)
    return plan


def _tuples(table: Any) -> Any:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in dict(table).items()}


def _claim(where: str, table: Mapping[str, Any], said: Mapping[str, Any]) -> Claim:
    listed = table.get("parts", [])
    parts = [] if listed == [] else list_of(f"{where}.parts", listed)
    given = {"id": where.rpartition(".")[2], "seeds": said.get("seeds")} | dict(table)
    given["parts"] = tuple(made_of(f"{where}.parts", Part, p) for p in parts)
    given["figures"] = tuple((float(a), float(b)) for a, b in table.get("figures", ()))
    return made_of(where, Claim, given)


def _check(known: Registry, claim: Claim, part: Part) -> None:
    """Raise InputError for what a part names and its map has not."""
    name = part.map or claim.map
    if name not in known.maps:
        raise unknown("map", name, known.maps)
    axes = known.maps[name].axes
    if part.along and part.along not in axes:
        raise unknown(f"axis of the map {name}", part.along, axes)
    if part.along and len(axes[part.along].values) < 2:
        raise InputError(f"along: {part.along} has one value on the map {name}; give two at least")
    if part.form == "bench":
        _check_bench(known, part, name)
    elif not known.maps[name].contracts:
        raise InputError(f"map: {name} has no contract, and {part.title!r} runs one")
    else:
        _check_runs(known, part, name)


def _check_bench(known: Registry, part: Part, name: str) -> None:
    if part.bench not in BENCHES:
        raise unknown("bench", part.bench, BENCHES)
    domain = known.domain_of(known.maps[name]).name
    if domain != PRODUCTION:
        raise InputError(f"bench: {part.bench} is of the economy, and the map {name} of {domain}")


def _check_runs(known: Registry, part: Part, name: str) -> None:
    """The measures and mechanisms are those of the domain, and one place of the map can be made."""
    plan = known.maps[name]
    domain = known.domain_of(plan)
    for measure in part.measures:
        domain.measure(measure)
    for text in part.mechanisms:
        mechanism_named(text, domain)
    if domain.name != PRODUCTION:  # to make an economy takes a while
        cell(known, places(plan)[0], part.mechanisms)
