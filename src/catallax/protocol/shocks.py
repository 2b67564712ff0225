"""What happens to a population from outside, whatever the domain."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, Generic, TypeVar, final

from catallax.errors import InputError, unknown

P = TypeVar("P")  # the population: what stands still in a contract
T = TypeVar("T")  # the technology: what a shock changes
S = TypeVar("S")  # a shock


@final
@dataclass(frozen=True)
class Description:
    """A shock in words.

    headline : what happens, for a heading: "a resource becomes scarce"
    sentence : what happens, when and by how much
    notice   : who sees it first where nobody is told: "whoever owns it sees less come in"
    untold   : that nobody is told, for a heading
    mark     : what a chart calls the week of it, in a word
    """

    headline: str
    sentence: str
    notice: str
    untold: str = "nobody was told before"
    mark: str = "shock"


class AbstractShock(ABC, Generic[P, T]):
    """A change from `week` on that no institution brings about. Make it a frozen dataclass.

    It has a `kind`, a class variable or a field: the word under which it is written down.

    week      : first week of the change, >= 0
    announced : whether everybody knows of it from the start of the run
    """

    week: int
    announced: bool

    @property
    @abstractmethod
    def slot(self) -> str:
        """What it changes: of two shocks to one slot the later replaces the earlier."""

    @abstractmethod
    def check(self, population: P, weeks: int) -> None:
        """Raise InputError unless it fits the population and falls inside a run of `weeks`."""

    @abstractmethod
    def apply(self, technology: T, population: P) -> T:
        """The technology under the shock; `technology` itself is not changed."""

    @abstractmethod
    def describe(self, population: P) -> Description:
        """The shock in words."""

    @property
    def word(self) -> str:
        """Its `kind`: the word under which it is written down and read back."""
        kind = getattr(self, "kind", None)
        if not isinstance(kind, str) or not kind:
            raise InputError(
                f'shock: {type(self).__name__} has no kind; write kind: ClassVar[str] = "a word" '
                f"in the class"
            )
        return kind

    def to_dict(self) -> dict[str, Any]:
        """Its kind and its fields as plain values."""
        if not is_dataclass(self):
            raise InputError(
                f"shock: {type(self).__name__} is not a dataclass; write @dataclass(frozen=True) "
                f"above the class"
            )
        return {"kind": self.word} | asdict(self)


def shock_from(
    plain: Mapping[str, Any], kinds: Mapping[str, Callable[..., S]], usual: str = ""
) -> S:
    """The shock that `to_dict` wrote.

    kinds : kind -> function of the plain fields
    usual : kind of a shock that names none

    Raises InputError for a kind that nobody made known, and for fields that it does not have.
    """
    given = dict(plain)
    kind = str(given.pop("kind", usual))
    if kind not in kinds:
        raise unknown("kind of shock", kind, kinds)
    try:
        return kinds[kind](**given)
    except TypeError as e:
        raise InputError(f"shock of kind {kind!r}: {e}; its fields are {sorted(given)}") from e


def check_week(week: int, weeks: int) -> None:
    """Raise InputError unless `week` lies inside a run of `weeks`."""
    if not 0 <= week < weeks:
        raise InputError(
            f"shock: falls in week {week}, but the run has weeks 0 to {weeks - 1}; "
            f"ask for more than {week} weeks"
        )


def shocks_in_force(shocks: Sequence[AbstractShock[P, T]], week: int) -> list[AbstractShock[P, T]]:
    """The shocks that hold in `week`, one a slot, in the order in which their slots began."""
    so_far = sorted((s for s in shocks if s.week <= week), key=lambda s: s.week)
    return list({s.slot: s for s in so_far}.values())


def question_of(shocks: Sequence[AbstractShock[P, T]], population: P) -> str:
    """What happens from outside and whether anybody is told, for a heading."""
    if not shocks:
        return "nothing happens from outside"
    told = [s.describe(population) for s in shocks]
    happens = " and ".join(dict.fromkeys(d.headline for d in told))
    if all(s.announced for s in shocks):
        return f"{happens} and everybody was told"
    if any(s.announced for s in shocks):
        return f"{happens} and not all of it was announced"
    untold = list(dict.fromkeys(d.untold for d in told))
    return f"{happens} and {untold[0] if len(untold) == 1 else Description.untold}"
