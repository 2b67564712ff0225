"""The frontier for people: a table in the terminal, a picture, and a page to explore."""

from collections.abc import Sequence

from catallax.experiments.frontier import Border, Map
from catallax.report.frontier.heat import standing_alone
from catallax.report.frontier.page import page
from catallax.report.frontier.terminal import terminal
from catallax.report.frontier.tiles import heat_of

__all__ = ["drawing", "page", "standing_alone", "terminal"]


def drawing(found: Map, told: Sequence[Border]) -> str:
    """The map as a stand-alone SVG on white, for documents and papers."""
    return standing_alone(heat_of(found, told))
