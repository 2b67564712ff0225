"""`catallax forecast-bench`: forecasting methods side by side on real series."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, final

from cyclopts import Parameter

from catallax.apps.execution import DEFAULT_SHOWN, Execution, ShownOptions, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.output import format_json, format_table
from catallax.apps.values import ALL, FilePath, NameList, Whole, check_within

if TYPE_CHECKING:
    from catallax.labs.forecasting import BenchResult, MethodScore
    from catallax.labs.forecasting.panel import Panel

MOST = 10_000
HEADS = ("", "MASE", "behind best", "WAPE, %", "pinball", "80 % covers", "95 % covers", "seconds")
TIMED = "the table says how long each method takes, one after the other in this process"
REFUSED = {
    "store": "a bench makes forecasts, and no run is kept",
    **dict.fromkeys(("workers", "executor", "address"), TIMED),
}


def forecast_bench(
    file: Annotated[
        FilePath | None,
        Parameter(
            help="CSV: periods in column 1, a series in every other; a year of supermarket sales "
            "if left out"
        ),
    ] = None,
    /,
    *,
    methods: Annotated[
        NameList | None,
        Parameter(help="names, or all; those that need no extra, and choice, if left out"),
    ] = None,
    horizon: Annotated[Whole, Parameter(help="periods ahead", validator=check_within(1, MOST))] = 8,
    origins: Annotated[
        Whole,
        Parameter(
            help="points in time to forecast from, the last ones", validator=check_within(1, MOST)
        ),
    ] = 8,
    period: Annotated[
        Whole, Parameter(help="periods of a season", validator=check_within(1, MOST))
    ] = 52,
    execution: ShownOptions = DEFAULT_SHOWN,
) -> Reply:
    """Compare forecasting methods on real series, from one point in time after another.

    $ catallax forecast-bench sales.csv --horizon 4 --period 12
    $ catallax forecast-bench sales.csv --methods last,ewma,choice --json
    """
    return Reply(run_bench(order_bench(file, methods, horizon, origins, period, execution)))


@final
@dataclass(frozen=True)
class BenchOrder:
    """What is to be forecast and how, checked as far as that goes without forecasting."""

    panel: "Panel"
    methods: tuple[str, ...]
    horizon: int
    origins: int
    period: int
    execution: Execution


def order_bench(
    file: Path | None,
    methods: Sequence[str] | None,
    horizon: int,
    origins: int,
    period: int,
    asked: ShownOptions,
) -> BenchOrder:
    """Check what the user asked for; read the file, or the supermarket's sales where there is none.

    Raises InputError for whatever is wrong, and MissingExtra where a package is not installed.
    """
    from catallax.labs.forecasting import make_methods as made
    from catallax.labs.forecasting import read_panel

    execution = check_execution(asked, REFUSED)
    names = _choose_methods(methods)
    made(names, period)
    panel = _read_supermarket() if file is None else read_panel(str(file))
    return BenchOrder(panel, names, horizon, origins, period, execution)


def _choose_methods(given: Sequence[str] | None) -> tuple[str, ...]:
    from catallax.labs.forecasting import CHOICE, DEFAULT, EVERY

    if given is None:
        return DEFAULT
    return (*EVERY, CHOICE) if tuple(given) == (ALL,) else tuple(given)


def _read_supermarket() -> "Panel":
    from catallax.labs.forecasting.retail import read_supermarket

    return read_supermarket()


def run_bench(order: BenchOrder) -> str:
    """Forecast, and return what is to be printed: a table, or one JSON object."""
    from catallax.labs.forecasting import forecast_bench

    with order.execution.session() as session:
        bench = forecast_bench(
            order.panel,
            order.methods,
            horizon=order.horizon,
            count=order.origins,
            period=order.period,
            progress=session.progress,
        )
    if order.execution.json:
        return format_json(bench.to_dict())
    rows = [(name, *_format_cells(bench, name, scored)) for name, scored in bench.scored.items()]
    return "\n".join([*_write_head(bench), "", format_table(HEADS, rows), *_write_notes(bench)])


def _write_head(bench: "BenchResult") -> list[str]:
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


def _format_cells(bench: "BenchResult", name: str, scored: "MethodScore") -> list[str]:
    from math import isfinite

    from catallax.show.words import NONE, fixed, number

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


def _write_notes(bench: "BenchResult") -> list[str]:
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
