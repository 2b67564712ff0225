"""How large and how plain the package is, at one commit or two.

    python scripts/measure_house.py [REF] [--twice]

Prints files, lines, lengths of functions, names that mean two things, casts, cycles of imports and
the files that a posted price and a report pass through; with REF, those of that commit beside
them. `--twice` also lists every name that is used twice. The walks are those of
docs/architecture.md, followed by hand there; here only their files are counted.
"""

import argparse
import ast
import io
import re
import statistics
import subprocess
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import final

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/catallax")
WALKS = ROOT / "docs" / "architecture.md"
CRUMB = 40  # lines below which a file needs a reason


@final
@dataclass(frozen=True)
class House:
    """What was counted.

    files     : Python files of the package
    lines     : in them, blank ones and comments too
    core      : lines outside `labs`
    crumbs    : files under 40 lines, without `__init__`
    median    : lines of a function
    longest   : lines of the longest function, kernels aside
    twice     : names that two or more classes or aliases of modules have
    casts     : calls of `cast`
    ignored   : comments that silence the type checker
    cycles    : groups of modules that import each other, at import or later
    """

    files: int
    lines: int
    core: int
    crumbs: int
    median: float
    longest: int
    twice: int
    casts: int
    ignored: int
    cycles: int


def main() -> None:
    """Print the count of the working tree, and of REF beside it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("ref", nargs="?", help="a commit to compare with")
    parser.add_argument("--twice", action="store_true", help="list the names that are used twice")
    asked = parser.parse_args()
    found = {"now": count(ROOT / PACKAGE)}
    if asked.ref:
        with tempfile.TemporaryDirectory() as folder:
            found = {asked.ref: count(unpack(asked.ref, Path(folder)) / PACKAGE), **found}
    print_table(found)
    for walk, files in walks(WALKS.read_text(encoding="utf-8")).items():
        print(f"{walk}: {len(files)} files")
    if asked.twice:
        for name, places in sorted(names_used_twice(ROOT / PACKAGE).items()):
            print(f"{name}: {', '.join(places)}")


def unpack(ref: str, folder: Path) -> Path:
    """The tree of a commit, unpacked into the folder."""
    packed = subprocess.run(
        ["git", "archive", ref, "src"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def print_table(found: Mapping[str, House]) -> None:
    """One line a count, one column a tree."""
    print(f"{'':12}" + "".join(f"{name[:12]:>14}" for name in found))
    for field in fields(House):
        values = [getattr(house, field.name) for house in found.values()]
        print(f"{field.name:12}" + "".join(f"{value:14,.10g}" for value in values))


def count(package: Path) -> House:
    """Everything that is counted of a tree."""
    trees = parsed(package)
    texts = {path: path.read_text(encoding="utf-8") for path in trees}
    lines = {path: len(text.splitlines()) for path, text in texts.items()}
    lengths = [length for tree in trees.values() for length in lengths_of_functions(tree)]
    return House(
        files=len(trees),
        lines=sum(lines.values()),
        core=sum(n for p, n in lines.items() if "labs" not in p.relative_to(package).parts),
        crumbs=sum(n < CRUMB for p, n in lines.items() if not p.name.startswith("__")),
        median=statistics.median(lengths),
        longest=max(lengths),
        twice=len(names_used_twice(package)),
        casts=sum(len(re.findall(r"\bcast\(", text)) for text in texts.values()),
        ignored=sum(text.count("# type: ignore") for text in texts.values()),
        cycles=len(cycles(imports(trees, package))),
    )


def parsed(package: Path) -> dict[Path, ast.Module]:
    """The syntax tree of every file."""
    paths = sorted(package.rglob("*.py"))
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def lengths_of_functions(tree: ast.Module) -> Iterator[int]:
    """Lines of each function's code, without its docstring; kernels and inner ones aside."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_kernel(node):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield 1 if not body else (node.end_lineno or 0) - body[0].lineno + 1


def _is_kernel(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        "kernel" in ast.unparse(d) or "inline" in ast.unparse(d) for d in node.decorator_list
    )


def names_used_twice(package: Path) -> dict[str, list[str]]:
    """Name -> the modules in which it is a class or an alias of a type, where there are several."""
    found = defaultdict(list)
    for path, tree in parsed(package).items():
        for name in names_of_types(tree):
            found[name].append(str(path.relative_to(package).with_suffix("")))
    return {name: places for name, places in found.items() if len(places) > 1}


def names_of_types(tree: ast.Module) -> Iterator[str]:
    """Classes at the top of a module, and what an assignment there calls a type."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name.lstrip("_")
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
            names = [t.id for t in node.targets if isinstance(t, ast.Name)]
            yield from (n for n in names if re.fullmatch(r"_?[A-Z][a-z]\w*", n))


def imports(trees: Mapping[Path, ast.Module], package: Path) -> dict[str, set[str]]:
    """Module -> modules of the package that it imports, wherever in it."""
    known = {_module(path, package) for path in trees}
    found: dict[str, set[str]] = {}
    for path, tree in trees.items():
        wanted = set[str]()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                wanted |= (inner & known) or ({node.module} & known)
        found[_module(path, package)] = wanted - {_module(path, package)}
    return found


def _module(path: Path, package: Path) -> str:
    words = (package.name, *path.relative_to(package).with_suffix("").parts)
    return ".".join(words).removesuffix(".__init__")


def cycles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Groups of modules each of which reaches every other of its group."""
    reached = {start: _reachable(graph, start) for start in graph}
    found: list[set[str]] = []
    for start in graph:
        group = {other for other in reached[start] if start in reached[other]} | {start}
        if len(group) > 1 and group not in found:
            found.append(group)
    return found


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen, left = set[str](), [*graph[start]]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += graph[name]
    return seen


def walks(text: str) -> dict[str, list[str]]:
    """Title of a walk -> the files that it names, once each, in their order."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^### (?=The walk of )", text, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        body = re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]
        found[title] = list(dict.fromkeys(re.findall(r"`([\w/]+\.py)`", body)))
    return found


if __name__ == "__main__":
    main()
