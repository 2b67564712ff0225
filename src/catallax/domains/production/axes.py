"""What can be varied in an economy, and what is believed of its numbers.

What nobody has measured is an assumption, and its source says so.
"""

from collections.abc import Mapping

from catallax.domains.production.run.contract import POPULATION
from catallax.protocol import Axis, Prior

ASSUMED = "assumption"


def _name_both_lines(name: str) -> tuple[str, ...]:
    """A law of both lines: they are alike unless their difference is what is asked."""
    return (f"channel.line.{name}", f"channel.centre.{name}")


AXES: Mapping[str, Axis] = {
    a.name: a
    for a in (
        Axis(
            "delay",
            "delay of every message, weeks",
            (0.0, 1.0, 2.0, 4.0, 8.0),
            _name_both_lines("delay"),
            whole=True,
        ),
        Axis(
            "noise",
            "noise of every message, s.d. of logs",
            (0.0, 0.05, 0.1, 0.2),
            _name_both_lines("noise"),
        ),
        Axis(
            "numbers",
            "numbers that somebody sets: exact (0) or noisy (0.05) on both lines, s.d. of logs",
            (0.0, 0.05),
            _name_both_lines("noise"),
        ),
        Axis(
            "reports",
            "reports of facts and observables: exact (0) or measured (0.05), s.d. of logs",
            (0.0, 0.05),
            ("channel.measuring",),
        ),
        Axis(
            "coverage",
            "share of rows that can send",
            (0.5, 0.75, 0.9, 1.0),
            _name_both_lines("coverage"),
        ),
        Axis("resolution", "bits a value", (4, 6, 8, 12, 16), _name_both_lines("resolution")),
        Axis(
            "tacit",
            "tacit share of private facts",
            (0.0, 0.1, 0.25, 0.5, 1.0),
            ("knowledge.tacit",),
        ),
        Axis(
            "novelty",
            "share of change that no history predicts",
            (0.0, 0.25, 0.5, 0.75, 1.0),
            ("knowledge.novelty",),
        ),
        Axis(
            "drift",
            "drift of tastes, s.d. of logs a week",
            (0.0, 0.005, 0.01, 0.02, 0.04),
            ("knowledge.drift",),
        ),
        Axis(
            "interval",
            "weeks between two plans",
            (1, 4, 13, 52),
            settings=("interval", "period"),
            log=True,
        ),
        Axis(
            "reprice",
            "share of sellers that reprice in a week",
            (0.025, 0.05, 0.1, 0.25, 1.0),
            settings=("reprice",),
            log=True,
        ),
        Axis(
            "delegation",
            "what the plan leaves to others",
            ("in_kind", "own_mix", "retail"),
            settings=("delegation",),
        ),
        Axis(
            "sigma",
            "elasticities of plants, times their own",
            (0.25, 0.5, 1.0, 2.0),
            (f"{POPULATION}.sigma",),
            log=True,
        ),
        Axis("size", "firms", (100, 300, 1000, 3000), (f"{POPULATION}.firms",), log=True),
    )
}


USUAL = ("delay", "noise", "reports", "tacit", "drift")
"""Axes that a study varies where nobody names any."""

PRIORS: Mapping[str, Prior] = {
    "delay": Prior("log1p", 0.35, f"{ASSUMED}: two thirds from 0.4 to 1.8 weeks", 0, 52, True),
    "noise": Prior("linear", 0.025, f"{ASSUMED}: two thirds within 0.025", 0.0, 1.0),
    "reports": Prior("log", 0.7, f"{ASSUMED}: a factor of two either way", 0.001, 1.0),
    "coverage": Prior("linear", 0.1, f"{ASSUMED}: two thirds above 0.9", 0.05, 1.0),
    "resolution": Prior("log", 0.4, f"{ASSUMED}: two thirds from 11 to 24 bits", 2, 52, True),
    "tacit": Prior("logit", 0.8, f"{ASSUMED}: two thirds from 0.13 to 0.43", 0.001, 0.999),
    "knowledge.dispersion": Prior(
        "log",
        0.5,
        "the 90-10 ratio of productivity within US industries, 1.92 (Syverson 2011), is a s.d. of "
        "0.25 in logs: 1.8 prior s.d. above 0.1",
        0.001,
        2.0,
    ),
    "drift": Prior("log", 0.7, f"{ASSUMED}: a factor of two either way", 0.0001, 1.0),
    "novelty": Prior("linear", 0.3, f"{ASSUMED}: two thirds above 0.7", 0.0, 1.0),
    "knowledge.drift_z": Prior("linear", 0.01, f"{ASSUMED}: as tastes at most", 0.0, 1.0),
    "knowledge.jump": Prior("linear", 0.3, f"{ASSUMED}: two thirds below 0.3", 0.0, 1.0),
    "knowledge.misspecification": Prior("linear", 0.2, f"{ASSUMED}: below 0.2", 0.0, 1.0),
    "sigma": Prior("log", 0.35, f"{ASSUMED}: a factor of 1.4 for all plants alike", 0.05, 20),
}
"""Axis or key of the contract -> how far it may be, in the order in which a search takes them."""
