"""Options that several commands share beside those of contract and execution."""

from typing import Annotated

from cyclopts import Parameter

from catallax.apps.values import FilePath, FolderPath, NameList, SeedSet

MEMBERS = (
    "names or Python files, each with :variant or :key=value behind it if need be; all for every "
    "one; the command's own if it is left out"
)
MechanismsOption = Annotated[NameList | None, Parameter(help=MEMBERS)]
MechanismOption = Annotated[
    str | None,
    Parameter(help="a mechanism; `catallax list` shows all; the experiment's if left out"),
]
SeedsOption = Annotated[SeedSet, Parameter(help="a count (8), a list (3,5,9) or a range (100-119)")]
OutOption = Annotated[
    FolderPath | None,
    Parameter(help="folder of what people read; this one if left out, none with --json"),
]
MeasureOption = Annotated[
    str | None,
    Parameter(help="what is compared, of which more is better; the domain's first if left out"),
]
ExperimentOption = Annotated[
    str | None,
    Parameter(
        name="--experiment",
        help="whose contract is varied: an experiment, a domain or a Python file; any contract of "
        "the production economy if it is left out",
    ),
]
__all__ = [
    "ExperimentOption",
    "FilePath",
    "MeasureOption",
    "MechanismOption",
    "MechanismsOption",
    "OutOption",
    "SeedsOption",
]
