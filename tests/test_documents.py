"""The documents are true: their examples run, their links lead somewhere, their commands exist.

Every ```python block of README.md and docs/*.md is run, a document's blocks in order in one
namespace; then every line of its ```console and ```bash blocks that begins with `catallax`, in the
same folder and process, where all warnings are errors; the README's first goes through the
installed command. What the README shows too is run for the README alone. A block written as

    ```python title="mine.py"

is also saved under that name first, so that a command may use it. A block is left out only with
its reason on the line before:

    <!-- no-run: opens a page and waits for the reader -->
"""

import json
import re
import shlex
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAPERS = [README, *sorted(ROOT.glob("docs/*.md"))]
TIMEOUT = 300

# Commands that take minutes or wait for a reader: a document may show them without running them.
LONG = {"claims", "frontier", "lab", "sweep", "tune", "validate"}

# Small runs are done before processes of their own have begun, and have the same bits without
# them (tests/apps/test_cli.py); in the README `compare` is left its processes, as a reader has
# them.
ALONE = {"frontier", "run", "sweep", "value-of-information"}
COMPARE = "compare"

# To begin takes longer than most of what the documents show.
IN_TURN = """
import json, runpy, sys

example, asked = sys.argv[1], json.loads(sys.argv[2])
if example:
    runpy.run_path(example, run_name="__main__")

from catallax.apps.cli import main

for words in asked:
    print("catallax", *words, flush=True)
    try:
        main(words)
    except SystemExit as ended:
        if ended.code:
            raise
"""

OPT_OUT = re.compile(r"<!--\s*no-run\s*:?(?P<reason>.*?)-->")
FENCE = re.compile(r"^(?P<fence>```+|~~~+)[ ]*(?P<language>[\w+-]*)[ ]*(?P<options>.*)$")
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its first line's number, its text and why it is not run, if it is not."""

    language: str
    title: str | None
    line: int
    text: str
    no_run: str | None


def blocks(text: str) -> list[Block]:
    """All fenced blocks of a document."""
    found, lines, at = [], text.splitlines(), 0
    while at < len(lines):
        opening = FENCE.match(lines[at])
        at += 1
        if opening is None:
            continue
        first = at
        while at < len(lines) and lines[at].rstrip() != opening["fence"]:
            at += 1
        opt_out = OPT_OUT.search(lines[first - 2]) if first >= 2 else None
        title = re.search(r'title="([^"]+)"', opening["options"])
        found.append(
            Block(
                language=opening["language"],
                title=title[1] if title else None,
                line=first + 1,
                text="\n".join(lines[first:at]) + "\n",
                no_run=opt_out["reason"].strip() if opt_out else None,
            )
        )
        at += 1
    return found


def script(document: list[Block]) -> str:
    """The Python of a document as one file, each line where it stands in the document."""
    lines: list[str] = []
    for block in document:
        if block.language == "python" and block.no_run is None:
            lines += [""] * (block.line - 1 - len(lines)) + block.text.splitlines()
    return "".join(f"{line}\n" for line in lines)


def commands(block: Block) -> list[list[str]]:
    """The `catallax` lines of a shell block, each split as a shell would."""
    if block.language not in {"bash", "console"}:
        return []
    lines = block.text.replace("\\\n", " ").splitlines()
    words = [
        shlex.split(line.removeprefix("$ "), comments=True) for line in lines if _is_ours(line)
    ]
    return [split for split in words if split]


def _is_ours(line: str) -> bool:
    return line.removeprefix("$ ").split(" ")[0] == "catallax"


def ours(document: list[Block]) -> list[list[str]]:
    """The commands of a document that are run."""
    return [words for block in document if block.no_run is None for words in commands(block)]


def alone(words: list[str], paper: Path) -> list[str]:
    """A command's words without its name, with its runs in one process where that is quicker."""
    quicker = ALONE if paper == README else {*ALONE, COMPARE}
    here = [] if words[1] not in quicker or "--workers" in words else ["--workers", "0"]
    return [*words[1:], *here]


def elsewhere(paper: Path) -> list[list[str]]:
    """Commands that the README runs; it leaves no files, so they mean the same in any folder."""
    return [] if paper == README else ours(read(README))


def read(paper: Path) -> list[Block]:
    """The blocks of a document; none if it is not there, which another test reports."""
    return blocks(paper.read_text(encoding="utf-8")) if paper.exists() else []


def in_turn(asked: list[list[str]], folder: Path, example: str = "") -> None:
    """Run a file of Python and commands of ours in one process where warnings are errors.

    Fails with what they printed up to the one that fails.
    """
    begin = [sys.executable, "-W", "error", "-c", IN_TURN]
    run([*begin, example, json.dumps(asked)], folder, TIMEOUT * (1 + len(asked)))


