"""What commands write: files, whole or not at all, and results as text, tables and JSON."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from catallax.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from catallax.show.tables import Footnotes
    from catallax.study import Summary


def prepare_file(folder: Path, name: str) -> Path:
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
def report_write_errors(path: Path) -> Iterator[None]:
    """What writes `path` inside raises InputError where the disk refuses it."""
    try:
        yield
    except OSError as e:
        raise InputError(f"{path}: cannot be written ({e.strerror}); make room") from e


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file, whole or not at all; InputError where there is no room."""
    from catallax.show.markup import write_whole

    with report_write_errors(path):
        write_whole(path, content)


WIDTH = 110
SAME = 1e-9  # of a mean: less is no interval


def format_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """A table as text: the first columns to the left, all others to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for k, head in enumerate(heads):
        table.add_column(head, justify="left" if k < left else "right")
    for row in rows:
        table.add_row(*row)
    return render_table(table)


def render_table(table: "Table", width: int = WIDTH) -> str:
    """A table of rich's as lines without blanks at their ends."""
    from rich.console import Console

    out = StringIO()
    Console(file=out, width=width, highlight=False, markup=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def format_estimate(found: "Summary", notes: "Footnotes", factor: float = 1.0) -> str:
    """Mean and half-width of the interval; a dash and the number of the reason for none."""
    from catallax.show.words import NONE, count_decimals, fixed, number

    if found.mean is None:
        return f"{NONE} [{notes.mark(found.reason)}]"
    mean = factor * found.mean
    half = 0.0 if found.ci95 is None else factor * (found.ci95[1] - found.ci95[0]) / 2
    if half <= SAME * abs(mean):
        return number(mean)
    d = count_decimals(mean, max(half, SAME))
    return f"{fixed(mean, d)} ± {fixed(half, d)}"


def format_footnotes(notes: "Footnotes") -> list[str]:
    """A line for each reason why a number is missing."""
    return [f"[{k}] {reason}" for k, reason in enumerate(notes.reasons, start=1)]


def format_json(result: Any) -> str:
    """A result as one JSON object."""
    import json

    return json.dumps(result, indent=2, allow_nan=False, ensure_ascii=False)
