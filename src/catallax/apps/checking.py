"""`catallax check`: the barrier test on a mechanism of any domain."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from catallax.apps.execution import (
    DEFAULT_SHOWN,
    HERE_ALONE,
    Execution,
    ShownOptions,
    check_execution,
)
from catallax.apps.exit_codes import DONE, FAILED, Reply
from catallax.apps.tables import json_text
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.protocol import Domain
    from catallax.testing import Report


def check(
    file: Annotated[str, Parameter(help="a Python file that defines mechanism(), or a name")],
    /,
    *,
    domain: Annotated[
        str | None, Parameter(help="whose mechanism it is; the one that knows it if left out")
    ] = None,
    execution: ShownOptions = DEFAULT_SHOWN,
) -> Reply:
    """Test that a mechanism knows only what it was told; exit code 1 if it knows more.

    $ catallax check market
    $ catallax check five_year_plan:rigid --json
    """
    return check_mechanism(file, check_execution(execution, HERE_ALONE), domain)


def check_mechanism(source: str, execution: Execution, domain: str | None) -> Reply:
    """Run the test and say what it found.

    domain : whose mechanism it is, by name or as a Python file; None finds out
    """
    with execution.session(sources=[source], loops=False):
        report = _report(source, domain)
    code = DONE if report.passed else FAILED
    if execution.json:
        found = {"passed": report.passed, "calls": report.calls, "lines": list(report.lines)}
        return Reply(json_text({"source": source, **found}), code)
    if report.passed:
        return Reply(f"passed: {report.calls} calls replayed, row by row", code)
    return Reply("\n".join([f"{source}: did not pass", *report.lines]), code)


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
