"""What both kinds of map have in common: options, axes as people write them, pages and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from catallax.apps.common_options import PRODUCTION
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.execution import DEFAULT_EXECUTION, ExecutionOptions
from catallax.apps.output import prepare_file, write_file
from catallax.apps.values import SEEDS, parse_value, seeds_text
from catallax.errors import InputError

MECHANISMS = ("market", "ai_planner:best", "ai_market", "federated_market", "habit")
WIDE = 2280  # pixels of a PNG: three for each of the SVG
BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@final
@dataclass(frozen=True)
class MapOptions:
    """What the user asked of a map of either kind; nothing is checked yet."""

    experiment: str | None = None
    mechanisms: Sequence[str] | None = None
    seeds: tuple[int, ...] = SEEDS
    out: Path | None = None
    png: bool = False
    contract: ContractOptions = DEFAULT_CONTRACT
    execution: ExecutionOptions = DEFAULT_EXECUTION

    @property
    def words(self) -> dict[str, str | None]:
        """What of it belongs into the command line that makes the map again."""
        return {
            "experiment": self.experiment,
            "mechanisms": None if self.mechanisms is None else ",".join(self.mechanisms),
            "seeds": None if self.seeds == SEEDS else seeds_text(self.seeds),
        }


def read_mechanisms(
    given: Sequence[str] | None, default: Sequence[str] = MECHANISMS, domain: str = PRODUCTION
) -> tuple[str, ...]:
    """Labels of mechanisms, `NAME:best` among them, each checked."""
    from catallax.protocol.mechanism_names import mechanism_named
    from catallax.study.frontier.best import members

    if given is None:
        return tuple(default)
    for name in given:
        if given.count(name) > 1:
            raise InputError(f"--mechanisms: {name!r} is there twice; give each name once")
        for member in members(name, domain):
            mechanism_named(member, domain)
    return tuple(given)


def read_values(text: str) -> tuple[str, tuple[int | float | str, ...]]:
    """Name and values of `AXIS=VALUE,VALUE,...`; no values of `AXIS`."""
    name, equals, values = text.partition("=")
    if equals and not all(v.strip() for v in values.split(",")):
        raise InputError(f"{text!r}: a value is missing; write AXIS=VALUE,VALUE, such as tacit=0,1")
    return name, tuple(_read_value(v.strip()) for v in values.split(",")) if values else ()


def _read_value(text: str) -> int | float | str:
    """A whole number, a number or a word."""
    for kind in (int, float):
        try:
            return parse_value(text, kind)
        except InputError as e:
            if "not finite" in str(e):
                raise
    return text


def picture_files(asked: MapOptions, name: str) -> tuple[Path, ...]:
    """Where page and pictures go; nowhere with JSON alone. Tells early if they cannot be made."""
    if asked.out is None and asked.execution.json:
        if asked.png:
            raise InputError("--png: with --json nothing is drawn unless --out names a folder")
        return ()
    if asked.png:
        from catallax.adapters.resvg import png as probe

        probe(BLANK, 1)
    kinds = ("html", "svg", "png")[: 3 if asked.png else 2]
    return tuple(prepare_file(asked.out or Path(), f"{name}.{kind}") for kind in kinds)


def name_pictures(places: Sequence[Path]) -> list[str]:
    """Where page and pictures are, for people; no line if there are none."""
    return [f"Map: {', '.join(map(str, places))}"] if places else []


def write_pictures(places: Sequence[Path], page: str, picture: str) -> None:
    """Write page and pictures, each whole or not at all."""
    for path in places:
        write_file(path, _picture_content(path, page, picture))


def _picture_content(path: Path, page: str, picture: str) -> str | bytes:
    if path.suffix == ".png":
        from catallax.adapters.resvg import png

        return png(picture, WIDE)
    return page if path.suffix == ".html" else picture
