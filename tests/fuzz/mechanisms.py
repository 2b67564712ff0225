"""Mechanisms of a user's own: honest parts, broken ones, and odd ones in between.

A file is put together from parts. Each says what is to come of it when a run first gets there, so
the whole has to end as the first part does that is wrong: with an error, or with a rule of nature
that was broken.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import final

import numpy as np
from hypothesis import strategies as st

from catallax.protocol import userfile
from tests.fuzz.hunting import Kind, Pieces
from tests.fuzz.said import Said, check_ended, command

FINE, ODD, BREAKS, STOPS = "fine", "odd", "breaks", "stops"
LATE = 2  # week in which late parts are wrong

FILE = """
import sys
from dataclasses import dataclass
import numpy as np
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Table

class Own(BaseException):
    pass

class Odd(Exception):
    def __init__(self, one, two):
        super().__init__("odd")

{top}

@dataclass(frozen=True)
class Rows(Agents):
    share: object = {setting}

    def start(self, view):
{start}
    def report(self, view, said):
{report}
    def act(self, view, done):
        ask = view.inbox.value.link["ask"] * 1.0
{act}

class Office(Centre):
    def start(self, public, rng):
{begin}
    def decide(self, heard, t, memory):
{decide}

def mechanism():
{maker}
"""
STAGES = ("top", "maker", "setting", "start", "begin", "report", "decide", "act")
"""Parts of a file in the order in which a run gets to them."""
HONEST = {
    "top": "",
    "maker": 'return Mechanism("mine", Rows(), Office())',
    "setting": "1.0",
    "start": 'return Table({"id": view.draw("id")}), Table({"id": view.draw("id")})',
    "begin": "return []",
    "report": 'return Table({"stock": view.seen.row["stock"] + 0.0}), said',
    "decide": "return None, memory",
    "act": "return Act(ask), done",
}


@final
@dataclass(frozen=True)
class Part:
    """What stands in one place of a file.

    stage : one of `STAGES`
    text  : lines, without the indentation of their place
    is_   : FINE, ODD (fine or not), BREAKS (by itself) or STOPS (a rule of nature is broken)
    late  : whether the honest lines stand in its place until week `LATE`
    """

    stage: str
    text: str
    is_: str
    late: bool = False

    def __repr__(self) -> str:
        return f"<{self.stage}{' late' * self.late}: {self.text!r} {self.is_}>"

    @property
    def lines(self) -> str:
        """What stands in the file."""
        if self.stage in ("top", "setting"):
            return self.text
        week = "t" if self.stage == "decide" else "view.t"
        before = f"if {week} < {LATE}:\n    {HONEST[self.stage]}\n" if self.late else ""
        return indent(
            f"{before}{dedent(self.text).strip()}\n", " " * (4 + 4 * (self.stage != "maker"))
        )

    @property
    def moment(self) -> tuple[bool, int]:
        """When a run gets to it: the sooner, the smaller."""
        return self.late, STAGES.index(self.stage)


def parts(stage: str, **texts: str) -> list[Part]:
    """Parts of a stage by what they are; one is a line, and bars divide those of one kind."""
    return [
        Part(stage, text.strip().replace("; ", "\n"), is_)
        for is_, every in texts.items()
        for text in every.strip("\n").split("\n")
        if text.strip()
    ]


RAISES = """
raise ValueError("no")
raise Own("no")
raise Odd(1, 2)
raise StopIteration
raise MemoryError
sys.exit(0)
sys.exit("bye")
raise SystemExit
1 / 0
assert False
nowhere
raise type("\\x00é\\n", (Exception,), {})("\\n\\n[red]\\udcff")
raise ExceptionGroup("several", [ValueError("one"), Own])
raise RuntimeError("x" * 100_000)
raise ValueError("one") from Own("two")
"""
FORMS = """
return
return 3
return "two"
return None, None, None
return []
yield 1
return (x for x in ())
"""
WRITES = """
view.seen.row["stock"][:] = 1.0
view.facts.row["z"] *= 2.0
view.seen.link["held"].setflags(write=True)
view.inbox.value.link["ask"][0] = 1.0
view.rows.kind[:] = 0
view.t = 3
view.draw("luck")[0] = 1.0; view.seen.row["stock"].resize(3)
np.copyto(view.seen.row["cash"], 1e9)
view.seen.row["orders"].sort()
np.multiply(ask, 2.0, out=view.inbox.value.link["ask"])
"""
MAILED = """
return {first}({{"z": np.ones(3)}}), {second}
return {first}({{"z": np.ones((view_n, 1))}}), {second}
return {first}({{"z": 1.0}}), {second}
return {first}({{"z": [1.0] * view_n}}), {second}
return {first}({{"z": np.array("x")}}), {second}
return {first}({{"z": np.full(view_n, 1j)}}), {second}
return {first}({{"z": np.full(view_n, None)}}), {second}
return {first}({{"z": np.full(view_n, "z")}}), {second}
return {first}({{"z": np.ones(view_n, "g")}}), {second}
return {first}({{"z": np.ones(view_n, "M8[s]")}}), {second}
return {first}({{"z": np.ma.ones(view_n)}}), {second}
return {first}({{"z": np.broadcast_to(1.0, (10**14,))}}), {second}
return {first}({{"pryce": np.ones(view_n)}}), {second}
return {first}({{3: np.ones(view_n)}}), {second}
return {first}({{None: np.ones(view_n)}}), {second}
return {first}({{("z",): np.ones(view_n)}}), {second}
return {first}({{"\\x00é\\n": np.ones(view_n)}}), {second}
return {first}({{"z" * 100_000: np.ones(view_n)}}), {second}
return {first}({{}}, {{"ask": np.ones(1)}}), {second}
return {first}({{}}, {{"z": np.ones(1)}}), {second}
return {{}}, {second}
return 3, {second}
return {first}, {second}
return {first}(3), {second}
return {first}(None), {second}
"""
SAID = """
return {first}({{"z": np.full(view_n, np.nan)}}), {second}
return {first}({{"z": np.ones(view_n, int)}}), {second}
return {first}({{"z": np.ones(view_n, bool)}}), {second}
return {first}({{"z": np.ones(view_n, "f4")}}), {second}
return {first}({{"z": np.ones(view_n, ">f8")}}), {second}
return {first}({{"z": np.ones(2 * view_n)[::2]}}), {second}
return {first}({{"z": np.broadcast_to(1.0, (view_n,))}}), {second}
return {first}(), {second}
return {first}({{"z": np.zeros(view_n)}}), {second}
return {first}({{"z": -np.ones(view_n)}}), {second}
return {first}({{"z": np.full(view_n, np.inf)}}), {second}
return {first}({{"z": np.full(view_n, 1e308)}}), {second}
return {first}({{"z": np.full(view_n, 5e-324)}}), {second}
"""


def mailed(text: str, second: str, size: str) -> str:
    """Answers that are mail, and the memory beside it."""
    return text.format(first="Table", second=second).replace("view_n", size)


TOP = parts(
    "top",
    fine="""
