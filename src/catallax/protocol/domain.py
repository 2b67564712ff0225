"""A domain: what is held equal, who competes and what is measured, under one protocol."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from typing import Any, final

from catallax.errors import InputError, unknown
from catallax.protocol.axes import Axis, Prior
from catallax.protocol.contract import AbstractContract, AbstractRun
from catallax.protocol.hash_names import hashed_settings
from catallax.protocol.makers import Make
from catallax.protocol.measured import Measure, Measured
from catallax.protocol.recorded import Barrier
from catallax.protocol.settings import Setting
from catallax.protocol.trace import Trace, TraceLine, plain_trace
from catallax.protocol.tuned import Value
from catallax.protocol.validation import ValidationRow


@final
@dataclass(frozen=True)
class Experiment:
    """A named question: settings become a contract.

    name       : as people call it
    title      : what it asks, in a line
    mechanisms : compared by default
    build      : (settings by dotted key, tell=) -> contract. A key that is left out has its
                 default; `tell` is told in a sentence what was done to the user's own data.
                 Raises InputError, which begins with the key that is wrong
    setting_of : dotted key -> setting, with the experiment's own default; raises InputError for an
                 unknown key
    keys       : the dotted keys in their order, for help and listings
    domain     : name of its domain
    contract   : the same as a function for Python, with arguments of its own
    """

    name: str
    title: str
    mechanisms: tuple[str, ...]
    build: Callable[..., AbstractContract]
    setting_of: Callable[[str], Setting]
    keys: tuple[str, ...]
    domain: str
    contract: Callable[..., Any]

    @property
    def settings(self) -> dict[str, Setting]:
        """Dotted key -> setting, of all `keys`."""
        return {key: self.setting_of(key) for key in self.keys}


@final
@dataclass(frozen=True, eq=False)
class Observation:
    """One run, looked at.

    run      : the run, with what series the domain keeps
    measured : measure -> what it came to
    seconds  : time of the run and of its twin
    trace    : what a page needs of the run; None unless it was asked for
    """

    run: AbstractRun
    measured: Mapping[str, Measured]
    seconds: float
    trace: Trace | None = None


Observe = Callable[
    [AbstractContract, Any, Sequence[int], Sequence[Measure], bool], list[Observation]
]
"""(contract, mechanism, seeds, measures, traced) -> one observation a seed, in their order."""


TrainingReader = Callable[[str, Mapping[str, Any]], tuple[AbstractContract, dict[str, Any]]]


def identity_of(mechanism: Any) -> tuple[str, dict[str, Any]]:
    """Name and settings of a mechanism that is a dataclass with a field or attribute `name`.

    Settings have the names that stand in hashes (`protocol.hash_names`).
    """
    known = is_dataclass(mechanism) and not isinstance(mechanism, type)
    settings = hashed_settings(mechanism) if known else dict(vars(mechanism))
    name = str(settings.pop("name", None) or getattr(mechanism, "name", type(mechanism).__name__))
    return name, settings


@final
@dataclass(frozen=True, eq=False)
class Domain:
    """All that the laboratory needs to know of a domain; nothing above knows one by name.

    name        : an identifier
    title       : what it is about, in a line
    kinds       : types of its mechanisms; a file of the user's defines one of the first
    mechanisms  : name -> function of settings
    experiments : name -> experiment; the first is the one that is meant by default
    measures    : name -> measure; the first is the one that studies judge by
    read        : what `AbstractContract.to_dict` gave -> the contract; raises InputError
    sources     : dotted names of the modules whose code decides numbers
    oracles     : name -> function of settings, of those that see everything
    null        : name of the mechanism that coordinates nothing, from which scores are counted;
                  None where a domain has nothing that would go on by itself
    variants    : mechanism -> word -> settings that the word stands for
    shocks      : kind -> function of the plain values of `to_dict` without their kind
    axes        : name -> axis
    economies   : name, or its pattern, of what a contract may be about -> function that makes it,
                  whose docstring says what it is; none where contracts name no such thing
    usual_axes  : names of those that a study varies where nobody names any; none for all that have
                  numbers and are about the contract
    priors      : axis or key of the contract -> what is believed of it, in the order in which a
                  search takes them
    shown       : measure -> head of its column in a table on a terminal, at most some nine; none
                  for all measures
    validation  : gives the published numbers that it must reproduce
    training    : (the user's name for a table, the table) -> a contract to tune on and all that
                  the table says, its `name` among them; None where tables hold the settings of
                  an experiment
    observe     : runs and measures; None simulates seed by seed
    trace       : (run, its unshocked twin or the run itself) -> what a page needs of it, where
                  there is no `observe`
    abreast     : (contract) -> runs that go side by side, or in one job, >= 1
    identity    : (mechanism) -> name and settings, which enter the hash of a run
    barrier     : how `catallax.testing.barrier` tries its mechanisms; None if it cannot
    outside     : hash of the code of the user's own that decides numbers, "" if there is none;
                  None where that has no source, so that runs cannot be kept
    loops       : whether its runs use compiled loops
    lines       : line of a trace -> what people read of it; one that is not here goes by its name
    caveats     : what not to conclude from its runs, a sentence or two each
    always_said : settings that the name of a mechanism says for people, given or by default
    page        : gives a `catallax.show.DomainPage`, what its pages say beyond what all do; None
                  where there is nothing to add
    file        : of the user, that has to be read before a worker knows the domain; "" for none
    """

    name: str
    title: str
    kinds: tuple[type, ...]
    mechanisms: Mapping[str, Make]
    experiments: Mapping[str, Experiment]
    measures: dict[str, Measure]
    read: Callable[[Mapping[str, Any]], AbstractContract]
    sources: tuple[str, ...]
    oracles: Mapping[str, Make] = field(default_factory=dict)
    null: str | None = None
    variants: Mapping[str, Mapping[str, Mapping[str, Value]]] = field(default_factory=dict)
    shocks: dict[str, Any] = field(default_factory=dict)
    axes: Mapping[str, Axis] = field(default_factory=dict)
    economies: Mapping[str, Any] = field(default_factory=dict)
    usual_axes: tuple[str, ...] = ()
    priors: Mapping[str, Prior] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    validation: Callable[[], tuple[ValidationRow, ...]] = tuple
    training: TrainingReader | None = None
    observe: Observe | None = None
    trace: Callable[[Any, Any], Trace] = plain_trace
    abreast: Callable[[AbstractContract], int] = lambda contract: 1
    identity: Callable[[Any], tuple[str, dict[str, Any]]] = identity_of
    barrier: Barrier | None = None
    outside: str | None = ""
    loops: bool = False
    lines: Mapping[str, TraceLine] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    always_said: tuple[str, ...] = ()
    page: Callable[[], Any] | None = None
    file: str = ""

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise InputError(f"domain {self.name!r}: a name is letters, digits and underscores")
        for part in ("mechanisms", "experiments", "measures", "kinds", "sources"):
            if not getattr(self, part):
                raise InputError(f"domain {self.name!r}: has no {part}; give at least one")
        for word in self.shown:
            self.measure(word)
        if self.null is not None and self.null not in self.mechanisms:
            raise InputError(f"domain {self.name!r}: {unknown('null', self.null, self.mechanisms)}")
        self._check_axes()

    def __repr__(self) -> str:
        return f"Domain({self.name!r}: {', '.join(self.mechanisms)})"

    def measure(self, name: str) -> Measure:
        """The measure called `name`; InputError lists the known ones."""
        if name not in self.measures:
            raise unknown("measure", name, self.measures)
        return self.measures[name]

    def _check_axes(self) -> None:
        for name in self.usual_axes:
            if name not in self.axes:
                raise InputError(f"domain {self.name!r}: {unknown('usual axis', name, self.axes)}")
        keys = {key for experiment in self.experiments.values() for key in experiment.keys}
        about = {name for name, axis in self.axes.items() if axis.keys} | keys
        for name in self.priors:
            if name not in about:
                raise InputError(
                    f"domain {self.name!r}: the prior of {name!r} is about no axis and no key of "
                    f"a contract; known: {', '.join(sorted(about))}"
                )

    @property
    def columns(self) -> Mapping[str, str]:
        """Measure -> head of its column, of those that a table on a terminal shows."""
        return self.shown or {name: name.replace("_", "\n") for name in self.measures}

    @property
    def judged_by(self) -> str:
        """The measure by which studies judge where nobody names one."""
        return next(iter(self.measures))
