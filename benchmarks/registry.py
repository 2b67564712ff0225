"""All benchmarks, in the order in which they are run and shown."""

from benchmarks import (
    balances,
    dispatch,
    growth,
    many_runs,
    market_speed,
    market_stream,
    optimum,
    planner_week,
    startup,
    ten_years,
    tin_run,
)
from benchmarks.spec import Bench

# A new benchmark is a file with a BENCH, and a line here.
BENCHES: dict[str, Bench] = {
    bench.name: bench
    for bench in (
        market_speed.BENCH,
        market_stream.BENCH,
        ten_years.BENCH,
        optimum.BENCH,
        balances.BENCH,
        planner_week.BENCH,
        tin_run.BENCH,
        growth.BENCH,
        many_runs.BENCH,
        dispatch.BENCH,
        startup.BENCH,
    )
}
