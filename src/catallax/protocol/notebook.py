"""What passes between nature and a mechanism while a run is played, call by call."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any, final

from catallax.protocol.difference import describe_difference
from catallax.protocol.recorded import CallContext, Finding, Offence, name_call
from catallax.protocol.trees import Hidden, Tree, tree_of

LATER = 2  # of each verb, what it last handed over: it is looked at whether that is still the same


@final
class Notebook:
    """Notes what is wrong with calls of a mechanism's verbs; an offence in a verb is noted once.

    watch : the context in which each call is made
    """

    def __init__(self, watch: CallContext) -> None:
        self.watch = watch
        self.findings: list[Finding] = []
        self._seen = set[tuple[Offence, str]]()
        self._handed = defaultdict[str, deque[tuple[str, Any, Tree]]](lambda: deque(maxlen=LATER))
        self._memory = dict[str, Tree]()

    def note(self, offence: Offence, verb: str, week: int | None, what: str) -> None:
        """Add a finding, about a call where there is a verb."""
        if (offence, verb) not in self._seen:
            self._seen.add((offence, verb))
            self.findings.append(Finding(offence, what, verb, week, who="" if verb else "the run"))

    def called(
        self,
        verb: str,
        week: int | None,
        call: Callable[[], Any],
        shown: Mapping[str, Any],
    ) -> tuple[Any, dict[str, Tree | None]]:
        """The answer of a call, and what it was shown as trees.

        shown : name -> what the verb may look at and not change
        """
        self._look_back(verb, week)
        trees = self._trees_of(verb, week, shown)
        with self.watch(verb, week):
            answer = call()
        for name, after in self._trees_of(verb, week, shown).items():
            before = trees[name]
            wrong = before and after and describe_difference(after, before, name)
            if wrong:
                self.note(Offence.WRITES, verb, week, f"changes what it is shown: {wrong}")
        return answer, trees

    def _trees_of(
        self, verb: str, week: int | None, shown: Mapping[str, Any]
    ) -> dict[str, Tree | None]:
        offence = Offence.WRITES
        return {name: self.tree(offence, verb, week, x, name) for name, x in shown.items()}

    def tree(
        self, offence: Offence, verb: str, week: int | None, value: Any, name: str
    ) -> Tree | None:
        """The tree of a value; None, and a finding, for one that is not plain."""
        try:
            return tree_of(value, name)
        except Hidden as e:
            self.note(offence, verb, week, str(e))
            return None

    def handed(self, verb: str, week: int | None, value: Any, name: str) -> Tree | None:
        """The tree of what a verb handed over to nature, which stays as it is from now on."""
        found = self.tree(Offence.HIDDEN, verb, week, value, f"its {name}")
        if found is not None:
            self._handed[verb].append(
                (f"the {name} that {name_call(verb, week)} gave", value, found)
            )
        return found

    def remembered(self, verb: str, week: int | None, value: Any, name: str) -> Tree | None:
        """The tree of a memory that a verb returned."""
        found = self.tree(Offence.HIDDEN, verb, week, value, f"its memory `{name}`")
        self.forget(name)
        if found is not None:
            self._memory[name] = found
        return found

    def forget(self, name: str) -> None:
        """Compare the memory that is given next with nothing."""
        self._memory.pop(name, None)

    def recalled(self, verb: str, week: int | None, value: Any, name: str) -> Tree | None:
        """The tree of a memory that a verb is given, which is what was last returned."""
        found = self.tree(Offence.HIDDEN, verb, week, value, f"its memory `{name}`")
        if found is None or name not in self._memory:
            return found
        wrong = describe_difference(found, self._memory[name], name)
        if wrong:
            what = f"is given a memory that somebody changed since it was returned: {wrong}"
            self.note(Offence.MEMORY, verb, week, what)
        return found

    def closed(self) -> tuple[Finding, ...]:
        """All findings, when no call will come any more."""
        self._look_back("", None)
        return tuple(self.findings)

    def _look_back(self, verb: str, week: int | None) -> None:
        for what, value, then in chain.from_iterable(self._handed.values()):
            now = self.tree(Offence.CHANGES, verb, week, value, what)
            wrong = now and describe_difference(now, then, "it")
            if wrong:
                self.note(Offence.CHANGES, verb, week, f"{what} was changed afterwards: {wrong}")
