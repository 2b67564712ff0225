"""A folder of Parquet files, each named after its bytes: what has changed is never read.

The name is a hash of the whole file. So whoever copies files into one folder merges them, and a
file of which one bit has changed is known by its name before any reader sees it. A file that has
another name, as all had until November 2026, is read in a process that may die of it, and taken if
it holds the right hash of its values.

One process writes at a time. Its lock is taken back by the system when it ends, however it ends.
"""

import hashlib
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Generic, TypeVar, final

from catallax.errors import InputError, WorkerLost
from catallax.execute.columns import Columns
from catallax.execute.store.parquet import decode_columns
from catallax.processes import Processes
from catallax.whole import LARGEST, Unreadable, opened, put_whole, read_whole, remove_halves

END, ASIDE = ".parquet", ".aside"
OURS = re.compile(r"[0-9a-f]{32}\.parquet")
CHANGED = "is not what was written: its bytes have changed, or its name has"
LOOKS = 100  # at a folder in which another process makes files one

Content = TypeVar("Content")
SECONDS = 30  # a file may take
MEMORY = 8 << 30  # bytes of addresses that the process may have
FOREIGN = (
    "was not written by Catallax; `catallax results FOLDER --bring-in FILE` takes in what others "
    "made of its files"
)
LOCK = "writer.lock"


def name_of(raw: bytes) -> str:
    """The name of a file with these bytes."""
    return hashlib.sha256(raw).hexdigest()[:32] + END


@final
class ParquetFolder(Generic[Content]):
    """What the files of a folder hold, each read once.

    folder : made when something is first written
    notes  : to which is added what is wrong with a file
    parse  : makes of columns what they hold; raises Unreadable
    lost   : what it means that a file cannot be used, for the note
    """

    def __init__(
        self, folder: Path, notes: list[str], parse: Callable[[Columns], Content], lost: str
    ) -> None:
        self.folder, self.notes = folder, notes
        self._parse, self._lost = parse, lost
        self._read: dict[str, Content | None] = {}

    def contents(self) -> dict[str, Content]:
        """Name -> what it holds, of every file that can be used.

        Raises InputError for a folder that cannot be looked into.
        """
        for _ in range(LOOKS):
            if self._read_new():
                break  # else a writer has just made some one with others: look again
        return {name: found for name, found in self._read.items() if found is not None}

    def put(self, raw: bytes, content: Content) -> Path:
        """Write a file, whole or not at all; OSError where there is no room."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name_of(raw)
        put_whole(path, raw)
        self._read[path.name] = content
        return path

    def remove(self, names: Iterable[str]) -> None:
        """Remove files whose content stands elsewhere."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
            self._read.pop(name, None)

    def tidy(self) -> None:
        """Remove what a writer left half done, and give what cannot be used another name."""
        if not self.folder.is_dir():
            return
        remove_halves(self.folder)
        self.contents()
        for name in [name for name, found in self._read.items() if found is None]:
            aside = self._free_name(name)
            (self.folder / name).replace(aside)
            del self._read[name]
            self.notes.append(
                f"{_printable(self.folder / name)}: set aside as {_printable(aside.name)}"
            )

    @property
    def old(self) -> list[str]:
        """Files that can be used, and whose names do not vouch for their bytes."""
        return [n for n, found in self._read.items() if found is not None and not OURS.fullmatch(n)]

    def _read_new(self) -> bool:
        """Read what is new; whether all of it was still there."""
        names = self._list_names()
        self._read = {name: found for name, found in self._read.items() if name in names}
        new = [name for name in sorted(names) if name not in self._read]
        for name, came in self._read_columns(new):
            self._read[name] = self._parse_columns(name, came)
        return all(name in self._read for name in new)

    def _list_names(self) -> set[str]:
        try:
            with os.scandir(self.folder) as entries:
                return {entry.name for entry in entries if entry.name.endswith(END)}
        except FileNotFoundError:
            return set()
        except OSError as e:
            raise InputError(f"{self.folder}: cannot be looked into ({e.strerror})") from e

    def _read_columns(self, names: Iterable[str]) -> Iterator[tuple[str, Columns | Unreadable]]:
        others = list[Path]()
        for name in names:
            path = self.folder / name
            try:
                if OURS.fullmatch(name):
                    yield name, _read_vouched(path)
                    continue
                with opened(path, LARGEST):
                    others.append(path)
            except Unreadable as e:
                yield name, e
            except FileNotFoundError:
                continue
        for path, came in read_apart(others, ours=True) if others else ():
            yield path.name, came

    def _parse_columns(self, name: str, came: Columns | Unreadable) -> Content | None:
        try:
            if isinstance(came, Unreadable):
                raise came
            return self._parse(came)
        except Unreadable as e:
            self.notes.append(f"{_printable(self.folder / name)}: {e}; {self._lost}")
            return None

    def _free_name(self, name: str) -> Path:
        """A name under which nothing stands yet."""
        for k in range(1, 10_000):
            aside = self.folder / f"{name}{ASIDE}{k if k > 1 else ''}"
            if not os.path.lexists(aside):
                return aside
        raise InputError(f"{self.folder}: is full of files set aside; remove them")


def _read_vouched(path: Path) -> Columns:
    """The columns of a file whose name is that of its bytes."""
    raw = read_whole(path)
    if name_of(raw) != path.name:
        raise Unreadable(CHANGED)
    return decode_columns(raw)[0]


def _printable(path: Path | str) -> str:
    """A path as it can be printed."""
    text = str(path)
    return text if text.isprintable() else ascii(text)[1:-1]


def read_apart(paths: Sequence[Path], *, ours: bool) -> Iterator[tuple[Path, Columns | Unreadable]]:
    """Each file's columns, or why there are none.

    ours : whether only what Catallax wrote is taken, by the hash of all values that it holds
    """
    with Processes(1, tries=1) as process:
        jobs = [(str(path), ours) for path in paths]
        for k, came in process.run(columns_here, jobs):
            yield paths[k], _explain(came)


def columns_here(path: str, ours: bool) -> Columns:
    """The columns of one file, within bounds on time and memory; raises Unreadable."""
    _set_limits()
    try:
        columns, vouched = decode_columns(read_whole(Path(path)))
    finally:
        _lift_limits()
    if ours and not vouched:
        raise Unreadable(FOREIGN)
    return columns


def _explain(came: Columns | Exception) -> Columns | Unreadable:
    if isinstance(came, WorkerLost):
        return Unreadable("is damaged: whoever reads it crashes or takes too long")
    if isinstance(came, FileNotFoundError):
        return Unreadable("is gone")
    if isinstance(came, Exception):
        return came if isinstance(came, Unreadable) else Unreadable(f"is damaged ({came})")
    return came


def _set_limits() -> None:
    """End this process if it takes too long or too much, and let the reader panic in silence."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)


def _lift_limits() -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(0)


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
