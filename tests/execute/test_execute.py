"""Requests become rows, each run once, whoever does them and whatever a store has."""

import subprocess
import sys
import textwrap
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from catallax import Contract, InputError, ai_planner, compare, market
from catallax.domains.production.mechanisms import Agents, Mechanism
from catallax.domains.production.network import Act, Table
from catallax.domains.production.run import Oracle, StaticOptimum
from catallax.execute import (
    FAILED,
    Entry,
    Processes,
    RunRequest,
    Serial,
    entries_of,
    entry_of,
    execute,
    requests_of,
)
from catallax.execute.request import measure_digest
from catallax.execute.store import Store
from catallax.protocol import (
    PRODUCTION,
    Broken,
    Measure,
    Measured,
    domain_named,
    plain_domain,
    register_domain,
    register_measure,
)
from catallax.study.tuning import standing

CONTRACT = Contract("small:0", weeks=6, settle=0)
SHOCKED = Contract("small:0", shocks=(), weeks=6, settle=0)


@dataclass(frozen=True)
class Repeat(Agents):
    """Order a share of what was ordered in the base year."""

    share: Any = 1.0
    broken: bool = False

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        if self.broken:
            raise RuntimeError("a bad day")
        return Act(ask=self.share * view.inbox.value.link["ask"]), done


def repeat(**settings) -> Mechanism:
    return Mechanism("repeat", Repeat(**settings))


def plain(rows):
    return [replace(row, seconds=0.0) for row in rows]


def test_rows_come_in_the_order_of_requests_and_each_run_is_made_once():
    asked = requests_of(CONTRACT, ["market", "ai_planner"], (1, 0))
    found = execute([*asked, *asked], workers=0)
    assert [(r.seed, r.label) for r in found.rows[:4]] == [
        (1, "market"), (1, "ai_planner"), (0, "market"), (0, "ai_planner"),
    ]  # fmt: skip
    assert found.ran == 4
    assert found.rows[:4] == found.rows[4:]
    assert len(found.table) == 4


def test_who_does_the_runs_changes_no_bit():
    asked = requests_of(CONTRACT, [market(), repeat(share=0.5)], range(3))
    with Processes(2) as two:
        there = execute(asked, executor=two).rows
    assert plain(there) == plain(execute(asked, executor=Serial()).rows)


def test_what_breaks_is_a_row_or_if_strict_an_error():
    asked = requests_of(CONTRACT, [repeat(broken=True), "market"], (0,))
    rows = execute(asked, workers=0).rows
    assert [r.stop for r in rows] == [FAILED, "COMPLETED"]
    assert "RuntimeError: a bad day" in rows[0].reason
    with pytest.raises(RuntimeError, match="a bad day"):
        execute(asked, workers=0, strict=True)


def test_only_the_measures_that_are_wanted_are_measured(tmp_path):
    few = requests_of(CONTRACT, ["market"], (0,), measures=("bits",))
    (row,) = execute(few, store=Store(tmp_path), workers=0).rows
    assert row.values.keys() == {"bits"}
    assert row.measures == {"bits": ["bits a week", ""]}


def test_a_row_without_every_measure_that_is_wanted_is_run_again(tmp_path):
    few = requests_of(CONTRACT, ["market"], (0,), measures=("bits",))
    more = requests_of(CONTRACT, ["market"], (0,))
    execute(few, store=Store(tmp_path), workers=0)
    whole = execute(more, store=Store(tmp_path), workers=0)
    assert whole.ran == 1
    assert whole.rows[0].values.keys() == domain_named(PRODUCTION).measures.keys()
    again = execute([*few, *more], store=Store(tmp_path), workers=0)
    assert again.ran == 0
    assert len(Store(tmp_path).rows()) == 1


def test_a_row_that_is_run_again_keeps_the_measures_that_it_had(tmp_path):
    for name, runs in (("bits", 1), ("messages", 1), ("bits", 0), ("messages", 0)):
        asked = requests_of(CONTRACT, ["market"], (0,), measures=(name,))
        assert execute(asked, store=Store(tmp_path), workers=0).ran == runs
    (row,) = Store(tmp_path).rows()
    assert row.values.keys() == {"bits", "messages"}


def test_what_other_code_made_is_named_stale_and_made_anew(tmp_path, monkeypatch):
    asked = requests_of(CONTRACT, ["market"], (0, 1))
    with monkeypatch.context() as other:
        other.setattr("catallax.execute.request.code_digest", lambda _: "of old")
        old = execute(asked, store=Store(tmp_path), workers=0)
    store = Store(tmp_path)
    assert {row.code for row in store.rows()} == {"of old"}  # still readable
    new = execute(asked, store=store, workers=0)
    assert (old.stale, new.ran, new.stale) == (0, 2, 2)
    assert any("2 of its runs were made by other code" in note for note in store.notes)
    assert {row.code for row in Store(tmp_path).rows()} == {new.rows[0].code}
    assert execute(asked, store=Store(tmp_path), workers=0).ran == 0


