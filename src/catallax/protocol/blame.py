"""Where in a user's code something went wrong."""

import pickle
import re
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from catallax.errors import InputError


def describe_blame(error: BaseException, files: Sequence[str]) -> str:
    """What went wrong, and the last line of the user's files on the way there.

    Workers send their tracebacks as text, so it is text that is searched.
    """
    what = f"{type(error).__name__}: {error}".rstrip(": ")
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
        f"against their domain's documentation, and if that is right, report a bug of Catallax"
    )


@contextmanager
def contain_errors() -> Iterator[None]:
    """Turn what would end the process, or cannot leave it, into an InputError that says where.

    That is `sys.exit` and other errors that are no `Exception`, and those that no pickle can hold.
    """
    try:
        yield
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as e:
        if isinstance(e, Exception) and _is_portable(e):
            raise
        at = traceback.extract_tb(e.__traceback__)[-1]
        what = f"{type(e).__name__}: {e}".rstrip(": ")
        raise InputError(f"{at.filename}, line {at.lineno}, in {at.name}: {what}") from None


def _is_portable(error: Exception) -> bool:
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)
    except Exception:
        return False
