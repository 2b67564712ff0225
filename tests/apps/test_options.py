"""From options and files to values and contracts."""

import shlex
from dataclasses import asdict, replace
from typing import get_type_hints

import pytest

from catallax.apps import contracts, options
from catallax.apps.asked import Asked
from catallax.apps.running import Job, job
from catallax.apps.settings import Overrides
from catallax.economy import Shock, Tariff
from catallax.errors import InputError
from catallax.experiments import FREE, every_mechanism, experiment
from catallax.experiments.contracts import keys

TIN = experiment("tin")
DEFAULT = {"economy": "us71", "weeks": 312}

# key -> a value that is not the default and may be set alone
OTHER = {
    "economy": "us15",
    "weeks": 60,
    "backlog": True,
    "knowledge.tacit": 0.5,
    "knowledge.dispersion": 0.2,
    "knowledge.drift": 0.02,
    "knowledge.reversion": 0.01,
    "knowledge.drift_z": 0.02,
    "knowledge.novelty": 0.5,
    "knowledge.pattern": "trending",
    "knowledge.jump": 0.5,
    "knowledge.misspecification": 0.2,
    "knowledge.tacit_z": 0.4,
    "knowledge.tacit_taste": 0.4,
    "knowledge.tacit_sigma": 0.4,
    "knowledge.dispersion_capital": 0.4,
    "knowledge.tacit_capital": 0.4,
    "channel.rounds": 4,
    "channel.line.delay": 2.0,
    "channel.line.noise": 0.0,
    "channel.line.coverage": 0.9,
    "channel.line.resolution": 8,
    "channel.centre.delay": 8.0,
    "channel.centre.noise": 0.1,
    "channel.centre.coverage": 0.5,
    "channel.centre.resolution": 0,
    "behaviour.kind": "strategic",
    "behaviour.pad": 0.3,
    "behaviour.soft": 0.1,
}
# Keys without an option of their own, which `--set` and files reach.
RARE = {"behaviour.soft", "knowledge.dispersion_capital"} | {
    f"knowledge.tacit_{kind}" for kind in ("z", "taste", "sigma", "capital")
}
# key of the shock -> its value, what else is needed to set it, what then happens
SHOCKS = {
    "shock.kind": ("domestic", {}, Tariff("domestic", 52, 0.25)),
    "shock.resource": ("deposit 21", {}, Shock("deposit 21", 52, 0.5)),
    "shock.week": (9, {"shock.kind": "foreign"}, Tariff("foreign", 9, 0.25)),
    "shock.factor": (0.7, {"shock.resource": "labour"}, Shock("labour", 52, 0.7)),
    "shock.rate": (0.1, {"shock.kind": "foreign"}, Tariff("foreign", 52, 0.1)),
    "shock.announced": (True, {"shock.kind": "foreign"}, Tariff("foreign", 52, 0.25, True)),
}


def contract(*assigned, **given):
    return contracts.contract_of(TIN, contracts.settings(given.pop("file", None), given, assigned))


def value_at(found, key):
    """The value that a contract has at a dotted key."""
    plain = found.to_dict()
    plain["economy"] = plain["economy"]["name"]
    for part in key.split("."):
        plain = plain[part]
    return plain


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("8", range(8)),
        ("1", [0]),
        (" 2 ", range(2)),
        ("3,5,9", [3, 5, 9]),
        ("9, 5", [9, 5]),
        ("100-119", range(100, 120)),
        ("7-7", [7]),
        ("1-3,10,20-21", [1, 2, 3, 10, 20, 21]),
    ],
)
def test_seeds(text, seeds):
    assert options.seeds_of(text) == tuple(seeds)


@pytest.mark.parametrize("seeds", [(0,), (5,), (0, 1, 2), (3, 4), (9, 5), (1, 3), (2, 1, 0)])
def test_seeds_text_makes_the_same_seeds(seeds):
    assert options.seeds_of(options.seeds_text(seeds)) == seeds


def test_mechanisms_come_by_commas_and_by_repetition_and_else_are_the_default():
    assert options.mechanisms_of(None, ("market",)) == ("market",)
    given = ["market, static_optimum", "five_year_plan"]
    assert options.mechanisms_of(given, ()) == ("market", "static_optimum", "five_year_plan")


def test_every_key_of_the_contract_is_an_option_and_the_other_way_round():
    known = keys()
    assert list(Overrides().given()) == [k for k in known if k not in RARE]
    assert set(OTHER) | set(SHOCKS) == set(known)
    assert set(OTHER) > RARE


