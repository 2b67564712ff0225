"""Pieces of HTML. What is not `Raw` is escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import final


class Raw(str):
    """Text that is HTML already."""

    __slots__ = ()


@final
@dataclass(frozen=True)
class Grid:
    """A table: a caption, heads and rows, the first cell of each naming its row.

    groups : heads above the heads, each over a number of columns; the first stands over the
             column that names the rows
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    groups: Sequence[tuple[str, int]] = ()


def html(text: str) -> str:
    """`text` as HTML."""
    return text if isinstance(text, Raw) else escape(text)


def tag(name: str, *inside: str, **attributes: str) -> Raw:
    """An element; attributes' names end in _ where Python needs it, and have - for _ inside."""
    said = "".join(
        f' {k.rstrip("_").replace("_", "-")}="{escape(v)}"' for k, v in attributes.items()
    )
    return Raw(f"<{name}{said}>{''.join(html(i) for i in inside)}</{name}>")


def paragraph(*inside: str, **attributes: str) -> Raw:
    """A paragraph."""
    return tag("p", *inside, **attributes)


def bullets(items: Iterable[str]) -> Raw:
    """A list."""
    return tag("ul", *(tag("li", i) for i in items))


def details(summary: str, *inside: str) -> Raw:
    """Something that opens when asked for."""
    return tag("details", tag("summary", summary), *inside)


def table(grid: Grid) -> Raw:
    """A table that scrolls inside its own region, which the keyboard reaches."""
    head = [tag("tr", *_head_groups(grid))] if grid.groups else []
    head.append(tag("tr", *(tag("th", h, scope="col") for h in grid.heads)))
    rows = (
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", c) for c in row[1:]))
        for row in grid.rows
    )
    inside = tag(
        "table", tag("caption", tag("span", grid.caption)), tag("thead", *head), tag("tbody", *rows)
    )
    return region(grid.caption, inside)


def region(name: str, *inside: str) -> Raw:
    """A part of the page that scrolls on its own."""
    return tag("div", *inside, class_="scroll", role="region", tabindex="0", aria_label=name)


def code(name: str, text: str) -> Raw:
    """Text to copy: a click selects all of it."""
    return region(name, tag("pre", tag("code", text)))


def figure(key: str, *inside: str, caption: str, kind: str = "") -> Raw:
    """A figure with its caption above; `kind` is its class."""
    more = {"class_": kind} if kind else {}
    return tag("figure", tag("figcaption", caption), *inside, id=key, **more)


def _head_groups(grid: Grid) -> Iterable[Raw]:
    (first, _), *others = grid.groups
    yield tag("td", first)
    for name, columns in others:
        yield tag("th", name, scope="colgroup", colspan=str(columns))
