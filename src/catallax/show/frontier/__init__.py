"""The frontier for people: a table in the terminal, a picture, and a page to explore."""

from collections.abc import Sequence

from catallax.show.frontier.heat import standing_alone
from catallax.show.frontier.page import page
from catallax.show.frontier.terminal import terminal
from catallax.show.frontier.tiles import heat_of
from catallax.study.frontier import Map, MapBorder

__all__ = ["drawing", "page", "standing_alone", "terminal"]


def drawing(found: Map, told: Sequence[MapBorder]) -> str:
    """The map as a stand-alone SVG on white, for documents and papers."""
    return standing_alone(heat_of(found, told))