def test_the_help_names_every_default():
    hints = get_type_hints(Overrides, include_extras=True)
    plain = contracts.contract_of(TIN, {})
    for key in Overrides().given():
        (option,) = hints[key.replace(".", "_")].__metadata__
        assert option.name[0] == f"--{key}"
        if key in SHOCKS:
            assert option.help.endswith("default: the experiment's"), key
            continue
        default = value_at(plain, key)
        text = f"{default:g}" if isinstance(default, float) else str(default)
        text = text.lower() if isinstance(default, bool) else text
        assert option.help.endswith(f"default {text}"), key


@pytest.mark.parametrize("key", OTHER)
def test_every_option_reaches_the_contract_and_its_hash(key):
    found = contract(**{key: str(OTHER[key])})
    assert value_at(found, key) == OTHER[key]
    assert found.hash != contracts.contract_of(TIN, {}).hash


@pytest.mark.parametrize("key", OTHER)
def test_a_file_makes_the_same_contract_as_the_option(key, tmp_path):
    file = tmp_path / "contract.toml"
    value = "true" if OTHER[key] is True else repr(OTHER[key])
    file.write_text(f"{key} = {value}\n", encoding="utf-8")
    assert contract(file=str(file)).hash == contract(**{key: str(OTHER[key])}).hash


@pytest.mark.parametrize("key", OTHER)
def test_set_does_the_same_as_the_option(key):
    assert contract(f"{key}={OTHER[key]}").hash == contract(**{key: str(OTHER[key])}).hash


def test_the_kind_of_behaviour_may_be_called_behaviour(tmp_path):
    strategic = contract(**{"behaviour.kind": "strategic"}).hash
    file = tmp_path / "contract.toml"
    file.write_text('behaviour = "strategic"\n', encoding="utf-8")
    assert contract(file=str(file)).hash == strategic
    assert contract("behaviour=strategic").hash == strategic


def test_whole_numbers_in_a_file_are_numbers(tmp_path):
    file = tmp_path / "contract.toml"
    file.write_text("[channel.centre]\ndelay = 8\n", encoding="utf-8")
    assert contract(file=str(file)).hash == contract(**{"channel.centre.delay": "8.0"}).hash


KIND = {"delay": 4.0, "noise": 0.3, "coverage": 0.5, "resolution": 8}


@pytest.mark.parametrize("name", KIND)
def test_a_kind_of_report_may_have_a_law_that_is_else_the_centres(name, tmp_path):
    file = tmp_path / "contract.toml"
    text = f"[channel.centre]\nnoise = 0.2\n[channel.kinds.share]\n{name} = {KIND[name]}\n"
    file.write_text(text, encoding="utf-8")
    found = contract(file=str(file))
    ((kind, law),) = found.channel.kinds
    assert (kind, law) == ("share", replace(found.channel.centre, **{name: KIND[name]}))
    assert found.channel.centre.noise == 0.2
    again = contract(f"channel.kinds.share.{name}={KIND[name]}", **{"channel.centre.noise": "0.2"})
    assert again.hash == found.hash


@pytest.mark.parametrize("text", ["true", "TRUE", "True"])
def test_truth_values_come_in_any_case(text):
    assert contract(backlog=text).backlog is True
    assert contract(backlog="False").backlog is False


@pytest.mark.parametrize("value", ["1", "yes", ""])
def test_what_is_no_truth_value_is_refused(value):
    with pytest.raises(InputError, match=rf"--backlog: '{value}' is not true or false"):
        contract(backlog=value)


@pytest.mark.parametrize("line", ["backlog = 1", "backlog = 'true'", "weeks = true"])
def test_a_file_keeps_truth_values_numbers_and_texts_apart(line, tmp_path):
    file = tmp_path / "contract.toml"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=rf"contract\.toml: {line.split()[0]}: .* is not"):
        contract(file=str(file))


def test_an_option_wins_over_the_file(tmp_path):
    file = tmp_path / "contract.toml"
    file.write_text("weeks = 99\n[knowledge]\ntacit = 0.5\ndrift = 0.5\n", encoding="utf-8")
    found = contract(file=str(file), weeks="60", **{"knowledge.tacit": "0.75"})
    assert (found.weeks, found.knowledge.tacit, found.knowledge.drift) == (60, 0.75, 0.5)


def test_the_shock_is_the_experiments():
    (shock,) = contract(weeks="60").shocks
    assert asdict(shock) == asdict(TIN.contract(contract().economy).shocks[0])


