"""The one decorator of all kernels, and where their compiled code is kept.

Numba's disk cache does not notice an edit in a function that a kernel calls, so the folder is
named by a hash of every kernel's source; it lies under the user's cache folder, so a package that
was installed read-only caches too.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import numba

F = TypeVar("F", bound=Callable[..., object])

PLAIN = "CATALLAX_PLAIN"  # set to 1: plain NumPy everywhere, nothing is compiled
CACHE = "CATALLAX_CACHE"  # folder of compiled code, in place of the user's cache folder


def kernel(function: F) -> F:
    """`function` compiled when it is first called, without the GIL, and kept on disk."""
    with _kept_in(folder()):
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)  # type: ignore[no-any-return]


def inline(function: F) -> F:
    """A scalar function that becomes part of the loops that call it."""
    return numba.njit(forceinline=True, nogil=True, error_model="numpy")(function)  # type: ignore[no-any-return]


@cache
def folder() -> Path:
    """Where compiled code of exactly these sources is kept."""
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    return _root() / f"kernels-{digest.hexdigest()}"


def generic(function: F) -> F:
    """A kernel for arrays of any type: compiled for each combination that comes, and kept."""
    with _kept_in(folder()):
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)  # type: ignore[no-any-return]


def _root() -> Path:
    given = os.environ.get(CACHE)
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "catallax"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "catallax"


@contextmanager
def _kept_in(path: Path) -> Iterator[None]:
    """Numba asks for its folder when a function is decorated; other code keeps its own."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(path)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
