"""The registry read from its file, with every name in it checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, final

from catallax.errors import InputError, about, unknown
from catallax.protocol import PRODUCTION, Value, experiment_named
from catallax.protocol.mechanism_names import mechanism_named
from catallax.study.claims.declared import BaseContract, Claim, ClaimMap, Part, Registry, Rules
from catallax.study.claims.samples import cell_at, check_bench, map_points
from catallax.study.sweep.axes import axis
from catallax.tomlfile import read_as, read_toml

SHIPPED = Path(__file__).with_name("registry.toml")


def registry(file: Path | str = SHIPPED) -> Registry:
    """The claims, maps and rules of a file, by default the package's own.

    A contract may name an experiment of any domain, or a Python file beside this one that defines
    a domain.

    Raises InputError for what is unknown, missing, of the wrong type or does not go together, in
    the names of the file.
    """
    return _read_shipped() if file == SHIPPED else _read(Path(file))


@cache
def _read_shipped() -> Registry:
    return _read(SHIPPED)


@final
@dataclass(frozen=True)
class _DeclaredContract:
    """A contract as a file says it; `BaseContract` says what it means."""

    why: str
    weeks: int = 0
    experiment: str = ""
    economy: str = ""
    shock: Mapping[str, Value] = field(default_factory=dict)
    set: Mapping[str, Value] = field(default_factory=dict)


@final
@dataclass(frozen=True)
class _ClaimsFile:
    """A file of claims."""

    essays: Mapping[str, str]
    contracts: Mapping[str, _DeclaredContract]
    maps: Mapping[str, ClaimMap]
    claims: Mapping[str, Claim]
    rules: Rules = field(default_factory=Rules)
    title: str = Registry.title
    seeds: int = 0


def _read(file: Path) -> Registry:
    said: _ClaimsFile = read_as("", _ClaimsFile, _add_names(read_toml(file)))
    bases = {name: _make_basis(name, given, file.parent) for name, given in said.contracts.items()}
    for name, plan in said.maps.items():
        with about(f"maps.{name}"):
            _check_map(plan, bases)
    for name in said.claims:
        if name[0] not in said.essays:
            raise unknown("essay", name[0], said.essays)
    found = Registry(said.essays, said.rules, bases, said.maps, said.claims, said.title)
    for claim in said.claims.values():
        with about(f"claims.{claim.id}"):
            for part in claim.parts:
                _check(found, claim, part)
    return found


def _add_names(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says, and in every claim its name and the seeds that hold for all."""
    claims, seeds = said.get("claims"), {k: v for k, v in said.items() if k == "seeds"}
    if not isinstance(claims, dict) or not all(isinstance(c, dict) for c in claims.values()):
        return dict(said)
    return {**said, "claims": {k: {"id": k, **seeds, **c} for k, c in claims.items()}}


def _make_basis(name: str, given: _DeclaredContract, folder: Path) -> BaseContract:
    with about(f"contracts.{name}"):
        named = given.experiment
        domain = experiment_named(named, folder).domain if named else PRODUCTION
        if domain == PRODUCTION and not given.weeks:
            raise InputError("weeks is missing; say how many weeks a run has")
        if domain != PRODUCTION and given.economy:
            raise InputError(f"economy: is of no use to {named}; its settings stand in `set`")
        economy = given.economy or (_default_economy() if domain == PRODUCTION else "")
        return BaseContract(given.why, given.weeks, named, economy, given.shock, given.set, domain)


def _default_economy() -> str:
    return str(experiment_named(PRODUCTION).setting_of("economy").default)


def _check_map(plan: ClaimMap, bases: Mapping[str, BaseContract]) -> None:
    """Raise InputError for a contract that there is none, of another domain, and a wrong axis."""
    for name in plan.contracts:
        if name not in bases:
            raise unknown("contract", name, bases)
    domains = list(dict.fromkeys(bases[name].domain for name in plan.contracts))
    if len(domains) > 1:
        raise InputError(f"contracts: are of several domains, {', '.join(domains)}; give one")
    for domain in domains:
        for name in plan.axes:
            axis(name, domain)


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
    check_bench(part.bench)
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
        cell_at(known, map_points(plan)[0], part.mechanisms)
