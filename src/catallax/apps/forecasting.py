"""`catallax forecast-bench`: forecasting methods side by side on real series."""

import json as jsonlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, final

from catallax.apps.options import ALL, parsed
from catallax.apps.progress import interruptible, progress
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.forecasting import Bench, Scored
    from catallax.learning.forecast import Panel

NUMBERS = {"horizon": 8, "origins": 8, "period": 52}
MOST = 10_000
WIDTH = 100


@final
@dataclass(frozen=True)
class Job:
    """What is to be forecast and how, checked as far as that goes without forecasting."""

    panel: "Panel"
    methods: tuple[str, ...]
    horizon: int
    origins: int
    period: int


def job(
    file: str | None,
    methods: Sequence[str] | None,
    horizon: str | None,
    origins: str | None,
    period: str | None,
) -> Job:
    """Check what the user asked for; read the file, or the supermarket's sales where there is none.

    Raises InputError for whatever is wrong, and MissingExtra where a package is not installed.
    """
    from catallax.experiments.forecasting import methods as made
    from catallax.experiments.forecasting import read_panel

    texts = {"horizon": horizon, "origins": origins, "period": period}
    numbers = {name: _number(name, text) for name, text in texts.items()}
    names = _names(methods)
    made(names, numbers["period"])
    return Job(_supermarket() if file is None else read_panel(file), names, **numbers)


def _number(name: str, text: str | None) -> int:
    value = NUMBERS[name] if text is None else int(parsed(f"--{name}", text, int))
    if not 1 <= value <= MOST:
        raise InputError(f"--{name}: {value} is out of range, expected 1 to {MOST}")
    return value


def _names(given: Sequence[str] | None) -> tuple[str, ...]:
    from catallax.experiments.forecasting import CHOICE, DEFAULT, EVERY

    if given is None:
        return DEFAULT
    names = [name.strip() for text in given for name in text.split(",")]
    if "" in names:
        raise InputError(
            f"--methods {','.join(names)!r}: a name is missing; give names with commas between "
            f"them, such as {','.join(DEFAULT)}"
        )
    return (*EVERY, CHOICE) if names == [ALL] else tuple(names)


def _supermarket() -> "Panel":
    from catallax.adapters.retail import supermarket

    return supermarket()


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Forecast, and return what is to be printed: a table, or one JSON object."""
    from catallax.experiments.forecasting import forecast_bench

    with interruptible(), progress(1, quiet=quiet) as tell:
        bench = forecast_bench(
            order.panel,
            order.methods,
            horizon=order.horizon,
            count=order.origins,
            period=order.period,
            progress=tell,
        )
    if json:
        return jsonlib.dumps(bench.to_dict(), indent=2, allow_nan=False)
    return "\n".join([*_head(bench), "", _table(bench), *_notes(bench)])


def _head(bench: "Bench") -> list[str]:
    """What was forecast, from where, and how errors are scaled."""
    rows, periods = bench.shape
    several = bench.origins > 1
    origins = f"{bench.origins} origins, after {bench.first} to {bench.last}"
    origin = f"1 origin, after {bench.first}"
    steps = f"steps 1 to {bench.horizon}" if bench.horizon > 1 else "step 1"
    change = "a period" if bench.lag == 1 else f"in {bench.lag} periods"
    return [
        f"{bench.title}: {rows} rows, {periods} periods",
        f"{origins if several else origin}; mean over {steps}; scaled by a row's mean change "
        f"{change} before",
    ]


def _table(bench: "Bench") -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    table.add_column("")
    heads = ("MASE", "behind best", "WAPE, %", "pinball", "80 % covers", "95 % covers", "seconds")
    for head in heads:
        table.add_column(head, justify="right")
    for name, scored in bench.scored.items():
        table.add_row(name, *_cells(bench, name, scored))
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(table)
    return out.getvalue().rstrip("\n")


def _cells(bench: "Bench", name: str, scored: "Scored") -> list[str]:
    from math import isfinite

    from catallax.report.words import NONE, fixed, number

    def shown(value: float | None, factor: float, decimals: int) -> str:
        known = value is not None and isfinite(value)
        return fixed(factor * value, decimals) if value is not None and known else NONE

    mean, half = bench.behind(name)
    margin = "" if half is None else f" ± {fixed(half, 3)}"
    return [
        shown(scored.mean_mase, 1, 3),
        "best" if name == bench.best else f"{shown(mean, 1, 3)}{margin}",
        shown(scored.wape, 100, 1),
        shown(scored.mean_pinball, 1, 3),
        *(shown(share, 100, 0) for share in scored.covered.values()),
        number(scored.seconds, 2),
    ]


def _notes(bench: "Bench") -> list[str]:
    """What stands below the table: the choice, what was left out, how sure it is."""
    notes = []
    if bench.chose is not None:
        shares = (
            f"{name} {100 * share:.0f} % of rows"
            for name, share in bench.chose.share.items()
            if share > 0
        )
        notes.append(f"choice: {', '.join(shares)}")
    notes += [f"left out: {reason}" for reason in bench.left_out.values()]
    if bench.unscaled:
        notes.append(f"{bench.unscaled} rows never change before the first origin: no MASE")
    if bench.shape[0] > 1:
        notes.append(
            "±: 95 % over rows, paired; rows share these periods, so others may differ more"
        )
    return ["", *notes] if notes else []
