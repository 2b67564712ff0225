"""Names of mechanisms that the user gave, each checked."""

from collections.abc import Sequence

from catallax.apps.values import ALL
from catallax.errors import InputError

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
