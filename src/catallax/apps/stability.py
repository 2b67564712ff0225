"""`catallax frontier X Y --stability`: where a market's gains let it survive."""

import json as jsonlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from catallax.apps.asked import Asked, Kept
from catallax.apps.hands import Hands, gathering, hands_of
from catallax.apps.mapping import (
    command_of,
    drawn,
    files,
    mechanisms_asked,
    values_of,
    write,
)
from catallax.apps.options import SEEDS, seeds_of, seeds_text
from catallax.apps.varied import economy_of, start
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.frontier import Scale
    from catallax.experiments.sweep import Base
    from catallax.protocol import AbstractContract

NAME = "stability"
MECHANISM = "market"
ALONE = "--stability is about markets of the production economy: it reads their swing and trend"


@final
@dataclass(frozen=True)
class Order:
    """What is to be mapped, fully checked; as for `mapping.Order`."""

    base: "Base"
    x: "Scale"
    y: "Scale"
    seeds: tuple[int, ...]
    contract: "AbstractContract"
    hands: Hands
    files: tuple[Path, ...]
    command: str


def order(
    x: str,
    y: str,
    asked: Asked,
    *,
    kept: Kept | None = None,
    png: bool = False,
    experiment: str | None = None,
) -> Order:
    """Check everything that the user asked for.

    experiment : of the economy, whose contract is varied; None for any contract
    """
    from catallax.experiments.frontier import gain

    begun = start(asked, experiment)
    economy_of(begun, ALONE)
    names = mechanisms_asked(asked.mechanisms, (MECHANISM,))
    if len(names) != 1 or ":best" in names[0]:
        raise InputError(f"--mechanisms {','.join(names)}: --stability is of one; give one name")
    base = begun.base(names)
    sides = [gain(name, names[0].split(":")[0], values) for name, values in map(values_of, (x, y))]
    if sides[0].name == sides[1].name:
        raise InputError(f"{x}: is on both sides of the map; name two axes")
    base.at({side.name: side.values[0] for side in sides})
    seeds = seeds_of(SEEDS if asked.seeds is None else asked.seeds)
    options = {
        "experiment": experiment,
        "mechanisms": names[0] if asked.mechanisms else None,
        "seeds": seeds_text(seeds) if asked.seeds else None,
        "store": None if kept is None else kept.store,
    }
    command = command_of(["frontier", x, y, "--stability"], options, begun.given)
    hands, places = hands_of(asked.workers, kept), files(asked, NAME, png=png)
    return Order(base, sides[0], sides[1], seeds, begun.contract, hands, places, command)


def run(order: Order, *, json: bool, quiet: bool) -> str:
    """Draw the map, write page and picture; return what is to be printed."""
    from catallax.experiments.frontier import stability
    from catallax.report.frontier import standing_alone
    from catallax.report.frontier.stability import (
        stability_heat,
        stability_page,
        stability_terminal,
    )

    began, total = time.monotonic(), len(order.x.values) * len(order.y.values) * len(order.seeds)
    with gathering(order.hands, order.base.mechanisms, total=total, quiet=quiet) as gather:
        found = stability(order.base, order.x, order.y, order.seeds, gather)
    seconds = time.monotonic() - began
    if order.files:
        page = stability_page(found, order.contract, order.command)
        write(order.files, page, standing_alone(stability_heat(found)))
    if json:
        plain: dict[str, Any] = {
            "command": order.command,
            "contract": {**order.contract.to_dict(), "hash": order.contract.hash},
            **found.to_dict(),
            "seconds": seconds,
        }
        return jsonlib.dumps(plain, indent=2, allow_nan=False)
    text = stability_terminal(found, order.contract, seconds)
    return "\n".join([text, *drawn(order.files)])