def run(command: list[str | Path], folder: Path, timeout: float = TIMEOUT) -> None:
    """Run a command in a folder; fail with what it printed."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    shown = " ".join(str(word) for word in command)
    assert done.returncode == 0, f"{shown}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_the_examples_of_a_document_run(paper: Path, tmp_path: Path):
    document = read(paper)
    for block in document:
        if block.title is not None:
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")
    if source := script(document):
        (tmp_path / f"{paper.stem}.py").write_text(source, encoding="utf-8")
    done = elsewhere(paper)
    asked = [alone(words, paper) for words in ours(document) if words not in done]
    if paper == README:
        installed = Path(sysconfig.get_path("scripts")) / "catallax"
        run([installed, *asked.pop(0)], tmp_path)
    if source or asked:
        in_turn(asked, tmp_path, f"{paper.stem}.py" if source else "")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_what_is_not_run_says_why(paper: Path):
    document = read(paper)
    text = paper.read_text(encoding="utf-8") if paper.exists() else ""
    outside = re.sub(r"(?ms)^```.*?^```$", "", text)
    written = OPT_OUT.findall(outside)
    assert all(reason.strip() for reason in written), "an opt-out without a reason"
    used = [block for block in document if block.no_run is not None]
    assert len(used) == len(written), "an opt-out must stand on the line before its block"


def test_the_readme_runs_its_main_commands():
    document = read(README)
    shown = {words[1] for block in document for words in commands(block) if len(words) > 1}
    ran = {words[1] for words in ours(document) if len(words) > 1}
    assert all(block.title is None for block in document), "its commands are run for others too"
    assert "run" in ran, "README.md must show `catallax run ...` and let it be run"
    assert shown - ran <= LONG
    assert any(block.language == "python" and block.no_run is None for block in document)


@pytest.mark.parametrize("paper", [*PAPERS, ROOT / "CONTRIBUTING.md"], ids=lambda paper: paper.name)
def test_links_to_files_lead_somewhere(paper: Path):
    for match in LINK.finditer(paper.read_text(encoding="utf-8")):
        target = match["target"].split("#")[0]
        if target and "://" not in target and not target.startswith("mailto:"):
            assert (paper.parent / target).exists(), f"{paper.name} links to {target}"


def test_the_documented_test_command_is_the_one_that_ci_runs():
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("pip install")
    for paper in (README, ROOT / "CONTRIBUTING.md"):
        assert last in paper.read_text(encoding="utf-8").splitlines(), f"{paper.name}: {last}"


SAMPLE = """\
```python
x = 1
```
<!-- no-run: takes an hour -->
```console
$ catallax frontier
```
```python title="mine.py"
y = x + 1
```
```console
$ catallax run tin \\
    --seeds 2  # two are enough here
tin  0.98
$ catallaxy is another word
```
```text
catallax run nothing
```
"""


def test_blocks_are_found_with_their_language_title_and_reason():
    found = blocks(SAMPLE)
    assert [block.language for block in found] == ["python", "console", "python", "console", "text"]
    assert [block.no_run for block in found] == [None, "takes an hour", None, None, None]
    assert found[2].title == "mine.py"


def test_python_keeps_its_line_numbers():
    lines = script(blocks(SAMPLE)).splitlines()
    assert [lines.index("x = 1"), lines.index("y = x + 1")] == [1, 8]
    assert SAMPLE.splitlines()[8] == "y = x + 1"


def test_only_our_own_commands_are_run():
    found = [words for block in blocks(SAMPLE) for words in commands(block)]
    assert found == [["catallax", "frontier"], ["catallax", "run", "tin", "--seeds", "2"]]


def test_small_runs_are_done_in_one_process_and_comparisons_as_they_stand():
    two = ["--workers", "2"]
    for paper in PAPERS:
        assert alone(["catallax", "run", "tin"], paper) == ["run", "tin", "--workers", "0"]
        assert alone(["catallax", "run", "tin", *two], paper) == ["run", "tin", *two]
    assert alone(["catallax", COMPARE], README) == [COMPARE]
    assert alone(["catallax", COMPARE], PAPERS[1]) == [COMPARE, "--workers", "0"]
    assert COMPARE in {words[1] for words in ours(read(README)) if len(words) > 1}


def test_an_example_that_warns_fails(tmp_path: Path):
    (tmp_path / "warns.py").write_text("import warnings\nprint(1)\nwarnings.warn('old')\n")
    with pytest.raises(AssertionError, match=r"(?s)warns.py.*line 3.*UserWarning: old"):
        in_turn([["list"]], tmp_path, "warns.py")


def test_a_command_that_fails_among_others_fails(tmp_path: Path):
    in_turn([["list"], ["--version"]], tmp_path)
    with pytest.raises(AssertionError, match="unknown name 'efficency'"):
        in_turn([["list"], ["explain", "efficency"], ["--version"]], tmp_path)


def test_the_walks_of_the_architecture_name_files_and_functions_that_are_there() -> None:
    """A path is one of the package or of the production economy; a name behind it is in it."""
    package = ROOT / "src" / "catallax"
    economy = package / "domains" / "production"
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    text = text.partition("## Three walks")[2]
    named = re.findall(r"`(P/)?([\w/]+\.(?:py|toml))`(?::\s+`(\w+)`)?", text)
    assert len(named) > 40
    for inner, path, name in named:
        places = [economy / path] if inner else [economy / path, package / path]
        found = [place for place in places if place.is_file()]
        assert found, path
        assert not name or re.search(rf"\bdef {name}\(", found[0].read_text("utf-8")), (path, name)
