"""What may be said: kinds of message that somebody knows, a number for each row or link."""

from collections.abc import Iterable, Mapping

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge import LINK, ROW
from catallax.domains.production.mechanisms import Mechanism
from catallax.domains.production.network import Network, Table
from catallax.errors import InputError, unknown


def take_mail(mail: object, mechanism: Mechanism, net: Network, verb: str) -> Table:
    """The mail with each number as a float of 64 bits.

    verb : of the mechanism, that said it

    Raises InputError for mail in the wrong form, and for kinds that nobody says or hears.
    """
    if not isinstance(mail, Table):
        raise InputError(
            f"{mechanism.name}: {verb} says a {type(mail).__name__}, expected a "
            f"catallax.domains.production.network.Table"
        )
    _check(mail.row, ("row", ROW, net.n), mechanism, verb)
    _check(mail.link, ("link", LINK, net.m), mechanism, verb)
    return Table(_make_floats(mail.row), _make_floats(mail.link))


def _make_floats(columns: Mapping[str, Floats]) -> dict[str, Floats]:
    return {kind: np.ascontiguousarray(said, np.float64) for kind, said in columns.items()}


def _check(
    columns: Mapping[str, object],
    expected: tuple[str, Iterable[str], int],
    mechanism: Mechanism,
    verb: str,
) -> None:
    place, known, size = expected
    for kind, said in columns.items():
        where = f"{mechanism.name}: {verb} says {place}[{kind!r}]"
        if kind not in known and kind not in mechanism.kinds:
            kinds = [*known, *mechanism.kinds]
            raise InputError(
                f"{where}: {unknown('kind of message', kind, kinds, most=len(kinds))} Kinds of "
                f"your own stand in Mechanism(kinds=...)."
            )
        wrong = _describe_wrong(said, size)
        if wrong:
            raise InputError(f"{where}: {wrong}, expected an array of {size} numbers")


def _describe_wrong(said: object, size: int) -> str:
    """What is wrong with a column of mail; "" if nothing."""
    shape = said.shape if type(said) is np.ndarray else (size,)
    return f"shape {shape}" if shape != (size,) else describe_no_numbers(said)


def describe_no_numbers(column: object) -> str:
    """What a column is that is no array of numbers; "" if it is one. They have 64 bits at most."""
    if type(column) is not np.ndarray:
        return type(column).__name__
    if column.dtype.kind not in "fiub" or column.dtype.itemsize > 8:
        return f"entries of type {column.dtype}"
    return ""
