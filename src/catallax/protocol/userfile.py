"""Python files of the user's own: how they are read, and where in them something went wrong."""

import hashlib
import inspect
import pickle
import re
import sys
import traceback
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from catallax.errors import InputError
from catallax.whole import read_given

SUFFIX = ".py"
MOST = 10_000_000  # bytes of a file
PREFIX = "_user_"  # of the modules that files become

_loaded: dict[str, tuple[str, ModuleType, str]] = {}
"""Absolute path -> digest of the bytes, the module, and the path as the user wrote it."""


def is_file(name: str) -> bool:
    """Whether a name is that of a Python file."""
    return name.endswith(SUFFIX)


def module_of(path: Path | str, shown: str = "", expected: str = "a Python file") -> ModuleType:
    """The file at `path` as a module; it is executed once, and again when its bytes change.

    The module has a name of its own that is the same in every process, so that what the file
    defines can be sent to processes that have read the file.

    shown    : the path as the user wrote it, for tracebacks; `path` by default
    expected : what the user should have named, for the message

    Raises InputError for a file that cannot be read or fails.
    """
    shown = shown or str(path)
    file, source = Path(path).resolve(), bytes_of(Path(path), expected)
    digest = hashlib.sha256(source).hexdigest()
    before = _loaded.get(str(file))
    if before is not None and before[0] == digest:
        return before[1]
    module = _execute(shown, file, source)
    _loaded[str(file)] = digest, module, shown
    return module


def source_of(thing: Callable[..., Any]) -> bytes | None:
    """The file that defines a class or function, whole, since it calls what stands beside it.

    Of a notebook its cell; None where there is no source, as at a prompt.
    """
    try:
        return Path(inspect.getsourcefile(thing) or "").read_bytes()
    except (OSError, TypeError):
        pass
    try:
        return inspect.getsource(thing).encode()
    except (OSError, TypeError):
        return None


def files_behind(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The files that have to be read before a pickle can be: absolute, and as the user wrote them.

    They are those whose modules the pickle names.
    """
    named = set(re.findall(rb"%s\w+" % PREFIX.encode(), raw))
    return tuple(
        (path, shown)
        for path, (_, module, shown) in _loaded.items()
        if module.__name__.encode() in named
    )


def _execute(shown: str, file: Path, source: bytes) -> ModuleType:
    module = ModuleType(f"{PREFIX}{_as_identifier(file.stem)}_{zlib.crc32(str(file).encode()):08x}")
    module.__file__ = shown
    # Dataclasses and pickle look a class's module up by name.
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, shown, "exec"), module.__dict__)
    except BaseException as e:  # whatever a user's code raises
        sys.modules.pop(module.__name__, None)
        if isinstance(e, KeyboardInterrupt):
            raise
        raise InputError(f"{shown}: failed when read: {type(e).__name__}: {e}") from e
    return module


def _as_identifier(stem: str) -> str:
    """A file's name as part of an identifier."""
    return re.sub(r"\W", "_", stem, flags=re.ASCII)


def bytes_of(path: Path, expected: str = "a Python file") -> bytes:
    """The bytes of a Python file; InputError where it cannot be read or is too large."""
    return read_given(path, MOST, expected, "keep data in files of their own")


def describe_blame(error: BaseException, files: Sequence[str]) -> str:
    """What went wrong, and the last line of the user's files on the way there.

    Workers send their tracebacks as text, so it is text that is searched.
    """
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    text = "".join(traceback.format_exception(error))
    for file in files:
        lines = re.findall(rf'File "{re.escape(file)}", line (\d+), in (\w+)', text)
        if lines:
            number, function = lines[-1]
            return f"{file}, line {number}, in {function}: {what}"
    where = re.findall(r'File ".*?(catallax/.*?)", line (\d+)', text.replace("\\", "/"))
    place = f" ({where[-1][0]}, line {where[-1][1]})" if where else ""
    return (
        f"{', '.join(files)}: the run broke with {what}{place}; check what the verbs return "
        f"against their domain's documentation, and if that is right, report a bug of Catallax"
    )


@contextmanager
def contain_errors() -> Iterator[None]:
    """Turn what would end the process, or cannot leave it, into an InputError that says where.

    That is `sys.exit` and other errors that are no `Exception`, and those that no pickle can hold.
    """
    try:
        yield
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as e:
        if isinstance(e, Exception) and _is_portable(e):
            raise
        at = traceback.extract_tb(e.__traceback__)[-1]
        what = f"{type(e).__name__}: {e}".rstrip(": ")
        raise InputError(f"{at.filename}, line {at.lineno}, in {at.name}: {what}") from None


def _is_portable(error: Exception) -> bool:
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)
    except Exception:
        return False
