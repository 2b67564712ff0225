"""Where a command writes: told early if it cannot be, and whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from catallax.errors import InputError


def place(folder: Path, name: str) -> Path:
    """Where the file `name` will go; makes the folder, and raises InputError if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as e:
        raise InputError(
            f"--out {folder}: cannot be written to ({e.strerror}); give a folder that can"
        ) from e
    if (folder / name).is_dir():
        raise InputError(f"--out {folder}: {name} is a folder there; give another folder")
    return folder / name


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What writes `path` inside raises InputError where the disk refuses it."""
    try:
        yield
    except OSError as e:
        raise InputError(f"{path}: cannot be written ({e.strerror}); make room") from e


def write(path: Path, content: str | bytes) -> None:
    """Write a file, whole or not at all; InputError where there is no room."""
    from catallax.show.markup import write_whole

    with writing(path):
        write_whole(path, content)
