"""A finished run: why it ended, and what is kept of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy
from catallax.domains.production.knowledge import Meter
from catallax.domains.production.run.contract import Contract
from catallax.domains.production.run.saved import load_run, save_run
from catallax.errors import InputError
from catallax.protocol import AbstractRun, versions

BY_ROW = ("price", "stock", "stocks", "orders", "sold", "output", "spoiled", "idle", "final")


@final
class Stop(Enum):
    """Reasons for stopping. Only `COMPLETED` runs have measures."""

    COMPLETED = "all weeks were run"
    BAD_ACT = "an act broke the rules of nature: mend the mechanism's `act` for the row named"
    UNSOLVED = "the oracle's optimum was not found: raise its `limit` or loosen its `tol`"


@final
@dataclass(frozen=True, eq=False)
class Run(AbstractRun):
    """One finished run; what is hashed stands apart from what took how long.

    contract  : what was held equal
    mechanism : name of the mechanism or oracle
    settings  : its settings
    seed      : of all randomness
    oracle    : whether it saw everything
    stop      : why it ended
    reason    : details of the stop, such as the row that broke a rule; "" when completed
    rows, links : which rows' and links' series were kept
    series    : name -> (weeks, ...): utility and income by household; price, stock, stocks (all
                units of the product, wherever they are when the week ends), orders, sold,
                output, spoiled, idle (units that lay unused; of an endowment its flow that nobody
                took), final (units that its final users' use took from the seller) by
                kept row; use by kept link; asked, shipped, held in total; with a backlog, aged and
                fresh (see `FilledOrders`); ages (see `MessageLatency`)
    meter     : messages and bits by kind, from week 0 on
    sampled   : what is not weekly: used, (k, G) units of each good that arrived at final users and
                was used, by their nests, in `weeks` (k,), the means of `Eavesdropper`, and
                starting_utility, (k, H) of households in `starting_weeks` (k,), which are below 0
    starting  : messages and bits by kind before week 0
    versions  : of code and packages
    seconds   : time it took; not hashed
    """

    contract: Contract
    mechanism: str
    settings: Mapping[str, Any]
    seed: int
    oracle: bool
    stop: Stop
    reason: str
    rows: npt.NDArray[np.int64]
    links: npt.NDArray[np.int64]
    series: Mapping[str, Floats]
    meter: Meter
    sampled: Mapping[str, Floats] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=versions)
    seconds: float = 0.0
    starting: Meter = field(default_factory=Meter)

    def __repr__(self) -> str:
        weeks = len(self.series.get("asked", ()))
        return (
            f"Run({self.mechanism} on {self.contract.economy.name}, seed {self.seed}, "
            f"{weeks} of {self.contract.weeks} weeks, {self.stop.name.lower()})"
        )

    @property
    def completed(self) -> bool:
        """Whether all weeks were run."""
        return self.stop is Stop.COMPLETED

    @property
    def bits(self) -> str:
        """Hash of every recorded number, bit for bit: a fingerprint of a run on one machine.

        Other processors compute other last bits: it is not to be compared with theirs.
        """
        h = hashlib.sha256()
        for kept in (self.series, self.sampled):
            for name in sorted(kept):
                h.update(name.encode() + np.ascontiguousarray(kept[name]).tobytes())
        for meter in (self.meter, *[self.starting] * bool(self.starting.kinds)):
            said = {k: asdict(v) for k, v in sorted(meter.kinds.items())}
            h.update(json.dumps(said).encode())
        return h.hexdigest()[:16]

    def row(self, name: str, series: str) -> Floats:
        """(weeks,) a kept series of the row called `name`."""
        at = np.flatnonzero(self.rows == self.contract.economy.network.row(name))
        if not at.size:
            raise InputError(f"run: row {name!r} was not recorded; raise Recording.rows")
        return np.asarray(self.series[series][:, at[0]])

    def only(self, rows: npt.NDArray[np.int64]) -> "Run":
        """The same run with the series of `rows` alone, ascending and all of them kept here."""
        at = np.searchsorted(self.rows, rows)
        fewer = {k: v[:, at] if k in BY_ROW else v for k, v in self.series.items()}
        return replace(self, rows=rows, series=fewer)

    def save(self, path: Path | str) -> None:
        """Write the run to one .npz file, whole or not at all."""
        save_run(self, path)

    @staticmethod
    def load(path: Path | str, economy: Economy | None = None) -> "Run":
        """The run that `save` wrote; `economy` is needed unless it is a built-in one.

        Raises InputError when the file is missing, is not a saved run or was changed since.
        """
        return load_run(path, economy, Run, Stop)
