"""Mechanisms that know, or change, more than they may: one small file a kind.

Every file is an honest institution with some of its lines replaced. Its rows report their stock and
act on the base year's flows; its centre says nothing.
"""

from dataclasses import dataclass
from textwrap import dedent, indent
from typing import final

from catallax.protocol import Offence

HONEST = """
import numpy as np
from dataclasses import dataclass
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Table
{top}

class Rows(Agents):
    def start(self, view):
{start}
    def report(self, view, said):
{report}
    def act(self, view, done):
{act}

class Office(Centre):
    def start(self, public, rng):
{begin}
    def decide(self, heard, t, memory):
{decide}

def mechanism():
    return Mechanism("mine", Rows(), Office())
"""

ACT = "return Act(view.inbox.value.link['ask'] * 1.0), done"
NUDGED = "return Act(view.inbox.value.link['ask'] * (1 + 0.01 * k)), done"  # by a number k
SILENT = "return None, memory"
STOCK = "float(heard.value.row['stock'].mean())"

PARTS = {
    "top": "",
    "start": "return Table({'id': view.draw('id')}), Table({'id': view.draw('id')})",
    "report": "return Table({'stock': view.seen.row['stock'] + 0.0}), said",
    "act": ACT,
    "begin": "return None",
    "decide": SILENT,
}


def lines(*blocks: str) -> str:
    """Blocks of lines below each other, however they are indented."""
    return "\n".join(dedent(block).strip() for block in blocks)


def written(**parts: str) -> str:
    """The text of a file with some parts replaced."""
    texts = {k: lines(parts.get(k, text)) for k, text in PARTS.items()}
    return HONEST.format(**{k: x if k == "top" else indent(x, " " * 8) for k, x in texts.items()})


@final
@dataclass(frozen=True)
class Cheat:
    """A file that is to be caught.

    kind    : of channel, in words
    offence : as which it is caught
    says    : a part of the finding
    text    : of the file
    """

    kind: str
    offence: Offence
    says: str
    text: str

    def __str__(self) -> str:
        return self.kind


def _of(offence: Offence, kind: str, says: str, **parts: str) -> Cheat:
    return Cheat(kind, offence, says, written(**parts))


def _differs(kind: str, says: str = "alone, from what it was given", **parts: str) -> Cheat:
    return _of(Offence.DIFFERS, kind, says, **parts)


def _nudged(kind: str, *act: str, says: str = "alone, from what it was given") -> Cheat:
    return _differs(kind, says, act=lines(*act, NUDGED))


def _told(kind: str, top: str, hear: str, say: str) -> Cheat:
    """The centre says how much stock there is, and rows hear it at once."""
    act, decide = lines(f"k = {hear}", NUDGED), lines(say, SILENT)
    return _differs(kind, top=top, act=act, decide=decide)


def _reaches(kind: str, says: str, *act: str, top: str = "") -> Cheat:
    return _of(Offence.REACHES, kind, says, top=top, act=lines(*act, ACT))


def _writes(kind: str, says: str, *act: str, top: str = "") -> Cheat:
    return _of(Offence.WRITES, kind, says, top=top, act=lines(*act, ACT))


LOOKS = [
    _nudged("a statistic over rows", "k = float(view.facts.row['z'].mean())"),
    _nudged("a look at a neighbour", "k = view.rows.spread(np.roll(view.facts.row['z'], 1))"),
    _nudged("the number of rows", "k = view.rows.n"),
    _nudged(
        "the array that a column is a part of",
        "z = view.facts.row['z']",
        "k = float(np.mean(z if z.base is None else np.frombuffer(z.base)))",
    ),
    _nudged(
        "memory beside one's own entry",
        "z = np.lib.stride_tricks.as_strided(view.facts.row['z'], shape=(view.rows.n + 3,))",
        "k = float(np.nan_to_num(z).sum())",
    ),
    _nudged(
        "what a late column is made from",
        "made = view.seen.link._columns['held']",
        "k = float(made.__closure__[0].cell_contents.stock.sum())",
    ),
    _nudged("the size of what is announced", "k = len(view.coming.link['supply'])"),
    _nudged("bids that others hear", "k = float(view.bids.value.row['dear'].mean())"),
    _differs(
        "a statistic over rows, in bids",
        act="""
            bids = np.ones((view.rows.m, 3)) * float(view.facts.row['z'].mean())
            price = np.ones(view.rows.n)
            return Act(view.inbox.value.link['ask'] * 1.0, None, price, bids), done
        """,
    ),
    _nudged("what a view draws from", "k = len(view.draw.__closure__) + view.draw('a').mean()"),
    _nudged(
        "a draw whose name says what others know",
        "k = view.rows.spread(view.draw(str(view.facts.row['z'].sum())))",
        says="draw(",
    ),
]
"""Rows that look at other rows, in the arrays that hold all of them."""

