"""What rows say of what they know: truthful, strategic or adversarial, whatever the institution.

Behaviour stands between a row's honest report and the line to the centre. It changes what is
said, never what is known, and it is nature's, so that no mechanism can choose it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.knowledge.channel import RANGE
from catallax.domains.production.network import PLANT, Rows, Table
from catallax.domains.production.network.places import Along, Places
from catallax.protocol.settings import check_settings, keep_as_floats, setting
from catallax.streams import Draws

BEHAVIOURS = ("truthful", "strategic", "adversarial")
CAPACITY = ("z", "K", "output", "stock")  # kinds of report from which more could be demanded
NEED = ("used", "norm")  # kinds of report by which inputs are claimed


@final
@dataclass(frozen=True)
class BehaviourLaw:
    """How what rows say differs from what they know.

    A strategic plant reports z, K, output and stock times 1 - pad, lest it be given more to do
    (the ratchet: Berliner 1957; Weitzman 1980), and its use of inputs and its norms times 1 + pad,
    so that it is given more to do it with. Where it pays nothing its appetite for inputs is
    not bounded by its budget (Kornai 1980, 1986), so `soft` is on by default; where a binding
    price is posted it pays, and asks for what it wants. Households spend budgets that are
    hard and owners of endowments are paid for every unit that they declare, so both are truthful
    (Kornai 1980, ch. 13: softness is the firm's). All sizes are the design's starting values.

    Raises InputError for an unknown kind and for numbers out of range.
    """

    kind: str = setting(
        "truthful",
        "what rows say: truthful, what they know; strategic, plants hide capacity and pad needs; "
        "adversarial, all rows the opposite of what they know",
        choices=BEHAVIOURS,
        source="Berliner 1957; Weitzman 1980; Kornai 1980",
    )
    pad: float = setting(
        0.2,
        "share by which a strategic plant hides and pads, and log size of the adversary's last "
        "twist",
        low=0.0,
        high=0.95,
        source="assumption (its form: Berliner 1957; Weitzman 1980)",
    )
    soft: float = setting(
        0.2,
        "share by which a strategic plant that pays no price asks for more than it wants, where "
        "no directive has told it what to ask; 0 is a hard budget",
        low=0.0,
        high=1.0,
        source="assumption (its form: Kornai 1980, 1986)",
    )

    def __post_init__(self) -> None:
        keep_as_floats(self)
        check_settings(self, "behaviour.")


def distort_reports(
    law: BehaviourLaw,
    mail: Table,
    public: Table,
    rows: Rows,
    audited: Bools,
    tick: int,
    streams: Draws,
    places: Places | None = None,
) -> Table:
    """What rows say in place of their honest `mail`; NaN stays silence.

    public  : public value of each kind, about which an adversary turns what it says
    audited : (n,) whose report is taken by an auditor: it is honest, and carries the row kind
              "audited" = 1, which nobody can add alone
    places  : where runs stand in the mail; None: it is of one
    """
    told = _LIES[law.kind](law, mail, public, rows, _TwistDraws(tick, streams, places))
    if not audited.any():
        return Table({k: v for k, v in told.row.items() if k != "audited"}, told.link)
    row = {k: np.where(audited, v, told.row[k]) for k, v in mail.row.items() if k != "audited"}
    owner = rows.spread(audited)  # type: ignore[arg-type]
    link = {k: np.where(owner, v, told.link[k]) for k, v in mail.link.items()}
    if audited.any():
        row["audited"] = np.where(audited, 1.0, np.nan)
    return Table(row, link)


def inflate_asks(law: BehaviourLaw, ask: Floats, rows: Rows, allotted: Bools) -> Floats:
    """Asks (m,) of an institution in which nobody pays, with what soft budgets add to plants'.

    allotted : (m,) links on which a directive has told the buyer what to ask. An allotment is a
               ceiling that the seller knows, so asking for more than it is of no use; elsewhere
               the ask is the plant's own, also while it waits for its first directive.
    """
    if law.kind != "strategic":
        return ask
    return np.where(rows.linked(PLANT) & ~allotted, ask * (1.0 + law.soft), ask)


@final
@dataclass(frozen=True, eq=False)
class _TwistDraws:
    """What an adversary draws its twists from."""

    tick: int
    streams: Draws
    places: Places | None

    def side(self, kind: str, said: Floats, along: Along) -> Floats:
        """One of two sides for each number that is said."""
        extent = self.places.along(along) if self.places else len(said)
        drawn = self.streams.uniform(f"behaviour/{kind}", extent, self.tick)
        return np.where(drawn < 0.5, -1.0, 1.0)


def _report_truth(
    law: BehaviourLaw, mail: Table, public: Table, rows: Rows, dice: _TwistDraws
) -> Table:
    return mail


def _report_strategically(
    law: BehaviourLaw, mail: Table, public: Table, rows: Rows, dice: _TwistDraws
) -> Table:
    """Plants' capacity is reported low, their needs high."""
    factor = dict.fromkeys(CAPACITY, 1.0 - law.pad) | dict.fromkeys(NEED, 1.0 + law.pad)
    plant, linked = rows.kind == PLANT, rows.linked(PLANT)
    return Table(
        {k: np.where(plant, v * factor.get(k, 1.0), v) for k, v in mail.row.items()},
        {k: np.where(linked, v * factor.get(k, 1.0), v) for k, v in mail.link.items()},
    )


def _report_opposite(
    law: BehaviourLaw, mail: Table, public: Table, rows: Rows, dice: _TwistDraws
) -> Table:
    """Every kind that has a public value, observables too, on that value's other side."""
    row, link = dict(mail.row), dict(mail.link)
    for k in [k for k in row if k in public.row]:
        row[k] = _mirror(row[k], public.row[k], law.pad * dice.side(k, row[k], Along.ROWS))
    for k in [k for k in link if k in public.link]:
        twist = law.pad * dice.side(f"link/{k}", link[k], Along.LINKS)
        link[k] = _mirror(link[k], public.link[k], twist)
    return Table(row, link)


def _mirror(said: Floats, public: Floats, twist: Floats) -> Floats:
    """public (public / said) exp(twist), as far as a message can say; 0 has no other side."""
    live = (said > 0) & (public > 0)
    away = np.log(np.where(live, public, 1.0)) - np.log(np.where(live, said, 1.0))
    return np.where(live, public * np.exp(np.clip(away, -RANGE, RANGE) + twist), said)


_LIES: dict[str, Callable[[BehaviourLaw, Table, Table, Rows, _TwistDraws], Table]] = {
    "truthful": _report_truth,
    "strategic": _report_strategically,
    "adversarial": _report_opposite,
}
