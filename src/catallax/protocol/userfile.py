"""Python files of the user's own: mechanisms, domains, measures and shocks."""

import hashlib
import sys
import zlib
from pathlib import Path
from types import ModuleType

from catallax.errors import InputError

SUFFIX = ".py"
PREFIX = "_user_"  # of the modules that files become

_loaded: dict[str, tuple[str, ModuleType, str]] = {}
"""Absolute path -> digest of the bytes, the module, and the path as the user wrote it."""


def is_file(name: str) -> bool:
    """Whether a name is that of a Python file."""
    return name.endswith(SUFFIX)


def module_of(path: Path | str) -> ModuleType:
    """The file at `path` as a module; it is executed once, and again when its bytes change.

    The module has a name of its own that is the same in every process, so that what the file
    defines can be sent to processes that have read the file.

    Raises InputError for a file that cannot be read or fails.
    """
    file = Path(path).resolve()
    source = _read(Path(path))
    digest = hashlib.sha256(source).hexdigest()
    before = _loaded.get(str(file))
    if before is not None and before[0] == digest:
        return before[1]
    module = _executed(Path(path), file, source)
    _loaded[str(file)] = digest, module, str(path)
    return module


def loaded_files() -> tuple[str, ...]:
    """Paths of all files that were read so far, as the user wrote them, in their order.

    So a worker, which stands in the same folder, tells of an error where the user looks for it.
    """
    return tuple(path for _, _, path in _loaded.values())


def _executed(path: Path, file: Path, source: bytes) -> ModuleType:
    module = ModuleType(f"{PREFIX}{file.stem}_{zlib.crc32(str(file).encode()):08x}")
    module.__file__ = str(path)
    # Dataclasses and pickle look a class's module up by name.
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except (Exception, SystemExit) as e:
        del sys.modules[module.__name__]
        raise InputError(f"{path}: failed when read: {type(e).__name__}: {e}") from e
    return module


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise InputError(f"{path}: cannot be read ({e.strerror}); expected a Python file") from e
