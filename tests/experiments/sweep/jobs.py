"""Jobs that worker processes can import in no time: good ones, broken ones and deadly ones."""

import os
import signal
from pathlib import Path


def square(x: int) -> int:
    return x * x


def picky(x: int) -> int:
    """Raises at 3."""
    if x == 3:
        raise ValueError("not three")
    return x * x


def deadly(x: int) -> int:
    """The process is killed at 3, as by a system that runs out of memory."""
    if x == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return x * x


def deadly_once(x: int, mark: str) -> int:
    """The process is killed at 3, the first time."""
    if x == 3 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return x * x
