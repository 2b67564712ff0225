"""What is announced, as a plan of flat directives takes it: what holds in which week."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Event


def find_factor(events: Sequence[Event], kind: str, week: Floats | float, size: int) -> Floats:
    """(size,) the factor announced for `week`; 1 before the first event.

    kind : "supply", flows of endowments, or "kept", shares that arrive
    week : one for all entries, or (size,) one for each
    """
    factor = np.ones(size)
    for event in events:
        factor = np.where(np.asarray(week) >= event.week, getattr(event, kind), factor)
    return factor


def is_due(events: Sequence[Event], week: int, lead: float) -> bool:
    """Whether what is said in `week` is heard in just the week in which an event begins.

    lead : weeks from saying to hearing. What begins sooner than that is due in week 0.
    """
    return any(max(ceil(event.week - lead), 0) == week for event in events)
