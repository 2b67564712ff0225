"""Economies by name: built in, generated, or read from a user's files."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, final
from weakref import WeakValueDictionary

from catallax.domains.production.economy.disaggregate import disaggregate
from catallax.domains.production.economy.economy import Economy
from catallax.domains.production.economy.generate import generate, small
from catallax.domains.production.economy.origin import mark_origin, name_in_hashes, name_today
from catallax.domains.production.economy.real import from_table, us15, us71
from catallax.domains.production.economy.regional import from_regions
from catallax.domains.production.economy.tables import InputOutputTable, read_table
from catallax.domains.production.economy.town import town
from catallax.errors import InputError, unknown, warn_of_old_name
from catallax.tomlfile import read_as, read_toml

REAL: Mapping[str, Callable[[], Economy]] = {"us71": us71, "us15": us15}
DRAWN: Mapping[str, Callable[[int], Economy]] = {
    "synthetic": generate,
    "small": small,
    "town": town,
}

VERSION = 1  # of what `:sigma=` does, in an economy's origin: raised whenever its numbers change
MOST_DIGITS = 40  # of a seed or a number of households
MOST_SIGMA = 20.0  # largest factor: inputs with an elasticity of 10 are one for the other anyway

_drawn: WeakValueDictionary[str, Economy] = WeakValueDictionary()  # those in use, by name

_SIGMA = re.compile(r"(.+):sigma=(.*)")
_SIZES = re.compile(r"(.+):(?=[0-9x])([0-9]{1,9})?(?:x([0-9]{1,9}))?")
_SETTINGS = ("decay", "lead", "eps", "gamma_import", "deposits")
_SPLIT = ("firms", "households", "suppliers")


@final
@dataclass(frozen=True)
class _EconomyFile:
    """What a TOML file may say of an economy; docs/economies.md says what it means."""

    table: str = ""
    use: str = ""
    make: str = ""
    name: str = ""
    tolerance: int | float = 0
    decay: int | float = 0
    lead: int = 0
    eps: int | float = 0
    gamma_import: int | float = 0
    deposits: tuple[str, ...] = ()
    firms: int = 0
    households: int = 0
    suppliers: int = 0
    seed: int = 0


def economy_named(name: str, tell: Callable[[str], None] | None = None) -> Economy:
    """The economy called `name`.

    name : us71, us15, synthetic:SEED, small:SEED, town:HOUSEHOLDS, or the path of a user's table:
           FILE.csv, FILE.toml or FOLDER/. With :FIRMS, :FIRMSxHOUSEHOLDS or :xHOUSEHOLDS after it,
           it is disaggregated; with :sigma=FACTOR at the end the elasticities of its plants
           between inputs are that many times their own
    tell : called with what balancing moved most in a user's table

    An old name (`made:1`) is understood, with an OldNameWarning.
    Raises InputError for unknown names and for whatever is wrong with a user's table.
    """
    if name != name_today(name) and not is_path(name):
        warn_of_old_name("economy", name, name_today(name))
        name = name_today(name)
    bent = _SIGMA.fullmatch(name)
    if bent is not None:
        return _scale_sigma(economy_named(bent[1], tell), bent[2])
    whole = _find_whole(name, tell)
    if whole is not None:
        return whole
    sizes = _SIZES.fullmatch(name)
    if sizes is not None:
        source, firms, households = sizes.groups()
        if is_path(source):
            return _split(economy_named(source, tell), firms, households)
        if _find_whole(source, None) is not None:
            return _split_built_in(source, firms, households)
    known = [*REAL, "synthetic:SEED (SEED a whole number)", "small:SEED", "town:HOUSEHOLDS"]
    more = ["any of them with :FIRMSxHOUSEHOLDS, :sigma=FACTOR", "FILE.csv, FILE.toml or FOLDER/"]
    raise unknown("economy", name, [*known, *more])


def _find_whole(name: str, tell: Callable[[str], None] | None) -> Economy | None:
    """An economy as it is; None if there is none of that name."""
    if name in REAL:
        return REAL[name]()
    kind, _, seed = name.partition(":")
    if kind in DRAWN and seed.isdecimal():
        return _draw(name, kind, seed)
    return read_economy(name, tell) if is_path(name) and not _is_split_path(name) else None


def _draw(name: str, kind: str, seed: str) -> Economy:
    """The economy of a seed; while one is in use, all contracts share it."""
    if len(seed) > MOST_DIGITS:
        raise InputError(
            f"economy: {kind}:{seed[:9]}… is too long; give up to {MOST_DIGITS} digits"
        )
    found = _drawn.get(name)
    if found is None:
        found = _drawn[name] = DRAWN[kind](int(seed))
    return found


def is_path(name: str) -> bool:
    """Whether a name is one of files: it has a slash, or ends in .csv or .toml (and sizes)."""
    bent = _SIGMA.fullmatch(name)
    name = bent[1] if bent is not None else name
    sizes = _SIZES.fullmatch(name)
    name = sizes[1] if sizes is not None else name
    return "/" in name or "\\" in name or Path(name).suffix.lower() in (".csv", ".toml")


def _is_split_path(name: str) -> bool:
    sizes = _SIZES.fullmatch(name)
    return sizes is not None and is_path(sizes[1])


@lru_cache(maxsize=2)
def _split_built_in(name: str, firms: str | None, households: str | None) -> Economy:
    return _split(economy_named(name), firms, households)


def _split(economy: Economy, firms: str | None, households: str | None) -> Economy:
    count = {"firms": firms, "households": households}
    try:
        return disaggregate(economy, **{k: int(v) for k, v in count.items() if v is not None})
    except InputError as e:
        raise InputError(f"economy: {e}") from e


def _scale_sigma(economy: Economy, text: str) -> Economy:
    """The economy whose plants substitute `text` times as easily; its base year is the same.

    Recipes are calibrated in shares, so at base-year prices no elasticity matters.
    """
    try:
        factor = float(text)
    except ValueError:
        factor = math.nan
    if not 0.0 <= factor <= MOST_SIGMA:
        raise InputError(
            f"economy: sigma={text} is not a number from 0 to {MOST_SIGMA:g}; write it last, after "
            f"any sizes, such as us71:sigma=0.5"
        )
    plants, sigma = economy.network.plants, economy.technology.sigma.copy()
    sigma[plants] *= factor
    technology = replace(economy.technology, sigma=sigma)
    named = f"{economy.name}:sigma={factor:g}"
    origin = {
        "maker": "sigma",
        "version": VERSION,
        "name": name_in_hashes(named),
        "settings": {"factor": factor},
        "source": economy.origin,
    }
    return mark_origin(replace(economy, name=named, technology=technology), origin)


def read_economy(path: str | Path, tell: Callable[[str], None] | None = None) -> Economy:
    """The economy of a user's table at default settings, or of a TOML file that has its own.

    path : a CSV file, a folder with use.csv and make.csv, or a TOML file: docs/economies.md
    tell : is told what balancing moved most

    Raises InputError naming the file, and row and column where they are wrong.
    """
    described = Path(path).suffix.lower() == ".toml"
    settings: dict[str, Any] = _read_file(Path(path)) if described else {"table": path}
    files = _pick(settings, ("name", "tolerance"))
    source, make = settings.get("table", settings.get("use")), settings.get("make")
    table = read_table(source, make, **files)
    if table.moved is not None and tell is not None:
        tell(f"{path}: balanced; the cell that moved most: {table.moved}")
    try:
        return _split_as_set(_make_economy(table, _pick(settings, _SETTINGS, "seed")), settings)
    except InputError as e:
        raise InputError(f"{path}: {e}") from e


def _make_economy(table: Any, chosen: dict[str, Any]) -> Economy:
    if isinstance(table, InputOutputTable):
        return from_table(table, lending=True, **chosen)
    for key in ("gamma_import", "deposits"):
        if key in chosen:
            raise InputError(f"{key}: a multi-region table has none; take it out")
    return from_regions(table, **chosen)


def _split_as_set(economy: Economy, settings: Mapping[str, Any]) -> Economy:
    split = _pick(settings, _SPLIT)
    return disaggregate(economy, **split, **_pick(settings, (), "seed")) if split else economy


def _pick(settings: Mapping[str, Any], keys: Any, *more: str) -> dict[str, Any]:
    return {k: v for k, v in settings.items() if k in keys or k in more}


def _read_file(file: Path) -> dict[str, Any]:
    """What a TOML file says; its paths are taken from the folder that it lies in."""
    said = read_toml(file)
    made: _EconomyFile = read_as(f"{file}: ", _EconomyFile, said)
    found = {key: getattr(made, key) for key in said}
    for key, value in found.items():
        if isinstance(value, int | float) and value < 0:
            raise InputError(f"{file}: {key}: {value} is out of range, expected a number from 0 up")
    if ("table" in found) == ("use" in found) or ("use" in found) != ("make" in found):
        raise InputError(
            f"{file}: names {', '.join(found) or 'nothing'}; expected `table`, or both `use` and "
            f"`make`, each the path of a CSV file"
        )
    paths: dict[str, Any] = {
        k: file.parent / found[k] for k in ("table", "use", "make") if k in found
    }
    return {"name": file.absolute().stem, **found, **paths}
