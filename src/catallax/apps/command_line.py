"""The command line that makes a result again, as reports and JSON show it."""

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from catallax.apps.contracts import Given
from catallax.apps.values import shown

if TYPE_CHECKING:
    from catallax.protocol import Experiment


def command_line(
    words: Sequence[str],
    options: Mapping[str, str | None],
    given: Mapping[str, Given],
    experiment: "Experiment",
) -> str:
    """The command that does the same without a contract file.

    words      : the command and its arguments
    options    : name -> value, None where the option was not used
    given      : settings of the contract
    experiment : which of them have options of their own
    """
    told = [word for key, value in options.items() if value for word in (f"--{key}", value)]
    for key in [k for k in experiment.keys if k in given]:
        told += [f"--{key}", shown(given[key].value)]
    for key in [k for k in given if k not in experiment.keys]:
        told += ["--set", f"{key}={shown(given[key].value)}"]
    return shlex.join(["catallax", *words, *told])
