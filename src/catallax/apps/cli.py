"""The command line. Whatever the user got wrong is told in one line, with exit code 2."""

import json as jsonlib
import multiprocessing
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from io import TextIOWrapper
from typing import Annotated, NoReturn

from cyclopts import App, Parameter

from catallax import __version__
from catallax.apps.asked import (
    Asked,
    File,
    Json,
    Keeping,
    Name,
    Options,
    Quiet,
    Seeds,
    Settings,
    Varied,
    Varying,
    Whose,
    Workers,
)
from catallax.apps.exits import exit_code
from catallax.apps.learning import Learning
from catallax.apps.settings import Overrides
from catallax.errors import InputError

if multiprocessing.parent_process() is not None:
    # A worker process leaves Ctrl-C to the process that started it, which ends it in silence.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

COMMANDS = (
    "run", "compare", "frontier", "sweep", "results", "worth", "adversary", "sensitivity", "claims",
    "list", "explain", "check", "bound", "federated", "tune", "forecast-bench",
    "validate",
)  # fmt: skip

app = App(
    name="catallax",
    help="Rival ways of coordinating an economy, run under one contract.",
    version=__version__,
    help_format="plaintext",
)


@app.command
def run(
    experiment: Annotated[str, Parameter(help="its name; `catallax list` shows all")],
    /,
    *,
    asked: Options = None,
) -> None:
    """Run an experiment: tables here, and a report in one HTML file."""
    _compared(experiment, asked or Asked())


@app.command
def compare(*, asked: Options = None) -> None:
    """Compare mechanisms under any contract: any economy, any shock or none."""
    _compared(None, asked or Asked())


def _compared(experiment: str | None, asked: Asked) -> None:
    from catallax.apps import running
    from catallax.apps.progress import stdout_spared

    with stdout_spared() if asked.json else nullcontext():
        order = running.job(experiment, asked)
        text = running.run(order, json=asked.json, quiet=asked.quiet)
    print(text)


@app.command(name="list")
def list_(*, json: Json = False) -> None:
    """Show experiments, mechanisms, oracles, economies and measures."""
    from catallax.apps.catalogue import catalogue, listed

    print(_json(catalogue()) if json else listed(catalogue()))


@app.command
def explain(
    measure: Annotated[str, Parameter(help="its name; `catallax list` shows all")],
    /,
    *,
    json: Json = False,
) -> None:
    """Say what a measure means, in which unit, and where it comes from."""
    from catallax.apps.catalogue import explained

    found = explained(measure)
    lines = (f"{name + ':':<8} {text}" for name, text in found.items())
    print(_json(found) if json else "\n".join(lines))


@app.command
def check(
    file: Annotated[str, Parameter(help="a Python file that defines mechanism(), or a name")],
    /,
    *,
    domain: Annotated[
        str | None, Parameter(help="whose mechanism it is; default: the one that knows it")
    ] = None,
    json: Json = False,
) -> int:
    """Test that a mechanism knows only what it was told; exit code 1 if it knows more."""
    from catallax.apps.checking import checked

    return checked(file, domain=domain, json=json)


