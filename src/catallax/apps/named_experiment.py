"""The experiment that a command line names, found before it is parsed: its settings are options."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catallax.protocol import Experiment

OPTION = "--experiment"


def named_by_argument(words: Sequence[str], flags: Iterable[str]) -> "Experiment | None":
    """The experiment that the first argument names; None if there is none."""
    name = first_argument(words, flags)
    if name is None:
        return None
    from catallax.protocol import experiment_named

    return experiment_named(name)


def named_by_option(words: Sequence[str]) -> "Experiment":
    """The experiment behind `--experiment`; without one any contract of the economy."""
    from catallax.domains.production.experiments import FREE
    from catallax.protocol import experiment_named

    name = option_value(words, OPTION)
    return FREE if name is None else experiment_named(name)


def first_argument(words: Sequence[str], flags: Iterable[str]) -> str | None:
    """The first word that is neither an option nor the value of one; None if there is none.

    flags : options without a value
    """
    alone, rest = set(flags), iter(words)
    for word in rest:
        if word == "--":
            return next(rest, None)
        if not word.startswith("-"):
            return word
        if "=" not in word and word not in alone:
            next(rest, None)
    return None


def option_value(words: Sequence[str], name: str) -> str | None:
    """What stands behind the last option of this name; None if it is not there."""
    found = None
    for k, word in enumerate(words):
        if word == name and k + 1 < len(words):
            found = words[k + 1]
        elif word.startswith(f"{name}="):
            found = word.partition("=")[2]
    return found
