"""All kernels compiled at once, on all cores, before the first run on a machine needs them."""

import hashlib
import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from catallax.errors import WorkerLost
from catallax.kernels.jit import Kernel, folder
from catallax.kernels.switch import compiled
from catallax.processes import Processes

if TYPE_CHECKING:
    from catallax.protocol import Progress


def cold() -> bool:
    """Whether kernels still have to be compiled for this machine and these files."""
    kept = folder()
    return compiled() and not (kept is not None and (kept / _name_mark()).exists())


def prepare(tell: "Progress") -> None:
    """Compile what is not there yet; where nothing can be kept, nothing is done.

    A kernel whose process dies is left to whoever first calls it, and so are all where no process
    can be started.

    tell : is told (done, all, name) with each kernel
    """
    kept = folder()
    if kept is None:
        return
    names, whole = sorted(_names(), key=_length, reverse=True), True
    with suppress(WorkerLost), Processes() as workers:
        for done, (k, came) in enumerate(workers.run(_compile, names), start=1):
            if isinstance(came, WorkerLost):
                whole = False
            elif isinstance(came, Exception):
                raise came
            tell(done, len(names), ".".join(names[k]))
        if whole:
            _put_mark(kept)


def load() -> None:
    """Load every kernel into this process, so that those which it forks have them."""
    for name in _names():
        _compile(*name)


def _put_mark(kept: Path) -> None:
    with suppress(OSError):
        (kept / _name_mark()).touch()


def _name_mark() -> str:
    """Name of an empty file beside the compiled code, which says that all of it is there.

    Numba compiles anew for files of another place or time, whatever is in them; so it names both.
    """
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"{source} {source.stat().st_mtime_ns}\n".encode())
    return f"ready-{digest.hexdigest()}"


def _names() -> Iterator[tuple[str, str]]:
    """(module, name) of every kernel."""
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        module = importlib.import_module(f"{__package__}.{found.name}")
        for name, kernel in vars(module).items():
            if isinstance(kernel, Kernel) and kernel.function.__module__ == module.__name__:
                yield found.name, name


def _length(name: tuple[str, str]) -> int:
    """Longest first, so that no core waits for the others at the end."""
    return len(_kernel(*name).function.__code__.co_code)


def _compile(module: str, name: str) -> None:
    _ = _kernel(module, name).compiled


def _kernel(module: str, name: str) -> Kernel:
    kernel = getattr(importlib.import_module(f"{__package__}.{module}"), name)
    assert isinstance(kernel, Kernel)
    return kernel
