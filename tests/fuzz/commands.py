"""Specs of sweeps, and options of commands: good pieces, wrong ones, and odd ones in between."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import final

from hypothesis import strategies as st

from catallax.execute.store import Store
from tests.fuzz.hunting import Kind, Pieces
from tests.fuzz.said import check_sane, command

GOOD, ODD, WRONG = "good", "odd", "wrong"
HUGE = "9" * 400
LONG = "0x" + "9" * 5000  # more digits than Python writes


@final
@dataclass(frozen=True)
class Line:
    """A line of a spec, or some words of a command.

    part : table of the spec that it stands in; "" for none
    text : what it says
    is_  : GOOD, ODD (fine or not) or WRONG
    """

    part: str
    text: str
    is_: str

    def __repr__(self) -> str:
        return f"<{self.part or 'top'}: {self.text!r} {self.is_}>"


def lines(part: str, key: str, good: str, wrong: str, odd: str = "") -> st.SearchStrategy[Line]:
    """One line of a key; values are divided by bars, and good ones are as likely as all others."""
    each = {GOOD: good, WRONG: wrong, ODD: odd}
    return st.one_of(
        *(
            st.sampled_from([Line(part, f"{key} = {v.strip()}", is_) for v in values.split("|")])
            for is_, values in each.items()
            if values
        )
    )


TOP = [
    lines(
        "",
        "mechanisms",
        '["save"] | ["save", "spend"] | ["save:share=0.5"]',
        '"save" | ["svae"] | ["save", "save"] | [1] | ["save:share=nan"] | ["save:shar=1"] | '
        '["save:share=1e999"] | [["save"]] | ["save:"] | [""] | ["nowhere.py"] | {} | ["/"]',
        '[] | ["save:share=2"] | ["save:share=-0.0"] | ["save:share=1e-300"]',
    ),
    lines(
        "",
        "seeds",
        '2 | "3" | "1-2" | [1, 4]',
        f'0 | -1 | "a" | {LONG} | [] | [1, 1] | 1.5 | "" | "0-{HUGE}" | "{HUGE}" | [-1] | [1.5] | '
        f'true | "2-1" | "1,1" | {{}} | [{HUGE}, {HUGE}]',
    ),
    lines("", "design", '"grid"', '"gird" | 3 | [] | "latin" | "sobol" | ""'),
    lines("", "samples", "0", f"4 | -1 | {HUGE} | {LONG} | 0.5 | true"),
    lines("", "seed", "0 | 7", '-1 | 0.5 | "a" | [1]'),
    lines("", "name", '"a" | "ä b"', "3 | [] | {}", '"" | "../x" | "\\u0000"'),
    lines(
        "", "experiment", '"tiny.py"', '"tiny" | "tinn.py" | 3 | "" | ["tiny.py"] | "." | "\\u0000"'
    ),
    lines("", "nonsense", "0", "1").map(lambda line: Line(line.part, line.text, WRONG)),
]
CONTRACT = [
    lines(
        "contract",
        "weeks",
        "7",
        f'-1 | 0 | 101 | 1.5 | true | "7" | nan | {HUGE} | {LONG} | [7] | {{}}',
    ),
    lines("contract", "rate", "0.5 | 0", f'-0.1 | 1.1 | nan | inf | "x" | 1e999 | {HUGE}', "-0.0"),
    lines("contract", "plan", "true | false", '1 | "true" | 0.0'),
    lines("contract", "rte", "1", "2").map(lambda line: Line(line.part, line.text, WRONG)),
]
AXES = [
    lines(
        "axes",
        "rate",
        "[0.1] | [0.1, 0.2] | {low = 0.1, high = 0.2, count = 3}",
        '[] | 0.1 | ["x"] | [nan] | [0.1, 0.1] | [2.0] | '
        f"{{low = 0.1, high = 0.2, count = {HUGE}}} | "
        "{low = 0.1, high = 0.2, count = 1000000000} | {low = 0.2, high = 0.1, count = 2} | "
        "{low = 0.1, high = 0.2, count = 2.5} | {low = 0.1} | {low = 0.1, high = 0.2} | "
        "{low = 0.1, high = inf, count = 2} | {low = 0.1, high = 0.2, count = -1} | [[0.1]] | "
        "{low = 0.0, high = 0.2, count = 3, log = true} | [true] | [0.0, -0.0]",
        "[1e-300] | [-0.0] | [0.1, 1e-10]",
    ),
    lines("axes", "weeks", "[5, 6] | {low = 2, high = 4, count = 9}", "[0] | [5.5] | [true]"),
    lines("axes", "plan", "[true, false]", '[1] | {low = 0, high = 1, count = 2} | ["true"]'),
    lines("axes", '"save:share"', "[0.1, 0.2]", '["x"] | [nan] | []', "[2.0] | [-0.0]"),
    lines("axes", "share", "[1]", "[2]").map(lambda line: Line(line.part, line.text, WRONG)),
]


@st.composite
def specs(draw: st.DrawFn) -> list[Line]:
    """Some lines, each of another key, and mostly what else a sweep needs."""
    found = [
        draw(strategy)
        for part, most in ((TOP, 3), (CONTRACT, 2), (AXES, 2))
        for strategy in draw(st.permutations(part))[: draw(st.integers(0, most))]
    ]
    keys = {line.text.partition(" = ")[0] for line in found}
    needed = {"experiment": '"tiny.py"', "seeds": "2"}
    return [Line("", f"{k} = {v}", GOOD) for k, v in needed.items() if k not in keys] + found


def text_of(pieces: Pieces) -> str:
    parts = {part: [p.text for p in pieces if p.part == part] for part in ("", "contract", "axes")}
    tables = [
        f"[{part}]\n" + "\n".join(parts[part]) for part in ("contract", "axes") if parts[part]
    ]
    return "\n".join([*parts[""], *tables, ""])


def play_spec(pieces: Pieces, folder: Path) -> None:
    """A sweep is done whole and told so, or refused before anything is written."""
    (folder / "spec.toml").write_text(text_of(pieces))
    words = ["sweep", "spec.toml", "--workers", "0", "--json"]
    said = command(words, folder)
    check_sane(said, text_of(pieces))
    wrong = [piece for piece in pieces if piece.is_ == WRONG]
    if wrong:
        assert said.code == 2, f"accepted {wrong}"
    if said.code == 2:
        assert not said.left, f"refused, and yet left {sorted(said.left)}"
        assert any(p.is_ != GOOD for p in pieces), f"refused what is right: {said.err}"
        return
    told = json.loads(said.out)
    rows = Store(folder / "spec.runs").rows()
    assert len({row.key for row in rows}) == told["runs"] > 0
    assert all(row.completed or row.reason for row in rows)
    again = json.loads(command(words, folder).out)
    assert again["new"] == 0, "what was there is run again"
    assert again["runs"] == told["runs"]


@st.composite
def torn_specs(draw: st.DrawFn) -> list[Line]:
    """A spec of which some letters are other ones."""
    text = list(text_of([piece for piece in draw(specs()) if piece.is_ == GOOD]))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        text[at : at + draw(st.integers(0, 3))] = draw(
            st.sampled_from(["", "[", "]", "{", '"', "\x00", "=", "\n", ".", "-", "e9", "é", "[["])
        )
    return [Line("", "".join(text), ODD)]


SPECS = Kind("specs", st.one_of(specs(), specs(), torn_specs()), play_spec, 0.12)

# ---------------------------------------------------------------- options


def words(good: str, wrong: str = "", odd: str = "") -> st.SearchStrategy[Line]:
    """Some words; choices are divided by bars, words by blanks, and _ is an empty word."""
    each = {GOOD: good, WRONG: wrong, ODD: odd}
    return st.one_of(
        *(
            st.sampled_from([Line("", v.strip(), is_) for v in choices.split("|")])
            for is_, choices in each.items()
            if choices
        )
    )


SEEDS = words(
    "--seeds 2 | --seeds 1,3 | --seeds 4-5",
    f"--seeds x | --seeds -1 | --seeds 0 | --seeds 1.5 | --seeds _ | --seeds 1,1 | --seeds 3-1 | "
    f"--seeds 0-{HUGE} | --seeds {HUGE} | --seds 2 | --seeds | --seeds ²",
)
RUN = [
    SEEDS,
    words(
        "--set rate=0.2 | --set weeks=5 | --set plan=false",
        "--set rate | --set rate=x | --set rate=nan | --set =1 | --set rte=1 | --set weeks=1.5 | "
        "--set rate=2 | --set plan=perhaps | --set weeks=0 | --set rate=1e999 | "
        f"--set weeks={HUGE}",
        "--set rate=-0.0 | --set rate=1e-300",
    ),
    words(
        "--mechanisms save | --mechanisms save,spend | --mechanisms save:share=0.3",
        "--mechanisms sve | --mechanisms _ | --mechanisms save,save | --mechanisms save:x | "
        "--mechanisms save:share=x | --mechanisms save, | --mechanisms nowhere.py | "
        "--mechanisms .",
        "--mechanisms save:share=7",
    ),
    words("--json", "--jsn"),
    words("--workers 0", "--workers -1 | --workers x | --workers 1.5 | --workers 99999"),
    words("--store kept", "--store tiny.py | --store _ | --store /dev/null/kept"),
    words("--out out", "--out tiny.py | --out /dev/null/out"),
    words("--quiet", "--quite"),
    words("", "another | --nonsense 3 | tiny.py"),
]
SHOW = [
    words("--by label | --by rate", "--by lable | --by _x"),
    words("--measures wealth", "--measures welth"),
    words(
        "--where label=save", "--where label | --where =save | --where lable=save | --where seed=77"
    ),
    words("--json", "--jsn"),
    words("--to some.csv | --to some.parquet", "--to some.xlsx | --to /dev/null/some.csv"),
]
TELL = [
    words("list", "lst"),
    words("explain score | explain market", "explain scroe", "explain | explain save"),
    words("--help | --version", "--hlep"),
]
PLAIN = ("--workers 0", "--quiet")


@st.composite
def options(draw: st.DrawFn) -> list[Line]:
    """A command with some options, each of them once."""
    start, rest = draw(
        st.sampled_from([("run tiny.py", RUN), ("run tiny.py", RUN), ("results done.runs", SHOW)])
    )
    found = [draw(s) for s in draw(st.permutations(rest))[: draw(st.integers(1, 4))]]
    found = [line for line in found if line.text]
    return [Line("", start, GOOD), *found]


def play_options(pieces: Pieces, folder: Path) -> None:
    """A command does as it is told, or refuses in one line and leaves nothing."""
    given = " ".join(piece.text for piece in pieces)
    if given.startswith("results"):
        _done(folder)
    if given.startswith("run"):
        given += "".join(f" {o}" for o in PLAIN if o.split()[0] not in given)
    said = command(["" if word == "_" else word for word in given.split()], folder)
    check_sane(said, given)
    wrong = [piece for piece in pieces if piece.is_ == WRONG]
    if wrong:
        assert said.code == 2, f"accepted {wrong}"
    if said.code == 2:
        assert not said.left, f"refused, and yet left {sorted(said.left)}"
        assert any(p.is_ != GOOD for p in pieces), f"refused what is right: {said.err}"
    elif "--json" in given:
        json.loads(said.out)


def _done(folder: Path) -> None:
    """A folder of runs."""
    (folder / "done.toml").write_text('experiment = "tiny.py"\nseeds = 2\n[axes]\nrate = [0, 1]\n')
    assert command(["sweep", "done.toml", "--workers", "0", "--quiet"], folder).code == 0


OPTIONS = Kind(
    "options",
    st.one_of(options(), options(), st.one_of(TELL).map(lambda line: [line])),
    play_options,
    0.12,
)
