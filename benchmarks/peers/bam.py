"""The BAM model of `bamengine` on its own: seconds of each period.

    python bam.py '{"households": 10000, "firms": 1000, "periods": 20, "kernel": "numba"}'

kernel : of its goods market, "numba" or "python". A bank for every ten firms, as by default.
"""

import json
import sys
import time

import bamengine


def main(households, firms, periods, kernel):
    """Run and time the periods."""
    sim = bamengine.Simulation.init(
        n_households=households,
        n_firms=firms,
        n_banks=max(10, firms // 10),
        seed=0,
        goods_kernel=kernel,
        logging={"default_level": "ERROR"},
    )
    seconds = []
    for _ in range(periods):
        began = time.perf_counter()
        sim.step()
        seconds.append(time.perf_counter() - began)
    return {"seconds": seconds, "agents": households + firms, "bamengine": bamengine.__version__}


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
