"""The package's registry: complete, well-formed, its figures as the essays have them."""

import re

import pytest

from catallax import InputError
from catallax.study.claims import map_points, registry
from catallax.study.claims.declared import FORMS, LABELS, RULES, UNVERIFIED
from catallax.study.tuning.standing import training_seeds

REGISTRY = registry()
CLAIMS = REGISTRY.claims
IDS = [f"H{k}" for k in range(1, 19)] + [f"D{k}" for k in range(1, 22)]
ANSWERED = {*(f"H{k}" for k in (1, 2, 3, 4, 5, 6, 7, 9, 12)), "D1", "D2", "D3", "D6", "D13", "D19"}
FIGURES = {
    "H10": "5 million dead (Ukraine, 1930s)",
    "H13": "20 bn of sales shifted; 22 bn sales against 1.85 bn profit; 12.8 bn tax 2021–24",
    "H15": "two firms",
    "D1": "+40 %",
    "D2": "3×",
    "D4": "+25 %",
    "D5": "1.5×",
    "D6": "−30 %",
    "D7": "10 M downloads, 150 countries",
    "D8": "+35 %",
    "D9": "2×",
    "D10": "2.5×",
    "D11": "4,200 against 1,800",
    "D13": "−35 %",
    "D14": '2 against 365 days; elsewhere "3 to 1", "3×", "12 months"',
    "D15": "10 % against 45 %",
    "D16": "92 against 65; elsewhere +20 %",
    "D17": "1.8 % against 1.5 % a year; elsewhere 2 to 3 points",
}
VALUES = {
    "D1": 0.40, "D2": 3 - 1, "D4": 0.25, "D5": 1.5 - 1, "D6": -0.30, "D8": 0.35, "D9": 2 - 1,
    "D10": 2.5 - 1, "D11": 4200 / 1800 - 1, "D13": -0.35, "D15": 10 / 45 - 1,
}  # fmt: skip
POSSIBLE = {"H4", "H10", "H11", "D7", "D8", "D9", "D10", "D11", "D12"}


def test_every_claim_is_there_once():
    assert list(CLAIMS) == IDS
    assert [c.id for c in CLAIMS.values()] == IDS


def test_figures_are_the_essays_own_and_say_that_their_source_is_unverified():
    assert {n: c.figure for n, c in CLAIMS.items() if c.figure} == FIGURES
    for name in FIGURES:
        assert CLAIMS[name].cited.endswith(f"({UNVERIFIED})")
    found = {n: c.value for n, c in CLAIMS.items() if c.value is not None}
    assert found == {n: pytest.approx(v, abs=1e-4) for n, v in VALUES.items()}


def test_what_can_be_answered_has_an_experiment_and_the_rest_a_reason():
    assert {n for n, c in CLAIMS.items() if c.is_answerable} == ANSWERED
    for claim in CLAIMS.values():
        assert claim.text
        assert claim.looked_at
        assert claim.experiment
        assert claim.rule in RULES
        assert bool(claim.changes) == claim.is_answerable
        assert ("not yet" in claim.labels) == (not claim.is_answerable)


def test_what_follows_from_assumptions_is_labelled():
    assert {n for n, c in CLAIMS.items() if c.label == LABELS[1]} == POSSIBLE


def test_an_essay_that_disagrees_with_itself_is_known_by_its_figures():
    assert [n for n, c in CLAIMS.items() if c.rule == "inconsistent"] == ["D14", "D16", "D17"]
    assert CLAIMS["D14"].figures[0] == (365 / 2, 365 / 2)
    assert CLAIMS["D16"].figures[0][0] == pytest.approx(92 / 65 - 1, abs=1e-4)
    assert CLAIMS["D17"].figures == ((pytest.approx(1.8 - 1.5),) * 2, (2.0, 3.0))


