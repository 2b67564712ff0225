"""A digest says what an economy was made from: nothing else changes it, and nothing is left out."""

import copy
import importlib
import pickle
from dataclasses import fields, replace

import numpy as np
import pytest

from catallax.domains.production.economy import (
    Economy,
    disaggregate,
    economy_named,
    from_regions,
    from_table,
    generate,
    named,
    read_table,
    small,
    town,
    us15,
    us71,
)
from catallax.domains.production.economy.origin import digest_values
from catallax.domains.production.economy.tables import load_table
from tests.domains.production.economy import made

MAKERS = [*made.BUILT_IN, *made.USERS, "mrio", "mrio without value added", "by hand", "calibrated"]


@pytest.fixture(scope="module")
def economies(tmp_path_factory):
    """Every economy of `made.makers`, made once."""
    makers = made.makers(made.written(tmp_path_factory.mktemp("tables")))
    assert list(makers) == MAKERS
    return {key: make() for key, make in makers.items()}


@pytest.mark.parametrize("name", MAKERS)
def test_numbers_do_not_change_without_their_version(name, economies):
    """After a change on purpose: raise the maker's VERSION, then see made.py."""
    was, now = made.stored()[name], made.numbers(economies[name])
    assert now.pop("digest") == was.pop("digest")
    assert now == pytest.approx(was, rel=1e-9, abs=1e-9)


def test_no_two_of_them_have_one_digest(economies):
    assert len({e.digest for e in economies.values()}) == len(economies)


VERSIONS = {
    "economy": ["synthetic:1", "small:0", "town:20", "pair", "fine.toml", "mrio", "calibrated"],
    "real": ["village.csv", "hamlet.toml", "pair", "by hand"],
    "generate": ["synthetic:1", "small:0"],
    "town": ["town:20"],
    "disaggregate": ["fine.toml"],
    "regional": ["kingdom.csv", "undivided.csv", "fine.toml", "mrio"],
    "tables.table": ["village.csv", "hamlet.toml"],
    "tables.symmetric": ["pair"],
    "tables.regions": ["kingdom.csv", "undivided.csv", "fine.toml"],
    "tables.regions MRIO_VERSION": ["mrio", "mrio without value added"],
}  # us15 and us71 are made once in a process


@pytest.mark.parametrize("module", VERSIONS)
def test_a_new_version_of_a_maker_makes_new_digests(module, economies, monkeypatch, tmp_path):
    where, _, name = module.partition(" ")
    maker = importlib.import_module(f"catallax.domains.production.economy.{where}")
    version = name or "VERSION"
    monkeypatch.setattr(maker, version, getattr(maker, version) + 1)
    monkeypatch.setattr(named, "_drawn", {})  # those of before are still in use
    makers = made.makers(made.written(tmp_path))
    for name in VERSIONS[module]:
        assert makers[name]().digest != economies[name].digest


def test_a_new_version_of_bending_makes_new_digests(economies, monkeypatch):
    monkeypatch.setattr("catallax.domains.production.economy.named.VERSION", 2)
    assert economy_named("us15:sigma=0.5").digest != economies["us15:sigma=0.5"].digest


# ---------------------------------------------------------------- copies


@pytest.mark.parametrize("name", MAKERS)
def test_copies_and_pickles_keep_it(name, economies):
    e = economies[name]
    for again in (copy.copy(e), copy.deepcopy(e), pickle.loads(pickle.dumps(e))):
        assert (again.digest, again.origin) == (e.digest, e.origin)


def test_what_was_changed_by_hand_is_another_economy():
    e = us15()
    sold = replace(e, decay=e.decay / 2)
    named = replace(e, name="mine")
    bent = replace(e, technology=replace(e.technology, sigma=e.technology.sigma / 2))
    again = [e, sold, named, bent, replace(bent, decay=e.decay / 2)]
    assert len({x.digest for x in again}) == len(again)
    assert set(sold.origin) == {"numbers"}
    assert sold.digest == replace(e, decay=e.decay / 2).digest


def test_what_is_made_of_an_economy_changed_by_hand_follows_its_numbers():
    e = generate(4, products=4)
    other = replace(e, decay=e.decay / 2)
    fine = [disaggregate(x, firms=20).digest for x in (e, other, e, other)]
    assert fine[:2] == fine[2:]
    assert fine[0] != fine[1]