@pytest.mark.parametrize("key", SHOCKS)
def test_every_option_of_the_shock_reaches_the_contract(key, tmp_path):
    value, needed, shock = SHOCKS[key]
    words = {"economy": "us15", **needed, key: options.shown(value)}
    found = contracts.contract_of(FREE, contracts.settings(None, words))
    assert found.shocks == (shock,)
    file = tmp_path / "contract.toml"
    written = str(value).lower() if isinstance(value, bool) else repr(value)
    file.write_text(f"{key} = {written}\n", encoding="utf-8")
    words.pop(key)
    again = contracts.contract_of(FREE, contracts.settings(str(file), words))
    assert again.hash == found.hash


def test_experiments_take_what_their_shock_has():
    assert contract(**{"shock.factor": "0.9", "weeks": "60"}).shocks[0].factor == 0.9
    setting = contracts.settings(None, {"economy": "us15", "shock.kind": "domestic"})
    (found,) = contracts.contract_of(experiment("tariff"), setting).shocks
    assert found == Tariff("domestic", 52, 0.25)
    for name in ("tin", "oil", "tariff"):
        known = experiment(name)
        for key in set(SHOCKS) - set(known.keys):
            given = contracts.settings(None, {key: options.shown(SHOCKS[key][0])})
            with pytest.raises(InputError, match=f"--{key}: is not for {name}, which takes shock"):
                contracts.contract_of(known, given)


@pytest.mark.parametrize(("text", "truth"), [("true", True), ("FALSE", False)])
def test_truths(text, truth):
    assert options.parsed("--x", text, bool) is truth
    assert options.parsed("--x", options.shown(truth), bool) is truth


def without_report(name: str | None, given=None, **asked) -> Job:
    """The job, with settings of the contract by their dotted keys."""
    words = {key.replace(".", "_"): text for key, text in (given or {}).items()}
    return job(name, Asked(json=True, overrides=Overrides(**words), **asked))


def test_the_command_of_a_comparison_makes_the_same_comparison():
    given = {"economy": "us15", "shock.kind": "domestic", "shock.announced": "true"}
    first = without_report(None, given, mechanisms=["market"], seeds="2")
    program, verb, *rest = shlex.split(first.command)
    assert (program, verb) == ("catallax", "compare")
    words = {k.removeprefix("--"): v for k, v in zip(rest[::2], rest[1::2], strict=True)}
    mechanisms, seeds = [words.pop("mechanisms")], words.pop("seeds")
    again = without_report(None, words, mechanisms=mechanisms, seeds=seeds)
    assert again.contract.hash == first.contract.hash
    assert again.command == first.command


@pytest.mark.parametrize("workers", ["-1", "513"])
def test_the_number_of_workers_has_bounds(workers):
    with pytest.raises(InputError, match="out of range"):
        options.workers_of(workers)


def test_workers():
    assert options.workers_of(None) is None
    assert options.workers_of("0") == 0


def test_the_command_of_a_job_makes_the_same_job(tmp_path):
    file = tmp_path / "my contract.toml"
    file.write_text("economy = 'us15'\n[channel.centre]\ndelay = 2\n", encoding="utf-8")
    given = {"weeks": "60", "knowledge.tacit": "0.1", "backlog": "True"}
    rare = ["channel.kinds.z.delay=4", "behaviour.soft=0.1", "channel.kinds.K.noise=0.5"]
    names = ["market", "static_optimum"]
    first = without_report(
        "tin", given, mechanisms=names, seeds="3,5", contract=str(file), set_=rare
    )
    program, verb, name, *rest = shlex.split(first.command)
    assert (program, verb, name) == ("catallax", "run", "tin")
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    words = {k.removeprefix("--"): v for k, v in pairs if k != "--set"}
    assert [v for k, v in pairs if k == "--set"] == rare
    mechanisms, seeds = [words.pop("mechanisms")], words.pop("seeds")
    again = without_report(name, words, mechanisms=mechanisms, seeds=seeds, set_=rare)
    assert again.contract.hash == first.contract.hash
    assert (again.mechanisms, again.seeds) == (first.mechanisms, first.seeds)
    assert again.command == first.command


def test_the_command_of_a_plain_job_is_plain():
    assert without_report("tin").command == "catallax run tin"


def test_the_command_quotes_what_a_shell_would_split(tmp_path):
    file = tmp_path / "my own.py"
    file.write_text("from catallax import market as mechanism\n", encoding="utf-8")
    command = without_report("tin", mechanisms=[str(file)]).command
    assert shlex.split(command)[-1] == str(file)
    assert f"'{file}'" in command


def test_all_is_every_mechanism_and_variant():
    assert options.mechanisms_of(["all", "static_optimum"], ()) == (
        *every_mechanism(),
        "static_optimum",
    )
