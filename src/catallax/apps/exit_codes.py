"""How a command ends: what it says goes out, and what the user got wrong is told in one line."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from inspect import BoundArguments
from typing import final

from cyclopts import App, CycloptsError

from catallax.apps.parse_errors import sentence_of
from catallax.apps.progress import old_names_told, say, stdout_spared
from catallax.errors import CatallaxError

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
            with _spared(JSON in words):
                app = app_for(words)
            return _replied(app, words)
    except CycloptsError as e:
        return _refused(sentence_of(e, _named(words, commands), commands))
    except CatallaxError as e:
        return _refused(str(e))
    except KeyboardInterrupt as e:
        return _ended(str(e) or "interrupted: nothing was written", INTERRUPTED)
    except BrokenPipeError:
        # Python flushes once more on its way out; give it somewhere to write to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return CLOSED


def _replied(app: App, words: Sequence[str]) -> int:
    """Run the command and print what it replies; with --json standard output is for that alone."""
    command, bound, *_ = app.parse_args(words, exit_on_error=False, print_error=False)
    with _spared(_wants_json(bound)):
        reply = command(*bound.args, **bound.kwargs)
    if isinstance(reply, Reply) and reply.text:
        print(reply.text)
    sys.stdout.flush()
    return reply.code if isinstance(reply, Reply) else DONE


def _spared(json: bool) -> AbstractContextManager[None]:
    """With JSON nothing but that goes to standard output, whatever a file of the user's prints."""
    return stdout_spared() if json else nullcontext()


def _named(words: Sequence[str], commands: Sequence[str]) -> list[str]:
    """The words whose help is the right one: the command, and the experiment that it runs."""
    named = [word for word in words[:1] if word in commands]
    return named + [word for word in words[1:2] if named == [RUN] and not word.startswith("-")]


def _wants_json(bound: BoundArguments) -> bool:
    """Whether --json was given, among other options of one kind or by itself."""
    given = bound.arguments
    return any(getattr(value, "json", False) is True for value in given.values()) or (
        given.get("json") is True
    )


def _refused(message: str) -> int:
    return _ended(message, BAD_INPUT)


def _ended(message: str, code: int) -> int:
    say(f"catallax: {' '.join(message.split())}")
    return code
