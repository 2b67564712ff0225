"""The barrier: honest instruments pass, and those that know too much are caught."""

import textwrap
from pathlib import Path

import pytest

from catallax.domains.prices_quantities import DOMAIN, CostShift, PlantsContract
from catallax.protocol import Offence
from catallax.testing import Report, barrier

MINE = """
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from catallax.domains.prices_quantities import Instrument

@dataclass(frozen=True)
class Mine(Instrument):
    name: ClassVar[str] = "mine"

    def announce(self, public):
        return {"price": public.curves.best_price(public.plants) + ANNOUNCE}

    def act(self, view):
        ACT
        return (view.heard["price"] - view.cost) / view.cost_slope + SHIFT

def mechanism():
    return Mine()
"""


TRADER = MINE.replace("Instrument", "TradedInstrument").replace(
    "    def act",
    """    def bid(self, view):
        return view.cost + 0.1 * view.cost.max()

    def act""",
)


def written(folder: Path, *, announce: str = "0.0", act: str = "pass", shift: str = "0.0") -> str:
    text = MINE.replace("ANNOUNCE", announce).replace("ACT", act).replace("SHIFT", shift)
    path = folder / "mine.py"
    path.write_text(textwrap.dedent(text))
    return str(path)


CONTRACT = PlantsContract(3, correlation=0.3, shocks=(CostShift(1, 0.5),), weeks=4)


def tried(source: str) -> Report:
    return barrier(source, domain=DOMAIN, contract=CONTRACT)


def test_an_honest_instrument_passes(tmp_path: Path) -> None:
    report = tried(written(tmp_path))
    assert report.passed, report.lines
    assert report.calls == report.replayed == 1 + 3 * 4


@pytest.mark.parametrize(
    "shift",
    [
        "0.1 * view.cost.mean()",
        "0.1 * np.roll(view.cost, 1, axis=1)",
        "0.1 * np.roll(view.cost, -1, axis=0)",
        "0.1 * view.cost.shape[1]",
    ],
    ids=["mean", "neighbour", "next week", "how many"],
)
def test_a_plant_that_looks_beyond_its_own_row_is_caught(tmp_path: Path, shift: str) -> None:
    (found,) = tried(written(tmp_path, shift=shift)).findings
    assert (found.offence, found.verb, found.week) == (Offence.DIFFERS, "act", 0)
    assert f"plant {found.row}, act in week 0: alone" in found.what


def test_a_trader_that_knows_what_others_bid_is_caught(tmp_path: Path) -> None:
    path = tmp_path / "trader.py"
    path.write_text(TRADER.replace("ANNOUNCE", "0.0").replace("ACT", "pass").replace("SHIFT", "0"))
    (found,) = tried(str(path)).findings
    assert (found.offence, found.verb) == (Offence.DIFFERS, "bid")


def test_a_centre_that_is_told_behind_its_back_is_caught(tmp_path: Path) -> None:
    """By the second run on one seed, in which it knows of the first."""
    leak = written(
        tmp_path,
        act="Mine.leak = view.cost.copy()",
        announce="getattr(Mine, 'leak', np.zeros(1)).mean()",
    )
    found = barrier(leak, domain=DOMAIN, seed=3).findings
    assert [f.what for f in found if "the centre, announce: alone" in f.what]


@pytest.mark.parametrize(
    ("act", "offence"),
    [
        ("view.cost[:] = 0.0", Offence.WRITES),
        ("view.cost.setflags(write=True)", Offence.WRITES),
        ("view.heard['price'].setflags(write=True)", Offence.WRITES),
        ("view.heard['price'] = view.cost", Offence.WRITES),
        ("open('leak.txt', 'w')", Offence.REACHES),
    ],
)
def test_what_is_shown_cannot_be_changed_and_nothing_else_be_reached(
    tmp_path: Path, act: str, offence: Offence
) -> None:
    assert offence in [f.offence for f in tried(written(tmp_path, act=act)).findings]


def test_the_curves_that_all_know_cannot_be_changed(tmp_path: Path) -> None:
    path = Path(written(tmp_path))
    write = "public.curves.cost.setflags(write=True)\n        return {"
    path.write_text(path.read_text().replace("return {", write))
    assert [f.offence for f in tried(str(path)).findings] == [Offence.WRITES]


def test_a_run_that_breaks_the_rules_is_reported(tmp_path: Path) -> None:
    (found,) = tried(written(tmp_path, announce="np.nan")).findings
    assert found.what == "the run stopped: price is nan in week 0"
