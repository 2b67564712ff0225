"""Jobs that worker processes can import in no time: good ones, broken ones and deadly ones."""

import os
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any


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


def large(x: int, size: int) -> tuple[int, bytes]:
    """A result of many bytes, which differ from one job to the next."""
    return x, bytes([x % 251]) * size


def slow(x: int, seconds: float) -> int:
    """Takes its time."""
    time.sleep(seconds)
    return x * x


def leaving(x: int) -> int:
    """Wants to end the process at 3, and is interrupted at 4."""
    if x == 3:
        sys.exit("enough")
    if x == 4:
        raise KeyboardInterrupt
    return x * x


class Odd(Exception):
    """An error that cannot be made again from what it says."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first} and {second}")


def odd(x: int) -> object:
    """Raises at 3 what does not travel, and gives at 4 what does not travel."""
    if x == 3:
        raise Odd(1, 2)
    return (lambda: x) if x == 4 else x * x


def listening() -> list[str]:
    """The addresses at which this process and those that it started wait to be called."""
    psutil: Any = import_module("psutil")  # comes with Dask

    me = psutil.Process()
    each = [p.net_connections(kind="inet") for p in (me, *me.children(recursive=True))]
    return [c.laddr.ip for found in each for c in found if c.status == psutil.CONN_LISTEN]
