"""Traces in a store: a folder of Parquet files beside the rows, two columns each, key and JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import final

from catallax.execute.columns import Columns
from catallax.execute.store.files import ParquetFolder
from catallax.execute.store.parquet import encode_columns
from catallax.protocol import Trace
from catallax.whole import Unreadable

FOLDER = "traces"
KEY, TRACE = "key", "trace"
MOST = 64  # small files that may stay; more are made one when a writer ends
SMALL = 16 << 20  # letters

TraceTexts = Mapping[str, str]  # key -> JSON


@final
class TraceFiles:
    """The traces of a store.

    folder : of the store; made when something is first written
    notes  : the store's: what was found wrong

    A trace is found by the key of its row, which hangs on the code that made it.
    """

    def __init__(self, folder: Path, notes: list[str]) -> None:
        self.notes = notes
        lost = "its runs are run again for a page"
        self._files = ParquetFolder[TraceTexts](folder / FOLDER, notes, _texts_of, lost)
        self._fresh: dict[str, str] = {}  # what was written last

    def read(self, keys: Iterable[str]) -> dict[str, Trace]:
        """The traces of these keys that are there; one that is damaged is left out, and told."""
        wanted, found = set(keys), dict[str, Trace]()
        for name, texts in self._files.contents().items():
            for key in wanted.intersection(texts):
                try:
                    found[key] = Trace.from_dict(json.loads(self._fresh.get(key, texts[key])))
                except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as e:
                    where = self._files.folder / name
                    self.notes.append(f"{where}: the trace of {key} is none ({e}); run again")
        return found

    def write(self, traces: Mapping[str, Trace]) -> None:
        """Write traces as one file; the same ones make the same file. OSError without room."""
        texts = {key: text for key, trace in traces.items() if (text := self._to_json(key, trace))}
        if texts:
            self._fresh |= texts
            self._write(texts)

    def tidy(self) -> None:
        """Remove what was left half done, and set aside what cannot be read."""
        self._files.tidy()

    def join(self) -> None:
        """Make many small files one, and give up what newer ones hold; until then they stay."""
        files = self._files.contents()
        again = {n for n in files if n in self._files.old or self._is_outdated(files[n])}
        small = {n for n, texts in files.items() if sum(map(len, texts.values())) < SMALL}
        if len(small) > MOST:
            again |= small
        if again:
            texts = {key: text for name in again for key, text in files[name].items()}
            kept = self._write(texts | {k: t for k, t in self._fresh.items() if k in texts})
            self._files.remove(again - {kept.name})
        self._fresh = {}

    def _is_outdated(self, texts: TraceTexts) -> bool:
        return any(self._fresh[k] != texts[k] for k in self._fresh.keys() & texts.keys())

    def _write(self, texts: TraceTexts) -> Path:
        keys = sorted(texts)
        columns: dict[str, Sequence[str]] = {KEY: keys, TRACE: [texts[key] for key in keys]}
        return self._files.put(encode_columns(columns, dict.fromkeys(columns, str)), dict(texts))

    def _to_json(self, key: str, trace: Trace) -> str:
        """The trace as JSON; "" where it holds what no file can hold, which is told."""
        try:
            return json.dumps(trace.to_dict(), allow_nan=False, separators=(",", ":"))
        except (TypeError, ValueError) as e:
            self.notes.append(f"{self._files.folder}: the trace of {key} is not kept: {e}")
            return ""


def _texts_of(columns: Columns) -> TraceTexts:
    """Key -> JSON; raises Unreadable for what is not a table of traces."""
    if columns.keys() != {KEY, TRACE}:
        raise Unreadable(f"holds {', '.join(columns) or 'nothing'} and no traces")
    if not all(isinstance(text, str) for values in columns.values() for text in values):
        raise Unreadable("holds something that is not a text among its traces")
    return dict(zip(columns[KEY], columns[TRACE], strict=True))
