"""`python -m tests.fuzz COUNT --seed SEED --kind KIND`: see `tests.fuzz.hunting`."""

import argparse
import random
import sys
import time

from tests.fuzz.hunting import hunt
from tests.fuzz.kinds import KINDS, counts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("count", type=int, help="inputs to try")
    parser.add_argument(
        "--seed", type=int, default=None, help="of what is drawn; default by chance"
    )
    parser.add_argument("--kind", choices=[k.name for k in KINDS], help="default: all")
    asked = parser.parse_args()
    seed = random.randrange(1 << 32) if asked.seed is None else asked.seed
    print(f"seed {seed}", file=sys.stderr)
    for kind, count in counts(asked.count, asked.kind).items():
        began = time.monotonic()
        hunt(kind, count, seed)
        print(f"{kind.name}: {count} inputs, {time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
