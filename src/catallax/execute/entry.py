"""Who competes: a mechanism under a label, with all that a worker and a key need to know of it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from pickle import PicklingError
from typing import Any, final

from catallax.errors import InputError
from catallax.protocol import Domain, domain_named
from catallax.protocol.makers import parts, settings_of
from catallax.protocol.mechanism_names import (
    current_text,
    every_mechanism,
    mechanism_named,
    spec_of,
    values_of,
)
from catallax.protocol.userfile import bytes_of, source_of

PACKAGE = "catallax"


@final
@dataclass(frozen=True, eq=False)
class Entry:
    """A mechanism that competes.

    label   : what tables call it
    text    : as `mechanism_named` takes it; of an object that has no such text, its label
    made    : the mechanism itself
    sent    : whether a worker gets `made`; else it makes the mechanism from `text`
    outside : hash of the code outside the package that it is made of, "" if there is none. None
              where there is code without source, whose runs cannot be kept
    """

    label: str
    text: str
    made: Any
    sent: bool = False
    outside: str | None = ""


def entry_of(what: Any, domain: str | Domain, label: str | None = None) -> Entry:
    """The competitor of a text, or of a mechanism as an object.

    An object of the package's own is the same competitor as the text that says its settings.

    Raises InputError for a text that names nothing, and for an object that is not a mechanism of
    the domain or has settings that cannot be written down.
    """
    known = domain_named(domain) if isinstance(domain, str) else domain
    if isinstance(what, Entry):
        return what
    if isinstance(what, str):
        made, outside = mechanism_named(what, known), _digest_file(what)
        if outside:
            _check_plain(*_identify(made, known))
        return Entry(label or what, current_text(what, known), made, outside=outside)
    return _entry_of_object(what, known, label)


def entries_of(mechanisms: Sequence[Any], domain: str | Domain) -> list[Entry]:
    """The competitors, each with a label of its own.

    Raises InputError for none at all, for one text twice, and as `entry_of` does.
    """
    if isinstance(mechanisms, str) or not isinstance(mechanisms, Sequence):
        raise InputError(
            f"mechanisms: {mechanisms!r} is not a list; give one, such as ['market', 'ai_planner']"
        )
    found = dict[str, Entry]()
    for what in mechanisms:
        entry = entry_of(what, domain)
        if entry.label in found and not entry.sent:
            raise InputError(f"mechanisms: {entry.label} is named twice; give it once")
        label, again = entry.label, 2
        while label in found:
            label, again = f"{entry.label}#{again}", again + 1
        text = label if entry.sent else entry.text
        found[label] = Entry(label, text, entry.made, entry.sent, entry.outside)
    return list(found.values())


def _entry_of_object(made: Any, domain: Domain, label: str | None) -> Entry:
    if isinstance(made, type) or not isinstance(made, domain.kinds):
        kinds = " or ".join(k.__name__ for k in domain.kinds)
        what = getattr(made, "__name__", type(made).__name__)
        call = f"; call it: {what}()" if hasattr(made, "__name__") else ""
        raise InputError(
            f"mechanism: {what} is not a mechanism of {domain.name}, expected a name such as "
            f"{next(iter(domain.mechanisms))!r} or a {kinds}{call}"
        )
    name, settings = _identify(made, domain)
    _check_plain(name, settings)
    text = _find_text(made, domain, name)
    if text is not None:
        return Entry(label or text, text, made)
    taken = name in domain.mechanisms or name in domain.oracles
    called = label or (f"{name} (object)" if taken else name)
    return Entry(called, called, made, sent=True, outside=_digest_foreign(made, domain))


def _identify(made: Any, domain: Domain) -> tuple[str, dict[str, Any]]:
    """Name and settings; InputError for settings that cannot even be copied."""
    try:
        return domain.identity(made)
    except (TypeError, ValueError, PicklingError) as e:
        name = getattr(made, "name", type(made).__name__)
        raise InputError(
            f"{name}: its settings cannot be copied ({e}); settings are numbers, words, truth "
            f"values or lists of them"
        ) from e


def _check_plain(name: str, settings: dict[str, Any]) -> None:
    for key, value in settings.items():
        try:
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except (TypeError, ValueError, RecursionError) as e:
            raise InputError(
                f"{name}: setting {key} is {type(value).__name__}, which no file can hold; "
                f"settings are numbers, words, truth values or lists of them"
            ) from e


def _find_text(made: Any, domain: Domain, name: str) -> str | None:
    """The text that makes just this mechanism; None if the domain has none that does."""
    if name in domain.oracles:
        return name if _is_same(domain.oracles[name](), made, domain) else None
    if name not in domain.mechanisms or _foreign_classes(made, domain):
        return None
    for text in (name, *(m for m in every_mechanism(domain) if spec_of(m).name == name)):
        if _is_same(mechanism_named(text, domain), made, domain):
            return text
    now, plain = _field_values(made), values_of(name, domain)
    known = settings_of(domain.mechanisms[name])
    given = [f"{k}={now[k]}" for k in known if k in now and now[k] != plain.get(k)]
    try:
        text = ":".join([name, *given])
        return text if _is_same(mechanism_named(text, domain), made, domain) else None
    except InputError:
        return None


def _is_same(one: Any, other: Any, domain: Domain) -> bool:
    return type(one) is type(other) and domain.identity(one) == domain.identity(other)


def _field_values(made: Any) -> dict[str, Any]:
    """Fields of a mechanism's parts by name; of two of one name the outer one."""
    found: dict[str, Any] = {}
    for part in parts(made):
        found = {**(vars(part) if is_dataclass(part) else {}), **found}
    return found


def _foreign_classes(made: Any, domain: Domain) -> list[type]:
    """Classes of a mechanism's parts that neither the package nor the domain's own file defines."""
    own = {make.__module__ for make in domain.mechanisms.values()}
    classes = dict.fromkeys(type(part) for part in parts(made))
    return [
        c
        for c in classes
        if c.__module__.partition(".")[0] != PACKAGE
        and (domain.outside == "" or c.__module__ not in own)
    ]


def _digest_foreign(made: Any, domain: Domain) -> str | None:
    """Hash of the sources of all classes from outside; None where one has none."""
    whole = hashlib.sha256()
    for kind in _foreign_classes(made, domain) or [type(made)]:
        source = _read_source(kind)
        if source is None:
            return None
        whole.update(source)
    return whole.hexdigest()


def _read_source(kind: type) -> bytes | None:
    """The source of a class; None also where its objects hold what is in no setting."""
    if not is_dataclass(kind) and "__init__" in vars(kind):
        return None
    return source_of(kind)


def _digest_file(text: str) -> str:
    """Hash of the bytes of a text's Python file; "" if it names none."""
    spec = spec_of(text)
    if not spec.file:
        return ""
    return hashlib.sha256(bytes_of(Path(spec.name))).hexdigest()
