"""A folder of runs."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import final

from catallax.errors import InputError
from catallax.experiments.execute.request import code_of
from catallax.experiments.execute.rows import Row, Rows
from catallax.experiments.store.lock import alone
from catallax.experiments.store.parquet import Unreadable, read, written
from catallax.experiments.store.traces import TraceFiles
from catallax.experiments.store.whole import put_whole, remove_halves
from catallax.protocol import Trace, known_domain

FILES, ASIDE = "*.parquet", ".aside"
SMALL = 1000  # rows: files of fewer are made one when a writer ends
MOST = 64  # small files that may stay


@final
class Store:
    """Runs in a folder: every `*.parquet` in it is a table with one run in a row.

    folder : made when something is first written
    notes  : what was found wrong with the folder, in plain words

    Files never change: each is named after the runs that it holds, appears whole or not at all,
    and a run that stands in several counts once. So whoever is killed, at whatever moment, leaves
    a valid folder, and copying files together merges folders. Readers need no lock. Traces of runs
    whose page was asked for stand in a folder `traces` of their own.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.notes: list[str] = []
        self._read: dict[str, list[Row]] = {}
        self._traces = TraceFiles(self.folder, self.notes)
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"{self.folder}: is a file; give a folder")

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r}: {len(self.rows())} runs)"

    def rows(self) -> Rows:
        """All runs; a file that cannot be read is left out, and a note says so.

        Of a run that other code had made before, the row that today's code made is taken.
        """
        while True:
            names = sorted(p.name for p in self.folder.glob(FILES))
            self._read = {name: rows for name, rows in self._read.items() if name in names}
            try:
                for name in names:
                    if name not in self._read:
                        self._read[name] = self._rows(name)
            except FileNotFoundError:
                continue  # a writer has just made it one with others: look again
            every = Rows.of(row for rows in self._read.values() for row in rows)
            return every.current(_code_now)

    def traces(self, keys: Iterable[str]) -> dict[str, Trace]:
        """Key of a row -> its trace, of those that are there."""
        return self._traces.read(keys)

    def _rows(self, name: str) -> list[Row]:
        try:
            return read((self.folder / name).read_bytes())
        except Unreadable as e:
            self.notes.append(f"{self.folder / name}: {e}; its runs are not counted")
            return []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who writes; raises InputError if somebody else is, or if nobody can.

        First the folder is tidied: what a writer left half done goes, and a file that cannot be
        read is set aside under another name, so that its runs are run again and written anew.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with alone(self.folder):
                self._tidied()
                yield
                self._joined()
                self._traces.join()
        except OSError as e:
            raise self.full(e) from e

    def full(self, error: OSError) -> InputError:
        """What to say when the folder cannot be written to."""
        what = f"{self.folder}: cannot be written to ({error.strerror})"
        return InputError(f"{what}; make room there, or give another folder")

    def write(self, rows: Iterable[Row]) -> Path | None:
        """Write rows as one file; its name, or None for no rows.

        The same rows make the same file, so writing again changes nothing. Raises OSError when
        there is no room; then nothing of them is there.
        """
        kept = Rows.of(rows)
        if not kept:
            return None
        places = "\n".join(row.place for row in kept)
        path = self.folder / f"{hashlib.sha256(places.encode()).hexdigest()[:24]}.parquet"
        put_whole(path, written(kept.rows))
        self._read[path.name] = list(kept)
        return path

    def write_traces(self, traces: Mapping[str, Trace]) -> None:
        """Write the traces of rows, by key, as one file. Raises OSError as `write` does."""
        self._traces.write(traces)

    def _tidied(self) -> None:
        remove_halves(self.folder)
        self._traces.tidy()
        self.rows()
        for name in [name for name, rows in self._read.items() if not rows]:
            aside = self.folder / f"{name}{ASIDE}"
            (self.folder / name).replace(aside)
            del self._read[name]
            what = f"{self.folder / name}: set aside as {aside.name}"
            self.notes.append(f"{what}; its runs are run again where they are asked for")

    def _joined(self) -> None:
        """Many small files made one; until that is there they stay."""
        small = {name: rows for name, rows in self._read.items() if len(rows) < SMALL}
        if len(small) <= MOST:
            return
        whole = self.write(row for rows in small.values() for row in rows)
        for path in {self.folder / name for name in small} - {whole}:
            path.unlink(missing_ok=True)
            del self._read[path.name]


def _code_now(domain: str) -> str:
    """Hash of the code that decides a domain's numbers now; "" where the domain is not at hand."""
    known = known_domain(domain)
    return "" if known is None else code_of(known)
