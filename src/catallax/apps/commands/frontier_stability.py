"""`catallax frontier X Y --stability`: where a market's gains let it survive."""

import json as jsonlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from catallax.apps.contracts import command_line
from catallax.apps.execution import Execution, check_execution
from catallax.apps.map_options import (
    MapOptions,
    name_pictures,
    picture_files,
    read_mechanisms,
    read_values,
    write_pictures,
)
from catallax.apps.study_start import economy_of, start_study
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.protocol import AbstractContract
    from catallax.study.frontier import Scale
    from catallax.study.sweep import Base

NAME = "stability"
MECHANISM = "market"
ALONE = "--stability is about markets of the production economy: it reads their swing and trend"


@final
@dataclass(frozen=True)
class StabilityOrder:
    """What is to be mapped, fully checked."""

    base: "Base"
    x: "Scale"
    y: "Scale"
    seeds: tuple[int, ...]
    contract: "AbstractContract"
    execution: Execution
    files: tuple[Path, ...]
    command: str


def order_stability(x: str, y: str, asked: MapOptions) -> StabilityOrder:
    """Check everything that the user asked for."""
    from catallax.study.frontier import gain_scale

    execution, begun = (
        check_execution(asked.execution),
        start_study(asked.contract, asked.experiment),
    )
    economy_of(begun, ALONE)
    names = read_mechanisms(asked.mechanisms, (MECHANISM,))
    if len(names) != 1 or ":best" in names[0]:
        raise InputError(f"--mechanisms {','.join(names)}: --stability is of one; give one name")
    base = begun.base(names)
    sides = [
        gain_scale(name, names[0].split(":")[0], values)
        for name, values in map(read_values, (x, y))
    ]
    if sides[0].name == sides[1].name:
        raise InputError(f"{x}: is on both sides of the map; name two axes")
    base.at({side.name: side.values[0] for side in sides})
    words = ["frontier", x, y, "--stability"]
    command = command_line(words, {**asked.words, **execution.words}, begun.given, asked.contract)
    places = picture_files(asked, NAME)
    return StabilityOrder(
        base, sides[0], sides[1], asked.seeds, begun.contract, execution, places, command
    )


def run_stability(order: StabilityOrder) -> str:
    """Draw the map, write page and picture; return what is to be printed."""
    from catallax.show.frontier import draw_stand_alone
    from catallax.show.frontier.stability import (
        build_stability_page,
        make_stability_heat,
        write_stability_text,
    )
    from catallax.study.frontier import map_stability

    began, total = time.monotonic(), len(order.x.values) * len(order.y.values) * len(order.seeds)
    with order.execution.session(total, sources=order.base.mechanisms) as session:
        found = map_stability(order.base, order.x, order.y, order.seeds, session.gather)
    seconds = time.monotonic() - began
    if order.files:
        page = build_stability_page(found, order.contract, order.command)
        write_pictures(order.files, page, draw_stand_alone(make_stability_heat(found)))
    if order.execution.json:
        plain: dict[str, Any] = {
            "command": order.command,
            "contract": {**order.contract.to_dict(), "hash": order.contract.hash},
            **found.to_dict(),
            "seconds": seconds,
        }
        return jsonlib.dumps(plain, indent=2, allow_nan=False)
    text = write_stability_text(found, order.contract, seconds)
    return "\n".join([text, *name_pictures(order.files)])
