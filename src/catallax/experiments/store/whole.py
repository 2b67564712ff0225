"""Files that appear whole or not at all, and stay when the power goes."""

import os
from contextlib import suppress
from pathlib import Path

HALF = ".part"


def put_whole(path: Path, raw: bytes) -> None:
    """The file whole on the disk, or not there; OSError where there is no room."""
    half = path.with_name(path.name + HALF)
    try:
        with half.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        _settle(path.parent)
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def remove_halves(folder: Path) -> None:
    """Remove what a writer left half done."""
    for half in folder.glob(f"*{HALF}"):
        half.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """The new name on the disk as well, where the system lets a folder be synchronised."""
    with suppress(OSError):
        at = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(at)
        finally:
            os.close(at)
