"""All kernels compiled at once, on all cores, before the first run on a machine needs them."""

import importlib
import pkgutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from catallax.kernels.jit import Kernel, folder
from catallax.kernels.switch import compiled

if TYPE_CHECKING:
    from catallax.protocol import Progress

MARK = "ready"  # a file beside the compiled code that says that all of it is there


def cold() -> bool:
    """Whether kernels still have to be compiled for this machine and this version."""
    kept = folder()
    return compiled() and not (kept is not None and (kept / MARK).exists())


def prepare(tell: "Progress") -> None:
    """Compile what is not there yet; where nothing can be kept, nothing is done.

    tell : is told (done, all, name) with each kernel
    """
    kept = folder()
    if kept is None:
        return
    names = sorted(_names(), key=_length, reverse=True)
    # Spawned, as everywhere: threads of numerical libraries do not survive a fork.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        jobs = {pool.submit(_compile, *name): name for name in names}
        for done, job in enumerate(as_completed(jobs), start=1):
            job.result()
            tell(done, len(names), ".".join(jobs[job]))
    with suppress(OSError):
        (kept / MARK).touch()


def load() -> None:
    """Load every kernel into this process, so that those which it forks have them."""
    for name in _names():
        _compile(*name)


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
