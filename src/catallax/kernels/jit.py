"""The one decorator of all kernels, and where their compiled code is kept.

Numba's disk cache does not notice an edit in a function that a kernel calls, so the folder is
named by a hash of every kernel's source, of versions and of the processor; it lies under the
user's cache folder, so a package that was installed read-only caches too.
"""

import hashlib
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property, update_wrapper
from pathlib import Path
from typing import Annotated, Any, TypeVar, final, get_type_hints

import llvmlite.binding
import numba
import numpy as np
import numpy.typing as npt

from catallax.kernels.cache import check_own, root

F = TypeVar("F", bound=Callable[..., object])

In = Annotated[npt.NDArray[np.float64], "read"]
Out = Annotated[npt.NDArray[np.float64], "written"]
Index = Annotated[npt.NDArray[np.uint64], "read"]
Sellers = Annotated[npt.NDArray[np.uint32], "read"]
Flags = Annotated[npt.NDArray[np.bool_], "read"]
Room = npt.NDArray[np.float64]  # of an inlined function: whatever its caller has

_TYPES: dict[Any, Any] = {
    In: numba.types.Array(numba.float64, 1, "C", readonly=True),
    Out: numba.float64[::1],
    Index: numba.types.Array(numba.uint64, 1, "C", readonly=True),
    Sellers: numba.types.Array(numba.uint32, 1, "C", readonly=True),
    Flags: numba.types.Array(numba.boolean, 1, "C", readonly=True),
    int: numba.int64,
    float: numba.float64,
    bool: numba.boolean,
}


@final
class Kernel:
    """A function that is compiled when it is first called, without the GIL, and kept on disk.

    Its annotations are its one signature: arrays of one layout, read or written. So read-only and
    writable arrays share code, and whatever else is passed is refused with a TypeError.
    """

    def __init__(self, function: Callable[..., None]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __call__(self, *values: object) -> None:
        """Run it."""
        self.compiled(*values)

    @cached_property
    def compiled(self) -> Any:
        """What Numba makes of it, or made of it before."""
        hints = get_type_hints(self.function, include_extras=True)
        takes = [_TYPES[kind] for name, kind in hints.items() if name != "return"]
        with _kept_in(folder()) as kept:
            options = {"nogil": True, "cache": kept, "error_model": "numpy"}
            return numba.njit(numba.void(*takes), **options)(self.function)


kernel = Kernel


def inline(function: F) -> F:
    """A function that becomes part of the kernels that call it."""
    return numba.njit(forceinline=True, nogil=True, error_model="numpy")(function)  # type: ignore[no-any-return]


def called(function: F) -> F:
    """A loop that kernels call: vectorised on its own, where inside a large one it may not be."""
    return numba.njit(nogil=True, error_model="numpy")(function)  # type: ignore[no-any-return]


@cache
def folder() -> Path | None:
    """Where compiled code of exactly these sources, for this machine, is kept; None for nowhere.

    Raises InputError where others can write to it.
    """
    kept = root()
    if kept is None:
        return None
    digest = hashlib.blake2b(digest_size=8)
    machine = (platform.python_version(), numba.__version__, llvmlite.binding.get_host_cpu_name())
    digest.update(" ".join(machine).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    found = kept / f"kernels-{digest.hexdigest()}"
    if found.exists():
        check_own(found)
    return found


def generic(function: F) -> F:
    """A kernel for arrays of any type: compiled for each combination that comes, and kept."""
    with _kept_in(folder()) as kept:
        return numba.njit(nogil=True, cache=kept, error_model="numpy")(function)  # type: ignore[no-any-return]


@contextmanager
def _kept_in(path: Path | None) -> Iterator[bool]:
    """Numba asks for its folder when a function is decorated; other code keeps its own.

    Yields whether there is one.
    """
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(path or before)
    try:
        yield path is not None
    finally:
        numba.config.CACHE_DIR = before
