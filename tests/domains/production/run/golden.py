"""Golden runs: a few numbers of every institution's first year, and of short runs of all kinds.

    python -m tests.domains.production.run.golden --update

writes golden.json beside this file. Do it when an institution is added, or when physics, laws or
draws were changed on purpose; say in the changelog that and why results have changed. Without
`--update` it prints what has moved. The short runs are those of `scripts/fixture_runs.py`, which
`scripts/fixtures.py` compares bit by bit on one machine; the numbers here hold on every processor,
compiled and in plain NumPy.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from catallax.domains.production.economy import Shock, us15
from catallax.domains.production.mechanisms import REGISTRY, Mechanism
from catallax.domains.production.run import Contract, Oracle, Run, StaticOptimum, simulate
from scripts.fixture_runs import RUNS, play

FILE = Path(__file__).with_name("golden.json")
MAKE: dict[str, Callable[[], Mechanism | Oracle]] = {**REGISTRY, "static_optimum": StaticOptimum}
VARIED = {f"{name} on {held}": (held, name) for held, names in RUNS.items() for name in names}


def contract() -> Contract:
    """Default laws; the deposit's flow is cut by a fifth in week 26."""
    return Contract(us15(), shocks=(Shock("deposit 21", 26, 0.8),), weeks=52, settle=0)


def golden_run(name: str) -> dict[str, float]:
    """Numbers of an institution's year, or of a short run, in which any change would show."""
    if name in VARIED:
        return numbers_of(play(*VARIED[name]))
    run = simulate(contract(), MAKE[name](), seed=1)
    price = run.row("deposit 21", "price")[-1]
    return numbers_of(run) | {"last price of the deposit": float(price)}


def numbers_of(run: Run) -> dict[str, float]:
    """Sums and means of what is recorded."""
    s, traffic = run.series, run.meter.total
    found = {
        "weeks": len(s["utility"]),
        "last utility": s["utility"][-1].sum(),
        "mean log utility": np.log(s["utility"]).mean(),
        "income": s["income"].sum(),
        "mean price": s["price"].mean(),
        "output": s["output"].sum(),
        "asked": s["asked"].sum(),
        "shipped": s["shipped"].sum(),
        "output left unspoiled": s["output"].sum() - s["spoiled"].sum(),
        "last stocks": s["stocks"][-1].sum(),
        "deliveries": traffic.deliveries,
        "bits delivered": traffic.bits_delivered,
    }
    return {name: float(value) for name, value in found.items()}


def golden_runs() -> dict[str, dict[str, float]]:
    """Of every registered mechanism and oracle, then of every short run."""
    return {name: golden_run(name) for name in [*sorted(MAKE), *VARIED]}


def stored() -> dict[str, dict[str, float]]:
    """What golden.json says."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def main() -> int:
    new = golden_runs()
    if "--update" in sys.argv[1:]:
        lines = (f"{json.dumps(name)}: {json.dumps(numbers)}" for name, numbers in new.items())
        FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        return 0
    old = stored()
    for name, numbers in new.items():
        for what, value in numbers.items():
            was = old.get(name, {}).get(what)
            if was is None or abs(value - was) > 1e-9 * abs(was):
                print(f"{name}, {what}: {was} -> {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