def test_every_number_of_an_economy_without_origin_counts():
    e = replace(generate(4, products=4))
    net, t = e.network, e.technology
    twice = np.flatnonzero((np.diff(net.good) == 0) & (np.diff(net.buyer) == 0))[0]
    seller = net.seller.copy()
    seller[[twice, twice + 1]] = seller[[twice + 1, twice]]
    networks = [
        replace(net, **part)
        for part in (
            {"names": _other(net.names)}, {"products": _other(net.products)}, {"seller": seller},
        )
    ]  # fmt: skip
    technologies = [replace(t, network=n) for n in networks]
    technologies += [replace(t, **{k: _other(getattr(t, k))}) for k in _fields(t) - {"network"}]
    others = [replace(e, technology=x) for x in technologies]
    others += [replace(e, **{k: _other(getattr(e, k))}) for k in _fields(e) - {"technology"}]
    assert all(set(x.origin) == {"numbers"} for x in others)
    assert len({x.digest for x in (e, *others)}) == len(others) + 1


def test_names_that_are_written_when_they_are_read_count_too():
    e = town(20)
    net = e.network
    named = replace(net.names, stems=("work", *net.names.stems[1:]))
    other = replace(e, technology=replace(e.technology, network=replace(net, names=named)))
    assert other.digest != replace(e).digest


def _fields(thing) -> set[str]:
    return {f.name for f in fields(thing)}


def _other(value):
    """The same with its first entry changed a little."""
    if isinstance(value, str):
        return f"{value}!"
    if isinstance(value, tuple):
        return (f"{value[0]}!", *value[1:])
    again = np.array(value)
    if again.dtype.kind == "f":
        again.flat[0] = np.nextafter(again.flat[0], 2.0)
    else:
        again.flat[0] += 1
    return again


# ---------------------------------------------------------------- settings


BY_TABLE = {
    "decay": 0.03, "lead": 1, "eps": 3.0, "gamma_import": 0.9, "seed": 1, "deposits": ["31G"],
    "lending": True,
}  # fmt: skip
BY_SEED = {
    "products": 5, "firms": 3, "households": 4, "inputs": 2, "ore": 0.5, "decay": 0.1, "lead": 1,
    "income": 5.0,
}  # fmt: skip
SPLIT = {"firms": 40, "households": 9, "suppliers": 3, "dispersion": 0.2, "seed": 1}
BY_SIZE = {"firms": 31, "goods": 21, "seed": 1}


def all_differ(make, settings) -> None:
    """Each setting alone makes another digest, and saying what holds anyway does not."""
    made_with = [make(), *(make(**{k: v}) for k, v in settings.items())]
    assert len({e.digest for e in made_with}) == len(made_with)


def test_every_setting_of_a_maker_counts():
    regions = made.world()
    few = {k: BY_TABLE[k] for k in ("decay", "lead", "eps", "seed")}
    all_differ(lambda **s: from_table(load_table("us15"), **s), BY_TABLE)
    all_differ(lambda **s: from_regions(regions, **s), few)
    all_differ(lambda **s: generate(1, **{"products": 4, **s}), BY_SEED)
    all_differ(lambda **s: disaggregate(us15(), **{"firms": 50, "households": 8, **s}), SPLIT)
    all_differ(lambda **s: town(30, **s), BY_SIZE)
    seeds = [generate(0), generate(1), small(0), small(1)]
    assert len({e.digest for e in seeds}) == 4


def test_equal_settings_are_equal_however_they_are_written():
    said = {"decay": np.float64(0.02), "lead": np.int64(0), "eps": 4, "deposits": ("21",)}
    assert from_table(load_table("us15"), **said).digest == us15().digest
    assert from_table(load_table("us71"), deposits={"212", "211"}).digest == us71().digest
    assert generate(np.int64(1), ore=np.float64(0.4)).digest == generate(1).digest


def test_every_argument_of_calibrate_counts():
    e = made.calibrated()
    decay, lead, one = np.zeros(e.network.n), e.lead.copy(), np.ones(e.network.m)
    lead[np.flatnonzero(~e.network.rows.perishable)[0]] = 1
    share = e.technology.share.copy()
    first = e.network.rows.links(int(e.network.households.start))
    share[first] = share[first][::-1]
    others = [
        {"share": share}, {"gamma": 0.9 * e.technology.gamma + 0.1 * (e.technology.gamma == 1)},
        {"spending": np.array([60.0, 41.0])}, {"sigma": np.full(e.network.n, 0.6)},
        {"eps": np.full(e.network.n, 5.0)}, {"decay": decay}, {"lead": lead},
        {"iceberg": 0.9 * one}, {"weight": np.array([1.0, 2.0])}, {"group": ("a", "b")},
    ]  # fmt: skip
    found = {made.calibrated(**other).digest for other in others}
    assert len(found | {e.digest}) == len(others) + 1
    usual = {"iceberg": one, "weight": np.ones(2), "group": ("consumption",) * 2}
    assert made.calibrated(**usual).digest == e.digest
    assert made.calibrated(spending=np.array([120.0, 80.0])).digest != e.digest  # in proportion


# ---------------------------------------------------------------- tables


