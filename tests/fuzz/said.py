"""What a command says and leaves behind."""

import io
import os
import shutil
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import final

TOO_LONG = "takes longer than"
TINY = Path(__file__).with_name("tiny.py")


@final
@dataclass(frozen=True)
class Said:
    """How a command ended.

    code : of the process
    out  : on standard output
    err  : on standard error
    left : files and folders that are new or changed
    """

    code: int
    out: str
    err: str
    left: frozenset[str]


def command(words: Sequence[str], folder: Path) -> Said:
    """Run a command in a folder, with the tiny domain in it."""
    from catallax.apps.cli import main

    shutil.copy(TINY, folder / "tiny.py")
    before, out, err = _there(folder), io.StringIO(), io.StringIO()
    code: object = None
    with chdir(folder), redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(words))
        except SystemExit as e:
            code = e.code
        finally:
            _forget_domains()
    assert isinstance(code, int), f"exit code {code!r}"
    return Said(code, out.getvalue(), err.getvalue(), frozenset(_there(folder) - before))


def _forget_domains() -> None:
    """A domain of a file is unknown to the next command, as in a process of its own."""
    from catallax.protocol import registry

    for name in [name for name in registry._known if name not in registry.BUILT_IN]:
        del registry._known[name]


def _there(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*"):
        if "__pycache__" not in path.parts:
            stamp = os.lstat(path)
            found.add(f"{path.relative_to(folder)} {stamp.st_size} {stamp.st_mtime_ns}")
    return found


def check_ended(said: Said, words: object) -> None:
    """Whatever was asked: a known exit code, no traceback, no hang, and one line for bad input."""
    assert said.code in (0, 1, 2), f"exit code {said.code} of {words}"
    assert "Traceback" not in said.err + said.out, said.err + said.out
    assert TOO_LONG not in said.err, said.err
    if said.code == 2:
        ours = [line for line in said.err.splitlines() if line.startswith("catallax: ")]
        assert len(ours) == 1, f"{len(ours)} lines: {said.err}"


def check_sane(said: Said, words: object) -> None:
    """The same where nobody but the command says anything."""
    check_ended(said, words)
    if said.code == 2:
        lines = said.err.strip().splitlines()
        assert len(lines) == 1, f"{len(lines)} lines: {said.err}"
        assert lines[0].startswith("catallax: "), lines[0]
        assert not said.out, said.out
