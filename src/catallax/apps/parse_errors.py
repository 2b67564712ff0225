"""What cyclopts refuses, told in our words: the user's own name, what is wrong, how to mend it."""

from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)
from cyclopts.annotations import resolve_optional

from catallax.errors import unknown

PROGRAM = "catallax"


def sentence_of(error: CycloptsError, command: Sequence[str], commands: Sequence[str]) -> str:
    """The error in one sentence, and where to look if the words themselves do not fit.

    command  : the words that name the command, for "See `catallax run --help`"
    commands : all that there are
    """
    match error:
        case CoercionError() | ValidationError():
            return _describe_value_error(error)
        case RepeatArgumentError():
            return f"{error.token.keyword}: is given more than once; give it once"
        case MissingArgumentError():
            text = _describe_missing(error)
        case UnknownOptionError():
            text = _describe_unknown_option(error)
        case UnknownCommandError():
            text = str(unknown("command", (error.unused_tokens or [""])[0], commands))
        case UnusedCliTokensError():
            words = " ".join(error.unused_tokens or [])
            text = f"too many arguments: {words!r} is not expected."
        case _:
            text = str(error)
    return f"{text} See `{' '.join([PROGRAM, *command, '--help'])}`."


def _describe_value_error(error: CoercionError | ValidationError) -> str:
    """The user's name for the value, and the converter's or validator's own sentence."""
    name = _users_name(error)
    says = (
        error.exception_message
        if isinstance(error, ValidationError)
        else _describe_type_error(error)
    )
    return says if says.startswith(f"{name}: ") else f"{name}: {says}"


def _describe_type_error(error: CoercionError) -> str:
    if error.msg is not None:
        return str(error.msg)
    word = "" if error.token is None else error.token.value
    choices = _choices_of(error.target_type)
    if choices:
        return str(unknown(_users_name(error).lstrip("-"), word, choices))
    kind = "true or false" if resolve_optional(error.target_type) is bool else "a value for it"
    return f"{word!r} is not {kind}; leave the value out"


def _choices_of(kind: Any) -> list[str]:
    plain = resolve_optional(kind)
    return [str(word) for word in get_args(plain)] if get_origin(plain) is Literal else []


def _users_name(error: CycloptsError) -> str:
    """The option as the user wrote it, the argument as `--help` calls it."""
    token = getattr(error, "token", None)
    if token is None and error.argument is not None and error.argument.tokens:
        token = error.argument.tokens[0]
    if token is not None and token.keyword:
        return str(token.keyword)
    return "" if error.argument is None else error.argument.name.lstrip("-").upper()


def _describe_missing(error: MissingArgumentError) -> str:
    assert error.argument is not None
    if error.keyword or error.argument.name.startswith("--"):
        return f"{error.keyword or error.argument.name}: is given no value; write one behind it."
    help_ = error.argument.parameter.help
    about = f"; it is {help_}" if help_ else ""
    return f"{error.argument.name.lstrip('-').upper()} is missing{about}."


def _describe_unknown_option(error: UnknownOptionError) -> str:
    """With the nearest option that there is; all of them would be too many."""
    name = (error.token.keyword or error.token.value).partition("=")[0]
    known = [n for a in error.argument_collection if a.parse for n in a.names if n[:2] == "--"]
    says = str(unknown("option", name, known))
    return says.partition(" Known:")[0]
