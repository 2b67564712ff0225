"""Where a number comes from: hashes of plain values, versions of packages, hashes of sources."""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

LETTERS = 16  # of a hash that people compare: 64 bits
PACKAGES = ("catallax", "numba", "numpy", "scipy")
SUFFIXES = (".py", ".csv", ".toml")  # of sources
SILENT = {"records", "pages"}  # folders that decide no number
OWN = "catallax"


def hash_of(plain: Mapping[str, Any] | Sequence[Any]) -> str:
    """The hash of JSON-ready values: equal values have equal hashes, on every machine.

    Keys count without their order, and -0.0 is 0.0. Raises TypeError for what JSON does not know.
    """
    text = json.dumps(plain, sort_keys=True)
    if "-0.0" in text:
        text = json.dumps(_drop_signs_of_zero(plain), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]


def _drop_signs_of_zero(plain: Any) -> Any:
    """The same values with 0.0 for -0.0."""
    if isinstance(plain, Mapping):
        return {key: _drop_signs_of_zero(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_drop_signs_of_zero(value) for value in plain]
    return 0.0 if isinstance(plain, float) and plain == 0.0 else plain


def bytes_hash(parts: Iterable[bytes]) -> str:
    """The hash of bytes, one after the other."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()[:LETTERS]


def versions() -> dict[str, str]:
    """Versions of Python, this package and the packages that results depend on, by name."""
    return dict(_read_versions())


@cache
def _read_versions() -> tuple[tuple[str, str], ...]:
    found = {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    return tuple(sorted(found.items()))


@cache
def code_digest(sources: tuple[str, ...]) -> str:
    """Hash of the sources of some packages and modules, by their dotted names.

    It changes with every edit of a file in them. Ends of lines do not count, so that a checkout
    on Windows has the same hash.

    Raises ModuleNotFoundError for a name that is not a module.
    """
    whole = hashlib.sha256()
    for name in sorted(set(sources)):
        for path in sorted(_files_of(name)):
            whole.update(f"{name}/{path.name}\n".encode())
            whole.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()[:16]


def _files_of(name: str) -> Iterable[Path]:
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"no module called {name!r}")
    if spec.submodule_search_locations is None:
        return [Path(str(spec.origin))]
    folders: Sequence[str] = spec.submodule_search_locations
    return [p for folder in map(Path, folders) for p in folder.rglob("*") if _decides(p, folder)]


def _decides(path: Path, package: Path) -> bool:
    return path.suffix in SUFFIXES and not SILENT & set(path.relative_to(package).parts[:-1])
