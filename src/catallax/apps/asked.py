"""Options of the command line that several commands have, and all those of a comparison."""

from dataclasses import dataclass
from typing import Annotated, final

from cyclopts import Parameter

from catallax.apps.settings import Overrides

PROCESS = "process"
NAMES = (
    "names or Python files, commas between, each with :variant or :key=value behind it if need be; "
    "all for every one; default: its own"
)
Json = Annotated[
    bool, Parameter(negative="", show_default=False, help="print one JSON object, nothing else")
]
Mechanisms = Annotated[
    list[str] | None,
    Parameter(negative="", help=NAMES),
]
Seeds = Annotated[
    str | None, Parameter(help="a count (8), a list (3,5,9) or a range (100-119); default 8")
]
File = Annotated[
    str | None, Parameter(help="TOML file with the settings below; options win over it")
]
Assigned = Annotated[
    list[str] | None,
    Parameter(
        name="--set",
        negative="",
        help="KEY=VALUE: any setting of the contract by its dotted key; may be repeated",
    ),
]
Out = Annotated[str | None, Parameter(help="folder of the report; default: this one")]
Workers = Annotated[
    str | None, Parameter(help="processes, 0 for none but this; default: one a CPU")
]
Quiet = Annotated[bool, Parameter(negative="", show_default=False, help="no plan, no progress")]
Better = Annotated[
    str | None,
    Parameter(help="what is compared: a measure of which more is better; default: the domain's"),
]
Name = Annotated[
    str | None,
    Parameter(help="a mechanism; `catallax list` shows all; default: the experiment's"),
]
Whose = Annotated[
    str | None,
    Parameter(
        name="--experiment",
        help="whose contract is varied: a name, or a Python file's domain; default: any contract "
        "of the economy",
    ),
]
Settings = Annotated[Overrides | None, Parameter(name="*")]


@final
@dataclass(frozen=True)
class Kept:
    """Where runs are kept and who does them, as it was written: nothing is checked yet."""

    store: Annotated[
        str | None, Parameter(help="folder of runs: what is there is not run, what is run is kept")
    ] = None
    executor: Annotated[
        str, Parameter(help="who does the runs: process, dask or ray; default: process")
    ] = PROCESS
    address: Annotated[
        str | None, Parameter(help="of a running cluster; default: one is started here")
    ] = None


Keeping = Annotated[Kept | None, Parameter(name="*")]


@final
@dataclass(frozen=True)
class Varied:
    """What the user asked of a command that varies one contract; nothing is checked yet.

    As for `Asked`, with a measure to compare by and a place for the runs.
    """

    measure: Better = None
    contract: File = None
    set_: Assigned = None
    workers: Workers = None
    kept: Keeping = None
    json: Json = False
    quiet: Quiet = False
    overrides: Settings = None

    @property
    def given(self) -> dict[str, str | None]:
        """Dotted key -> the text of its own option, None where it was not used."""
        return (self.overrides or Overrides()).given()


Varying = Annotated[Varied | None, Parameter(name="*")]


@final
@dataclass(frozen=True)
class Asked:
    """What the user asked of a comparison, as it was written: nothing is checked yet.

    contract  : path of the contract file
    set_      : texts of `--set`, each KEY=VALUE
    out       : folder of the report
    overrides : settings of the contract that have options of their own
    """

    mechanisms: Mechanisms = None
    seeds: Seeds = None
    contract: File = None
    set_: Assigned = None
    out: Out = None
    workers: Workers = None
    json: Json = False
    quiet: Quiet = False
    overrides: Settings = None

    @property
    def given(self) -> dict[str, str | None]:
        """Dotted key -> the text of its own option, None where it was not used."""
        return (self.overrides or Overrides()).given()

    @property
    def folder(self) -> str | None:
        """Where the report goes; None for no report, as with JSON alone."""
        return "." if self.out is None and not self.json else self.out


Options = Annotated[Asked | None, Parameter(name="*")]