TALKS = [
    _differs(
        "a global of the module",
        top="SEEN = {}",
        report="""
            z = view.facts.row['z'] if view.t == 0 else np.array([SEEN[i] for i in said.row['id']])
            return Table({'z': z + 0.0}), said
        """,
        act=lines(
            """
            for i, z in zip(done.row['id'], view.facts.row['z']):
                SEEN[i] = float(z)
            """,
            ACT,
        ),
    ),
    _told("a class", "", "getattr(Rows, 'told', 0.0)", f"Rows.told = {STOCK}"),
    _told("a function", "def note(): pass", "note.told", f"note.told = {STOCK}"),
    _told("a default value", "def box(held=[0]): return held", "box()[0]", f"box()[0] = {STOCK}"),
    _told(
        "a closure",
        lines(
            """
            def pair():
                held = [0.0]
                return held.append, held.__getitem__
            say, hear = pair()
            """
        ),
        "hear(-1)",
        f"say({STOCK})",
    ),
    _told(
        "a generator that waits",
        lines(
            """
            def wait():
                k = 0.0
                while True:
                    k = (yield k) or k
            LINE = wait()
            next(LINE)
            """
        ),
        "next(LINE)",
        f"LINE.send({STOCK})",
    ),
    _told("a library", "", "getattr(np, 'told', 0.0)", f"np.told = {STOCK}"),
    _told(
        "the list of modules",
        "import sys",
        "sys.modules.get('told', 0.0)",
        f"sys.modules['told'] = {STOCK}",
    ),
    _told(
        "settings of a library",
        "",
        "np.get_printoptions()['precision']",
        "np.set_printoptions(precision=1 + t % 9)",
    ),
    _told(
        "random numbers of a library",
        "",
        "np.random.random()",
        "np.random.seed(int(heard.value.row['stock'].sum()))",
    ),
    _nudged(
        "the mechanism itself",
        "k = getattr(self, 'last', 0.0)",
        "self.last = float(view.seen.row['stock'].sum())",
    ),
    _differs(
        "a cache of answers",
        top=lines(
            """
            from functools import lru_cache
            LEVEL = [0.0]
            @lru_cache
            def level(week): return LEVEL[0]
            """
        ),
        act=lines("k = level(view.t)", "LEVEL[0] = float(view.facts.row['z'].mean())", NUDGED),
    ),
    _differs(
        "random numbers that go on",
        top="CHANCE = np.random.default_rng(0)",
        act=lines("k = CHANCE.random()", NUDGED),
    ),
    _differs("the clock", top="import time", act=lines("k = time.perf_counter()", NUDGED)),
    _nudged("where objects stand", "k = id(object()) % 97 + id(view) % 89"),
]
"""Centre and rows, and rows among each other, that talk outside the mail."""