print("hello")
import warnings; warnings.warn("hm")
import logging; logging.getLogger().warning("hm")
sys.stderr.write("catallax? ")
"ein Wort"
""",
    breaks=RAISES
    + """
import nowhere_at_all
x = (
def f(:
\x00
x = '\udcff'
def f(): f(); f()
from catallax.domains.production.mechanisms import Agent
raise Own
""",
    odd="""
np.seterr(all="raise")
np.random.seed(3)
Act = 3
""",
)
MAKER = parts(
    "maker",
    breaks=RAISES
    + FORMS
    + """
return Mechanism
return Mechanism("mine")
return Rows()
return "market"
return mechanism()
return Mechanism("mine", None, Office())
return Mechanism("mine", Rows, Office())
return Mechanism("mine", Office(), Rows())
return Mechanism("mine", Rows(), "office")
return Mechanism("mine", Rows(), Office)
return Mechanism("mine", Rows(), Office(), (3,))
return Mechanism("mine", Rows(), Office(), "offer")
return Mechanism("mine", Rows(), Office(), None)
return Mechanism("mine", Rows(), Office(), (("offer",),))
return Mechanism("mine", Rows(), Office(), ["offer"])
return Mechanism("mine", Rows(), Office(), ("", "bid"))
return Mechanism(3, Rows(), Office())
return Mechanism(None, Rows(), Office())
return Mechanism("", Rows(), Office())
return Mechanism("\\udcff", Rows(), Office())
return Mechanism("mine", Rows(1, 2), Office())
class Half(Agents): pass\n    return Mechanism("mine", Half(), Office())
""",
    fine="""
return Mechanism("mine", Rows(), Office(), ("offer", "bid"))
return Mechanism("ein Wort: [red]", Rows(), Office())
return Mechanism("../../mine", Rows(share=2.0), Office())
""",
    odd="""
return Mechanism("mine", Rows(), Office(), ("z", "z", "ask"))
return Mechanism("x" * 100_000, Rows(), Office())
return Mechanism("mine", Rows(), Office(), ("x" * 100_000,))
""",
)
SETTING = parts(
    "setting",
    fine="True\n3\n'word'\n(1.0, 2.0)\n-0.0\n10**30",
    breaks="""
(lambda: 1.0)
(k for k in ())
object()
float("nan")
float("inf")
1j
b"x"
np.ones(3)
{1, 2}
open("/dev/null")
sys
""",
    odd='None\n{"a": 1}\nnp.float64(1.0)\n10**5000\n"x" * 100_000\n"\\udcff"\n[[]]',
)
START = parts(
    "start",
    fine="return Table(), Table()\nprint('hello'); return Table(), Table()",
    breaks=RAISES + FORMS + WRITES.replace("ask, 2.0", "1.0, 2.0") + "return self.start(view)\n",
    odd="""
return None, None
return {}, []
return Table(3), Table("x")
return Table({"id": np.ones((3, 3))}), Table()
view.seen.row["stock"] = 3; return Table(), Table()
object.__setattr__(view, "t", 9); return Table(), Table()
""",
)
BEGIN = parts(
    "begin",
    fine="return rng\nreturn public\nreturn None\nreturn [0] * 1000",
    breaks=RAISES
    + """
public.income[:] = 1.0
public.base.z[0] = 2.0
public.weeks = 3
public.network.seller.setflags(write=True)
return self.start(public, rng)
""",
    odd="return (x for x in ())\nyield 1\nreturn sys\nreturn Own",
)
REPORT = parts(
    "report",
    fine=mailed(SAID, "said", "view.rows.n") + "said.row['id'] = 3; return Table(), said\n",
    breaks=RAISES
    + FORMS
    + WRITES
    + mailed(MAILED, "said", "view.rows.n")
    + "return self.report(view, said)\n",
    odd="return Table(), None\nreturn Table(), {'x': self}",
)
DECIDE = parts(
    "decide",
    fine=mailed(SAID.replace('"z"', '"price"'), "memory", "len(heard.value.row['z'])")
    + "memory.append(heard); return None, memory\n",
    breaks=RAISES
    + FORMS.replace("yield 1\n", "")
    + mailed(MAILED, "memory", "len(heard.value.row['z'])")
    + """
heard.value.row["z"][:] = 1.0
heard.age.row["z"].setflags(write=True)
return self.decide(heard, t, memory)
return heard.value.row["nowhere"], memory
""",
    odd="return heard.value, memory\nreturn Table({}, {}), self",
)
ACT = parts(
    "act",
    fine="""
return Act(ask * 1.1), done
return Act(ask, view.seen.link["held"] * 0.5), done
return Act(ask, None, np.ones(view.rows.n)), done
return Act(ask.astype(int) + 1), done
return Act(np.ones(view.rows.m, bool)), done
return Act(ask.astype("f4")), done
return Act(np.repeat(ask, 2)[::2]), done
return Act(view.inbox.value.link["ask"]), done
return Act(ask, price=np.ones(view.rows.n, int)), done
done.row.clear(); return Act(ask), done
print("hello"); np.log(0.0); return Act(ask), done
return Act(ask * 0.0), done
return Act(ask * -0.0), done
return Act(ask * 1e-320), done
return Act(ask * 1e90), done
return Act(ask, ask * 0.0, np.full(view.rows.n, 1e-300)), done
return Act(ask, price=np.full(view.rows.n, 1e99)), done
""",
    breaks=RAISES
    + FORMS
    + WRITES
    + """
return Act(ask)
return Act(), done
return Act(None), done
return Act([1.0]), done
return Act(1.0), done
return Act(ask * 1j), done
return Act(ask.astype(object)), done
return Act(ask.astype("g")), done
return Act(np.matrix(ask)), done
return Act(ask, 3), done
return Act(ask, price="free"), done
return Act(ask, "price"), done
return {"ask": ask}, done
return (ask, None, None), done
return type("Act", (), {"ask": ask, "use": None, "price": None})(), done
return self.act(view, done)
return view.nowhere, done
return Act(view.seen.row["nowhere"]), done
return Act, done
""",
    stops="""
return None, done
return Act(ask * np.nan), done
return Act(-ask), done
return Act(ask * np.inf), done
return Act(ask + 1e101), done
return Act(ask[:-1]), done
return Act(ask[:, None]), done
return Act(ask[:0]), done
return Act(np.array(1.0)), done
return Act(np.broadcast_to(1.0, (10**14,))), done
return Act(ask, view.seen.link["held"] * 3.0 + 1.0), done
return Act(ask, -ask), done
return Act(ask, ask * np.nan), done
return Act(ask, np.ones(2)), done
return Act(ask, price=np.zeros(view.rows.n)), done
return Act(ask, price=np.full(view.rows.n, np.nan)), done
return Act(ask, price=-np.ones(view.rows.n)), done
return Act(ask, price=np.full(view.rows.n, 1e101)), done
return Act(ask, price=np.ones(view.rows.m + view.rows.n)), done
""",
    odd="""
return Act(ask), None
return Act(ask), {"x": view}
return Act(ask * np.where(np.arange(len(ask)) % 2, np.nan, 1.0)), done
view.seen.row["stock"] = ask * 3.0; return Act(ask), done
return Act(ask * 1e-320, ask * 1e-320), done
""",
)
EVERY = {"top": TOP, "maker": MAKER, "setting": SETTING, "start": START, "begin": BEGIN,
         "report": REPORT, "decide": DECIDE, "act": ACT}  # fmt: skip
MAY_BE_LATE = ("report", "decide", "act")
WORDS = ("compare", "--economy", "small:0", "--weeks", "4", "--seeds", "2", "--workers", "0")


@st.composite
def files(draw: st.DrawFn) -> list[Part]:
    """One to three parts, each of another place."""
    stages = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=3, unique=True))
    found = []
    for stage in stages:
        is_ = draw(st.sampled_from(sorted({part.is_ for part in EVERY[stage]})))
        part = draw(st.sampled_from([part for part in EVERY[stage] if part.is_ == is_]))
        late = stage in MAY_BE_LATE and "yield" not in part.text and draw(st.booleans())
        found.append(Part(part.stage, part.text, part.is_, late))
    return found


def text_of(pieces: Pieces) -> str:
    """The file: honest where no part says otherwise."""
    every = {stage: Part(stage, text, FINE).lines for stage, text in HONEST.items()}
    return FILE.format(**(every | {part.stage: part.lines for part in pieces}))


def play(pieces: Pieces, folder: Path) -> None:
    """The comparison is made, or told to be broken, or to have failed: as its first wrong part is.

    Half of them with a page, and half with JSON.
    """
    text = text_of(pieces)
    (folder / "mine.py").write_text(text, "utf-8", "surrogateescape")
    shown = ("--json", "--quiet") if len(text) % 2 else ("--quiet", "--out", "out")
    try:
        with np.errstate():
            said = command([*WORDS, "--mechanisms", "mine.py", *shown], folder)
    finally:
        _forget_files()
    check_ended(said, pieces)
    _check_code(said, pieces)
    page = (folder / "out" / "compare.html").is_file()
    if said.code == 2:
        assert not page, "refused, and yet a page is there"
    elif "--json" in shown:
        assert json.loads(said.out)["mechanisms"]["mine.py"]
    else:
        assert page


def _check_code(said: Said, pieces: Pieces) -> None:
    """What comes of it is what the part says that a run gets to first; of an odd one, anything."""
    wrong = sorted((p for p in pieces if p.is_ != FINE), key=lambda part: part.moment)
    is_ = wrong[0].is_ if wrong else FINE
    if is_ != ODD:
        assert said.code == {FINE: 0, BREAKS: 2, STOPS: 1}[is_], f"{said.code}: {said.err}"
    if said.code == 1:
        assert "mine.py: none of its runs came to its end: week " in said.err, said.err


def _forget_files() -> None:
    for name in [name for name in sys.modules if name.startswith(userfile.PREFIX)]:
        del sys.modules[name]
    userfile._loaded.clear()


MECHANISMS = Kind("mechanisms", files(), play, 0.1)
