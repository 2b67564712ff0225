"""What is declared of every claim before anything is run: `registry.toml` as checked values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import isclose
from typing import Any, final

from catallax.errors import InputError, unknown
from catallax.protocol import PRODUCTION, Domain, Value, domain_named, hash_of

RULES = ("direction", "figure", "limit", "inconsistent")
FORMS = ("difference", "ratio", "level", "bench")
LABELS = ("", "possibility result")
NOT_YET = "not yet"
PROSE = ("text", "looked_at", "changes", "why", "unit", "title", "figure", "source")
UNVERIFIED = "source unverified"


@final
@dataclass(frozen=True)
class BaseContract:
    """A contract before anything is varied.

    why        : why this one
    weeks      : of a run; 0 for the experiment's own
    experiment : by name or as a Python file, whose contract it is; "" for any of the economy
    economy    : its name; "" in other domains
    shock      : what of the shock is not the experiment's default
    set        : dotted key of the contract -> value
    domain     : of the experiment
    """

    why: str
    weeks: int = 0
    experiment: str = ""
    economy: str = ""
    shock: Mapping[str, Value] = field(default_factory=dict)
    set: Mapping[str, Value] = field(default_factory=dict)
    domain: str = PRODUCTION

    @property
    def settings(self) -> dict[str, Value]:
        """Everything that it says of the contract, by dotted key."""
        own: dict[str, Value] = {} if not self.economy else {"economy": self.economy}
        weeks: dict[str, Value] = {"weeks": self.weeks} if self.weeks else {}
        shock = {f"shock.{key}": value for key, value in self.shock.items()}
        return {**own, **weeks, **shock, **self.set}


@final
@dataclass(frozen=True)
class Weighted:
    """Values of an axis and how likely each is held to be beforehand; weights sum to 1."""

    values: tuple[Value, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.weights) or not self.values:
            raise InputError("weights: give one for each value, and at least one value")
        if min(self.weights) <= 0 or not isclose(sum(self.weights), 1.0, abs_tol=1e-9):
            raise InputError(
                f"weights: {list(self.weights)} do not sum to 1, or one is not above 0"
            )


@final
@dataclass(frozen=True)
class ClaimMap:
    """A map with prior weights: some contracts, and every combination of the axes' values.

    why       : of contracts, values and weights
    contracts : name -> relative weight; none for a bench that runs no economy
    axes      : name -> values with weights
    """

    why: str
    contracts: Mapping[str, float] = field(default_factory=dict)
    axes: Mapping[str, Weighted] = field(default_factory=dict)


@final
@dataclass(frozen=True)
class Part:
    """One comparison over a map.

    title     : what it is, for people
    form      : "difference", first - second; "ratio", first / second - 1; "level", first - at;
                or "bench", what `bench` finds
    sign      : +1 or -1, what the claim says of it; 0 where the rule is a limit
    map       : name of its map; "" for the claim's
    measure   : of each mechanism
    per       : the measure is divided by this one; "" for none
    first, second : mechanisms
    at        : what a level is held against
    along     : the slope over this axis is meant, by its log where the axis is read in logs
    failed    : what the measure of a run that stopped early counts for; None: it has none
    tolerance : of a limit; None where the rule is another
    bench     : name in `BENCHES`
    """

    title: str
    form: str
    sign: int = 0
    map: str = ""
    measure: str = ""
    per: str = ""
    first: str = ""
    second: str = ""
    at: float = 0.0
    along: str = ""
    failed: float | None = None
    tolerance: float | None = None
    bench: str = ""

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise unknown("form", self.form, FORMS)
        if self.sign not in (-1, 0, 1) or (self.sign == 0) != (self.tolerance is not None):
            raise InputError("sign: give 1 or -1, or a tolerance and no sign")
        if (self.form == "bench") == bool(self.measure):
            raise InputError("measure: a bench has none, whatever else has one")
        if self.form in ("difference", "ratio") and not (self.first and self.second):
            raise InputError(f"second: a {self.form} is between two mechanisms; name both")

    @property
    def measures(self) -> tuple[str, ...]:
        """Those that are read of every run."""
        return tuple(name for name in (self.measure, self.per) if name)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Those that must run."""
        return tuple(text for text in (self.first, self.second) if text)