MEMORIES = [
    _of(
        Offence.MEMORY,
        "one array in both memories",
        "is given a memory that somebody changed",
        start="m = np.zeros(view.rows.n)\nreturn Table({'m': m}), Table({'m': m})",
        report="return Table({'z': np.where(said.row['m'] > 0, said.row['m'], 1.0)}), said",
        act=lines("done.row['m'][:] = view.facts.row['z']", ACT),
    ),
    _of(
        Offence.MEMORY,
        "a centre that writes into rows' memory",
        "row['d']",
        top="HELD = {}",
        start="HELD['d'] = np.ones(view.rows.n)\nreturn Table(), Table({'d': HELD['d']})",
        act=lines("k = view.rows.spread(done.row['d'])", NUDGED),
        decide=lines("HELD['d'][:] = heard.value.row['stock'][::-1]", SILENT),
    ),
    _of(
        Offence.MEMORY,
        "a dict that centre and rows share",
        "memory",
        top="BOX = {}",
        begin="return BOX",
        act=lines("BOX['z'] = view.facts.row['z'].copy()", ACT),
        decide="""
            z = memory.get('z')
            return (None if z is None else Table({'price': np.exp(z - z.mean())})), memory
        """,
    ),
    _of(
        Offence.HIDDEN,
        "a memory of a kind of its own",
        "a Box, a kind of dict",
        top="class Box(dict): pass",
        begin="return Box(level=1.0)",
    ),
    _of(
        Offence.HIDDEN,
        "a table of a kind of its own",
        "a Tab, expected a Table",
        top="class Tab(Table): pass",
        act="return Act(view.inbox.value.link['ask'] * 1.0), Tab(dict(done.row))",
    ),
    _of(
        Offence.HIDDEN,
        "an attribute beside a table's columns",
        "'secret'",
        act="""
            new = Table(dict(done.row))
            object.__setattr__(new, 'secret', view.facts.row['z'].copy())
            return Act(view.inbox.value.link['ask'] * 1.0), new
        """,
    ),
    _of(
        Offence.HIDDEN,
        "an array of a kind of its own",
        "is a Loud, expected an array",
        top="class Loud(np.ndarray): pass",
        act="""
            new = (done.row['id'] * 1.0).view(Loud)
            return Act(view.inbox.value.link['ask'] * 1.0), Table({'id': new})
        """,
    ),
    _of(
        Offence.HIDDEN,
        "an array of objects",
        "entries of type object",
        act="""
            boxes = np.empty(view.rows.n, dtype=object)
            boxes[:] = [[]] * view.rows.n
            return Act(view.inbox.value.link['ask'] * 1.0), Table({'id': boxes})
        """,
    ),
    _of(
        Offence.HIDDEN,
        "a column longer than the rows are many",
        "has shape",
        act="""
            both = np.concatenate([done.row['id'][:view.rows.n], view.facts.row['z']])
            return Act(view.inbox.value.link['ask'] * 1.0), Table({'id': both})
        """,
    ),
    _of(
        Offence.HIDDEN,
        "how a memory is pickled",
        "is a Sly; expected",
        top="class Sly:\n    def __reduce__(self): return float, (1.0,)",
        begin="return Sly()",
    ),
    _differs(
        "a field that is another each time",
        top="""
            HELD = [0.0]
            @dataclass
            class Note:
                level: float = 0.0
                def __getattribute__(self, name):
                    return HELD[0] if name == 'level' else object.__getattribute__(self, name)
        """,
        begin="return Note()",
        act=lines("HELD[0] = float(view.facts.row['z'].mean())", ACT),
        decide="""
            return Table({'price': np.full(len(heard.value.row['z']), 1 + memory.level)}), memory
        """,
    ),
]
"""What is remembered and is not what it seems."""

WRITES = [
    _writes(
        "an attribute on the rows that all see",
        "'secret'",
        "object.__setattr__(view.rows, 'secret', view.facts.row['z'].copy())",
    ),
    _writes("a column made writable", "tries to write", "view.facts.row['z'].setflags(write=True)"),
    _writes("a column written to", "tries to write", "view.seen.row['stock'][:] += 100.0"),
    _writes(
        "a column written to by its address",
        "changes what it is shown",
        "np.asarray(At(view.seen.row['stock']))[:] += 100.0",
        top="""
            class At:
                def __init__(self, a):
                    where = a.__array_interface__['data'][0]
                    self.__array_interface__ = {**a.__array_interface__, 'data': (where, False)}
        """,
    ),
    _writes(
        "a column put in another's place",
        "changes what it is shown",
        "view.facts.row['z'] = view.facts.row['z'] * 1.05",
    ),
    _of(
        Offence.WRITES,
        "the public table",
        "tries to write",
        begin="public.flow.setflags(write=True)\nreturn None",
    ),
    _of(
        Offence.CHANGES,
        "an act that is changed once it is settled",
        "was changed afterwards",
        top="LAST = []",
        act="""
            for ask in LAST:
                ask[:] = view.rows.spread(view.facts.row['z'])
            LAST.append(view.inbox.value.link['ask'] * 1.0)
            return Act(LAST[-1]), done
        """,
    ),
]
"""What is shown, or was handed over, and is changed."""

