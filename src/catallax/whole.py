"""Files that appear whole or not at all, and are read whole if they are files at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from catallax.errors import InputError

HALF = ".part"
LARGEST = 2 << 30  # bytes of a file that is read

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Unreadable(ValueError):
    """A file that cannot be used; the text says why, in plain words that follow its name."""


class TooLarge(Unreadable):
    """A file of more bytes than are read; nothing of it has been."""


@contextmanager
def opened(path: Path, most: int | None = None) -> Iterator[IO[bytes]]:
    """An ordinary file, or one that a link leads to, open to be read.

    most : bytes that it may have; None for any number

    Raises FileNotFoundError where there is nothing, and Unreadable for a link to nothing, a folder,
    a pipe, what may not be read and what is too large. It never waits for another process.
    """
    try:
        # A pipe would be waited for otherwise; it is refused once it is open.
        file = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except FileNotFoundError:
        if path.is_symlink():
            raise Unreadable("is a link to nothing") from None
        raise
    except (OSError, ValueError) as e:  # ValueError: no path at all, with a zero byte in it
        raise Unreadable(f"cannot be read ({getattr(e, 'strerror', e)})") from e
    try:
        _check_ordinary(os.fstat(file), most)
        with os.fdopen(file, "rb", closefd=False) as stream:
            yield stream
    finally:
        os.close(file)


def read_whole(path: Path, most: int = LARGEST) -> bytes:
    """The bytes of an ordinary file of at most `most` bytes; raises as `opened` does."""
    with opened(path, most) as file:
        try:
            return file.read()
        except OSError as e:
            raise Unreadable(f"cannot be read ({e.strerror})") from e
        except MemoryError as e:
            raise Unreadable("is too large for the memory of this machine") from e


def read_given(path: Path, most: int, expected: str, smaller: str) -> bytes:
    """The bytes of a file that the user names, of which there are at most `most`.

    expected : what the user should have named, such as "a CSV file"
    smaller  : how to make one that is too large smaller, as the end of a sentence

    Raises InputError that begins with the path.
    """
    try:
        return read_whole(path, most)
    except TooLarge as e:
        raise InputError(f"{path}: {e}; {smaller}") from e
    except Unreadable as e:
        raise InputError(f"{path}: {e}; expected {expected}") from e
    except FileNotFoundError as e:
        raise InputError(f"{path}: cannot be read ({e.strerror}); expected {expected}") from e


def _check_ordinary(found: os.stat_result, most: int | None) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise Unreadable(f"is {kind} and no file")
    if most is not None and found.st_size > most:
        raise TooLarge(f"is too large: {found.st_size:,} bytes, at most {most:,} are read")


@contextmanager
def appearing(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written: it appears under its name, on the disk, once the block ends well."""
    half = path.with_name(f"{path.name}.{os.getpid()}{HALF}")
    try:
        with half.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        _settle(path.parent)
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def put_whole(path: Path, raw: bytes) -> None:
    """The file whole on the disk, or not there; OSError where there is no room."""
    with appearing(path) as file:
        file.write(raw)


def remove_halves(folder: Path) -> None:
    """Remove what a writer left half done; what is no file stays."""
    for half in folder.glob(f"*{HALF}"):
        with suppress(IsADirectoryError, PermissionError):
            half.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """The new name on the disk as well, where the system lets a folder be synchronised."""
    with suppress(OSError):
        at = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(at)
        finally:
            os.close(at)
