"""`catallax frontier`: who wins where, in the terminal and as files."""

import json as jsonlib
import shlex
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from catallax.apps.asked import Asked, Kept
from catallax.apps.contracts import Setting, in_users_words
from catallax.apps.hands import Hands, gathering, hands_of
from catallax.apps.options import (
    DOMAIN,
    SEEDS,
    parsed,
    place,
    seeds_of,
    seeds_text,
    shown,
)
from catallax.apps.varied import Start, start
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.frontier import Border, Map, Question, Scale
    from catallax.experiments.sweep import Base
    from catallax.protocol import AbstractContract

MECHANISMS = ("market", "ai_planner:best", "ai_market", "federated_market")
NAME = "frontier"
MOST_CELLS = 10_000
WIDE = 2280  # pixels of a PNG: three for each of the SVG
BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@final
@dataclass(frozen=True)
class Order:
    """What is to be mapped, fully checked.

    budget  : runs at most; None for the whole grid on all seeds
    files   : where page and pictures go; none with JSON alone
    hands   : who does the runs, and where they are kept
    """

    question: "Question"
    contract: "AbstractContract"
    budget: int | None
    hands: Hands
    files: tuple[Path, ...]
    command: str


def order(
    x: str,
    y: str,
    asked: Asked,
    *,
    measure: str | None = None,
    budget: str | None = None,
    kept: Kept | None = None,
    png: bool = False,
    experiment: str | None = None,
) -> Order:
    """Check everything that the user asked for.

    x, y       : `AXIS` or `AXIS=VALUE,VALUE,...`
    experiment : whose contract is varied, of any domain; None for any contract of the economy
    """
    from catallax.experiments.frontier import Question
    from catallax.experiments.frontier.survey import check_budget

    begun, base = base_of(asked, experiment)
    seeds = seeds_of(SEEDS if asked.seeds is None else asked.seeds)
    judged = measure or begun.domain.judged_by
    try:
        sides = side(x, base.domain), side(y, base.domain)
        question = Question(base, *sides, seeds, judged)
    except InputError as e:
        raise InputError(in_users_words(str(e), begun.given)) from e
    _check_size(question.x, question.y)
    runs = None if budget is None else int(parsed("--budget", budget, int))
    check_budget(question, runs)
    options = {
        "experiment": experiment,
        "measure": measure,
        "mechanisms": ",".join(base.mechanisms) if asked.mechanisms else None,
        "seeds": seeds_text(seeds) if asked.seeds else None,
        "budget": budget,
        "store": None if kept is None else kept.store,
    }
    command = command_of([NAME, x, y], options, begun.given)
    hands = hands_of(asked.workers, kept)
    return Order(question, begun.contract, runs, hands, files(asked, NAME, png=png), command)


def base_of(
    asked: Asked, experiment: str | None = None, default: Sequence[str] | None = None
) -> tuple[Start, "Base"]:
    """The contract that the user asked for, and what all cells share.

    default : mechanisms where the user names none; None for those of the experiment
    """
    begun = start(asked, experiment)
    usual = default or (MECHANISMS if experiment is None else begun.rivals)
    names = mechanisms_asked(asked.mechanisms, usual, begun.domain.name)
    return begun, begun.base(names)


def mechanisms_asked(
    given: Sequence[str] | None, default: Sequence[str] = MECHANISMS, domain: str = DOMAIN
) -> tuple[str, ...]:
    """Labels of mechanisms, `NAME:best` among them, each checked."""
    from catallax.experiments import mechanism_named
    from catallax.experiments.frontier.best import members

    if given is None:
        return tuple(default)
    names = [name.strip() for text in given for name in text.split(",")]
    for name in names:
        if not name or names.count(name) > 1:
            raise InputError(f"--mechanisms {','.join(names)!r}: give each name once, with commas "
                             f"between them, such as {','.join(default)}")  # fmt: skip
        for member in members(name, domain):
            mechanism_named(member, domain)
    return tuple(names)


def side(text: str, domain: str = DOMAIN) -> "Scale":
    """The axis of `AXIS` or `AXIS=VALUE,VALUE,...`, with its own values or these."""
    from catallax.experiments.frontier import scale

    return scale(*values_of(text), domain)


def values_of(text: str) -> tuple[str, tuple[int | float | str, ...]]:
    """Name and values of `AXIS=VALUE,VALUE,...`; no values of `AXIS`."""
    name, equals, values = text.partition("=")
    if equals and not all(v.strip() for v in values.split(",")):
        raise InputError(f"{text!r}: a value is missing; write AXIS=VALUE,VALUE, such as tacit=0,1")
    return name, tuple(_value(v.strip()) for v in values.split(",")) if values else ()


