"""Traces in a store: a folder of Parquet files beside the rows, two columns each, key and JSON."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import final

from catallax.experiments.store.parquet import Unreadable, columns_in, file_of
from catallax.experiments.store.whole import put_whole, remove_halves
from catallax.protocol import Trace

FOLDER, FILES, ASIDE = "traces", "*.parquet", ".aside"
KEY, TRACE = "key", "trace"
MOST = 64  # files that may stay; more are made one when a writer ends


@final
class TraceFiles:
    """The traces of a store.

    folder : of the store; made when something is first written
    notes  : the store's: what was found wrong

    A trace is found by the key of its row, which hangs on the code that made it.
    """

    def __init__(self, folder: Path, notes: list[str]) -> None:
        self.folder = folder / FOLDER
        self.notes = notes
        self._read: dict[str, Mapping[str, str]] = {}

    def read(self, keys: Iterable[str]) -> dict[str, Trace]:
        """The traces of these keys that are there; one that is damaged is left out, and told."""
        wanted, found = set(keys), dict[str, Trace]()
        for name, texts in self._texts().items():
            for key in wanted.intersection(texts):
                try:
                    found[key] = Trace.from_dict(json.loads(texts[key]))
                except (TypeError, ValueError, KeyError, AttributeError) as e:
                    self.notes.append(f"{self.folder / name}: a trace is damaged ({e}); run again")
        return found

    def write(self, traces: Mapping[str, Trace]) -> None:
        """Write traces as one file; the same ones make the same file. OSError without room."""
        self._write({key: _text(trace) for key, trace in traces.items()})

    def _write(self, texts: Mapping[str, str]) -> Path | None:
        if not texts:
            return None
        self.folder.mkdir(exist_ok=True)
        keys = sorted(texts)
        name = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:24]
        path = self.folder / f"{name}.parquet"
        columns = {KEY: keys, TRACE: [texts[key] for key in keys]}
        put_whole(path, file_of(columns, dict.fromkeys(columns, str)))
        self._read[path.name] = dict(texts)
        return path

    def tidy(self) -> None:
        """Remove what was left half done, and set aside what cannot be read."""
        if not self.folder.is_dir():
            return
        remove_halves(self.folder)
        for name in [name for name, texts in self._texts().items() if not texts]:
            (self.folder / name).replace(self.folder / f"{name}{ASIDE}")
            del self._read[name]

    def join(self) -> None:
        """Make many files one; until that is there they stay."""
        if len(self._read) <= MOST:
            return
        whole = self._write({key: t for texts in self._read.values() for key, t in texts.items()})
        for path in {self.folder / name for name in self._read} - {whole}:
            path.unlink(missing_ok=True)
            del self._read[path.name]

    def _texts(self) -> Mapping[str, Mapping[str, str]]:
        """File -> key -> JSON, each file read once."""
        names = sorted(p.name for p in self.folder.glob(FILES))
        self._read = {name: texts for name, texts in self._read.items() if name in names}
        for name in names:
            if name not in self._read:
                self._read[name] = self._file(name)
        return self._read

    def _file(self, name: str) -> Mapping[str, str]:
        try:
            columns = columns_in((self.folder / name).read_bytes())
            return dict(zip(columns[KEY], columns[TRACE], strict=True))
        except FileNotFoundError:
            return {}  # a writer has just made it one with others
        except (Unreadable, KeyError) as e:
            self.notes.append(f"{self.folder / name}: {e}; its runs are run again for a page")
            return {}


def _text(trace: Trace) -> str:
    return json.dumps(trace.to_dict(), allow_nan=False, separators=(",", ":"))
