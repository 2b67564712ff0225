"""What is kept of a run, within bounds, and how it goes to disk and back."""

import io
import json
import os
import pickle
import random
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.knowledge import Traffic
from catallax.domains.production.mechanisms import market
from catallax.domains.production.network import HOUSEHOLD
from catallax.domains.production.run import (
    Contract,
    Recording,
    Run,
    StaticOptimum,
    Stop,
    sample_weeks,
    simulate,
)
from catallax.errors import InputError

ROW_SERIES = ("price", "stock", "stocks", "orders", "sold", "output", "spoiled")


@pytest.fixture(scope="module")
def run(shocked):
    return simulate(shocked, market(kappa=0.02), 3, recording=Recording(goods=("metal",)))


@pytest.fixture
def file(run, tmp_path):
    run.save(tmp_path / "run.npz")
    return tmp_path / "run.npz"


def test_a_run_comes_back_bit_for_bit(run, file, small):
    again = Run.load(file, small)
    assert again.bits == run.bits
    assert again.hash == run.hash
    assert again.contract.hash == run.contract.hash
    assert again.contract.shocks == run.contract.shocks
    for name in ("mechanism", "settings", "seed", "oracle", "stop", "reason", "versions"):
        assert getattr(again, name) == getattr(run, name)
    assert again.seconds == run.seconds
    assert again.meter == run.meter
    for name in ("rows", "links"):
        np.testing.assert_array_equal(getattr(again, name), getattr(run, name))
    for kept, before in ((again.series, run.series), (again.sampled, run.sampled)):
        assert set(kept) == set(before)
        for name, value in before.items():
            assert kept[name].tobytes() == value.tobytes()
            assert kept[name].shape == value.shape


def test_a_run_that_stopped_comes_back_too(small, tmp_path):
    run = simulate(Contract(small, weeks=4, settle=0), StaticOptimum(tol=1e-300, limit=1))
    run.save(tmp_path / "run.npz")
    again = Run.load(tmp_path / "run.npz", small)
    assert (again.stop, again.reason, again.oracle) == (Stop.UNSOLVED, run.reason, True)
    assert again.bits == run.bits
    assert again.series == {}


def test_a_saved_run_needs_its_economy(file):
    with pytest.raises(InputError, match="give the economy that the contract was made with"):
        Run.load(file)


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def bent(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "make",
    [
        lambda data: b"",
        lambda data: b"no run at all " * 50,
        lambda data: b"PK\x03\x04 nearly",
        lambda data: pickle.dumps({"contract": 1}),
        half,
        bent,
    ],
    ids=["empty", "garbage", "nearly a zip", "pickle", "cut in half", "one byte wrong"],
)
def test_what_is_not_a_saved_run_is_refused(file, small, make):
    file.write_bytes(make(file.read_bytes()))
    with pytest.raises(InputError, match=r"run\.npz: not a saved run"):
        Run.load(file, small)


def head(**text: object) -> np.ndarray:
    return np.frombuffer(json.dumps(text).encode(), dtype=np.uint8)


@pytest.mark.parametrize(
    "arrays",
    [
        {"a": np.ones(3)},
        {"head": np.array([{}], dtype=object), "rows": np.ones(1), "links": np.ones(1)},
        {"head": head(), "rows": np.ones(1), "links": np.ones(1)},
        {"head": head(identity=[1, 2]), "rows": np.ones(1), "links": np.ones(1)},
        {"head": np.frombuffer(b"[1]", np.uint8), "rows": np.ones(1), "links": np.ones(1)},
        {"head": np.frombuffer(b"{", np.uint8), "rows": np.ones(1), "links": np.ones(1)},
    ],
    ids=["no head", "pickled head", "empty head", "short identity", "list", "broken json"],
)
def test_another_programs_arrays_are_refused(tmp_path, small, arrays):
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(InputError, match=r"x\.npz: not a saved run"):
        Run.load(tmp_path / "x.npz", small)


