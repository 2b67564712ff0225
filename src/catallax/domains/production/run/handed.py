"""Acts as nature takes them: columns of its own, which nobody else can reach any more."""

from typing import Any

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms import Mechanism
from catallax.domains.production.network import Act
from catallax.domains.production.run.mail import not_numbers
from catallax.errors import InputError


def handed_over(act: Any, mechanism: Mechanism) -> Act:
    """The act, copied: what its arrays become later changes nothing.

    Raises InputError for what is no `Act` and for columns that are no arrays of numbers; how long
    they are and what stands in them nature looks at when it settles the week.
    """
    if type(act) is not Act:
        raise InputError(
            f"{mechanism.name}: act gives a {type(act).__name__}, expected a "
            f"catallax.domains.production.network.Act"
        )
    use = None if act.use is None else _copied(act.use, "use", mechanism)
    price = None if act.price is None else _copied(act.price, "price", mechanism)
    return Act(_copied(act.ask, "ask", mechanism), use, price)


def _copied(column: Any, name: str, mechanism: Mechanism) -> Floats:
    wrong = not_numbers(column)
    if wrong:
        raise InputError(
            f"{mechanism.name}: act gives {name}: {wrong}, expected an array of numbers"
        )
    return np.array(column, dtype=np.float64, order="C")
