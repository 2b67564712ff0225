"""A folder of runs."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import final

from catallax.errors import InputError
from catallax.execute.columns import Columns, columns_of, rows_of
from catallax.execute.request import code_of
from catallax.execute.row import FAILED, RunRow
from catallax.execute.rows import RunRows
from catallax.execute.store.files import ParquetFolder, lock_folder, read_apart
from catallax.execute.store.parquet import encode_rows
from catallax.execute.store.traces import TraceFiles
from catallax.protocol import Trace, known_domain
from catallax.whole import Unreadable

SMALL = 1000  # rows: files of fewer are made one when a writer ends
MOST = 64  # small files that may stay


@final
class Store:
    """Runs in a folder: every `*.parquet` in it is a table with one run in a row.

    folder : made when something is first written
    notes  : what was found wrong with the folder, in plain words

    Files never change: each is named after its bytes, appears whole or not at all, and a run that
    stands in several counts once. So whoever is killed, at whatever moment, leaves a valid folder,
    copying files together merges folders, and a file that was changed is never read. Readers need
    no lock. Traces of runs whose page was asked for stand in a folder `traces` of their own.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.notes: list[str] = []
        self._files = ParquetFolder[list[RunRow]](
            self.folder, self.notes, _parse_rows, "its runs are not counted"
        )
        self._traces = TraceFiles(self.folder, self.notes)
        self._fresh: dict[str, RunRow] = {}  # place -> what was written last
        self._told = False
        self._check_folder()

    def _check_folder(self) -> None:
        """Raise InputError where there is something that is not a folder, or it lies below such."""
        there = next((p for p in (self.folder, *self.folder.parents) if os.path.lexists(p)), None)
        if there is None or there.is_dir():
            return
        what = "is a link to nothing" if not there.exists() else "is a file"
        raise InputError(f"{there}: {what}; give a folder")

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r}: {len(self.rows())} runs)"

    def rows(self) -> RunRows:
        """All runs; a file that cannot be used is left out, and a note says so.

        Of a run that other code had made before, the row that today's code made is taken.
        Raises InputError for a folder that cannot be looked into.
        """
        files = self._files.contents()
        found = RunRows.of(self._newest(row) for rows in files.values() for row in rows)
        self._note_imports(found)
        return found.current(_current_code)

    def traces(self, keys: Iterable[str]) -> dict[str, Trace]:
        """Key of a row -> its trace, of those that are there."""
        return self._traces.read(keys)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who writes; raises InputError if somebody else is, or if nobody can.

        First the folder is tidied: what a writer left half done goes, and a file that cannot be
        used is set aside under another name, so that its runs are run again and written anew.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with lock_folder(self.folder):
                self._files.tidy()
                self._traces.tidy()
                yield
                self._join_files()
                self._traces.join()
        except OSError as e:
            raise self.full(e) from e

    def full(self, error: OSError) -> InputError:
        """What to say when the folder cannot be written to."""
        what = f"{self.folder}: cannot be written to ({error.strerror or error})"
        return InputError(f"{what}; make room there, or give another folder")

    def write(self, rows: Iterable[RunRow]) -> Path | None:
        """Write rows as one file; its name, or None for no rows.

        The same rows make the same file, so writing again changes nothing. A row that could not be
        read again, such as one with a measure of a user's own that is not a number, is left
        out, and a note says so. Raises OSError when there is no room; then nothing is there.
        """
        kept = self._drop_faulty(RunRows.of(rows))
        if not kept:
            return None
        path = self._files.put(encode_rows(kept.rows), list(kept))
        self._fresh |= {row.place: row for row in kept if _replaces_others(row)}
        return path

    def write_traces(self, traces: Mapping[str, Trace]) -> None:
        """Write the traces of rows, by key, as one file. Raises OSError as `write` does."""
        self._traces.write(traces)

    def bring_in(self, file: Path | str) -> int:
        """Take in the runs of a file that another program made of this format; how many there are.

        Nothing vouches for such rows. Each is checked as far as it can be, says for ever where it
        came from (`RunRow.imported`), and gives way to the same run made here.

        Raises InputError for a file that cannot be used, and as `writing` does.
        """
        path = Path(file)
        ((_, came),) = read_apart([path], ours=False)
        try:
            if isinstance(came, Unreadable):
                raise came
            rows = [replace(row, imported=row.imported or path.name) for row in _parse_rows(came)]
        except Unreadable as e:
            raise InputError(f"{path}: {e}; nothing is brought in") from e
        with self.writing():
            self.write(rows)
        return len(RunRows.of(rows))

    def _drop_faulty(self, rows: RunRows) -> RunRows:
        """The rows that can be read again."""
        if not _find_fault(rows.rows):
            return rows
        faults = {row.place: fault for row in rows if (fault := _find_fault([row]))}
        for row in rows:
            if row.place in faults:
                what = f"{row.label}, seed {row.seed}, is not kept: {faults[row.place]}"
                self.notes.append(f"{self.folder}: a run of {what}")
        return RunRows(tuple(row for row in rows if row.place not in faults))

    def _newest(self, row: RunRow) -> RunRow:
        """What was written last in the place of a row."""
        return self._fresh.get(row.place, row) if self._fresh else row

    def _join_files(self) -> None:
        """Many small files made one, without what was run anew; until then they stay."""
        files = self._files.contents()
        keys = {row.key for row in self._fresh.values()}
        outdated = {n for n, rows in files.items() if any(self._is_outdated(r, keys) for r in rows)}
        small = {name for name, rows in files.items() if len(rows) < SMALL}
        again = outdated | set(self._files.old)
        again |= small if len(small) > MOST else set()
        large = sorted(again - small)
        for names in [again & small, *({name} for name in large)]:
            path = self.write(self._newest(row) for name in names for row in files[name])
            self._files.remove(names - {path.name if path else ""})
        self._fresh = {}

    def _is_outdated(self, row: RunRow, keys: set[str]) -> bool:
        return row.key in keys and self._newest(row) != row

    def _note_imports(self, rows: RunRows) -> None:
        names = {row.imported for row in rows if row.imported}
        if names and not self._told:
            count = sum(bool(row.imported) for row in rows)
            came = ", ".join(sorted(names)[:5])
            self.notes.append(
                f"{self.folder}: {count} of its runs were brought in from files that Catallax "
                f"did not write ({came})"
            )
            self._told = True


def _find_fault(rows: Sequence[RunRow]) -> str:
    """What is wrong with rows that could not be read again; "" if nothing is."""
    try:
        rows_of(columns_of(rows))
    except (TypeError, ValueError, OverflowError) as e:
        return str(e)
    return ""


def _replaces_others(row: RunRow) -> bool:
    """Whether a row takes the place of what was there: one that failed, or was brought in, not."""
    return row.stop != FAILED and not row.imported


def _parse_rows(columns: Columns) -> list[RunRow]:
    """The rows of a file's columns; raises Unreadable that says which column or row is wrong."""
    try:
        return rows_of(columns)
    except ValueError as e:
        raise Unreadable(f"holds no runs of Catallax: {e}") from e


def _current_code(domain: str) -> str:
    """Hash of the code that decides a domain's numbers now; "" where the domain is not at hand."""
    known = known_domain(domain)
    return "" if known is None else code_of(known)
