"""The key of a run before it is run: what it, and what is measured of it, is a function of."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from catallax.errors import InputError
from catallax.experiments.registry import mechanism_named
from catallax.experiments.specs import spec_of
from catallax.run import Contract, foreseen


def keys_of(contract: Contract, mechanism: str, seeds: Sequence[int]) -> list[str]:
    """One key a seed: the hash that the run will have (`Run.hash`).

    mechanism : as `mechanism_named` takes it

    What is kept of a run and in which weeks it is looked at follow from the contract, and what is
    worked out from it from the versions: both are in the hash. A user's file is not, so the bytes
    of the file enter as well; not those of what the file itself imports.

    Raises InputError for an unknown mechanism and a file that cannot be read.
    """
    spec, made = spec_of(mechanism), mechanism_named(mechanism)
    hashes = [foreseen(contract, made, seed) for seed in seeds]
    if not spec.file:
        return hashes
    digest = _digest(Path(spec.name))
    return [hashlib.sha256(f"{h} {digest}".encode()).hexdigest()[:16] for h in hashes]


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as e:
        raise InputError(f"{path}: cannot be read ({e.strerror})") from e