def digest_of(folder, name, **files) -> str:
    """Digest of a user's economy with other texts in some of its files."""
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8", newline="")
    return economy_named(str(folder / name)).digest


@pytest.mark.parametrize(
    ("name", "file", "old", "new"),
    [
        ("village.csv", "village.csv", "50.3", "50.2"),
        ("village.csv", "village.csv", "Milling", "Mills"),
        ("village.csv", "village.csv", "investment", "government"),
        ("kingdom.csv", "kingdom.csv", "9.05", "9.04"),
        ("kingdom.csv", "kingdom.csv", "5,4,5,4", "5,4,5,4.01"),
        ("pair", "pair/use.csv", "3.02", "3.01"),
        ("pair", "pair/use.csv", "\nb,", "\nbb,"),
        ("pair", "pair/make.csv", "8,2", "8,2.01"),
        ("hamlet.toml", "village.csv", "50.3", "50.2"),
        ("hamlet.toml", "hamlet.toml", "lead = 1", "lead = 2"),
        ("hamlet.toml", "hamlet.toml", "mill", "farm"),
        ("fine.toml", "fine.toml", "firms = 30", "firms = 31"),
        ("fine.toml", "kingdom.csv", "9.05", "9.04"),
    ],
)
def test_what_a_file_says_counts_and_how_its_lines_end_does_not(name, file, old, new, tmp_path):
    folder = made.written(tmp_path)
    text = made.FILES[file]
    before = digest_of(folder, name)
    crlf = {f: made.FILES[f].replace("\n", "\r\n") for f in made.FILES}
    assert digest_of(folder, name, **crlf) == before
    changed = text.replace(old, new)
    other = {file: changed}
    if old == "\nb,":  # the products of both files
        other["pair/make.csv"] = made.FILES["pair/make.csv"].replace("a,b", "a,bb")
    assert changed != text
    assert digest_of(folder, name, **other) != before


@pytest.mark.parametrize(
    "cells", [{"Z": [[1, 2.01], [3, 1]]}, {"Y": [[5, 2], [2, 4]]}, {"VA": [[6.01, 7]]}]
)
def test_every_part_of_a_multi_region_system_counts(cells):
    found = [from_regions(made.world(**c)) for c in ({}, cells)]
    assert found[0].digest != found[1].digest


def test_a_table_given_in_python_counts_by_its_values():
    t = made.table()
    others = [
        replace(t, **{k: v})
        for k, v in {
            "codes": ("farm", "works"), "names": ("Farming", "Works"), "name": "other",
            "users": ("consumption", "government"), "flow": [[10, 30], [20, 11]],
            "final": [[50, 1], [70, 10]], "exports": [21, 0], "imports": [11, 0],
            "compensation": [41, 40], "taxes": [-1, 4], "surplus": [33, 26],
        }.items()
    ]  # fmt: skip
    found = {from_table(x, lending=True).digest for x in (t, *others)}
    assert len(found) == len(others) + 1
    again = from_table(made.table(flow=np.array([[10.0, 30.0], [20.0, 10.0]])), lending=True)
    assert again.digest == from_table(t, lending=True).digest


def test_a_table_that_balancing_changed_is_not_the_one_it_was_read_from(tmp_path):
    """A table read is not one with the same cells in Python, which nobody balances."""
    read = read_table(made.written(tmp_path) / "village.csv", name="by hand")
    assert read.moved is not None
    unread = made.table(final=[[50.3, 0], [70, 10.1]])
    assert from_table(read, lending=True).digest != from_table(unread, lending=True).digest
    assert read.origin != replace(read, moved=None).origin


# ---------------------------------------------------------------- hashing itself


def test_values_do_not_run_into_each_other():
    def of(**values):
        return digest_values(values)

    one = np.arange(4.0)
    different = [
        {"a": one}, {"b": one}, {"a": one.reshape(2, 2)}, {"a": one.astype(int)},
        {"a": one[:2], "b": one[2:]}, {"a": ["x", "y"]}, {"a": ["xy"]}, {"a": ["x\ny"]},
        {"a": "xy"}, {"a": one + 0, "b": []},
    ]  # fmt: skip
    assert len({of(**d) for d in different}) == len(different)


def test_the_same_values_in_another_machine_s_bytes_are_the_same():
    for values in (np.array([0.0, np.nan, -1.5e300]), np.arange(3)):
        other = values.astype(values.dtype.newbyteorder())
        assert digest_values({"a": other}) == digest_values({"a": values})
    assert digest_values({"a": np.array([-0.0, -np.nan])}) == digest_values(
        {"a": np.array([0.0, np.nan])}
    )


def test_an_economy_built_by_hand_has_a_digest_of_its_numbers():
    e = generate(4, products=4)
    parts = {k: getattr(e, k) for k in _fields(e)}
    assert Economy(**parts).digest == replace(e).digest != e.digest
