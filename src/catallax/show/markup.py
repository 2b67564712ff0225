"""HTML: its pieces, of which what is not `Raw` is escaped, and whole documents.

A document opens anywhere, asks for nothing, and runs no code but its own.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import final

from catallax.whole import put_whole


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


Section = tuple[str, str, Raw]
"""Key, which is its id, heading, and what stands below."""


def build_document(
    title: str,
    subtitle: str,
    story: str,
    sections: Sequence[Section],
    *,
    css: str = "",
    js: str | None = None,
    data: str = "",
) -> str:
    """A whole page.

    story : HTML between title and contents
    css   : rules beside those of all pages
    js    : its script; None for the read-outs of charts
    data  : HTML of data blocks for the script
    """
    style = f"\n{read_part('page.css')}{css}\n"
    script = f"\n{read_part('page.js') if js is None else js}\n"
    return Template(read_part("page.html")).substitute(
        title=tag("span", title),
        head=tag("title", f"{title} – Catallax"),
        policy=_write_policy(style, script),
        subtitle=paragraph(subtitle, class_="subtitle"),
        story=story,
        contents=_list_contents(sections),
        sections="\n".join([*(_make_section(*s) for s in sections), data]),
        css=style,
        js=script,
    )


def box_findings(said: Sequence[str]) -> Raw:
    """The finding, in a box."""
    return tag("div", tag("h2", "In numbers"), *map(paragraph, said), class_="finding")


def read_part(name: str, package: str = "catallax.show") -> str:
    """A part of pages that stands in a file of its own."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def _write_policy(style: str, script: str) -> str:
    """What the browser may do: use this style and this script, and ask for nothing."""
    return (
        f"default-src 'none'; style-src {_hash_text(style)}; script-src {_hash_text(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash_text(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _list_contents(sections: Sequence[Section]) -> Raw:
    links = (tag("li", tag("a", heading, href=f"#{key}")) for key, heading, _ in sections)
    return tag("nav", tag("ol", *links), aria_label="Contents")


def _make_section(key: str, heading: str, inside: Raw) -> Raw:
    return tag("section", tag("h2", heading), inside, id=key)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write `content` to `path`; a reader sees the old file or the new one, never half of it."""
    put_whole(path, content.encode() if isinstance(content, str) else content)
