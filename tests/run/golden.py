"""Golden runs: a few numbers of every institution's first year on us15.

    python tests/run/golden.py --update

writes golden.json beside this file. Do it when an institution is added, or when physics, laws or
draws were changed on purpose; say in the changelog that and why results have changed. Without
`--update` it prints what has moved.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from catallax.economy import Shock, us15
from catallax.mechanisms import REGISTRY, Mechanism
from catallax.run import Contract, Oracle, StaticOptimum, simulate

FILE = Path(__file__).with_name("golden.json")
MAKE: dict[str, Callable[[], Mechanism | Oracle]] = {**REGISTRY, "static_optimum": StaticOptimum}


def contract() -> Contract:
    """Default laws; the deposit's flow is cut by a fifth in week 26."""
    return Contract(us15(), shocks=(Shock("deposit 21", 26, 0.8),), weeks=52)


def golden_run(name: str) -> dict[str, float]:
    """Numbers in which a change of anything would show."""
    run = simulate(contract(), MAKE[name](), seed=1)
    s, traffic = run.series, run.meter.total
    return {
        "weeks": len(s["utility"]),
        "last utility": s["utility"][-1].sum(),
        "mean log utility": np.log(s["utility"]).mean(),
        "income": s["income"].sum(),
        "mean price": s["price"].mean(),
        "last price of the deposit": run.row("deposit 21", "price")[-1],
        "output": s["output"].sum(),
        "asked": s["asked"].sum(),
        "shipped": s["shipped"].sum(),
        "output left unspoiled": s["output"].sum() - s["spoiled"].sum(),
        "last stocks": s["stocks"][-1].sum(),
        "deliveries": traffic.deliveries,
        "bits delivered": traffic.bits_delivered,
    }


def golden_runs() -> dict[str, dict[str, float]]:
    """Of every registered mechanism and oracle."""
    return {name: {k: float(v) for k, v in golden_run(name).items()} for name in sorted(MAKE)}


def stored() -> dict[str, dict[str, float]]:
    """What golden.json says."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def main() -> int:
    new = golden_runs()
    if "--update" in sys.argv[1:]:
        FILE.write_text(json.dumps(new, indent=2) + "\n", encoding="utf-8")
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
