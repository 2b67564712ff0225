"""Options that several commands share, and names of mechanisms that the user gave, each checked."""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from catallax.apps.values import ALL, FolderPath, NameList, SeedSet
from catallax.errors import InputError

MEMBERS = (
    "names or Python files, with :variant or :key=value behind them; `all` takes every one; the "
    "command's own if left out"
)
MechanismsOption = Annotated[NameList | None, Parameter(help=MEMBERS)]
MechanismOption = Annotated[
    str | None,
    Parameter(help="a mechanism; `catallax list` shows all; the experiment's if left out"),
]
SeedsOption = Annotated[SeedSet, Parameter(help="a count (8), a list (3,5,9) or a range (100-119)")]
OutOption = Annotated[
    FolderPath | None,
    Parameter(help="folder of pages and pictures; this one if left out, none with --json"),
]
MeasureOption = Annotated[
    str | None,
    Parameter(help="what is compared, of which more is better; the domain's first if left out"),
]
ExperimentOption = Annotated[
    str | None,
    Parameter(
        name="--experiment",
        help="whose contract is varied: an experiment, a domain or a Python file; any contract of "
        "the production economy if left out",
    ),
]


PRODUCTION = "production"  # the domain of commands that name no experiment


def mechanisms_of(
    given: Sequence[str] | None, default: Sequence[str], domain: str = PRODUCTION
) -> tuple[str, ...]:
    """Names of mechanisms and Python files that define one, with settings, each checked.

    given : None if the option was not used; `all` stands for every registered mechanism and variant

    Raises InputError for unknown names, broken files and names given twice.
    """
    if given is None:
        return tuple(default)
    names = [name for word in given for name in _expand(word, domain)]
    for name in names:
        _check_name(name, names, domain)
    return tuple(names)


def _expand(word: str, domain: str) -> Sequence[str]:
    from catallax.protocol.mechanism_names import every_mechanism

    return every_mechanism(domain) if word == ALL else [word]


def _check_name(name: str, names: Sequence[str], domain: str) -> None:
    from catallax.protocol.mechanism_names import mechanism_named

    if names.count(name) > 1:
        raise InputError(f"--mechanisms: {name!r} is there twice; give each once")
    mechanism_named(name, domain)