def test_a_single_array_a_folder_and_nothing_are_refused(tmp_path, small):
    np.save(tmp_path / "x.npy", np.ones(3))
    for path in (tmp_path / "x.npy", tmp_path, tmp_path / "missing.npz"):
        with pytest.raises(InputError, match="not a saved run"):
            Run.load(path, small)


def test_code_in_a_pickle_is_not_run(tmp_path, small):
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was opened",))

    np.savez(tmp_path / "x.npz", head=np.array([Bomb()], dtype=object), rows=1, links=1)
    with pytest.raises(InputError):
        Run.load(tmp_path / "x.npz", small)


def test_a_run_is_written_whole_or_not_at_all(run, file, tmp_path, monkeypatch, small):
    def crash(handle, **arrays):
        handle.write(b"half of i")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez_compressed", crash)
    with pytest.raises(OSError, match="disk full"):
        replace(run, seed=4).save(file)
    with pytest.raises(OSError, match="disk full"):
        run.save(tmp_path / "new.npz")
    assert not (tmp_path / "new.npz").exists()
    assert Run.load(file, small).bits == run.bits
    assert Run.load(file, small).seed == 3


def test_saving_leaves_one_file_and_replaces_an_old_one(run, file, small):
    replace(run, seed=4).save(str(file))
    assert [p.name for p in file.parent.iterdir()] == ["run.npz"]
    assert Run.load(str(file), small).seed == 4


def repacked(file, change) -> None:
    """The file written anew after `change` of its members, all checksums of the zip right."""
    with np.load(file) as old:
        members = {name: old[name] for name in old.files}
    change(members)
    np.savez(file, **members)


def of_head(change):
    """A change of the head."""

    def changed(members):
        plain = json.loads(bytes(members["head"]))
        change(plain)
        members["head"] = np.frombuffer(json.dumps(plain).encode(), np.uint8)

    return changed


def nudged(members):
    members["series/price"][0, 0] = np.nextafter(members["series/price"][0, 0], np.inf)


