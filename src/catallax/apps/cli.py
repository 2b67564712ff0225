"""The command line: which commands there are and where; each is read when it is first needed."""

import multiprocessing
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn, final

from cyclopts import App, Group

from catallax import __version__
from catallax.apps.commands.install_completion import make_installer
from catallax.apps.exit_codes import exit_code
from catallax.apps.progress import print_note

if multiprocessing.parent_process() is not None:
    # A worker process leaves Ctrl-C to the process that started it, which ends it in silence.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

COMPLETION = "--install-completion"
EXPERIMENTS = Group("Experiments", sort_key=1)
STUDIES = Group("Studies of many runs", sort_key=2)
LEARNING = Group("Learning", sort_key=3)
KNOWN = Group("What there is, and whether it holds", sort_key=4)


@final
@dataclass(frozen=True)
class Command:
    """A command.

    function : "module:function" of this package
    group    : under which heading `catallax --help` shows it
    options  : "module:function" (words, own) -> a class of options that are made from settings,
               or None; "" where a command has none. `own` says of each other option of the
               command whether it stands without a value
    """

    function: str
    group: Group
    options: str = ""


BY_ARGUMENT = "contract_options:options_by_argument"
BY_OPTION = "contract_options:options_by_option"
COMMANDS: Mapping[str, Command] = {
    "run": Command("commands.run:run", EXPERIMENTS, BY_ARGUMENT),
    "compare": Command("commands.compare:compare", EXPERIMENTS, BY_OPTION),
    "bound": Command("commands.bound:bound", EXPERIMENTS, "commands.bound:options"),
    "frontier": Command("commands.frontier:frontier", STUDIES, BY_OPTION),
    "sweep": Command("commands.sweep:sweep", STUDIES),
    "results": Command("commands.results:results", STUDIES),
    "value-of-information": Command(
        "commands.value_of_information:value_of_information", STUDIES, BY_OPTION
    ),
    "adversary": Command("commands.adversary:adversary", STUDIES, BY_OPTION),
    "sensitivity": Command("commands.sensitivity:sensitivity", STUDIES, BY_OPTION),
    "claims": Command("commands.claims:claims", STUDIES),
    "tune": Command("commands.tune:tune", STUDIES),
    "federated": Command("commands.federated:federated", LEARNING, "commands.federated:options"),
    "forecast-bench": Command("commands.forecast_bench:forecast_bench", LEARNING),
    "list": Command("commands.list:list_", KNOWN),
    "explain": Command("commands.explain:explain", KNOWN),
    "check": Command("commands.check:check", KNOWN),
    "validate": Command("commands.validate:validate", KNOWN),
}
RENAMED: Mapping[str, str] = {"worth": "value-of-information"}
"""Old name of a command -> its name now."""


def app_for(words: Sequence[str]) -> App:
    """The command line for these words; a command that they name has its experiment's settings.

    Raises InputError for an experiment that is not known.
    """
    words = list(words)
    app = App(
        name="catallax",
        help="Rival ways of coordinating people, run under one contract.",
        version=__version__,
        help_format="plaintext",
    )
    app.command(make_installer(app), name=COMPLETION, group=KNOWN)
    for name in words[:1] if set(words[:1]) <= COMMANDS.keys() else COMMANDS:
        command = COMMANDS[name]
        function = _load(command.function)
        if command.options and words[:1] == [name]:
            function = _add_settings(function, command.options, words[1:])
        elif command.options and words[:1] == [COMPLETION]:
            usual = BY_OPTION if command.options == BY_ARGUMENT else command.options
            function = _add_settings(function, usual, ())
        app.command(function, name=name, group=command.group)
    return app


def _add_settings(
    function: Callable[..., Any], options: str, words: Sequence[str]
) -> Callable[..., Any]:
    """The command with an option for each setting of what its words name."""
    from catallax.apps.contract_options import add_options

    kind = _load(options)(words, _own_options(function))
    return function if kind is None else add_options(function, kind)


def _own_options(function: Callable[..., Any]) -> dict[str, bool]:
    """Every option of the command itself -> whether it stands without a value."""
    arguments = App(default_command=function).assemble_argument_collection()
    own = {name: argument.is_flag() for argument in arguments for name in argument.names}
    return {"-h": True, "--help": True, **own}


def _load(where: str) -> Callable[..., Any]:
    module, _, name = where.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"{__package__}.{module}"), name)
    return found


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 a check failed, 2 bad input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no character ends a finished run
    given = with_new_names(sys.argv[1:] if words is None else words)
    raise SystemExit(exit_code(app_for, given, list(COMMANDS)))


def with_new_names(words: Sequence[str]) -> list[str]:
    """The words, with a command's name of today for an old one; a line says so."""
    for old in RENAMED.keys() & set(words[:1]):
        print_note(f"catallax: command: {old} is now called {RENAMED[old]}; write {RENAMED[old]}")
    return [RENAMED.get(word, word) if k == 0 else word for k, word in enumerate(words)]
