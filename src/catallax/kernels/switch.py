"""Whether kernels are used, or the plain NumPy that they are tested against."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

PLAIN = "CATALLAX_PLAIN"  # 1: plain NumPy everywhere, and nothing is compiled

_plain = os.environ.get(PLAIN, "") not in ("", "0")


def compiled() -> bool:
    """Whether kernels are used."""
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
