"""The command line that makes a result again, as reports and JSON show it."""

import shlex
from collections.abc import Mapping, Sequence

from catallax.apps.contract_options import ContractOptions
from catallax.apps.contracts import Given
from catallax.apps.setting_options import option_keys
from catallax.apps.values import value_text


def command_line(
    words: Sequence[str],
    options: Mapping[str, str | None],
    given: Mapping[str, Given],
    contract: ContractOptions,
) -> str:
    """The command that does the same without a contract file.

    words    : the command and its arguments
    options  : name -> value, None where the option was not used
    given    : settings of the contract
    contract : which of them have options of their own
    """
    told = [word for key, value in options.items() if value for word in (f"--{key}", value)]
    own = option_keys(contract)
    for key in [k for k in own if k in given]:
        told += [f"--{key}", value_text(given[key].value)]
    for key in [k for k in given if k not in own]:
        told += ["--set", f"{key}={value_text(given[key].value)}"]
    return shlex.join(["catallax", *words, *told])
