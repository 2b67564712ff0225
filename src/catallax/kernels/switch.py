"""The one switch between compiled loops and the plain NumPy that says what they compute.

An operation is one function with two bodies of one signature: the *reference* in plain NumPy, which
is read and believed, and the compiled one, which is held against it by the tests. Whoever calls an
operation does not ask which of the two answers.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

PLAIN = "CATALLAX_PLAIN"  # 1: every operation is answered by its reference

_plain = os.environ.get(PLAIN, "") not in ("", "0")


def operation(reference: Callable[P, R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function that runs compiled loops an operation, with its plain NumPy beside it.

    reference : takes and gives the same; what it changes in place, the compiled one changes too
    """

    def pair(compiled: Callable[P, R]) -> Callable[P, R]:
        @wraps(compiled)
        def chosen(*args: P.args, **kwargs: P.kwargs) -> R:
            return (reference if _plain else compiled)(*args, **kwargs)

        return chosen

    return pair


def compiled() -> bool:
    """Whether kernels are used: for what makes them ready; operations ask by themselves."""
    return not _plain


@contextmanager
def plain() -> Iterator[None]:
    """Plain NumPy inside this block."""
    global _plain
    before, _plain = _plain, True
    try:
        yield
    finally:
        _plain = before
