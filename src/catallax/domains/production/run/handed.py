"""Acts as nature takes them: columns of its own, which nobody else can reach any more."""

from typing import Any

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms import Mechanism
from catallax.domains.production.network import BIDS, Act, Network
from catallax.domains.production.run.mail import describe_no_numbers
from catallax.errors import InputError


def take_act(act: Any, mechanism: Mechanism, net: Network) -> Act | None:
    """The act, copied: what its arrays become later changes nothing. None where there is none.

    Columns of another shape stay as they are, since nature refuses them (`economy.faults`).

    Raises InputError for what is no `Act` and for columns that are no arrays of numbers.
    """
    if act is None:
        return None
    if type(act) is not Act:
        raise InputError(
            f"{mechanism.name}: act gives a {type(act).__name__}, expected a "
            f"catallax.domains.production.network.Act"
        )
    return Act(
        _copy_column("ask", act.ask, net.m, mechanism),
        None if act.use is None else _copy_column("use", act.use, net.m, mechanism),
        None if act.price is None else _copy_column("price", act.price, net.n, mechanism),
        None if act.bids is None else _copy_column("bids", act.bids, net.m, mechanism, (BIDS,)),
    )


def _copy_column(
    name: str, column: Any, size: int, mechanism: Mechanism, more: tuple[int, ...] = ()
) -> Floats:
    """The column (size, *more), copied. InputError for what is no array of numbers."""
    wrong = describe_no_numbers(column)
    if wrong:
        raise InputError(
            f"{mechanism.name}: act gives {name}: {wrong}, expected an array of "
            f"{' x '.join(map(str, (size, *more)))} numbers"
        )
    whole: bool = column.shape == (size, *more)
    return np.array(column, dtype=np.float64, order="C") if whole else column
