"""Series that grow week by week, in memory or in files, in a place of fixed size."""

from collections.abc import Mapping
from pathlib import Path
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.errors import InputError


@final
class SeriesBuffer:
    """Columns of numbers, a row a week, for at most `weeks` weeks.

    to : an empty or missing folder, in which each column is a file NAME.npy; None: memory

    Raises InputError when the folder has anything in it or cannot be made.
    """

    def __init__(self, weeks: int, to: Path | str | None = None) -> None:
        self.weeks, self.done = weeks, 0
        self.to = None if to is None else _make_empty_folder(Path(to))
        self.columns: dict[str, Floats] = {}

    def __len__(self) -> int:
        """Weeks so far."""
        return self.done

    def add(self, week: Mapping[str, npt.ArrayLike]) -> None:
        """Add a week; the first one says which columns there are, and their shapes."""
        if not self.columns:
            self.columns = {k: self._room(k, np.shape(v)) for k, v in week.items()}
        for name, value in week.items():
            self.columns[name][self.done] = value
        self.done += 1

    def series(self) -> dict[str, Floats]:
        """(weeks so far, ...) by name."""
        return {name: column[: self.done] for name, column in self.columns.items()}

    def _room(self, name: str, shape: tuple[int, ...]) -> Floats:
        whole = (self.weeks, *shape)
        if self.to is None or 0 in whole:
            return np.empty(whole)
        path = self.to / f"{name}.npy"
        return np.lib.format.open_memmap(path, mode="w+", dtype=np.float64, shape=whole)


def _make_empty_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        full = any(folder.iterdir())
    except OSError as e:
        raise InputError(f"recording.to: {folder} cannot be a folder for series ({e})") from e
    if full:
        raise InputError(f"recording.to: {folder} is not empty; give a new folder for every run")
    return folder
