"""Settings that say themselves: unit, range, meaning, source and tuning range stand on the field.

`setting` makes such a field of a dataclass, `settings_in` reads the fields of a class, and
`check_settings` refuses, in the same words everywhere, a value that is of the wrong type or out
of range.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from math import isfinite
from numbers import Integral, Real
from typing import (
    Any,
    Literal,
    TypedDict,
    TypeVar,
    Unpack,
    final,
    get_args,
    get_origin,
    get_type_hints,
)
from weakref import WeakKeyDictionary

from catallax.errors import InputError, unknown
from catallax.protocol.tuned import Tuned, Value

T = TypeVar("T")

ASSUMED = "assumption"  # the source of a default that has no other
RECORDED = "record of tuning"  # the source of a default that is the best of what was tried
OFF = "off unless asked for"  # the source of a default that leaves something out
SAID = "setting"  # the key of a field's metadata
DIGITS = 12  # of a computed value: powers and logs differ between processors in the last ones
_read: WeakKeyDictionary[type, Mapping[str, "Setting"]] = WeakKeyDictionary()
KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a word"}


@final
@dataclass(frozen=True)
class Setting:
    """A setting that can be given by name.

    kind    : bool, int, float or str
    default : its value when it is not given; None where something else decides then
    choices : the words that are allowed; none if it is not a choice
    meaning : what it is, without unit and range
    unit    : that a number counts in, "weeks"; "" for a share, a ratio, a word
    low     : least number allowed, None for none
    high    : largest number allowed, None for none
    open    : whether the number has to be above `low`
    source  : where the default comes from: a publication, the record of tuning, an assumption
    tuned   : the range over which it is tuned, None if it is not
    hash_name : what hashes and files call it, where it was renamed; "" for its own name
    """

    kind: type
    default: Value | None
    choices: tuple[str, ...] = ()
    meaning: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    open: bool = False
    source: str = ""
    tuned: Tuned | None = None
    hash_name: str = ""

    @property
    def range(self) -> str:
        """The range in words: "0 to 1", "above 0", "in_kind, own_mix or retail"; "" for none."""
        if self.choices:
            *most, last = self.choices
            return f"{', '.join(most)} or {last}" if most else last
        if self.low is None:
            return "" if self.high is None else f"at most {_write_end(self.high)}"
        low, high = (_write_end(end) for end in (self.low, self.high))
        if self.open:
            return f"above {low}" if self.high is None else f"above {low}, at most {high}"
        return f"{low} or more" if self.high is None else f"{low} to {high}"

    @property
    def words(self) -> str:
        """Meaning and unit: "time from saying to hearing, in weeks"; "" for none."""
        return f"{self.meaning}, in {self.unit}" if self.unit else self.meaning

    @property
    def about(self) -> str:
        """The same in brackets, for the end of a message."""
        return f" ({self.words})" if self.words else ""

    def value(self, where: str, text: str) -> Value:
        """`text` as a value; `where` is the user's name for it. InputError says what was expected.

        Raises InputError for text that is of the wrong type and for a value out of range.
        """
        if self.choices and text not in self.choices:
            raise self._choice_error(where, text)
        try:
            found = _TO[self.kind](text)
        except ValueError as e:
            raise self._type_error(where, text) from e
        self.check(where, found)
        return found

    def check(self, where: str, value: object) -> None:
        """Raise InputError unless `value` is of the kind and in range; None passes for no value."""
        if value is None and self.default is None:
            return
        if not _is(value, self.kind):
            raise self._type_error(where, value)
        if self.choices and value not in self.choices:
            raise self._choice_error(where, str(value))
        if isinstance(value, int | float | Real) and not self._holds(value):
            expected = self.range or "a finite number"
            raise InputError(f"{where}: {value} is out of range, expected {expected}{self.about}")

    def _holds(self, value: Any) -> bool:
        """Whether a number is finite and in the range; a whole number may have any size."""
        above = self.low is None or (value > self.low if self.open else value >= self.low)
        return above and (self.high is None or value <= self.high) and _is_finite(value, self.kind)

    def _type_error(self, where: str, value: object) -> InputError:
        expected = f"; expected {self.range}" if self.range else ""
        return InputError(f"{where}: {value!r} is not {KINDS[self.kind]}{expected}{self.about}")

    def _choice_error(self, where: str, value: str) -> InputError:
        """The error for a word that is not a choice, by the last part of the setting's name."""
        name = where.replace(":", ".").rpartition(".")[2].strip()
        return InputError(f"{where}: {unknown(name, value, self.choices)}")


class Said(TypedDict, total=False):
    """What a setting may say of itself beside its default: see `describe_setting`."""

    unit: str
    low: float
    high: float
    above: float
    choices: Iterable[str]
    source: str
    tuned: Tuned
    hash_name: str


def setting(default: T, meaning: str, **said: Unpack[Said]) -> T:
    """A field of a dataclass that is a setting: `share: float = setting(0.1, "share caught", ...)`.

    default : its value when it is not given
    meaning : what it is, without unit and range
    said    : what `describe_setting` takes: unit, low, high, above, choices, source, tuned,
              hash_name

    It may also stand among the `defaults` of `plain_domain`.
    """
    return field(default=default, metadata=describe_setting(meaning, **said))