CHANGES = {
    "a price": (nudged, "its bits is"),
    "a place": (lambda m: m["rows"].__setitem__(0, 1), "its seal is"),
    "a week less": (lambda m: m.update({"series/price": m["series/price"][:-1]}), "its bits is"),
    "a series less": (lambda m: m.pop("series/price"), "its bits is"),
    "a sample less": (lambda m: m.pop("sampled/used"), "its bits is"),
    "another type": (lambda m: m.update(rows=m["rows"].astype(np.int32)), "has the type int32"),
    "weeks too many": (lambda m: m.update({"series/x": np.ones((13, 2))}), r"the shape \(13, 2\)"),
    "more than fits": (lambda m: m.update({"sampled/x": np.ones(99_999)}), r"shape \(99999,\)"),
    "another array": (lambda m: m.update(x=np.ones(1)), "holds 'x.npy'"),
    "another seed": (of_head(lambda h: h["identity"].__setitem__(2, 4)), "its hash is"),
    "another stop": (of_head(lambda h: h.update(stop="BAD_ACT")), "its seal is"),
    "no such stop": (of_head(lambda h: h.update(stop="TIRED")), "KeyError: 'TIRED'"),
    "a reason": (of_head(lambda h: h.update(reason="tired")), "its seal is"),
    "an oracle": (of_head(lambda h: h.update(oracle=1)), "no oracle of type bool"),
    "its time": (of_head(lambda h: h.update(seconds=float("nan"))), "NaN is no number"),
    "more said": (of_head(lambda h: h["meter"]["ask"].update(sends=1.0)), "its bits is"),
    "nonsense said": (of_head(lambda h: h["meter"]["ask"].update(sends="1")), "no number"),
    "no seal": (of_head(lambda h: h.pop("seal")), "its seal is broken"),
    "a contract": (of_head(lambda h: h["contract"].update(weeks=13)), "its hash is"),
    "no contract": (of_head(lambda h: h["contract"].pop("channel")), "KeyError: 'channel'"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_since_is_refused_though_every_checksum_is_right(file, small, what):
    change, why = CHANGES[what]
    repacked(file, change)
    with pytest.raises(InputError, match=rf"run\.npz: not a saved run \(.*{why}"):
        Run.load(file, small)


def test_a_run_of_before_seals_is_read(run, file, small):
    repacked(file, of_head(lambda h: [h.pop(name) for name in ("hash", "bits", "seal")]))
    assert Run.load(file, small).bits == run.bits


@pytest.mark.parametrize("shape", [(10**12,), (2**62, 8)])
def test_no_room_is_made_for_what_a_head_only_claims(file, small, shape):
    with np.load(file) as old:
        members = {name: old[name] for name in old.files if name != "rows"}
    np.savez(file, **members)
    claim = io.BytesIO()
    header = {"descr": "<i8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(claim, header)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("rows.npy", claim.getvalue())
    with pytest.raises(InputError, match=r"'rows\.npy' has the type int64 and the shape"):
        Run.load(file, small)


def test_a_pipe_is_refused_and_nobody_waits_for_it(tmp_path, small):
    os.mkfifo(tmp_path / "run.npz")
    with pytest.raises(InputError, match="not a saved run: it is a pipe and no file"):
        Run.load(tmp_path / "run.npz", small)


@pytest.mark.parametrize("flips", [100, pytest.param(2000, marks=pytest.mark.slow)])
def test_a_flipped_bit_is_refused_or_changes_nothing(run, file, small, flips):
    """A zip has bytes that mean nothing, such as times of day."""
    raw, draw = file.read_bytes(), random.Random(flips)
    refused = 0
    for _ in range(flips):
        bad = bytearray(raw)
        bad[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
        file.write_bytes(bad)
        try:
            again = Run.load(file, small)
        except InputError:
            refused += 1
        else:
            assert (again.bits, again.hash, again.reason) == (run.bits, run.hash, run.reason)
    assert refused > 0.5 * flips


# ---------------------------------------------------------------- hash and bits


def test_bits_change_with_any_recorded_number(run):
    seen = {run.bits}
    for name, value in run.series.items():
        other = value.copy()
        other.flat[-1] = np.nextafter(other.flat[-1], np.inf)
        seen.add(replace(run, series={**run.series, name: other}).bits)
    for name, value in run.sampled.items():
        other = value.copy()
        other.flat[-1] = 1.0 + np.nan_to_num(other.flat[-1])
        seen.add(replace(run, sampled={**run.sampled, name: other}).bits)
    meter = run.meter.add("ask", Traffic(sends=1))
    seen.add(replace(run, meter=meter).bits)
    assert len(seen) == len(run.series) + len(run.sampled) + 2


def test_hash_is_of_what_a_run_is_a_function_of_and_not_of_its_time(run, calm):
    others = [
        replace(run, contract=calm),
        replace(run, mechanism="other"),
        replace(run, settings={**run.settings, "kappa": 0.5}),
        replace(run, seed=4),
        replace(run, versions={**run.versions, "numpy": "0"}),
    ]
    assert len({r.hash for r in [run, *others]}) == 6
    same = replace(run, seconds=1e9, series={}, reason="x")
    assert same.hash == run.hash
    assert replace(run, seconds=1e9).bits == run.bits


def test_settings_are_those_of_agents_and_centre(run, calm):
    assert run.settings["kappa"] == 0.02
    assert simulate(calm, StaticOptimum(tol=1e-8)).settings == {"tol": 1e-8, "limit": 5000}


# ---------------------------------------------------------------- recording


def test_every_row_is_kept_up_to_the_limit(run, small):
    net = small.network
    np.testing.assert_array_equal(run.rows, np.arange(net.n))
    for name in ROW_SERIES:
        assert run.series[name].shape == (12, net.n)
    exactly = simulate(run.contract, market(), recording=Recording(rows=net.n))
    np.testing.assert_array_equal(exactly.rows, np.arange(net.n))


def test_above_the_limit_only_watched_rows_are_kept(run, small):
    net = small.network
    few = simulate(
        run.contract,
        market(kappa=0.02),
        3,
        recording=Recording(rows=net.n - 1, goods=("metal", "good 2")),
    )
    watched = [net.products.index(g) for g in ("metal", "good 2")]
    plants = np.isin(net.product, watched)
    assert 0 < plants.sum() < net.plants.stop - net.plants.start
    expected = np.flatnonzero(plants | (net.kind == 0) | (net.kind == 2))
    np.testing.assert_array_equal(few.rows, expected)
    for name in ROW_SERIES:
        np.testing.assert_array_equal(few.series[name], run.series[name][:, expected])
    for name in ("utility", "income", "asked", "shipped", "held"):
        np.testing.assert_array_equal(few.series[name], run.series[name])


def test_a_run_cut_down_to_watched_rows_is_that_of_a_smaller_recording(run, small):
    recording = Recording(rows=3, goods=("metal",))
    few = simulate(run.contract, market(kappa=0.02), 3, recording=recording)
    cut = run.only(recording.watched(small))
    assert 0 < len(cut.rows) < small.network.n
    np.testing.assert_array_equal(cut.rows, few.rows)
    assert (cut.bits, cut.hash) == (few.bits, few.hash)


def test_use_is_kept_on_the_links_of_the_goods_named(run, small):
    net = small.network
    expected = np.flatnonzero(net.good == net.products.index("metal"))
    np.testing.assert_array_equal(run.links, expected)
    assert run.series["use"].shape == (12, len(expected)) != (12, 0)
    none = simulate(run.contract, market(), recording=Recording())
    assert none.series["use"].shape == (12, 0)


def test_final_users_use_is_kept_by_good_in_the_weeks_asked_for(run, small):
    assert run.sampled["weeks"].tolist() == sample_weeks(run.contract)
    some = simulate(run.contract, market(kappa=0.02), 3, recording=Recording(weeks=(5, 2, 99)))
    assert some.sampled["weeks"].tolist() == [2, 5]
    net = small.network
    first = net.rows.row_first[net.households.start]
    whole = simulate(run.contract, market(), recording=Recording(goods=net.products))
    assert whole.series["use"].shape == (12, net.m)
    for week, used in zip(whole.sampled["weeks"], whole.sampled["used"], strict=True):
        by_good = net.rows.sum_goods(whole.series["use"][int(week)])[first:]
        np.testing.assert_allclose(used, by_good, rtol=1e-12)


def test_what_final_users_took_is_kept_by_seller_as_it_was_shipped(run, small):
    net = small.network
    whole = simulate(run.contract, market(), recording=Recording(goods=net.products))
    shipped = whole.series["use"] / small.technology.kept
    home = net.rows.linked(HOUSEHOLD)
    for row in range(net.sellers.stop):
        mine = shipped[:, home & (net.seller == row)].sum(axis=1)
        np.testing.assert_allclose(whole.series["final"][:, row], mine, rtol=1e-12)


def test_ages_of_orders_are_kept_where_they_wait(run):
    assert "aged" not in run.series
    late = simulate(replace(run.contract, backlog=True), market())
    assert late.series["aged"].shape == (12, 53)


@pytest.mark.parametrize("rows", [2000, 3])
def test_a_good_that_does_not_exist_is_refused(calm, rows):
    with pytest.raises(InputError, match=r"unknown product 'metl'. Did you mean 'metal'"):
        simulate(calm, market(), recording=Recording(rows=rows, goods=("metl",)))


def test_a_row_is_found_by_name(run, small):
    np.testing.assert_array_equal(run.row("ore", "price"), run.series["price"][:, 1])
    with pytest.raises(InputError, match="unknown row 'oar'"):
        run.row("oar", "price")
    few = simulate(run.contract, market(), recording=Recording(rows=3))
    np.testing.assert_array_equal(few.row("ore", "price"), few.series["price"][:, 1])
    plant = small.network.names[small.network.plants.start]
    with pytest.raises(InputError, match=rf"row '{plant}' was not recorded; raise Recording\.rows"):
        few.row(plant, "price")


def test_a_run_reads_well(run):
    assert repr(run) == "Run(market on synthetic:7, seed 3, 12 of 12 weeks, completed)"
