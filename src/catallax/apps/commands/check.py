"""`catallax check`: the barrier test on a mechanism of any domain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from catallax.apps.contract_options import ContractOptions
from catallax.apps.contracts import contract_of, read_settings
from catallax.apps.execution import (
    DEFAULT_SHOWN,
    HERE_ALONE,
    Execution,
    ShownOptions,
    check_execution,
)
from catallax.apps.exit_codes import DONE, FAILED, Reply
from catallax.apps.output import format_json
from catallax.apps.values import FilePath, Whole, check_within

if TYPE_CHECKING:
    from catallax.protocol import Domain, Finding
    from catallax.testing import Report

MOST_SEED = 10**12
DRAWN = 1_000_000  # seeds of which one is drawn where none is given


def check(
    file: Annotated[str, Parameter(help="a Python file that defines mechanism(), or a name")],
    /,
    *,
    domain: Annotated[
        str | None,
        Parameter(help="domain_of_mechanism mechanism it is; the one that knows it if left out"),
    ] = None,
    contract: Annotated[
        FilePath | None,
        Parameter(
            help="TOML file of a contract on which it is tried; several are drawn if left out"
        ),
    ] = None,
    seed: Annotated[
        Whole | None,
        Parameter(
            validator=check_within(0, MOST_SEED),
            help="from which runs are drawn; another one each time if left out",
        ),
    ] = None,
    execution: ShownOptions = DEFAULT_SHOWN,
) -> Reply:
    """Test that a mechanism knows only what it was told; exit code 1 if it knows more.

    The test plays runs on economies, seeds and lengths that nobody can prepare
    for. Then it makes every call again, by itself, from what one party was
    given. It takes half a minute at most, once the loops are compiled.

    $ catallax check market --seed 7
    $ catallax check five_year_plan:rigid --json
    """
    return check_mechanism(file, check_execution(execution, HERE_ALONE), domain, contract, seed)


def check_mechanism(
    source: str,
    execution: Execution,
    domain: str | None = None,
    contract: Path | None = None,
    seed: int | None = None,
) -> Reply:
    """Run the test and say what it found.

    domain : whose mechanism it is, by name or as a Python file; None finds out
    seed   : from which runs are drawn; None draws one
    """
    from catallax.testing import barrier

    known = _find_domain(source, domain)
    tried = None if contract is None else _read_contract(known, contract)
    with execution.session(sources=[source], loops=known.loops):
        report = barrier(
            source, domain=known, contract=tried, seed=_draw_seed() if seed is None else seed
        )
    code = DONE if report.passed else FAILED
    if execution.json:
        return Reply(format_json(_plain_report(report)), code)
    again = f"The same runs again: catallax check {source} --seed {report.seed}"
    if contract is not None:
        again += f" --contract {contract}"
    return Reply(
        "\n".join(
            [*(_describe_pass(report) if report.passed else _describe_failure(report)), again]
        ),
        code,
    )


def _draw_seed() -> int:
    from secrets import randbelow

    return randbelow(DRAWN)


def _describe_pass(report: "Report") -> list[str]:
    return [
        f"passed: {report.replayed} of {report.calls} calls made again, each from what one party "
        f"alone was given",
        *(f"  {run}" for run in report.runs),
    ]


def _describe_failure(report: "Report") -> list[str]:
    found = [line for k, f in enumerate(report.told, start=1) for line in _describe_finding(k, f)]
    return [f"{report.source}: did not pass", *found]


def _describe_finding(number: int, finding: "Finding") -> list[str]:
    return [f"{number}. {finding}", f"   To mend it: {finding.offence.value}."]


def _plain_report(report: "Report") -> dict[str, Any]:
    findings = [
        {
            "offence": f.offence.name.lower(),
            "where": f.where,
            "what": f.what,
            "mend": f.offence.value,
            "verb": f.verb,
            "week": f.week,
            "row": f.row,
        }
        for f in report.findings
    ]
    return {
        "source": report.source,
        "passed": report.passed,
        "seed": report.seed,
        "runs": list(report.runs),
        "calls": report.calls,
        "replayed": report.replayed,
        "findings": findings,
        "lines": list(report.lines),
    }


def _read_contract(domain: "Domain", file: Path) -> Any:
    """The contract of a file, with the keys of the domain's own contracts."""
    from catallax.domains.production.experiments import FREE

    first = next(iter(domain.experiments.values()))
    experiment = FREE if domain.name == FREE.domain else first
    return contract_of(experiment, read_settings(ContractOptions(file), experiment))


def _find_domain(source: str, domain: str | None) -> "Domain":
    """The domain that is named, else the first that knows a mechanism of this name."""
    from catallax.protocol import domain_in, domain_named, is_file
    from catallax.testing import domain_of_mechanism

    if domain is not None:
        return domain_in(domain) if is_file(domain) else domain_named(domain)
    return domain_of_mechanism(source)
