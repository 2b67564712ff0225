"""One writer at a time: a lock that the system takes back when its holder ends, however it ends."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from catallax.errors import InputError
from catallax.whole import Unreadable, read_whole

LOCK = "writer.lock"


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Be the only writer of a folder; InputError says who is, if somebody else is.

    The lock is advisory and goes by file (`flock`); on a network's disk it holds as far as the
    system makes it hold there.
    """
    file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _take_lock(file):
            raise InputError(
                f"{folder}: {_describe_holder(folder)} is writing to it; wait until it is done, or "
                f"give another folder"
            )
        os.ftruncate(file, 0)
        os.pwrite(file, _describe_self().encode(), 0)
        yield
    finally:
        os.close(file)


def _take_lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind the text, so that others can read who holds it.
            os.lseek(file, 1 << 20, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _describe_self() -> str:
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    return f"process {os.getpid()} on {socket.gethostname()} (since {since})"


def _describe_holder(folder: Path) -> str:
    with suppress(OSError, Unreadable):
        said = read_whole(folder / LOCK).decode(errors="replace").strip()
        if said:
            return said
    return "another process"