def _value(text: str) -> int | float | str:
    """A whole number, a number or a word."""
    for kind in (int, float):
        try:
            return parsed("value", text, kind)
        except InputError as e:
            if "not finite" in str(e):
                raise
    return text


def _check_size(x: "Scale", y: "Scale") -> None:
    count = len(x.values) * len(y.values)
    if count > MOST_CELLS:
        raise InputError(
            f"frontier: {count} cells, expected {MOST_CELLS} at most; give fewer values"
        )


def files(asked: Asked, name: str, *, png: bool) -> tuple[Path, ...]:
    """Where page and pictures go; nowhere with JSON alone. Tells early if they cannot be made."""
    if asked.folder is None:
        if png:
            raise InputError("--png: with --json nothing is drawn unless --out names a folder")
        return ()
    if png:
        from catallax.adapters.resvg import png as probe

        probe(BLANK, 1)
    kinds = ("html", "svg", "png")[: 3 if png else 2]
    return tuple(place(asked.folder, f"{name}.{kind}") for kind in kinds)


def command_of(
    words: Sequence[str], options: Mapping[str, str | None], setting: Mapping[str, Setting]
) -> str:
    """The command that does the same without a contract file."""
    told = [word for key, value in options.items() if value for word in (f"--{key}", value)]
    own = {"economy", "weeks"}
    for key, s in setting.items():
        value = shown(s.value)
        told += [f"--{key}", value] if key in own else ["--set", f"{key}={value}"]
    return shlex.join(["catallax", *words, *told])


def run(order: Order, *, json: bool, quiet: bool) -> str:
    """Draw the map, write page and picture; return what is to be printed."""
    from catallax.experiments.frontier import borders, survey
    from catallax.protocol import domain_of
    from catallax.report.frontier import drawing, page, terminal

    began = time.monotonic()
    asked = order.budget or _grid(order.question)
    if not quiet and not json:
        print(_plan(order, asked), flush=True)
    names = order.question.base.mechanisms
    loops = domain_of(order.contract).loops
    with gathering(order.hands, names, total=asked, quiet=quiet, loops=loops) as gather:
        found = survey(order.question, gather, order.budget)
    told, seconds = borders(found), time.monotonic() - began
    if order.files:
        text = page(found, told, order.contract, order.command)
        write(order.files, text, drawing(found, told))
    if json:
        return jsonlib.dumps(_plain(order, found, told, seconds), indent=2, allow_nan=False)
    text = terminal(found, told, order.contract, seconds)
    return "\n".join([text, *drawn(order.files)])


def _grid(question: "Question") -> int:
    """Runs of the whole grid at most: what an axis does not touch takes fewer."""
    return len(question.points()) * len(question.seeds) * len(question.base.mechanisms)


def _plan(order: Order, asked: int) -> str:
    q = order.question
    return (
        f"frontier: {q.x.name} ({len(q.x.values)} values) by {q.y.name} ({len(q.y.values)}), "
        f"{order.contract.place}, {order.contract.weeks} weeks, up to {len(q.seeds)} seeds, up to "
        f"{asked} runs: {', '.join(q.base.mechanisms)}"
    )


def _plain(order: Order, found: "Map", told: Sequence["Border"], seconds: float) -> dict[str, Any]:
    from catallax.experiments.frontier import sentence
    from catallax.protocol import versions

    return {
        "command": order.command,
        "contract": {**order.contract.to_dict(), "hash": order.contract.hash},
        "map": found.to_dict(),
        "borders": [{**b.to_dict(), "sentence": sentence(b)} for b in told],
        "versions": versions(),
        "seconds": seconds,
        "runs_a_second": found.asked / seconds,
    }


def drawn(places: Sequence[Path]) -> list[str]:
    """Where page and pictures are, for people; no line if there are none."""
    return [f"Map: {', '.join(map(str, places))}"] if places else []


def write(places: Sequence[Path], page: str, picture: str) -> None:
    """Write page and pictures, each whole or not at all."""
    from catallax.report.files import write_whole

    for path in places:
        try:
            write_whole(path, _content(path, page, picture))
        except OSError as e:
            raise InputError(f"{path}: cannot be written ({e.strerror}); make room") from e


def _content(path: Path, page: str, picture: str) -> str | bytes:
    if path.suffix == ".png":
        from catallax.adapters.resvg import png

        return png(picture, WIDE)
    return page if path.suffix == ".html" else picture
