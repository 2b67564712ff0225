"""How a command ends: what the user got wrong is told in one line, never as a traceback."""

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, UnusedCliTokensError

from catallax.errors import CatallaxError

BAD_INPUT = 2
INTERRUPTED = 130
CLOSED = 141  # whoever read the output went away


def exit_code(app: App, arguments: Sequence[str], commands: Sequence[str]) -> int:
    """Run the command that `arguments` name and say how it ended: the exit code of the process.

    commands : names that have a help of their own
    """
    try:
        command, bound, *_ = app.parse_args(arguments, exit_on_error=False, print_error=False)
        code = command(*bound.args, **bound.kwargs)
        sys.stdout.flush()
    except CycloptsError as e:
        return _refused(_unparsed(e, arguments, commands))
    except CatallaxError as e:
        return _refused(str(e))
    except KeyboardInterrupt as e:
        return _told(str(e) or "interrupted: nothing was written", INTERRUPTED)
    except BrokenPipeError:
        # Python flushes once more on its way out; give it somewhere to write to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return CLOSED
    return int(code or 0)


def _unparsed(error: CycloptsError, arguments: Sequence[str], commands: Sequence[str]) -> str:
    """What is wrong with the command line itself, and where to look."""
    if isinstance(error, UnusedCliTokensError):
        text = f"too many arguments: {' '.join(error.unused_tokens or [])!r} is not expected."
    else:
        text = str(error)
    named = [word for word in arguments[:1] if word in commands]
    return f"{text} See `{' '.join(['catallax', *named, '--help'])}`."


def _refused(message: str) -> int:
    return _told(message, BAD_INPUT)


def _told(message: str, code: int) -> int:
    print("catallax:", " ".join(message.split()), file=sys.stderr)
    return code
