"""The barrier: honest instruments pass, and those that know too much are caught."""

import pickle
import textwrap
from pathlib import Path

import pytest

from catallax.domains.prices_quantities import DOMAIN, PlantsContract
from catallax.errors import InputError
from catallax.protocol.named import mechanism_in, mechanisms_in
from catallax.testing import replayed
from catallax.testing.replayed import replay_calls

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


def lines_of(source: str) -> list[str]:
    """What replaying finds in this process, which is enough where nothing is left behind."""
    assert DOMAIN.barrier is not None
    run = DOMAIN.barrier(mechanism_in(DOMAIN, source), None, 1)
    return replay_calls(source, DOMAIN.name, "", pickle.dumps(tuple(run.calls)))


@pytest.mark.parametrize("name", [*mechanisms_in(DOMAIN), "hybrid:band=0.5"])
def test_every_registered_instrument_passes(name: str) -> None:
    assert lines_of(name) == []


def test_honest_instruments_pass_in_a_fresh_process(tmp_path: Path) -> None:
    for source in ("hybrid", written(tmp_path)):
        report = replayed(source, DOMAIN)
        assert report.passed, report.lines
        assert report.calls == 2 + 2 * 5 * 8


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
    lines = lines_of(written(tmp_path, shift=shift))
    assert "plant 0 in week 0: act depends on more than it was given" in lines[0]
    assert len(lines) == 5


def test_a_trader_that_knows_what_others_bid_is_caught(tmp_path: Path) -> None:
    path = tmp_path / "trader.py"
    path.write_text(TRADER.replace("ANNOUNCE", "0.0").replace("ACT", "pass").replace("SHIFT", "0"))
    assert "plant 0 in week 0: bid depends on more than it was given" in lines_of(str(path))[0]


def test_a_centre_that_is_told_behind_its_back_is_caught(tmp_path: Path) -> None:
    leak = written(
        tmp_path,
        act="Mine.leak = view.cost.copy()",
        announce="getattr(Mine, 'leak', np.zeros(1)).mean()",
    )
    report = replayed(leak, DOMAIN)
    assert not report.passed
    assert report.lines[0].startswith("the centre: announce depends on more than it was given")


def test_a_run_that_breaks_the_rules_is_reported(tmp_path: Path) -> None:
    report = replayed(written(tmp_path, announce="np.nan"), DOMAIN)
    assert report.lines == ("the run stopped: price is nan in week 0",)


def test_another_contract_can_be_tried() -> None:
    assert DOMAIN.barrier is not None
    run = DOMAIN.barrier(mechanism_in(DOMAIN, "price"), PlantsContract(2, weeks=3), 1)
    assert len(run.calls) == 2 + 2 * 2 * 3


def test_an_oracle_is_refused() -> None:
    with pytest.raises(InputError, match="full_information: is an oracle"):
        replayed("full_information", DOMAIN)
