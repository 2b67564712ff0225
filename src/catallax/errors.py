"""What Catallax raises: one base class, so that a caller can catch all of it.

    CatallaxError
    ├── InputError      what the user gave is wrong    (also a ValueError)
    ├── MissingExtra    an optional package is absent  (also an ImportError)
    └── WorkerLost      the process that did a job is gone

What is given by a name that it no longer has is understood, with an OldNameWarning.

Not converging, a broken plan or an exhausted budget are *results* of a run, not exceptions.
"""

import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

__all__ = [
    "CatallaxError",
    "InputError",
    "MissingExtra",
    "OldNameWarning",
    "WorkerLost",
    "about",
    "unknown",
    "warn_of_old_name",
]

_MOST_NAMES = 12
_PACKAGE = __name__.partition(".")[0]


class CatallaxError(Exception):
    """Base of every exception that Catallax raises on purpose."""


class InputError(CatallaxError, ValueError):
    """The user's input is wrong.

    The message says what is wrong, where, what was expected and how to mend it,
    in the user's own names, with at most about five offenders.
    """


class MissingExtra(CatallaxError, ImportError):
    """A feature needs an optional package that is not installed.

    what : the feature, as the user knows it ("reading Parquet files")
    extra : the name of the extra that brings the package ("parquet")
    """

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(what, extra)
        self.what = what
        self.extra = extra

    def __str__(self) -> str:
        return (
            f"{self.what} needs packages that are not installed. "
            f'Install them with: pip install "catallax[{self.extra}]"'
        )


class WorkerLost(CatallaxError):
    """The process that did a job is gone: it was killed, ran out of memory or crashed."""


class OldNameWarning(DeprecationWarning):
    """Something was given by a name that it no longer has; the text says the one that it has."""


@contextmanager
def about(where: str) -> Iterator[None]:
    """Let every InputError that is raised inside begin with `where`, unless it does already.

    where : the user's name for what it is about ("--seeds", "map.toml: axes.delay")
    """
    try:
        yield
    except InputError as e:
        if str(e).startswith(where):
            raise
        raise InputError(f"{where}: {e}") from e


def unknown(kind: str, name: str, known: Iterable[str], most: int = _MOST_NAMES) -> InputError:
    """Make the error for a name that is not among the known ones; the caller raises it.

    kind : what the name stands for, in the singular ("mechanism")
    name : what the user wrote
    known : the names that would have been right, in the order to show them
    most : how many of them are listed

    The message offers the nearest known name, if one is near.
    """
    names = list(known)
    parts = [f"unknown {kind} {name!r}."]
    nearest = _nearest(name, names)
    if nearest is not None:
        parts.append(f"Did you mean {nearest!r}?")
    parts.append(_listing(kind, names, most))
    return InputError(" ".join(parts))


def _nearest(name: str, names: list[str]) -> str | None:
    """Find the known name closest to what was written, whatever the case of its letters."""
    by_lower = {known.lower(): known for known in names}
    near = get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[near[0]] if near else None


def _listing(kind: str, names: list[str], most: int) -> str:
    if not names:
        return f"No {kind} is known."
    shown = ", ".join(names[:most])
    left = len(names) - most
    return f"Known: {shown} and {left} more." if left > 0 else f"Known: {shown}."


def warn_of_old_name(where: str, old: str, new: str) -> None:
    """Warn that something was given by an old name; the warning points out of the package.

    where : the user's name for what has the name: "market", "economy"
    """
    text = f"{where}: {old} is now called {new}; write {new}"
    warnings.warn(text, OldNameWarning, _level_outside())


def _level_outside() -> int:
    """Where the first caller outside the package stands, as `warnings.warn` counts."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and _is_inside(frame.f_globals.get("__name__", "")):
        frame, level = frame.f_back, level + 1
    return level


def _is_inside(module: str) -> bool:
    return module.partition(".")[0] in (_PACKAGE, "dataclasses")
