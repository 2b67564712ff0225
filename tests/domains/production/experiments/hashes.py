"""Every hash that people compare, as one JSON object.

`python -m tests.domains.production.experiments.hashes FOLDER`, where FOLDER holds the files of
`tests.domains.production.economy.made`. The object says beside the hashes which instruction sets
NumPy may use, and what a computed number came to in its last bits.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from numpy._core import _multiarray_umath as built  # type: ignore[attr-defined]

from catallax.domains.production.economy import Economy, us15
from catallax.domains.production.economy.origin import digest_origin
from catallax.domains.production.experiments import experiment
from catallax.domains.production.mechanisms import REGISTRY
from catallax.domains.production.run import Contract, expected_hash
from catallax.protocol import ANY, experiment_named, hash_of
from catallax.protocol.mechanism_names import mechanism_named
from catallax.study.claims import registry
from catallax.study.claims.samples import cells
from catallax.study.sensitivity import range_of
from catallax.study.sweep.spec import Span
from catallax.study.tuning import read_declaration
from catallax.study.tuning.tune import candidates
from tests.domains.production.economy.made import makers

SHARES = 3000  # powers differ between processors in one of hundreds


def hashes(folder: Path) -> dict[str, object]:
    """Name -> hash, or hashes, of each sort."""
    economies = {name: make() for name, make in makers(folder).items()}
    return {
        "economies": {name: e.digest for name, e in economies.items()},
        "contracts": {name: Contract(e, weeks=60).hash for name, e in economies.items()},
        "experiments": {
            name: experiment(name).contract(us15()).hash for name in ("tin", "oil", "tariff")
        },
        "runs": {n: expected_hash(Contract(us15()), mechanism_named(n), 3) for n in REGISTRY},
        "sweeps": swept(),
        "tuning": tuned(),
        "claims": claimed(),
    }


def swept() -> dict[str, str]:
    """Many contracts between two ends of an axis, in logs and not; one hash each way."""
    _, noise = range_of("noise=0.001..1", experiment_named(ANY))
    ways: dict[str, Callable[[float], float]] = {
        "in logs": lambda u: float(Span(0.001, 1.0, log=True).at(u)),
        "evenly": lambda u: float(Span(0.001, 1.0).at(u)),
        "sensitivity": lambda u: float(noise.value(u)),
    }
    plain = Contract(us15()).to_dict()

    def contract(noise: float) -> str:
        line = {**plain["channel"]["line"], "noise": noise}
        return hash_of({**plain, "channel": {**plain["channel"], "line": line}})

    return {
        name: digest_origin({"contracts": [contract(way(k / SHARES)) for k in range(SHARES)]})
        for name, way in ways.items()
    }


def tuned() -> Mapping[str, object]:
    """Declarations, contracts and what would be tried."""
    known = read_declaration()
    return {
        **{name: [known.hash(name), candidates(known, name)] for name in known.ranges},
        "contracts": [t.contract.hash for t in known.contracts],
    }


def claimed() -> Mapping[str, object]:
    """Declarations, and every contract of every claim."""
    known = registry()
    made = {cell.contract.hash for cell in cells(known, known.claims.values())}
    return {**known.hashes, "contracts": sorted(made)}


def bits(economy: Economy) -> str:
    """Of computed numbers: what is not to be compared between machines."""
    return replace(economy).digest


if __name__ == "__main__":
    found = hashes(Path(sys.argv[1]))
    has = [name for name, there in built.__cpu_features__.items() if there]
    print(json.dumps({"hashes": found, "has": has, "bits": bits(us15())}))
