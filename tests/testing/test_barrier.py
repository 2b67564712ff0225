"""The barrier: honest mechanisms pass, and every kind of cheat is caught for the right reason."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, final

import pytest

from catallax.domains.prices_quantities import DOMAIN as PLANTS
from catallax.domains.production.economy import generate
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw
from catallax.domains.production.mechanisms import REGISTRY
from catallax.domains.production.run import Contract
from catallax.errors import InputError
from catallax.protocol import PRODUCTION, Offence, TrialRun, domain_named
from catallax.protocol.mechanism_names import every_mechanism
from catallax.testing import Report, barrier, trying
from tests.testing.cheats import CHEATS, Cheat, lines, written

SEEDS = {name: k for k, name in enumerate(every_mechanism())}


def drawn(seed: int) -> Sequence[TrialRun]:
    """The runs on which mechanisms of the economy are tried."""
    known = domain_named(PRODUCTION).barrier
    assert known is not None
    return known.trials(seed)


def small(weeks: int = 2, settle: int = 0) -> Contract:
    """An economy of 6 rows in which productivity moves."""
    economy = generate(7, products=2, firms=2, households=1, inputs=2)
    return Contract(economy, KnowledgeLaw(drift_z=0.02), weeks=weeks, settle=settle)


def tried(folder: Path, text: str, seconds: float = 30.0) -> Report:
    """What the test finds on a small economy."""
    path = folder / "mine.py"
    path.write_text(text, encoding="utf-8")
    return barrier(str(path), contract=small(), seconds=seconds)


@pytest.mark.parametrize("name", REGISTRY)
def test_every_registered_mechanism_passes(name: str) -> None:
    """As far as it comes in some seconds; all variants and more seeds are tried by slow tests."""
    report = barrier(name, seed=SEEDS[name], seconds=8.0)
    assert report.passed, report.lines
    assert report.replayed > 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 105))
@pytest.mark.parametrize("name", SEEDS)
def test_every_variant_passes_on_many_seeds(name: str, seed: int) -> None:
    report = barrier(name, seed=seed * 100 + SEEDS[name], seconds=60.0)
    assert report.passed, report.lines
    assert len(report.runs) == 4
    assert report.replayed > 1000


@pytest.mark.parametrize("name", [*every_mechanism(PLANTS), "hybrid:band=0.5"])
def test_every_instrument_passes(name: str) -> None:
    report = barrier(name, domain=PLANTS, seed=len(name))
    assert report.passed, report.lines
    assert report.replayed == report.calls > 30


def test_oracles_are_refused() -> None:
    for name, domain in (("static_optimum", PRODUCTION), ("full_information", PLANTS.name)):
        with pytest.raises(InputError, match="sees everything by design"):
            barrier(name, domain=domain_named(domain))


def test_an_honest_file_passes(tmp_path: Path) -> None:
    """It reads a file at its top, remembers, draws, keeps plain values and takes up kinds."""
    (tmp_path / "weights.txt").write_text("0.01", encoding="utf-8")
    text = written(
        top=f"WEIGHT = float(open({str(tmp_path / 'weights.txt')!r}).read())\nprint(WEIGHT)",
        report="""
            said.row['id'][:] += 1.0
            return Table({'z': view.facts.row['z'] + 0.0, 'offer': view.seen.row['stock']}), said
        """,
        act="""
            k = WEIGHT * view.rows.spread(view.draw('luck') + done.row['id'])
            return Act(view.inbox.value.link['ask'] * (1 + k)), Table({'id': done.row['id'] + 1})
        """,
        begin="return {'public': public, 'rng': rng, 'seen': [], 'kind': Table}",
        decide="""
            memory['seen'].append(float(heard.value.row['z'].mean()))
            offer = heard.value.row['offer']
            return Table({'price': np.exp(memory['rng'].normal(size=len(offer)))}), memory
        """,
    ).replace("Office())", "Office(), ('offer',))")
    report = tried(tmp_path, text)
    assert report.passed, report.lines
    assert report.calls == report.replayed == 6 + 1 + 2 * (6 + 6 + 1)


@pytest.mark.parametrize("name", ["market", "ai_planner:audit=0.5", "ai_planner:probe=0.1"])
def test_weeks_before_week_0_are_tried_too(name: str) -> None:
    report = barrier(name, contract=small(settle=3))
    assert report.passed, report.lines
    decided = 1 if name.startswith("ai_planner") else 0
    calls = 6 + decided + (3 + 2) * (6 + 6 * decided + decided)
    assert report.calls == report.replayed == calls


@pytest.mark.parametrize("cheat", CHEATS, ids=str)
def test_a_cheat_is_caught(cheat: Cheat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = tried(tmp_path, cheat.text)
    assert not report.passed
    assert [f for f in report.findings if f.offence is cheat.offence and cheat.says in str(f)]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_what_was_handed_over_is_looked_at_for_a_week_of_any_number_of_rounds(
    tmp_path: Path,
) -> None:
    (cheat,) = [
        cheat for cheat in CHEATS if cheat.kind == "an act that is changed once it is settled"
    ]
    (tmp_path / "mine.py").write_text(cheat.text, encoding="utf-8")
    contract = replace(small(3), channel=ChannelLaw(rounds=5))
    report = barrier(str(tmp_path / "mine.py"), contract=contract, seconds=30.0)
    assert [f for f in report.findings if f.offence is Offence.CHANGES and f.verb == "act"]


def test_a_finding_says_who_when_and_how_to_mend_it(tmp_path: Path) -> None:
    act = lines("k = view.rows.n", "return Act(view.inbox.value.link['ask'] * k), done")
    report = tried(tmp_path, written(act=act))
    (found,) = report.findings
    assert (found.verb, found.week, found.offence) == ("act", 0, Offence.DIFFERS)
    assert f"row {found.row} (" in found.where
    assert "its act.ask[0] is" in found.what
    assert report.lines[0].endswith(Offence.DIFFERS.value)


def test_the_same_seed_draws_the_same_runs() -> None:
    trials = drawn(5), drawn(5)
    one, two = ([(t.contract.hash, t.seed, t.weeks) for t in x] for x in trials)
    assert one == two
    assert {t.seed for t in drawn(6)}.isdisjoint(t.seed for t in trials[0])


def test_runs_have_rounds_liars_and_a_backlog_and_end_before_they_are_said_to() -> None:
    for seed in range(5):
        contracts: list[Any] = [t.contract for t in drawn(seed)]
        assert max(c.channel.rounds for c in contracts) > 1
        assert {"strategic", "adversarial"} <= {c.behaviour.kind for c in contracts}
        assert any(c.backlog for c in contracts)
        assert all(t.weeks < t.contract.weeks for t in drawn(seed))
        assert len({c.economy.digest for c in contracts}) == 4


def test_a_broken_verb_is_told_with_its_line(tmp_path: Path) -> None:
    for act, what in (
        ("return Act(view.nothing), done", "AttributeError"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return None", "TypeError"),
    ):
        with pytest.raises(InputError, match=f"mine.py.*{what}"):
            tried(tmp_path, written(act=act))


def test_mail_in_the_wrong_form_is_told(tmp_path: Path) -> None:
    for report, what in (
        (
            "return Table({'z': np.ones(2)}), said",
            r"row\['z'\]: shape \(2,\), expected .* 6 numbers",
        ),
        ("return Table({'orderz': np.ones(6)}), said", "Did you mean 'orders'.*quota"),
        ("return 3, said", "says a int, expected a catallax.domains.production.network.Table"),
    ):
        with pytest.raises(InputError, match=what):
            tried(tmp_path, written(report=report))


def test_a_verb_that_does_not_return_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catallax.testing.trying.PATIENCE", 1)
    report = tried(tmp_path, written(act="while True: pass"), seconds=8.0)
    (found,) = report.findings
    assert found.offence is Offence.ENDED
    assert str(found).startswith("act in week 0: did not return")


@final
class Clock:
    """Stands still until it is told otherwise."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


def test_what_there_is_no_time_for_is_not_made_again() -> None:
    """Time is over once the first answers are there, however fast the machine is."""
    clock, look = Clock(), trying._compare_batch

    def look_and_wait(made: Any, jobs: Any, found: bytes) -> None:
        look(made, jobs, found)
        clock.now += 1000.0 * (jobs is not None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trying, "time", clock)
        patch.setattr(trying, "_compare_batch", look_and_wait)
        report = barrier("ai_planner", contract=small(60), seconds=100.0)
    assert 0 < report.replayed < report.calls
    assert report.passed


def test_some_calls_are_made_again_however_little_time_there_is() -> None:
    """A busy machine takes all its time to begin; then too somebody is judged."""
    report = barrier("market", contract=small(30), seconds=0.0)
    assert report.passed
    assert 0 < report.replayed < report.calls