REACHES = [
    _reaches("a file", "a file: open", "print(view.t, file=open('leak.txt', 'a'))"),
    _reaches("a file that is only read", "a file: open", "open(__file__).read()"),
    _reaches(
        "a file by its path",
        "a file: open",
        "Path('leak.txt').write_text('1')",
        top="from pathlib import Path",
    ),
    _reaches(
        "a file, whatever happens",
        "a file: open",
        """
        try:
            open('leak.txt', 'a')
        except Exception:
            pass
        """,
    ),
    _reaches("names of files", "os.listdir", "os.listdir('/')", top="import os"),
    _reaches("the environment", "os.putenv", "os.environ['TOLD'] = '1'", top="import os"),
    _reaches("frames", "sys._getframe", "sys._getframe().f_back.f_locals", top="import sys"),
    _reaches("frames by inspection", "_getframe", "inspect.currentframe()", top="import inspect"),
    _reaches(
        "frames of an error",
        "tb_frame",
        """
        try:
            1 / 0
        except ZeroDivisionError as e:
            e.__traceback__.tb_frame.f_back.f_locals
        """,
    ),
    _reaches("frames of threads", "_current_frames", "sys._current_frames()", top="import sys"),
    _reaches("all objects", "gc.get_objects", "gc.get_objects()", top="import gc"),
    _reaches("who holds a view", "gc.get_referrers", "gc.get_referrers(view)", top="import gc"),
    _reaches(
        "memory by its address",
        "ctypes",
        "ctypes.string_at(view.seen.row['stock'].ctypes.data, 8)",
        top="import ctypes",
    ),
    _reaches("another process", "subprocess", "subprocess.run(['true'])", top="import subprocess"),
    _reaches("the network", "socket", "socket.socket()", top="import socket"),
    _reaches("memory that processes share", "mmap", "mmap.mmap(-1, 8)", top="import mmap"),
    _reaches(
        "a thread",
        "a thread that outlives the call",
        "threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        top="import threading, time",
    ),
    _reaches("hooks", "the interpreter's hooks", "sys.setprofile(print)", top="import sys"),
    _reaches("the keyboard", "the keyboard", "input()"),
    _of(
        Offence.REACHES,
        "a file that is written while the mechanism is read",
        "while it is read",
        top="open('leak.txt', 'w')",
    ),
    _reaches(
        "what an object does when it goes",
        "a file: open",
        "HELD = Last()",
        top="class Last:\n    def __del__(self): open('leak.txt', 'a')",
    ),
]
"""What is beyond a verb's arguments."""

INSIDE = [
    _of(
        Offence.INSIDE,
        "the streams that nature draws from",
        "calls catallax.streams",
        top="from catallax.streams import Streams",
        act=lines("k = Streams(1).uniform('own', 1)[0]", NUDGED),
    ),
    _of(
        Offence.INSIDE,
        "an economy that is worked out while the file is read",
        "calls catallax.domains.production.economy",
        top=lines(
            "from catallax.domains.production.economy import generate",
            "TRUE = generate(7).technology.z",
        ),
        act=lines("k = TRUE[0]", NUDGED),
    ),
    _of(
        Offence.INSIDE,
        "a measure",
        "calls catallax.domains.production.measures",
        top="from catallax.domains.production.measures.values import compute_gini",
        decide=lines("compute_gini(heard.value.row['z'], heard.value.row['z'])", SILENT),
    ),
    _of(
        Offence.PATCHED,
        "a function of the package replaced",
        "catallax.domains.production.economy.week.advance_state",
        top=lines(
            "import catallax.domains.production.economy.week as week",
            "week.advance_state = week.advance_state.__call__",
        ),
    ),
    _of(
        Offence.PATCHED,
        "a table of the package changed",
        "MEASURES['score']",
        top=lines(
            "import catallax.domains.production.measures as m",
            "m.MEASURES['score'] = m.MEASURES['bits']",
        ),
    ),
    _of(
        Offence.PATCHED,
        "a class of the package changed",
        "Rows.secret",
        act=lines("type(view.rows).secret = 1.0", ACT),
    ),
    _of(
        Offence.PATCHED,
        "a function of a library replaced",
        "numpy.minimum",
        top="before = np.minimum\nnp.minimum = lambda *a, **k: before(*a, **k)",
    ),
]
"""The package's own parts."""

OTHERS = [
    _of(
        Offence.UNSAID,
        "a kind of message that nobody says",
        "Did you mean 'orders'?",
        decide=lines("heard.value.row.get('orderz')", SILENT),
    ),
    _of(
        Offence.ENDED,
        "the end of the process",
        "ended the process",
        top="import os",
        act="os._exit(0)",
    ),
    _of(
        Offence.ENDED,
        "the end of a process in which it stands alone",
        "ended its process",
        top="import os",
        act=lines("if view.rows.n == 1: os.abort()", ACT),
    ),
    _of(
        Offence.STOPPED,
        "a broken rule of nature",
        "the run stopped",
        act="return Act(view.inbox.value.link['ask'] * np.nan), done",
    ),
]

CHEATS = [*LOOKS, *TALKS, *MEMORIES, *WRITES, *REACHES, *INSIDE, *OTHERS]