def test_the_weights_of_every_map_sum_to_1_and_say_why():
    for plan in REGISTRY.maps.values():
        assert sum(p.weight for p in map_points(plan)) == pytest.approx(1.0, abs=1e-12)
        assert len(plan.why) > 10
    assert all(len(b.why) > 5 for b in REGISTRY.contracts.values())
    used = {p.map or c.map for c in CLAIMS.values() for p in c.parts}
    assert used == set(REGISTRY.maps)


def test_rules_are_those_that_are_told():
    rules = REGISTRY.rules
    assert (rules.share, rules.central, rules.confidence) == (0.9, 0.8, 0.95)


def test_no_seed_is_one_of_tuning():
    for claim in CLAIMS.values():
        assert claim.seeds >= 2
        assert not set(range(claim.seeds)) & set(training_seeds())


def test_nothing_names_where_the_essays_lie():
    text = str(CLAIMS)
    assert not re.search(r"CLAIMS|/work|\.md", text)


def test_an_unknown_claim_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"unknown claim 'H33'. Did you mean 'H3'"):
        REGISTRY.claim("H33")
    assert REGISTRY.claim("d13").id == "D13"


def test_what_people_read_is_no_part_of_what_is_declared(small, tmp_path):
    file = tmp_path / "registry.toml"
    said = file.read_text()
    (tmp_path / "b.toml").write_text(said.replace("Prices are better", "Prices are best"))
    (tmp_path / "c.toml").write_text(
        said.replace("[0.1, 0.2, 0.3, 0.4], w", "[0.1, 0.2, 0.3, 0.5], w")
    )
    assert registry(tmp_path / "b.toml").hashes == small.hashes
    changed = registry(tmp_path / "c.toml").hashes
    assert [n for n in changed if changed[n] != small.hashes[n]] == ["H1", "H2"]


BAD = {
    ("map = \"told\"", "map = \"tald\""): "unknown map 'tald'. Did you mean 'told'",
    ("first = \"market\"", "first = \"markt\""): "unknown mechanism 'markt'",
    ("measure = \"score\"", "measure = \"scor\""): "unknown measure 'scor'",
    ("tacit = {", "tacitt = {"): "unknown axis 'tacitt'",
    ("along = \"tacit\"", "along = \"noise\""): "unknown axis of the map told 'noise'",
    ("rule = \"direction\"", "rule = \"guess\""): "unknown rule 'guess'",
    ("form = \"ratio\"", "form = \"rate\""): "unknown form 'rate'",
    ("weights = [0.5, 0.5]", "weights = [0.5, 0.6]"): "do not sum to 1",
    ("weights = [0.5, 0.5]", "weights = [1.0]"): "one for each value",
    ("calm = 1.0", "clam = 1.0"): "unknown contract 'clam'",
    ("sign = 1", "sign = 2"): "sign",
    ("value = 0.25", ""): "give the essay's figure",
    ("changes = \"another world\"", ""): "what would change",
    ("why = \"nothing can be run\"", ""): "say why it cannot be answered",
    ("[essays]\nH", "[essays]\nD"): "unknown essay 'H'",
    ("share = 0.9", "shore = 0.9"): "unknown key 'shore'",
}  # fmt: skip


@pytest.mark.parametrize("change", BAD, ids=lambda change: change[1] or f"no {change[0]}")
def test_a_registry_that_is_wrong_is_refused_in_its_own_names(small, tmp_path, change):
    file = tmp_path / "bad.toml"
    said = (tmp_path / "registry.toml").read_text()
    file.write_text(said.replace(*change))
    with pytest.raises(InputError, match=re.escape(BAD[change])):
        registry(file)


def test_a_slope_needs_two_values(small, tmp_path):
    said = (tmp_path / "registry.toml").read_text()
    four = "values = [0.1, 0.2, 0.3, 0.4], weights = [0.1, 0.2, 0.3, 0.4]"
    (tmp_path / "one.toml").write_text(said.replace(four, "values = [0.1], weights = [1.0]"))
    with pytest.raises(InputError, match="along: tacit has one value on the map told"):
        registry(tmp_path / "one.toml")


def test_forms_are_all_used():
    assert {p.form for c in CLAIMS.values() for p in c.parts} == set(FORMS)
