"""The registry read from its file, with every name in it checked."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from catallax.errors import InputError, unknown
from catallax.experiments.claims.benches import BENCHES
from catallax.experiments.claims.declared import Basis, Claim, Part, Plan, Registry, Rules, Weighted
from catallax.experiments.registry import EXPERIMENTS
from catallax.experiments.sweep.axes import axis
from catallax.tomlfile import list_of, made_of, read_toml, table_of

SHIPPED = Path(__file__).with_name("registry.toml")

Made = TypeVar("Made")


@lru_cache
def registry(file: Path = SHIPPED) -> Registry:
    """The claims, maps and rules of a file, by default the package's own.

    Raises InputError for what is unknown, missing, of the wrong type or does not go together, in
    the names of the file.
    """
    said = read_toml(file)
    bases = _each("contracts", said, _basis)
    maps = _each("maps", said, lambda where, t: _plan(where, t, bases))
    claims = _each("claims", said, lambda where, t: _claim(where, t, said, maps))
    essays = dict(table_of("essays", said.get("essays")))
    for name in claims:
        if name[0] not in essays:
            raise unknown("essay", name[0], essays)
    return Registry(essays, made_of("rules", Rules, said.get("rules")), bases, maps, claims)


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


def _basis(where: str, table: Mapping[str, Any]) -> Basis:
    made = made_of(where, Basis, {"shock": {}, "set": {}, **table})
    if made.experiment and made.experiment not in EXPERIMENTS:
        raise unknown("experiment", made.experiment, EXPERIMENTS)
    return made


def _plan(where: str, table: Mapping[str, Any], bases: Mapping[str, Basis]) -> Plan:
    axes = {
        key: made_of(f"{where}.axes.{key}", Weighted, _tuples(v))
        for key, v in table_of(f"{where}.axes", table.get("axes", {})).items()
    }
    plan = made_of(where, Plan, {"contracts": {}, **table, "axes": axes})
    for name in plan.contracts:
        if name not in bases:
            raise unknown("contract", name, bases)
    if plan.contracts:
        for name in axes:
            axis(name)
    return plan


def _tuples(table: Any) -> Any:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in dict(table).items()}


def _claim(
    where: str, table: Mapping[str, Any], said: Mapping[str, Any], maps: Mapping[str, Plan]
) -> Claim:
    listed = table.get("parts", [])
    parts = [] if listed == [] else list_of(f"{where}.parts", listed)
    made = tuple(made_of(f"{where}.parts", Part, p) for p in parts)
    given = {"id": where.rpartition(".")[2], "seeds": said.get("seeds")} | dict(table)
    given["parts"] = made
    given["figures"] = tuple((float(a), float(b)) for a, b in table.get("figures", ()))
    claim = made_of(where, Claim, given)
    for part in made:
        _check(claim, part, maps)
    return claim


def _check(claim: Claim, part: Part, maps: Mapping[str, Plan]) -> None:
    name = part.map or claim.map
    if name not in maps:
        raise unknown("map", name, maps)
    if part.along and part.along not in maps[name].axes:
        raise unknown(f"axis of the map {name}", part.along, maps[name].axes)
    if part.along and len(maps[name].axes[part.along].values) < 2:
        raise InputError(f"along: {part.along} has one value on the map {name}; give two at least")
    if part.form == "bench" and part.bench not in BENCHES:
        raise unknown("bench", part.bench, BENCHES)
    if part.form != "bench" and not maps[name].contracts:
        raise InputError(f"map: {name} has no contract, and {part.title!r} runs an economy")