@final
@dataclass(frozen=True)
class Claim:
    """A claim and how it is put to the test.

    id         : the letter of its essay and a number, such as H1
    text       : what is claimed
    experiment : that puts it to the test
    looked_at  : what is measured, for people
    rule       : direction, figure, limit or inconsistent
    figure     : the essay's own, as it stands there; "" for none
    source     : of the figure; "" where none was found
    value      : that as the number that the first part estimates
    figures    : of an inconsistent essay: [low, high] of each of its figures for one thing
    unit       : of those
    label      : "possibility result" where the result follows from what the model assumes
    map        : name of the map of its parts
    changes    : what would change the verdict
    why        : why today's mechanisms cannot answer; "" if they can
    parts      : the first decides
    seeds      : 0 up to this
    """

    id: str
    text: str
    experiment: str
    looked_at: str
    rule: str
    seeds: int
    figure: str = ""
    source: str = ""
    value: float | None = None
    figures: tuple[tuple[float, float], ...] = ()
    unit: str = ""
    label: str = ""
    map: str = ""
    changes: str = ""
    why: str = ""
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise unknown("rule", self.rule, RULES)
        if self.label not in LABELS:
            raise unknown("label", self.label, LABELS)
        if bool(self.why) == bool(self.parts):
            raise InputError("why: say why it cannot be answered, or give parts that answer it")
        if self.parts and not self.changes:
            raise InputError("changes: say what would change the verdict")
        if self.rule == "figure" and (not self.figure or (self.parts and self.value is None)):
            raise InputError("figure: give the essay's figure, and as `value` for the first part")
        if self.rule == "inconsistent" and len(self.figures) < 2:
            raise InputError("figures: give at least two that disagree")
        if self.parts and (self.rule == "limit") != (self.parts[0].tolerance is not None):
            raise InputError("tolerance: the first part of a limit has one, of other rules none")

    @property
    def is_answerable(self) -> bool:
        """Whether today's mechanisms can answer."""
        return bool(self.parts)

    @property
    def labels(self) -> tuple[str, ...]:
        """What a reader must know before the verdict."""
        return tuple(x for x in (self.label, "" if self.is_answerable else NOT_YET) if x)

    @property
    def cited(self) -> str:
        """The essay's figure, with what is known of its source."""
        return f"{self.figure} ({self.source or UNVERIFIED})" if self.figure else ""


@final
@dataclass(frozen=True)
class Rules:
    """Thresholds of all verdicts.

    share      : of the prior-weighted map on which a sign must be sure
    central    : of our distribution in which a figure must lie
    confidence : of intervals
    """

    share: float = 0.9
    central: float = 0.8
    confidence: float = 0.95


@final
@dataclass(frozen=True)
class Registry:
    """All claims and what they share.

    essays : first letter of an id -> what essay it is from
    title  : of a page about them
    """

    essays: Mapping[str, str]
    rules: Rules
    contracts: Mapping[str, BaseContract]
    maps: Mapping[str, ClaimMap]
    claims: Mapping[str, Claim]
    title: str = "Claims, put to the test"

    def claim(self, name: str) -> Claim:
        """The claim with this id; InputError offers the nearest."""
        known = {key.lower(): key for key in self.claims}
        if name.lower() not in known:
            raise unknown("claim", name, self.claims)
        return self.claims[known[name.lower()]]

    def map_of(self, claim: Claim, part: Part) -> ClaimMap:
        """The map of a part."""
        return self.maps[part.map or claim.map]

    def domain_of(self, plan: ClaimMap) -> Domain:
        """The domain of a map's contracts; the economy for a bench that runs none."""
        of = {self.contracts[name].domain for name in plan.contracts}
        return domain_named(next(iter(of), PRODUCTION))

    def in_logs(self, plan: ClaimMap) -> frozenset[str]:
        """Those axes of a map that are read in logs."""
        known = self.domain_of(plan).axes
        return frozenset(name for name in plan.axes if name in known and known[name].log)

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """Id -> hash of all that was declared and bears on its answer."""
        return {name: _hash(self._declared_for(c)) for name, c in self.claims.items()}

    def _declared_for(self, claim: Claim) -> Any:
        """All of it as plain values but what only people read."""
        maps = sorted({p.map or claim.map for p in claim.parts})
        plans = [self.maps[name] for name in maps]
        bases = [self.contracts[key] for plan in plans for key in plan.contracts]
        return [_plain(claim), [_plain(p) for p in (*plans, *bases)], asdict(self.rules)]


def _plain(thing: Any) -> Any:
    found = {k: v for k, v in asdict(thing).items() if k not in PROSE}
    if found.get("domain") == PRODUCTION:  # what says nothing of its domain is of the economy
        del found["domain"]
    if "parts" in found:
        found["parts"] = [{k: v for k, v in p.items() if k not in PROSE} for p in found["parts"]]
    return found


def _hash(plain: Any) -> str:
    return hash_of(plain)
