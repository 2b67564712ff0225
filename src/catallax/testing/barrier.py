"""The barrier test: does a mechanism know only what it was told?

A short run on a small economy is recorded. Then, in a fresh process, every call is replayed from
its recorded inputs alone: first the centre's, newest first, before any agent has been called;
then the agents', each row cut out on its own. Bit for bit the answers must be the run's. That
catches statistics over rows, looks at neighbours, and whatever passes through globals or class
attributes. It cannot see a tacit fact encoded in an act and observed later.
"""

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from dataclasses import dataclass, fields, is_dataclass, replace
from multiprocessing import get_context
from typing import Any, final

import numpy as np

from catallax.economy import Shock, generate
from catallax.errors import InputError
from catallax.experiments import mechanism_named
from catallax.mechanisms import Mechanism
from catallax.network import Act, Inbox, Table, View
from catallax.run import Contract, Oracle
from catallax.testing.recorder import Call, Drawn, recorded

WEEKS = 56  # long enough for an annual plan
MOST = 5  # findings that are told


@final
@dataclass(frozen=True)
class Report:
    """What the barrier test found.

    calls : how many calls were replayed
    lines : what went wrong, at most five; empty when it passed
    """

    calls: int
    lines: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every replay gave the same bits."""
        return not self.lines


def small_contract() -> Contract:
    """The economy on which mechanisms are replayed: 9 or so plants, a shock, default laws."""
    economy = generate(7, products=5, firms=2, households=2, inputs=3)
    return Contract(economy, shocks=(Shock("ore", 20, 0.5),), weeks=WEEKS)


def barrier(
    source: str,
    *,
    contract: Contract | None = None,
    seed: int = 1,
    process: Executor | None = None,
) -> Report:
    """Run the barrier test on a mechanism by name or on the one that a Python file defines.

    contract : of the run that is replayed, default `small_contract`
    seed     : of that run, >= 0
    process  : where its calls are replayed, default a fresh process. One that is shared must never
               have played a run, and each run in it should have a contract or seed of its own:
               facts that one replay left behind are then wrong for the next

    Raises InputError for an unknown name, a broken file, or an oracle, which may see everything.
    """
    mechanism = mechanism_named(source)
    if isinstance(mechanism, Oracle):
        raise InputError(f"{source}: is an oracle, which sees everything by design")
    run, agents, centre = recorded(contract or small_contract(), mechanism, seed)
    if not run.completed:
        return Report(len(agents) + len(centre), (f"the run stopped: {run.reason}",))
    calls = pickle.dumps((agents, centre))
    with fresh_process() if process is None else nullcontext(process) as there:
        return Report(len(agents) + len(centre), tuple(answer_of(there, replay, source, calls)))


def fresh_process() -> Executor:
    """A process of its own that has done nothing yet, to be closed as a context."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def answer_of(process: Executor, find: Callable[..., list[str]], *given: Any) -> list[str]:
    """What `find` finds there; an executor notices if its process dies."""
    try:
        return process.submit(find, *given).result()
    except BrokenProcessPool:
        return [
            "the process in which calls are replayed ended before it answered; "
            "look above for its own message"
        ]


def replay(source: str, calls: bytes) -> list[str]:
    """Findings of replaying the pickled calls here, where nothing has happened before.

    They may hold classes of the user's file, so that has to be read before them.
    """
    mechanism = mechanism_named(source)
    agents, centre = pickle.loads(calls)
    if isinstance(mechanism, Oracle):
        return []
    found: list[str] = []
    for line in (*_replay_centre(mechanism, centre), *_replay_agents(mechanism, agents)):
        found.append(line)
        if len(found) == MOST:
            break
    return found


def _replay_centre(mechanism: Mechanism, calls: list[Call]) -> Iterator[str]:
    for call in reversed(calls):
        verb = getattr(mechanism.centre, call.verb)
        wrong = differs(verb, call.given, call.answer)
        if wrong:
            when = f" at tick {call.given[1]}" if call.verb == "decide" else ""
            yield f"the centre's {call.verb}{when} depends on more than it heard: {wrong}"
            return


def _replay_agents(mechanism: Mechanism, calls: list[Call]) -> Iterator[str]:
    for call in reversed(calls):
        view: View = call.given[0]
        verb = getattr(mechanism.agents, call.verb)
        for row in range(view.rows.n):
            given = tuple(_cut(x, view, row) for x in call.given)
            wrong = differs(verb, given, _cut(call.answer, view, row))
            if wrong:
                yield f"row {row}'s {call.verb} in week {view.t} needs other rows: {wrong}"
                break


def differs(verb: Any, given: tuple[Any, ...], answer: Any) -> str:
    """In words what is not the same when `verb` is called again; "" if nothing."""
    try:
        again = verb(*given)
    except Exception as e:
        return f"alone it fails with {type(e).__name__}: {e}"
    return _difference(again, answer, "answer")


def _cut(value: Any, view: View, row: int) -> Any:
    """What one row alone is given, or answers."""
    links = view.rows.links(row)
    if isinstance(value, View):
        inbox = Inbox(value.inbox.value.cut(row, links), value.inbox.age.cut(row, links))
        draw = value.draw.cut(row) if isinstance(value.draw, Drawn) else value.draw
        return replace(
            value,
            rows=value.rows.cut(row),
            facts=value.facts.cut(row, links),
            seen=value.seen.cut(row, links),
            inbox=inbox,
            draw=draw,
        )
    if isinstance(value, Table):
        return value.cut(row, links)
    if isinstance(value, Act):
        use = None if value.use is None else value.use[links]
        price = None if value.price is None else value.price[row : row + 1]
        return Act(value.ask[links], use, price)
    return tuple(_cut(v, view, row) for v in value) if isinstance(value, tuple) else value


def _difference(a: Any, b: Any, where: str) -> str:
    """Where two values differ in their bits; "" if nowhere."""
    if type(a) is not type(b):
        return f"{where} is {type(a).__name__}, was {type(b).__name__}"
    if isinstance(a, np.ndarray):
        same = a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
        return "" if same else f"{where} differs"
    parts = _parts(a, b)
    if parts is None:
        return "" if a == b else f"{where} is {a!r}, was {b!r}"
    if parts[0].keys() != parts[1].keys():
        return f"{where} has {sorted(parts[0])}, had {sorted(parts[1])}"
    found = (_difference(v, parts[1][k], f"{where}.{k}") for k, v in parts[0].items())
    return next((f for f in found if f), "")


def _parts(a: Any, b: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Two values of one type as named parts, or None if they have none."""
    if is_dataclass(a):
        names = [f.name for f in fields(a)]
        return {n: getattr(a, n) for n in names}, {n: getattr(b, n) for n in names}
    if isinstance(a, dict):
        return {str(k): v for k, v in a.items()}, {str(k): v for k, v in b.items()}
    if isinstance(a, tuple | list):
        return {str(k): v for k, v in enumerate(a)}, {str(k): v for k, v in enumerate(b)}
    return None
