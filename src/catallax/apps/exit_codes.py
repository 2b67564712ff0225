"""How a command ends: what it says goes out, and what the user got wrong is told in one line."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from inspect import BoundArguments
from typing import Any, Literal, final, get_args, get_origin

from cyclopts import (
    App,
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

from catallax.apps.progress import old_names_told, print_note, stdout_spared
from catallax.errors import CatallaxError, InputError, unknown

DONE, FAILED, BAD_INPUT = 0, 1, 2
INTERRUPTED = 130
RUN, JSON = "run", "--json"
CLOSED = 141  # whoever read the output went away


@final
@dataclass(frozen=True)
class Reply:
    """What a command has to say in the end.

    text : for standard output; "" for nothing
    code : of the process: `DONE`, or `FAILED` where a check did not pass
    """

    text: str
    code: int = DONE


def exit_code(
    app_for: Callable[[Sequence[str]], App], words: Sequence[str], commands: Sequence[str]
) -> int:
    """Run the command that the words name and say how it ended: the exit code of the process.

    app_for  : words -> the command line for them; may raise InputError
    commands : names that have a help of their own
    """
    try:
        with old_names_told():
            with _spare_stdout(JSON in words):
                app = app_for(words)
            return _run_command(app, words)
    except CycloptsError as e:
        return _refuse(sentence_of(e, _words_for_help(words, commands), commands))
    except CatallaxError as e:
        return _refuse(str(e))
    except KeyboardInterrupt as e:
        return _end(str(e) or "interrupted: nothing was written", INTERRUPTED)
    except BrokenPipeError:
        # Python flushes once more on its way out; give it somewhere to write to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return CLOSED


def _run_command(app: App, words: Sequence[str]) -> int:
    """Run the command and print what it replies; with --json standard output is for that alone."""
    command, bound, *_ = app.parse_args(words, exit_on_error=False, print_error=False)
    with _spare_stdout(_wants_json(bound)):
        reply = command(*bound.args, **bound.kwargs)
    if isinstance(reply, Reply) and reply.text:
        print(reply.text)
    sys.stdout.flush()
    return reply.code if isinstance(reply, Reply) else DONE


def _spare_stdout(json: bool) -> AbstractContextManager[None]:
    """With JSON nothing but that goes to standard output, whatever a file of the user's prints."""
    return stdout_spared() if json else nullcontext()


def _words_for_help(words: Sequence[str], commands: Sequence[str]) -> list[str]:
    """The words whose help is the right one: the command, and the experiment that it runs."""
    named = [word for word in words[:1] if word in commands]
    return named + [word for word in words[1:2] if named == [RUN] and not word.startswith("-")]


def _wants_json(bound: BoundArguments) -> bool:
    """Whether --json was given, among other options of one kind or by itself."""
    given = bound.arguments
    return any(getattr(value, "json", False) is True for value in given.values()) or (
        given.get("json") is True
    )


def _refuse(message: str) -> int:
    return _end(message, BAD_INPUT)


def _end(message: str, code: int) -> int:
    print_note(f"catallax: {' '.join(message.split())}")
    return code


@contextmanager
def blame_user_files(sources: Sequence[str]) -> Iterator[None]:
    """Turn an error that comes from one of the Python files among `sources` into an InputError.

    Errors of runs without such files are ours and pass.
    """
    from catallax.protocol.mechanism_names import spec_of
    from catallax.protocol.userfile import describe_blame

    files = [spec.name for spec in map(spec_of, sources) if spec.file]
    try:
        yield
    except (CatallaxError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as e:
        if not files:
            raise
        raise InputError(describe_blame(e, files)) from e


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
