"""From options and files to values and contracts."""

import shlex
from dataclasses import asdict, fields, replace

import pytest
from cyclopts import CycloptsError

from catallax.apps import contracts, values
from catallax.apps.cli import COMMANDS, app_for
from catallax.apps.commands.compare import ComparisonOrder, order_comparison
from catallax.apps.common_options import mechanisms_of
from catallax.apps.contract_options import DEFAULT_CONTRACT, contract_options, options_of
from catallax.apps.execution import ExecutionOptions
from catallax.apps.exit_codes import sentence_of
from catallax.apps.values import SEEDS, parse_value, seeds_of, seeds_text, value_text
from catallax.domains.production.economy import Shock, Tariff
from catallax.domains.production.experiments import FREE, experiment
from catallax.domains.production.experiments.contracts import list_keys
from catallax.errors import InputError
from catallax.protocol import experiment_named
from catallax.protocol.mechanism_names import every_mechanism

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
    "channel.line.noise": 0.1,
    "channel.measuring": 0.1,
    "settle": 7,
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
# key of the shock -> its value, what else is needed to set it, what then happens
SHOCKS = {
    "shock.kind": ("domestic", {}, Tariff("domestic", 52, 0.25)),
    "shock.resource": ("deposit 21", {}, Shock("deposit 21", 52, 0.5)),
    "shock.week": (9, {"shock.kind": "foreign"}, Tariff("foreign", 9, 0.25)),
    "shock.factor": (0.7, {"shock.resource": "labour"}, Shock("labour", 52, 0.7)),
    "shock.rate": (0.1, {"shock.kind": "foreign"}, Tariff("foreign", 52, 0.1)),
    "shock.announced": (True, {"shock.kind": "foreign"}, Tariff("foreign", 52, 0.25, True)),
}


def asked(*words):
    """The options of the contract that these words of a command come to."""
    try:
        _, bound, _ = app_for(words).parse_args(words, exit_on_error=False, print_error=False)
    except CycloptsError as e:
        raise InputError(sentence_of(e, words[:1], ())) from e
    return bound.arguments.get("contract", DEFAULT_CONTRACT)


def contract(*assigned, experiment=TIN, file=None, **given):
    """The contract of an experiment with texts of options, of `--set` and a file."""
    words = ["run", experiment.name] if experiment is not FREE else ["compare"]
    words += [word for key, text in given.items() for word in (f"--{key}", text)]
    words += [word for text in assigned for word in ("--set", text)]
    words += [] if file is None else ["--contract", str(file)]
    return contracts.contract_of(experiment, contracts.read_settings(asked(*words), experiment))


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
    assert seeds_of(text) == tuple(seeds)


@pytest.mark.parametrize("seeds", [(0,), (5,), (0, 1, 2), (3, 4), (9, 5), (1, 3), (2, 1, 0)])
def test_seeds_text_makes_the_same_seeds(seeds):
    assert seeds_of(seeds_text(seeds)) == seeds


def test_mechanisms_come_by_commas_and_by_repetition_and_else_are_the_default():
    assert mechanisms_of(None, ("market",)) == ("market",)
    names = ("market", "static_optimum", "five_year_plan")
    words = ("run", "tin", "--mechanisms", "market, static_optimum", "--mechanisms", names[-1])
    _, bound, _ = app_for(words).parse_args(words, exit_on_error=False, print_error=False)
    assert bound.arguments["mechanisms"] == mechanisms_of(names, ()) == names


def test_every_key_of_the_contract_is_an_option_and_the_other_way_round():
    found = [f.metadata["key"] for f in fields(options_of(FREE)) if f.metadata]
    assert found == list(FREE.keys) == list(list_keys())
    assert set(OTHER) | set(SHOCKS) == set(list_keys())