@app.command
def bound(
    *,
    mechanisms: Annotated[
        list[str] | None,
        Parameter(negative="", help="names or Python files, commas between; default: four"),
    ] = None,
    seeds: Seeds = None,
    contract: File = None,
    json: Json = False,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Compare mechanisms with perfect foresight on a small economy, calm and in a shortage.

    Its own defaults are `--economy small:0` and `--weeks 40`; the flow of the economy's last
    endowment halves after a third of the weeks. Minutes on anything much larger.
    """
    from catallax.apps import bounding
    from catallax.apps.progress import stdout_spared

    given = (overrides or Overrides()).given()
    with stdout_spared() if json else nullcontext():
        order = bounding.job(mechanisms, seeds, contract, given)
        text = bounding.run(order, json=json, quiet=quiet)
    print(text)


@app.command
def federated(
    *,
    tables: Annotated[
        list[str] | None,
        Parameter(negative="", help="errors, border, privacy, price, commas between; default: all"),
    ] = None,
    seeds: Seeds = None,
    learning: Annotated[Learning | None, Parameter(name="*")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare learning together without pooling data with pooling and with learning alone.

    Rows follow linear laws of their own; no economy is run but for the price. A minute or two.
    """
    from catallax.apps import federating
    from catallax.apps.progress import stdout_spared

    with stdout_spared() if json else nullcontext():
        order = federating.job(tables, seeds, asdict(learning or Learning()))
        text = federating.run(order, json=json, quiet=quiet)
    print(text)


@app.command
def claims(
    *,
    run: Annotated[
        list[str] | None,
        Parameter(negative="", help="run these again: ids with commas between, or all"),
    ] = None,
    seeds: Annotated[
        str | None, Parameter(help="for --run: a count, list or range; default: as declared, 6")
    ] = None,
    workers: Workers = None,
    kept: Keeping = None,
    out: Annotated[str | None, Parameter(help="folder of a report in one HTML file")] = None,
    file: Annotated[
        str | None,
        Parameter(help="TOML file of claims of your own: docs/claims.md; default: the package's"),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what two essays claim and what came of it; --run puts claims to the test again.

    All of them are some 1,400 runs: half an hour on two cores. With --file the claims are yours,
    about any domain.
    """
    from catallax.apps import claiming
    from catallax.apps.progress import stdout_spared

    with stdout_spared() if json else nullcontext():
        order = claiming.job(run, seeds, workers, kept, out, file)
        text = claiming.run(order, json=json, quiet=quiet)
    print(text)


@app.command
def worth(
    *,
    mechanisms: Annotated[
        list[str] | None,
        Parameter(negative="", help="names, commas between; default: market,ai_planner"),
    ] = None,
    seeds: Seeds = None,
    laws: Annotated[
        list[str] | None,
        Parameter(
            negative="",
            help="varied beside silence: resolution, delay, noise, coverage; default: resolution",
        ),
    ] = None,
    out: Annotated[str | None, Parameter(help="folder of the chart; default: no chart")] = None,
    experiment: Whose = None,
    asked: Varying = None,
) -> None:
    """Say what each kind of fact is worth: welfare against the bits of it, kind by kind.

    It is about the economy alone; without --experiment the default is `--weeks 156`. Every kind
    takes six runs a seed, some seconds each on us71.
    """
    from catallax.apps import valuing
    from catallax.apps.progress import stdout_spared

    asked = asked or Varied()
    with stdout_spared() if asked.json else nullcontext():
        order = valuing.job(mechanisms, seeds, laws, out, asked, experiment)
        text = valuing.run(order, json=asked.json, quiet=asked.quiet)
    print(text)


@app.command
def adversary(
    first: Name = None,
    second: Name = None,
    /,
    *,
    keys: Annotated[
        list[str] | None,
        Parameter(negative="", help="numbers that may be changed, commas between; default: all"),
    ] = None,
    seeds: Annotated[str | None, Parameter(help="of the search; default 4")] = None,
    fresh: Annotated[str | None, Parameter(help="seeds of the check; default 100-119")] = None,
    budget: Annotated[
        str | None, Parameter(help="runs of the search in each direction; default 800")
    ] = None,
    seed: Annotated[str | None, Parameter(help="of the search's own draws; default 1")] = None,
    experiment: Whose = None,
    asked: Varying = None,
) -> None:
    """Search the most plausible contract under which the other mechanism wins, both ways.

    Without --experiment the default is `--weeks 156`. What is plausible is said by the domain.
    What is found is run again on fresh seeds before it is told.
    """
    from catallax.apps import hunting
    from catallax.apps.progress import stdout_spared

    asked, who = asked or Varied(), [name for name in (first, second) if name is not None]
    with stdout_spared() if asked.json else nullcontext():
        order = hunting.job(who, keys, seeds, fresh, budget, seed, asked, experiment)
        text = hunting.run(order, json=asked.json, quiet=asked.quiet)
    print(text)


@app.command
def sensitivity(
    first: Name = None,
    second: Annotated[
        str | None, Parameter(help="another; then it is the first less this that is looked at")
    ] = None,
    /,
    *,
    axes: Annotated[
        list[str] | None,
        Parameter(
            negative="",
            help="NAME or NAME=LOW..HIGH, commas between; default: those that the domain says",
        ),
    ] = None,
    method: Annotated[str, Parameter(help="sobol or morris")] = "morris",
    samples: Annotated[
        str | None, Parameter(help="of Sobol's sequence, default 32; Morris's walks, default 8")
    ] = None,
    seeds: Annotated[str | None, Parameter(help="at every point; default 4")] = None,
    experiment: Whose = None,
    asked: Varying = None,
) -> None:
    """Say which axes a mechanism's score, or the margin between two, hangs on.

    Without --experiment the default is `--weeks 156`, and the axes are delay, noise, tacit and
    drift. Sobol takes samples x (axes + 2) points, Morris samples x (axes + 1), each on every seed.
    """
    from catallax.apps import weighing
    from catallax.apps.progress import stdout_spared

    asked, who = asked or Varied(), [name for name in (first, second) if name is not None]
    with stdout_spared() if asked.json else nullcontext():
        order = weighing.job(who, axes, seeds, method, samples, asked, experiment)
        text = weighing.run(order, json=asked.json, quiet=asked.quiet)
    print(text)


@app.command
def tune(
    *,
    mechanisms: Annotated[
        list[str] | None,
        Parameter(negative="", help="names of the file, commas between; default: all of them"),
    ] = None,
    budget: Annotated[
        str | None, Parameter(help="settings tried of each; default: the file's")
    ] = None,
    file: Annotated[
        str | None, Parameter(help="TOML file with ranges of your own; default: the package's")
    ] = None,
    out: Annotated[str | None, Parameter(help="folder of the records; default: records")] = None,
    workers: Workers = None,
    check: Annotated[
        bool,
        Parameter(negative="", show_default=False, help="only test that the records still hold"),
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Tune the mechanisms, each by the same number of runs, on seeds that are not reported."""
    from catallax.apps import tuning
    from catallax.apps.progress import stdout_spared

    with stdout_spared() if json else nullcontext():
        asked = tuning.order(mechanisms, budget, file, out, workers, check=check)
        if check:
            passed, text = tuning.checked(asked, json=json)
        else:
            passed, text = True, tuning.tuned(asked, json=json, quiet=quiet)
    print(text)
    return 0 if passed else 1


@app.command
def forecast_bench(
    file: Annotated[
        str | None,
        Parameter(
            help="CSV: periods in column 1, a series in every other; default: supermarket sales"
        ),
    ] = None,
    /,
    *,
    methods: Annotated[
        list[str] | None,
        Parameter(
            negative="",
            help="names, commas between, or all; default: those that need no extra, and choice",
        ),
    ] = None,
    horizon: Annotated[str | None, Parameter(help="periods ahead; default 8")] = None,
    origins: Annotated[
        str | None, Parameter(help="points in time to forecast from, the last ones; default 8")
    ] = None,
    period: Annotated[str | None, Parameter(help="periods of a season; default 52")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare forecasting methods on real series, from one point in time after another."""
    from catallax.apps import forecasting
    from catallax.apps.progress import stdout_spared

    with stdout_spared() if json else nullcontext():
        order = forecasting.job(file, methods, horizon, origins, period)
        text = forecasting.run(order, json=json, quiet=quiet)
    print(text)


@app.command
def validate(
    *names: Annotated[str, Parameter(help="rows or domains, commas between; default: all")],
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Reproduce published numbers; exit code 1 if a row fails that is not held out.

    All rows take ten seconds or so. With names, definitions and sources are printed too.
    """
    from catallax.apps import validating
    from catallax.apps.progress import stdout_spared

    with stdout_spared() if json else nullcontext():
        rows = validating.choose_rows(names)
        passed, text = validating.run_validation(rows, details=bool(names), json=json, quiet=quiet)
    print(text)
    return 0 if passed else 1


@app.command
def sweep(
    spec: Annotated[str, Parameter(help="TOML file that says what is varied: docs/sweeps.md")],
    /,
    *,
    workers: Workers = None,
    kept: Keeping = None,
    retry: Annotated[
        bool, Parameter(negative="", show_default=False, help="run anew what failed before")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run many contracts, mechanisms and seeds into a folder; what is there is not run again.

    The folder is by default called as the file, with .runs for .toml.
    """
    from catallax.apps import sweeping
    from catallax.apps.progress import stdout_spared

    with stdout_spared() if json else nullcontext():
        order = sweeping.job(spec, workers, kept, again=retry)
        text = sweeping.run(order, json=json, quiet=quiet)
    print(text)


@app.command
def results(
    folder: Annotated[str, Parameter(help="that `catallax sweep` wrote")],
    /,
    *,
    where: Annotated[
        list[str] | None,
        Parameter(negative="", help="KEY=VALUE that runs must have; may be repeated"),
    ] = None,
    by: Annotated[
        list[str] | None,
        Parameter(negative="", help="keys to group by; default: label and what is varied"),
    ] = None,
    measures: Annotated[
        list[str] | None, Parameter(negative="", help="names; default: score, bits")
    ] = None,
    to: Annotated[
        str | None, Parameter(help="FILE.csv or FILE.parquet that the chosen runs go to")
    ] = None,
    json: Json = False,
) -> None:
    """Show the runs of a folder: chosen, grouped, with means and intervals."""
    from catallax.apps import results as told

    print(told.run(told.job(folder, where, by, measures, to), json=json))


@app.command
def frontier(
    x: Annotated[str, Parameter(help="axis across: AXIS or AXIS=VALUE,VALUE,...")],
    y: Annotated[str, Parameter(help="axis down, in the same way")],
    /,
    *,
    asked: Options = None,
    measure: Annotated[
        str | None, Parameter(help="a measure of which more is better; default: score")
    ] = None,
    experiment: Whose = None,
    budget: Annotated[
        str | None,
        Parameter(help="runs at most, spent where the border is; default: the grid on all seeds"),
    ] = None,
    kept: Keeping = None,
    png: Annotated[
        bool, Parameter(negative="", show_default=False, help="the picture as a PNG too")
    ] = False,
    stability: Annotated[
        bool,
        Parameter(negative="", show_default=False, help="where one market survives its gains"),
    ] = False,
) -> None:
    """Map who wins over two axes, and the border between them: a table, a page and a picture.

    Axes of the economy: delay, noise, coverage, resolution, tacit, novelty, drift,
    interval, reprice, delegation, sigma, size, economy. In any domain also a key
    of the contract (channel.centre.delay) and a setting of a mechanism
    (market:kappa). NAME:best is a planner under its best delegation, chosen on
    other seeds. Without --experiment the default is --weeks 156. With --stability,
    of the economy alone: whether one market is stable, swings, declines or
    collapses; axes also kappa, beta, gap and cover.
    """
    from catallax.apps import mapping
    from catallax.apps import stability as fate
    from catallax.apps.progress import stdout_spared

    asked = asked or Asked()
    with stdout_spared() if asked.json else nullcontext():
        if stability:
            _refuse_with_stability(measure=measure, budget=budget)
            fated = fate.order(x, y, asked, kept=kept, png=png, experiment=experiment)
            text = fate.run(fated, json=asked.json, quiet=asked.quiet)
        else:
            order = mapping.order(
                x, y, asked, measure=measure, budget=budget, kept=kept, png=png,
                experiment=experiment,
            )  # fmt: skip
            text = mapping.run(order, json=asked.json, quiet=asked.quiet)
    print(text)


def _refuse_with_stability(**options: str | None) -> None:
    for name, value in options.items():
        if value is not None:
            raise InputError(f"--{name}: is not for --stability; leave out one of the two")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 a check failed, 2 bad input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no character ends a finished run
    raise SystemExit(exit_code(app, sys.argv[1:] if arguments is None else arguments, COMMANDS))


def _json(value: object) -> str:
    return jsonlib.dumps(value, indent=2, allow_nan=False)
