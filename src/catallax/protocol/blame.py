"""Where in a user's file something went wrong."""

import re
import traceback
from collections.abc import Sequence


def blame(error: BaseException, files: Sequence[str]) -> str:
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
        f"against catallax.mechanisms.base, and if that is right, report a bug of Catallax"
    )