def test_a_trace_comes_back_beside_its_row():
    asked = requests_of(CONTRACT, ["market"], (0,))
    (trace,) = execute(asked, workers=0, traced=True).traces
    assert trace is not None
    assert trace.ending.run == execute(asked, workers=0).rows[0].run
    assert execute(asked, workers=0).traces == (None,)


def test_two_objects_of_one_class_are_two_competitors():
    found = compare("x", CONTRACT, [market(), market(kappa=0.02), repeat(), repeat(share=0.5)], 2)
    assert list(found.outcomes) == ["market", "market:kappa=0.02", "repeat", "repeat#2"]
    output = [o[0].trace.ending.bits for o in found.outcomes.values()]
    assert len(set(output)) == 4
    assert found.seeds == (0, 1)


def test_an_object_that_was_never_tuned_is_not_called_tuned():
    own = entry_of(Mechanism("market", Repeat()), PRODUCTION)
    assert own.label == "market (object)"
    assert standing(entry_of(market(), PRODUCTION).text).tuned
    assert not standing(own.text).tuned
    assert not standing(entry_of(market(kappa=0.02), PRODUCTION).text).tuned


def test_what_only_calls_itself_an_oracle_is_no_registered_one():
    @dataclass(frozen=True)
    class Seer(Oracle):
        name = "static_optimum"

        def act(self, economy, truth, state, memory):
            return None, memory

    assert entry_of(StaticOptimum(), PRODUCTION).text == "static_optimum"
    assert entry_of(Seer(), PRODUCTION).text == "static_optimum (object)"


def test_a_variant_as_an_object_is_the_variant():
    assert entry_of(ai_planner(delegation="retail"), PRODUCTION).text == "ai_planner"


def test_code_without_source_runs_and_is_not_stored(tmp_path):
    made = {}
    exec(
        "class Unwritten(Base):\n    pass",
        {"Base": Repeat, "__name__": "nowhere"},
        made,
    )
    entry = entry_of(Mechanism("unwritten", made["Unwritten"]()), PRODUCTION)
    assert entry.outside is None
    asked = [RunRequest(CONTRACT, entry, 0)]
    store = Store(tmp_path)
    assert execute(asked, store=store, workers=0).rows[0].completed
    assert len(Store(tmp_path).rows()) == 0
    assert execute(asked, store=store, workers=0).ran == 1


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (market, r"market is not a mechanism of production.*call it: market\(\)"),
        (Mechanism, "call it"),
        (7, "int is not a mechanism of production"),
        ("markt", "unknown mechanism 'markt'"),
        (Mechanism("x", Repeat(share=np.ones(2))), "setting share is ndarray, which no file can"),
    ],
)
def test_what_is_no_mechanism_is_refused_at_the_door(what, says):
    with pytest.raises(InputError, match=says):
        entry_of(what, PRODUCTION)


def test_a_list_of_competitors_is_checked():
    with pytest.raises(InputError, match="is not a list"):
        entries_of("market", PRODUCTION)
    with pytest.raises(InputError, match="market is named twice"):
        entries_of(["market", market()], PRODUCTION)


@pytest.mark.parametrize("seed", [-1, 0.5, True, "1"])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(InputError, match="is not a seed"):
        RunRequest(CONTRACT, entry_of("market", PRODUCTION), seed)


def weeks_run(run, twin):
    """Number of weeks."""
    return Measured(float(len(run.run.series["asked"])))


@pytest.fixture
def weeks_measure():
    known = domain_named(PRODUCTION).measures
    measure = Measure("weeks_run", "weeks", "neither", "Weeks.", "this test", weeks_run)
    yield register_measure(measure)
    del known["weeks_run"]


def test_a_measure_of_the_users_own_is_measured_in_workers_and_stands_in_the_rows(
    weeks_measure, tmp_path
):
    asked = requests_of(CONTRACT, ["market"], (0, 1))
    with Processes(1) as one:
        execute(asked, store=Store(tmp_path), executor=one)
    for row in Store(tmp_path).rows():
        assert row.values["weeks_run"] == 6.0
        assert row.measures["weeks_run"] == ["weeks", measure_digest(weeks_measure)]
        assert measure_digest(weeks_measure) != ""


def test_a_measure_that_was_rewritten_is_measured_anew(weeks_measure, tmp_path, monkeypatch):
    asked = requests_of(CONTRACT, ["market"], (0,))
    execute(asked, store=Store(tmp_path), workers=0)
    assert execute(asked, store=Store(tmp_path), workers=0).ran == 0
    monkeypatch.setattr(
        "catallax.execute.request._digest_function",
        lambda f: "rewritten" if f is weeks_run else "",
    )
    assert execute(asked, store=Store(tmp_path), workers=0).ran == 1


def test_a_measure_cannot_take_the_name_of_another():
    with pytest.raises(InputError, match="production has one of that name"):
        register_measure(Measure("score", "", "higher", "", "", weeks_run))


SCRIPT = """
from dataclasses import dataclass
from catallax import Contract, compare, market
from catallax.protocol import Measure, Measured, register_measure

register_measure(Measure("asked", "units", "neither", "All asks.", "a script",
                         lambda run, twin: Measured(float(run.run.series["asked"].sum()))))
found = compare("mine", Contract("small:0", weeks=4), [market(), market(kappa=0.02)], 2, workers=2)
print(found.summary("market", "asked").mean > 0, len(found.outcomes))
"""


