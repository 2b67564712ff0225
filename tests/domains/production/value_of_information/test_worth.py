"""What each kind of fact is worth: recovered from a made-up law, and counted in real runs."""

import json
from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import economy_named
from catallax.domains.production.experiments.questions import free
from catallax.domains.production.knowledge import ChannelLaw, LineLaw
from catallax.domains.production.pages.knowledge import format_per_kilobit
from catallax.domains.production.run import Contract, simulate
from catallax.domains.production.value_of_information import (
    DIRECTIVES,
    LINE,
    change_law,
    count_sent,
    value_information,
)
from catallax.domains.production.value_of_information.design import make_cells
from catallax.errors import InputError
from catallax.protocol.mechanism_names import mechanism_named
from catallax.show.words import number
from catallax.study.sweep.cells import gather
from tests.domains.production.experiments.laws import MadeUp

CONTRACT = free(economy_named("small:0"), weeks=60)
SENDS = {"a": {"z": 10.0, LINE: 1000.0}, "b": {"stock": 50.0}}
GAIN = {"z": 0.1, LINE: 0.4, "stock": 0.0}
SEEDS = (0, 1, 2, 3)


def made_sent(contract: Contract, mechanism: str) -> dict[str, float]:
    return SENDS[mechanism]


def law(point, label, seed):
    """Score 0.9 and noise that is the seed's; bits are worth more, the fewer there are."""
    noise = np.random.default_rng(seed).normal()
    if not point:
        return 0.9 + noise
    ((name, value),) = point.items()
    kind, knob = name.split(": ")
    if knob == "resolution":
        return 0.9 + noise - GAIN[kind] * (1 - value / 16) ** 2
    if knob == "silence":
        return 0.9 + noise - GAIN[kind]
    return 0.9 + noise - 0.01 * value * (kind == "z")


@pytest.fixture(scope="module")
def valued():
    return value_information(
        CONTRACT, ["a", "b"], SEEDS, MadeUp(law), made_sent, knobs=["resolution", "delay"]
    )


def test_values_and_bits_are_those_of_the_law(valued):
    facts = {m: {f.kind: f for f in fs} for m, fs in valued.facts.items()}
    z, line, stock = facts["a"]["z"], facts["a"][LINE], facts["b"]["stock"]
    assert (z.own_bits, line.own_bits, stock.own_bits) == (160.0, 16000.0, 800.0)
    for fact, gain in ((z, 0.1), (line, 0.4), (stock, 0.0)):
        assert fact.value == pytest.approx(gain, abs=1e-12)
        assert fact.silence.half == pytest.approx(0.0, abs=1e-12)  # noise cancels on seeds
        assert fact.per_kilobit == pytest.approx(1000 * gain / fact.own_bits)
    assert [f.kind for f in valued.ranked("a")] == ["z", LINE]
    delays = {d.value: d.change.mean for d in z.dots["delay"]}
    assert delays == pytest.approx({0.0: 0.0, 2.0: -0.02, 4.0: -0.04, 8.0: -0.08})
    assert [d.bits for d in z.dots["delay"]] == [160.0] * 4


def test_the_curve_goes_from_silence_to_the_contract_and_its_slope_falls(valued):
    z = next(f for f in valued.facts["a"] if f.kind == "z")
    bits, change = zip(*z.curve, strict=True)
    assert bits == (0.0, 10.0, 40.0, 60.0, 80.0, 100.0, 160.0)
    np.testing.assert_allclose(change, [-0.1 * (1 - b / 160) ** 2 for b in bits], atol=1e-12)
    slopes = [v for _, v in z.marginal]
    assert all(np.diff(slopes) < 0)
    assert slopes[0] == pytest.approx(1000 * (0.1 - 0.1 * (15 / 16) ** 2) / 10)


def test_runs_that_came_to_grief_count_as_nothing():
    def harsh(point, label, seed):
        return None if "z: silence" in point else 0.8

    found = value_information(CONTRACT, ["a"], SEEDS, MadeUp(harsh), made_sent, knobs=[])
    z = next(f for f in found.facts["a"] if f.kind == "z")
    assert (z.value, z.silence.failed) == (pytest.approx(0.8), 4)
    assert found.level == {"a": pytest.approx(0.8)}


def test_what_changes_no_bit_on_any_seed_is_unused(valued):
    """A gain of nothing is no gain of little; and runs that fail either way tell nothing."""

    def faint(point, label, seed):
        moved = {"z: silence": -1e-16, "stock: delay": 1e-16 * (seed == 3)}
        return 0.5 + sum(2 * moved.get(name, 0.0) for name in point)

    def lost(point, label, seed):
        return 0.5 if label == "a" else None

    facts = {f.kind: f for m in ("a", "b") for f in valued.facts[m]}
    assert {k: f.unused for k, f in facts.items()} == {"z": False, LINE: False, "stock": True}
    assert (format_per_kilobit(facts["stock"]), format_per_kilobit(facts["z"])) == (
        "unused",
        number(facts["z"].per_kilobit, 3),
    )
    given = ["a", "b"], SEEDS
    found = value_information(CONTRACT, *given, MadeUp(faint), made_sent, knobs=["delay"])
    facts = {f.kind: f for m in ("a", "b") for f in found.facts[m]}
    assert {k: f.unused for k, f in facts.items()} == {"z": False, LINE: True, "stock": False}
    found = value_information(CONTRACT, *given, MadeUp(lost), made_sent, knobs=[])
    assert [f.unused for m in ("a", "b") for f in found.facts[m]] == [True, True, False]


