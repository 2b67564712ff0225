"""When a run breaks in a user's own mechanism, say where in the user's file."""

import re
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from catallax.errors import CatallaxError, InputError


@contextmanager
def blaming(sources: Sequence[str]) -> Iterator[None]:
    """Turn an error that comes from one of the Python files among `sources` into an InputError.

    Errors of runs without such files are ours and pass.
    """
    from catallax.protocol.specs import spec_of

    files = [spec.name for spec in map(spec_of, sources) if spec.file]
    try:
        yield
    except CatallaxError:
        raise
    except Exception as e:
        if not files:
            raise
        raise InputError(blame(e, files)) from e


def blame(error: Exception, files: Sequence[str]) -> str:
    """What went wrong, and the last line of the user's file on the way there.

    Workers send their tracebacks as text, so it is text that is searched.
    """
    what = f"{type(error).__name__}: {error}"
    text = "".join(traceback.format_exception(error))
    for file in files:
        lines = re.findall(rf'File "{re.escape(file)}", line (\d+), in (\w+)', text)
        if lines:
            number, function = lines[-1]
            return f"{file}, line {number}, in {function}: {what}"
    where = re.findall(r'File ".*?(catallax/.*?)", line (\d+)', text.replace("\\", "/"))
    place = f" ({where[-1][0]}, line {where[-1][1]})" if where else ""
    return (
        f"{', '.join(files)}: the run broke with {what}{place}; check what the verbs return "
        f"against catallax.mechanisms.base, and if that is right, report a bug of Catallax"
    )
