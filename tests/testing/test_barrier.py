"""The barrier: honest mechanisms pass, informative cheats are caught."""

import textwrap
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catallax.errors import InputError
from catallax.experiments import every_mechanism
from catallax.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw
from catallax.mechanisms import REGISTRY
from catallax.testing import barrier
from catallax.testing.barrier import small_contract


@pytest.mark.parametrize(("seed", "name"), [*enumerate(every_mechanism())])
def test_every_registered_mechanism_passes(seed: int, name: str, replayer: Executor) -> None:
    report = barrier(name, seed=seed, process=replayer)
    assert report.passed, report.lines
    assert report.calls > 50


@pytest.mark.parametrize(("seed", "name"), [*enumerate(REGISTRY)])
def test_every_registered_mechanism_passes_where_all_moves_and_nobody_is_honest(
    seed: int, name: str, replayer: Executor
) -> None:
    law = KnowledgeLaw(drift_z=0.02, novelty=0.5, jump=0.3, misspecification=0.3, tacit_sigma=0.5)
    contract = replace(
        small_contract(),
        knowledge=law,
        channel=ChannelLaw(kinds=(("supply", LineLaw(3.0)),)),
        behaviour=BehaviourLaw("adversarial"),
    )
    report = barrier(name, contract=contract, seed=seed, process=replayer)
    assert report.passed, report.lines


def test_an_oracle_is_refused() -> None:
    with pytest.raises(InputError, match="sees everything by design"):
        barrier("static_optimum")


HONEST = """
import numpy as np
from dataclasses import dataclass
from catallax.mechanisms import Agents, Centre, Mechanism
from catallax.network import Act, Table

@dataclass(frozen=True)
class Rows(Agents):
    def start(self, view):
        return Table(), Table()
    def report(self, view, said):
        return Table({"stock": view.seen.row["stock"], "z": view.facts.row["z"]}), said
    def act(self, view, done):
        {act}
        told = view.inbox.value.link["ask"]
        return Act(told * ({factor})), done

class Office(Centre):
    def start(self, public, rng):
        return public.flow
    def decide(self, heard, t, memory):
        {decide}
        return Table(link={"ask": memory * ({scale})}), memory

def mechanism():
    return Mechanism("test", Rows(), Office())
"""


def written(
    tmp_path: Path, act: str = "", factor: str = "1", decide: str = "", scale: str = "1"
) -> str:
    text = HONEST.replace("{act}", act or "pass").replace("{factor}", factor)
    text = text.replace("{decide}", decide or "pass").replace("{scale}", scale)
    path = tmp_path / "mine.py"
    path.write_text(textwrap.dedent(text))
    return str(path)


def test_an_honest_file_passes(tmp_path: Path) -> None:
    factor = "view.rows.spread(view.facts.row['z'])"
    scale = "heard.value.row['z'].mean()"
    assert barrier(written(tmp_path, factor=factor, scale=scale)).passed


def test_a_statistic_over_rows_is_caught(tmp_path: Path) -> None:
    report = barrier(written(tmp_path, factor="view.seen.row['stock'].mean() / 10"))
    assert not report.passed
    assert "needs other rows" in report.lines[0]


def test_a_look_at_a_neighbours_stock_is_caught(tmp_path: Path) -> None:
    neighbour = "view.rows.spread(np.roll(view.seen.row['stock'], 1)) / 10"
    report = barrier(written(tmp_path, factor=neighbour))
    assert not report.passed
    assert "needs other rows" in report.lines[0]


def test_tacit_facts_leaked_to_the_centre_are_caught(tmp_path: Path) -> None:
    report = barrier(
        written(
            tmp_path,
            act="Rows.leak = view.facts.row['z'].copy()",
            scale="np.mean(getattr(Rows, 'leak', 1.0))",
        )
    )
    assert not report.passed
    assert "centre" in report.lines[0]


def test_what_one_replay_leaves_in_a_shared_process_is_wrong_for_the_next(
    tmp_path: Path, replayer: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The leak goes through a module that outlives the user's file."""
    monkeypatch.setattr(np, "leak", 1.0, raising=False)
    source = written(
        tmp_path,
        act="np.leak = view.facts.row['z'].copy()",
        scale="np.mean(getattr(np, 'leak', 1.0))",
    )
    for seed in (2, 3, 2):
        report = barrier(source, seed=seed, process=replayer)
        assert not report.passed
        assert "centre" in report.lines[0]


def test_a_run_that_breaks_the_rules_is_reported(tmp_path: Path) -> None:
    report = barrier(written(tmp_path, factor="-1"))
    assert not report.passed
    assert "the run stopped" in report.lines[0]


def test_a_fresh_process_that_dies_is_reported(tmp_path: Path) -> None:
    path = Path(written(tmp_path))
    dies = "import multiprocessing, os\nif multiprocessing.parent_process():\n    os._exit(3)\n"
    path.write_text(dies + path.read_text(encoding="utf-8"), encoding="utf-8")
    report = barrier(str(path))
    assert not report.passed
    assert "ended before it answered" in report.lines[0]