def describe_setting(
    meaning: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    choices: Iterable[str] = (),
    source: str = "",
    tuned: Tuned | None = None,
    hash_name: str = "",
) -> dict[str, Any]:
    """The metadata of a field that is a setting, for one without a default.

    unit    : that a number counts in, "weeks"
    low     : least number allowed
    high    : largest number allowed
    above   : in place of `low`, for numbers that have to be above it
    choices : the words that are allowed
    source  : where the default comes from
    tuned   : the range over which it is tuned, a `TunedSpan` or `TunedChoice`
    hash_name : the name that it had before it was renamed, which hashes and files keep
                (`protocol.hash_names`)
    """
    said = {
        "choices": tuple(choices), "meaning": meaning, "unit": unit, "high": high,
        "low": low if above is None else above, "open": above is not None,
        "source": source, "tuned": tuned, "hash_name": hash_name,
    }  # fmt: skip
    return {SAID: said}


def settings_in(kind: type) -> Mapping[str, Setting]:
    """Name -> setting of every field of a dataclass that can be given, in their order.

    A field that is not described is one too, if its default is a number, a word or a truth value;
    it has no meaning then, and the words of a `Literal` for choices. None for another class.
    """
    if kind not in _read:
        _read[kind] = dict(_settings_in(kind))
    return _read[kind]


def _settings_in(kind: Any) -> Iterator[tuple[str, Setting]]:
    hints = hints_of(kind)
    for f in fields(kind) if is_dataclass(kind) else ():
        made = setting_of_field(f, hints.get(f.name)) if f.init else None
        if made is not None:
            yield f.name, made


def _described_fields(instance: Any) -> Iterator[tuple[str, Setting, Any]]:
    """Name, setting and value of every described field."""
    for name, known in settings_in(type(instance)).items():
        if known.meaning:
            yield name, known, getattr(instance, name)


def check_settings(instance: Any, where: str) -> None:
    """Raise InputError unless every described field of a dataclass is of its type and in range.

    where : what stands before a field's name in the user's words: "channel.line.", "market:"
    """
    for name, known, value in _described_fields(instance):
        known.check(where + name, value)


def keep_as_floats(instance: Any) -> None:
    """Make a new frozen instance hold floats in its described numbers, so that 1 is 1.0.

    Equal settings are then one hash. What is not a number stays, to be refused by `check_settings`.
    """
    for name, known, value in _described_fields(instance):
        if known.kind is float and _is(value, float) and _is_finite(value, float):
            object.__setattr__(instance, name, float(value))


def setting_of_field(f: "Field[Any]", hint: object = None) -> Setting | None:
    """The setting that a field is; None if it cannot be written as a word."""
    default = None if f.default is MISSING else f.default
    if SAID in f.metadata:
        said = f.metadata[SAID]
        return Setting(_kind(default, hint), default, **said)
    return plain_setting(default, hint)


def plain_setting(default: object, hint: object = None) -> Setting | None:
    """A setting that nobody described; None if it cannot be written as a word."""
    kind = _kind(default, hint)
    if kind not in KINDS or not isinstance(default, bool | int | float | str):
        return None
    return Setting(kind, default, get_args(hint) if get_origin(hint) is Literal else ())


def hints_of(thing: Any) -> dict[str, Any]:
    """Types of fields or parameters; none where a user's annotations cannot be understood."""
    try:
        return get_type_hints(thing)
    except Exception:
        return {}


def shorten(value: float) -> float:
    """A computed value with so few digits that it is the same on every processor.

    Values enter the hash of a contract, and the last bits of a power hang on the instruction set.
    """
    return float(f"{value:.{DIGITS}g}")


def _kind(default: object, hint: object) -> type:
    """The type of a value: what is annotated, `X | None` being X, or else that of the default."""
    said = [kind for kind in get_args(hint) if kind is not type(None)]
    meant = said[0] if len(said) == 1 and type(None) in get_args(hint) else hint
    return meant if isinstance(meant, type) and meant in KINDS else type(default)


def _is(value: object, kind: type) -> bool:
    """Whether a value is of a kind; whole numbers pass for numbers, truth values for neither."""
    right = _NUMBERS.get(kind, kind)
    return isinstance(value, right) and (kind is bool or not isinstance(value, bool))


def _is_finite(value: Any, kind: type) -> bool:
    """Whether a number is one of its kind: 10**400 is whole, but no float."""
    try:
        return kind is int or isfinite(value)
    except OverflowError:
        return False


def _write_end(end: float | None) -> str:
    return f"{end:g}" if isinstance(end, float) else str(end)


def _read_bool(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


_NUMBERS: Mapping[type, type] = {int: Integral, float: Real}  # those of NumPy are among them
_TO: Mapping[type, Callable[[str], Value]] = {bool: _read_bool, int: int, float: float, str: str}
