"""The domain stands on the protocol alone, and its instruments on less."""

import ast
from pathlib import Path

import pytest

import catallax.domains.prices_quantities as domain

FOLDER = Path(domain.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))
OURS = "catallax.domains.prices_quantities"
BELOW = ("catallax.arrays", "catallax.errors", "catallax.protocol", "catallax.streams")


def imported(path: Path) -> set[str]:
    """Modules of the package that a file imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("catallax")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_imports_the_protocol_and_the_folder_alone(path: Path) -> None:
    others = {m for m in imported(path) if not m.startswith((OURS, *BELOW))}
    assert not others


def test_its_pages_use_the_kit_of_all_pages_and_nothing_of_another_domain() -> None:
    kit = (*BELOW, "catallax.show", "catallax.study")
    files = sorted((FOLDER / "pages").glob("*.py"))
    assert files
    for path in files:
        assert not {m for m in imported(path) if not m.startswith((OURS, *kit))}, path.name


def test_instruments_see_neither_the_contract_nor_the_run() -> None:
    reached, left = set(), {f"{OURS}.mechanisms"}
    while left:
        module = left.pop()
        reached.add(module)
        new = {m for m in imported(FOLDER / f"{module.rpartition('.')[2]}.py") if OURS in m}
        left |= new - reached
    assert reached == {f"{OURS}.{name}" for name in ("mechanisms", "band", "curves")}


def test_no_other_part_of_the_package_knows_the_domain() -> None:
    package = FOLDER.parents[1]
    knows = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if FOLDER not in path.parents and "prices_quantities" in path.read_text(encoding="utf-8")
    }
    assert knows == {"protocol/registry.py", "renamed.py"}  # the latter its old names