def test_a_script_without_a_guard_may_compare(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("True 2\n", "")


@dataclass(frozen=True)
class Share:
    """Takes a share."""

    share: float = 0.5
    name = "share"


def halve(settings, mechanism, seed):
    if mechanism.share > 1:
        raise Broken("share is above 1")
    return {"left": (1 - mechanism.share) ** np.arange(settings["weeks"])}


LEFT = Measure(
    "left", "share", "higher", "What is left.", "arithmetic",
    lambda run, twin: Measured(float(run.series["left"][-1])),
)  # fmt: skip


@pytest.fixture
def halving():
    return register_domain(
        plain_domain(
            "halving",
            "how fast it goes",
            {"weeks": 3},
            halve,
            {"share": Share},
            [LEFT],
            abreast=200,
        )
    )


def test_two_domains_share_a_store(halving, tmp_path):
    contract = halving.experiments["halving"].build({})
    asked = [
        *requests_of(CONTRACT, ["market"], (0,)),
        *requests_of(contract, ["share", "share:share=0.25"], (0, 1)),
    ]
    execute(asked, store=Store(tmp_path), workers=0)
    rows = Store(tmp_path).rows()
    assert sorted((r.domain, r.label) for r in rows) == [
        ("halving", "share"), ("halving", "share"),
        ("halving", "share:share=0.25"), ("halving", "share:share=0.25"),
        ("production", "market"),
    ]  # fmt: skip
    assert {r.values["left"] for r in rows if r.label == "share"} == {0.25}
    assert execute(asked, store=Store(tmp_path), workers=0).ran == 0


def test_light_runs_go_many_to_a_job(halving):
    jobs = []

    class Counted:
        hands = 1

        def run(self, function, handed):
            for k, job in enumerate(handed):
                jobs.append(len(job[0]))
                yield k, function(*job)

    cells = [halving.experiments["halving"].build({"weeks": w}) for w in range(2, 42)]
    asked = [r for c in cells for r in requests_of(c, ["share"], range(10))]
    execute(asked, executor=Counted())
    assert sum(jobs) == 400
    assert len(jobs) == 8  # as many as leave a worker enough of them


def test_a_broken_rule_is_a_row_with_its_reason(halving):
    contract = halving.experiments["halving"].build({})
    (row,) = execute(requests_of(contract, [Share(2.0)], (0,)), workers=0).rows
    assert (row.stop, row.reason) == ("BAD_ACT", "share is above 1")
    assert row.reasons["left"] == "bad_act: share is above 1"


def test_a_contract_of_a_plain_domain_is_written_down_and_read_back(halving):
    contract = halving.experiments["halving"].build({"weeks": 9})
    assert halving.read(contract.to_dict()).hash == contract.hash
    assert contract.with_setting("weeks", 3).hash == halving.experiments["halving"].build({}).hash
    with pytest.raises(InputError, match=r"unknown key 'week'. Did you mean 'weeks'\?"):
        contract.with_setting("week", 3)
    with pytest.raises(InputError, match=r"weeks: 1\.5 is not a whole number"):
        contract.with_setting("weeks", 1.5)


DOMAIN_FILE = textwrap.dedent(
    """
    from dataclasses import dataclass
    from catallax.protocol import Measure, Measured, plain_domain

    @dataclass(frozen=True)
    class Add:
        step: float = 1.0
        name = "add"

    def play(settings, mechanism, seed):
        return {"sum": [seed + mechanism.step * k for k in range(settings["weeks"])]}

    LAST = Measure("last", "units", "higher", "The last.", "arithmetic",
                   lambda run, twin: Measured(float(run.series["sum"][-1])))
    DOMAIN = plain_domain("adding", "how far it gets", {"weeks": 4}, play, {"add": Add}, [LAST])
    """
)


def test_a_domain_from_a_file_runs_in_workers_that_read_the_file_first(tmp_path):
    from catallax.protocol import domain_in

    file = tmp_path / "adding.py"
    file.write_text(DOMAIN_FILE)
    domain = domain_in(file)
    contract = domain.experiments["adding"].build({})
    asked = requests_of(contract, ["add", domain.mechanisms["add"](step=2.0)], range(2))
    with Processes(2) as two:
        rows = execute(asked, executor=two).rows
    assert [r.values["last"] for r in rows] == [3.0, 6.0, 4.0, 7.0]
    assert [r.label for r in rows[:2]] == ["add", "add:step=2.0"]
    before = rows[0].code
    file.write_text(DOMAIN_FILE + "# another thought\n")
    again = domain_in(file)
    (row,) = execute(
        requests_of(again.experiments["adding"].build({}), ["add"], (0,)), workers=0
    ).rows
    assert row.code != before


def test_an_entry_is_taken_as_it_is():
    entry = Entry("mine", "market", market())
    assert entry_of(entry, PRODUCTION) is entry
