"""`catallax check`: the barrier test on a mechanism of any domain."""

import json as jsonlib
from contextlib import nullcontext
from typing import TYPE_CHECKING

from catallax.apps.plugins import blaming
from catallax.apps.progress import interruptible, stdout_spared
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.protocol import Domain
    from catallax.testing import Report


def checked(source: str, *, domain: str | None = None, json: bool) -> int:
    """Run the test, print what it found, and return the exit code: 0 passed, 1 not.

    domain : whose mechanism it is, by name or as a Python file; None finds out
    """
    with stdout_spared() if json else nullcontext(), blaming([source]), interruptible():
        report = _report(source, domain)
    if json:
        found = {"passed": report.passed, "calls": report.calls, "lines": list(report.lines)}
        print(jsonlib.dumps({"source": source, **found}, indent=2))
    elif report.passed:
        print(f"passed: {report.calls} calls replayed, row by row")
    else:
        print("\n".join([f"{source}: did not pass", *report.lines]))
    return 0 if report.passed else 1


def _report(source: str, domain: str | None) -> "Report":
    from catallax.protocol import PRODUCTION
    from catallax.testing import barrier, replayed

    known = _domain(source, domain)
    return barrier(source) if known.name == PRODUCTION else replayed(source, known)


def _domain(source: str, domain: str | None) -> "Domain":
    """The domain that is named, else the first that knows a mechanism of this name."""
    from catallax.protocol import PRODUCTION, domain_in, domain_named, domains, is_file
    from catallax.protocol.specs import spec_of

    if domain is not None:
        return domain_in(domain) if is_file(domain) else domain_named(domain)
    spec = spec_of(source)
    if spec.file:
        return _domain_of_file(source)
    for known in domains().values():
        if spec.name in {*known.mechanisms, *known.oracles}:
            return known
    return domain_named(PRODUCTION)


def _domain_of_file(source: str) -> "Domain":
    """The domain for which the file defines a mechanism; the economy's errors if none has it."""
    from catallax.protocol import PRODUCTION, domain_named, domains
    from catallax.protocol.named import mechanism_in

    for known in domains().values():
        try:
            mechanism_in(known, source)
        except InputError:
            continue
        return known
    return domain_named(PRODUCTION)