def test_the_result_is_plain(valued):
    plain = json.loads(json.dumps(valued.to_dict(), allow_nan=False))
    fact = plain["mechanisms"]["a"]["facts"][0]
    assert (fact["kind"], fact["bits_a_week"], len(fact["marginal"])) == ("z", 160.0, 6)
    tried = {"silence": (1,), "resolution": (1, 4, 6, 8, 10), "delay": (0.0, 2.0, 4.0, 8.0)}
    assert plain["runs"] == 4 * len(list(make_cells(CONTRACT, SENDS, tried)))


def test_one_law_of_one_kind_is_changed_and_no_other():
    channel = CONTRACT.channel
    line = change_law(CONTRACT, LINE, "delay", 4.0, ()).channel
    assert (line.line, line.centre) == (LineLaw(4.0), channel.centre)
    z = change_law(CONTRACT, "z", "noise", 0.2, ()).channel
    assert (z.line, z.centre, dict(z.kinds)) == (
        channel.line, channel.centre, {"z": LineLaw(noise=0.2)},
    )  # fmt: skip
    told = change_law(CONTRACT, DIRECTIVES, "delay", 4.0, ("z", "stock", DIRECTIVES)).channel
    assert told.centre == LineLaw(4.0)
    assert dict(told.kinds) == {"z": LineLaw(), "stock": LineLaw()}
    assert change_law(CONTRACT, LINE, "silence", 1, ()).channel.line == LineLaw(coverage=0.0)


@pytest.mark.parametrize("kind", [DIRECTIVES, "supply"])
def test_silence_is_silence(kind):
    """Nothing of the kind is heard to the end; all else is as it was."""
    contract = replace(CONTRACT, weeks=9)
    kinds = count_sent(contract, "ai_planner")
    quiet = change_law(contract, kind, "silence", 1, kinds)
    one, two = (simulate(c, mechanism_named("ai_planner")).meter.kinds for c in (contract, quiet))
    if kind == DIRECTIVES:
        assert one["directive"].deliveries > 0
        assert two["directive"].deliveries == 0
    else:
        lost = one["report"].bits_delivered - two["report"].bits_delivered
        heard = kinds[kind] * contract.weeks * 16  # those of the week before week 0 too
        assert lost == pytest.approx(heard, rel=0.2)


def test_what_is_sent_is_counted_as_the_meter_counts_it():
    """Report bits are numbers times resolution and an address a message, if none is late."""
    contract = replace(CONTRACT, channel=ChannelLaw(centre=LineLaw(0.0), line=LineLaw(0.0)))
    for name in ("ai_planner", "five_year_plan", "federated_market", "market"):
        found = count_sent(contract, name)
        met = simulate(contract, mechanism_named(name)).meter.kinds
        report = met.get("report")
        address = np.log2(contract.economy.network.n)
        if report is not None:
            kinds = [k for k in found if k not in (LINE, DIRECTIVES)]
            bits = sum(found[k] for k in kinds) * contract.weeks * 16
            assert report.bits_delivered == pytest.approx(bits + address * report.deliveries)
            told = [met[k] for k in ("directive", "audit") if k in met]
            bits = found[DIRECTIVES] * contract.weeks * 16
            assert sum(t.bits_delivered for t in told) == pytest.approx(bits)
        if "quote" in met:
            line = (met["quote"].deliveries + met["ask"].deliveries) / contract.weeks
            assert found[LINE] == pytest.approx(line)
        assert (LINE in found) == ("quote" in met)
    assert count_sent(contract, "static_optimum") == {}
    assert set(count_sent(contract, "market")) == {LINE}


def test_real_runs_hang_together():
    """A planner that hears nothing more does no better; the market hears only its quotes."""

    def here(cells, seeds):
        return gather(cells, seeds, workers=0)

    contract = replace(CONTRACT, weeks=56)
    found = value_information(contract, ["market"], (0, 1), here, count_sent, knobs=[])
    (fact,) = found.facts["market"]
    assert fact.kind == LINE
    assert fact.silence.failed == 0
    assert fact.value != 0
    assert found.runs == 4


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"knobs": ["volume"]}, "'volume' is no law of a message; known: resolution, delay"),
        ({"measure": "waste"}, "unknown measure of which more is better"),
        ({"mechanisms": []}, "give at least one mechanism"),
        ({"mechanisms": ["static_optimum"]}, "sends nothing"),
    ],
)
def test_wrong_questions_are_refused(asked, says):
    given = {"mechanisms": ["market"], "knobs": []} | asked
    with pytest.raises(InputError, match=says):
        value_information(
            CONTRACT, given.pop("mechanisms"), SEEDS, MadeUp(law), count_sent, **given
        )