@pytest.mark.parametrize("name", ["tin", "prices_quantities"])
def test_the_help_says_type_meaning_range_and_default_of_every_setting(name, call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    said = " ".join(call("run", name, "--help").out.replace("│", " ").split())
    experiment = experiment_named(name)
    for key, setting in experiment.settings.items():
        assert f"--{key} " in said, key
        assert setting.meaning.split(":")[0] in said, key
        if setting.default is not None:
            assert f"[default: {value_text(setting.default)}]" in said, key
    assert "--shock.rate" not in said  # which only other experiments of the domain take


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
    words = {"economy": "us15", **needed, key: value_text(value)}
    found = contract(experiment=FREE, **words)
    assert found.shocks == (shock,)
    file = tmp_path / "contract.toml"
    written = str(value).lower() if isinstance(value, bool) else repr(value)
    file.write_text(f"{key} = {written}\n", encoding="utf-8")
    words.pop(key)
    again = contract(experiment=FREE, file=file, **words)
    assert again.hash == found.hash


def test_experiments_take_what_their_shock_has():
    assert contract(**{"shock.factor": "0.9", "weeks": "60"}).shocks[0].factor == 0.9
    words = {"economy": "us15", "shock.kind": "domestic"}
    (found,) = contract(experiment=experiment("tariff"), **words).shocks
    assert found == Tariff("domestic", 52, 0.25)
    for name in ("tin", "oil", "tariff"):
        known = experiment(name)
        for key in set(SHOCKS) - set(known.keys):
            with pytest.raises(InputError, match=f"--{key}: is not for {name}, which takes shock"):
                contract(experiment=known, **{key: value_text(SHOCKS[key][0])})


@pytest.mark.parametrize(("text", "truth"), [("true", True), ("FALSE", False)])
def test_truths(text, truth):
    assert parse_value(text, bool) is truth
    assert parse_value(value_text(truth), bool) is truth


def without_report(name, given=None, mechanisms=None, seeds=SEEDS, **more) -> ComparisonOrder:
    """The order of a comparison, with settings of the contract by their dotted keys."""
    known = FREE if name is None else experiment(name)
    words = ["compare"] if name is None else ["run", name]
    options = replace(contract_options(known, given or {}), **more)
    shown_only = ExecutionOptions(json=True)
    return order_comparison(known, words, mechanisms, seeds, None, options, shown_only)


def again_from(command: str) -> ComparisonOrder:
    """What the command line of a result comes to."""
    program, verb, *words = shlex.split(command)
    assert program == "catallax"
    _, bound, _ = app_for([verb, *words]).parse_args(
        [verb, *words], exit_on_error=False, print_error=False
    )
    said = dict(bound.arguments)
    known = FREE if verb == "compare" else experiment(said["experiment"])
    return order_comparison(
        known,
        [verb] if verb == "compare" else [verb, known.name],
        said.get("mechanisms"),
        said.get("seeds", SEEDS),
        None,
        said.get("contract", DEFAULT_CONTRACT),
        ExecutionOptions(json=True),
    )


def test_the_command_of_a_comparison_makes_the_same_comparison():
    given = {"economy": "us15", "shock.kind": "domestic", "shock.announced": True}
    first = without_report(None, given, mechanisms=["market"], seeds=(0, 1))
    again = again_from(first.command)
    assert again.contract.hash == first.contract.hash
    assert again.command == first.command


def test_the_command_of_a_job_makes_the_same_job(tmp_path):
    file = tmp_path / "my contract.toml"
    file.write_text("economy = 'us15'\n[channel.centre]\ndelay = 2\n", encoding="utf-8")
    given = {"weeks": 60, "knowledge.tacit": 0.1, "backlog": True}
    rare = ("channel.kinds.z.delay=4", "behaviour.soft=0.1", "channel.kinds.K.noise=0.5")
    names = ["market", "static_optimum"]
    first = without_report("tin", given, mechanisms=names, seeds=(3, 5), file=file, assigned=rare)
    assert "--contract" not in first.command
    assert "--behaviour.soft 0.1 --set channel.kinds.z.delay=4" in first.command
    again = again_from(first.command)
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
    assert mechanisms_of(["all", "static_optimum"], ()) == (
        *every_mechanism(),
        "static_optimum",
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_may_be_given_again_only_where_it_is_a_list(command):
    """Nobody is to guess which of two values counts."""
    found = app_for([command])[command].assemble_argument_collection()
    several = [a for a in found if a.token_count()[1] and a.parameter.allow_repeating is None]
    made = {a.parameter.converter for a in several if a.parse and a.name.startswith("--")}
    assert made <= {values._convert_names, values._convert_texts}


@pytest.mark.parametrize(
    ("command", "option"),
    [("compare", "seeds"), ("claims", "seeds"), ("adversary", "seeds"), ("adversary", "fresh")],
)
def test_a_set_of_seeds_is_one_value(command, option):
    with pytest.raises(InputError, match=f"^--{option}: is given more than once"):
        asked(command, f"--{option}", "2", f"--{option}", "3")


def test_the_old_name_of_an_economy_is_told_in_one_line(call):
    said = call("bound", "--economy", "made:1", "--weeks", "20000")
    line = "catallax: economy: made:1 is now called synthetic:1; write synthetic:1"
    assert said.err.splitlines().count(line) == 1
