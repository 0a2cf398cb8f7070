"""Taguette: its project file (.sqlite3), its table of highlights, and its codebook as a table.

Taguette knows neither coders nor cases: a project is the work of one coder, and of cases nothing is said. Tags stand in
no tree, but teams write one into their names: `Barriers.Time`.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np

from braid.errors import UserError
from braid.intake.coded.offsets import ENOUGH
from braid.intake.coded.project import Code, CodedProject, code_path, merged, segments_frame, variables_frame
from braid.intake.coded.sqlite import opened
from braid.intake.headers import names, unique
from braid.intake.leaving_out import counted, listed
from braid.intake.table import RawTable

BLOCKS = names("p div li ul ol br hr h1 h2 h3 h4 h5 h6 tr table blockquote pre")
Place = tuple[int | None, int | None]
LEVEL = re.compile(r"(?<=[^\s.])\.(?=[^\s.])(?!\S*\.(?:\s|$))")
"""A point between two names; those of an abbreviation (`e.g. unclear`) part nothing."""


def tag_path(tag: str) -> tuple[str, ...]:
    """The names in a tag: `Barriers.Time` is Time below Barriers; the points of `e.g.` part nothing."""
    return tuple(part.strip() for part in LEVEL.split(tag.strip()))


def read_taguette(path: Path, name: str) -> CodedProject:
    """Read a project file. Raises UserError where it cannot be read, or holds several projects."""
    with opened(path, name) as database:
        documents = database.rows("documents", ("id", "name", "contents", "project_id"))
        highlights = database.rows("highlights", ("id", "document_id", "start_offset", "end_offset", "snippet"))
        tags = {row["id"]: row for row in database.rows("tags", ("id", "path", "description"))}
        tagged = database.rows("highlight_tags", ("highlight_id", "tag_id"))
    projects = {row["project_id"] for row in documents}
    if len(projects) > 1:
        raise UserError(
            "this file holds several projects of Taguette",
            place=name,
            found=counted(len(projects), "project"),
            todo="in Taguette, open the one that belongs to this cohort and choose `Export project`",
        )
    of: dict[Any, list[str]] = {}
    for row in tagged:
        if row["tag_id"] in tags:
            of.setdefault(row["highlight_id"], []).append(str(tags[row["tag_id"]]["path"]))
    named = unique([str(document["name"]).strip() for document in documents])
    texts, rows, untrusted, other = {}, [], set(), 0
    for source, document in zip(named, documents, strict=True):
        own = [highlight for highlight in highlights if highlight["document_id"] == document["id"]]
        text, found, exact = _placed(str(document["contents"]), own)
        trusted = not own or sum(exact) / len(own) >= ENOUGH
        if trusted:
            texts[source] = text
        else:
            untrusted.add(source)
        for highlight, (start, end), known in zip(own, found, exact, strict=True):
            where = {"source": source, "start": start, "end": end, "selection": highlight["id"]}
            words = text[start:end] if trusted and known else ""
            other += trusted and not known
            paths = [code_path(tag_path(tag)) for tag in of.get(highlight["id"], [])]
            rows += [{**where, "quote": words, "code_path": path} for path in paths]
    rows, repeated = merged(rows)
    unlabelled = sum(highlight["id"] not in of for highlight in highlights)
    return CodedProject(
        name=name,
        reading="Taguette project; offsets in bytes of UTF-8, without tags of HTML",
        codes=tree([(str(row["path"]), str(row["description"] or "")) for row in tags.values()]),
        segments=segments_frame(rows),
        texts=texts,
        sources=variables_frame("source", {source: {} for source in named}),
        notes=(*_left_out(unlabelled, repeated), *_untrusted(untrusted, other)),
        untrusted=frozenset(untrusted),
    )


def _placed(html: str, highlights: list[dict[str, Any]]) -> tuple[str, list[Place], list[bool]]:
    """The text of a document, where each highlight stands in it, and whether its words are those kept with it."""
    text, places = _plain(html)
    found: list[Place] = []
    exact = []
    for highlight in highlights:
        span = _span(text, places, highlight["start_offset"], highlight["end_offset"])
        exact.append(span is not None and _same(text[slice(*span)], highlight["snippet"]))
        found.append(span if span is not None and exact[-1] else _own(highlight))
    return text, found, exact


def is_highlights(columns: list[str]) -> bool:
    """Whether a table is Taguette's export of highlights."""
    return columns[:4] in (["id", "document", "tag", "content"], ["id", "document", "content", "tag"])


def is_codebook(columns: list[str]) -> bool:
    """Whether a table is Taguette's codebook."""
    return columns[:2] == ["tag", "description"]


def from_highlights(table: RawTable) -> CodedProject:
    """The highlights of one coder: one row for each tag. They have words and no offsets."""
    rows, index, unlabelled = [], [], 0
    for number, id_, source, tag, content in zip(
        table.frame.index, *(table.column(c) for c in ("id", "document", "tag", "content")), strict=True
    ):
        if not tag:
            unlabelled += 1
            continue
        index.append(int(number))
        rows.append(
            {"source": source, "code_path": code_path(tag_path(tag)), "quote": content.strip(), "selection": id_}
        )
    segments = segments_frame(rows, index)
    return CodedProject(
        name=table.name,
        reading=f"highlights of Taguette; {table.reading}",
        codes=tree([(tag, "") for tag in dict.fromkeys(table.column("tag")) if tag]),
        segments=segments,
        sources=variables_frame("source", {source: {} for source in dict.fromkeys(segments["source"])}),
        notes=(*table.notes, *_left_out(unlabelled, 0)),
    )


def from_codebook(table: RawTable) -> CodedProject:
    """The tags with their descriptions; no segments."""
    pairs = list(zip(table.column("tag"), table.column("description"), strict=True))
    return CodedProject(table.name, f"codebook of Taguette; {table.reading}", tree(pairs), notes=table.notes)


def tree(tags: list[tuple[str, str]]) -> tuple[Code, ...]:
    """The codes that tags name, each below the one it names; what is named only as the way to one cannot be applied."""
    found: dict[tuple[str, ...], Code] = {}
    described = {tag_path(tag): text for tag, text in tags}
    for path in described:
        for depth in range(1, len(path) + 1):
            above = path[:depth]
            found.setdefault(above, Code(above, described.get(above, ""), above in described))
    order: list[Code] = []
    for path, code in found.items():
        after = max((n for n, c in enumerate(order, 1) if c.path[: len(path) - 1] == path[:-1]), default=len(order))
        order.insert(after if len(path) > 1 else len(order), code)
    return tuple(order)


def _left_out(unlabelled: int, repeated: int) -> list[str]:
    notes = [f"{counted(unlabelled, 'highlight')} without a tag ignored"] if unlabelled else []
    return notes + ([f"{counted(repeated, 'highlight')} of the same words and tag merged"] if repeated else [])


def _untrusted(sources: set[str], other: int) -> list[str]:
    notes = []
    if sources:
        notes.append(
            f"the offsets of {listed(sorted(sources))} do not fit the words kept with them: codes in them "
            "count, and their words cannot be quoted"
        )
    if other:
        notes.append(f"{counted(other, 'highlight')} with other words at its place than those kept with it: not quoted")
    return notes


class _Words(HTMLParser):
    """Text without tags. blocks: where, in characters, a block begins or ends, so that paragraphs can be parted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.blocks: set[int] = set()
        self.length = 0

    def handle_data(self, data: str) -> None:
        # white space before the first element belongs to no body, and Taguette does not count it
        data = data.lstrip() if not self.length and not self.blocks else data
        self.parts.append(data)
        self.length += len(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in BLOCKS:
            self.blocks.add(self.length)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.blocks.add(self.length)


def _plain(html: str) -> tuple[str, Any]:
    """The text of a document with a line end between blocks, and where in it each byte of Taguette's text stands.

    The second is an array of shape (bytes + 1,) of places in the text, -1 inside of a character.
    """
    parser = _Words()
    parser.feed(html.replace("\r\n", "\n"))
    parser.close()
    counted_text = "".join(parser.parts)
    blocks = {b for b in parser.blocks if 0 < b < len(counted_text)}
    added = {b for b in blocks if counted_text[b - 1] != "\n" and counted_text[b] != "\n"}
    pieces, bytes_at, places, byte = [], [0], [0], 0
    for number, sign in enumerate(counted_text):
        if number in added:
            pieces.append("\n")
        pieces.append(sign)
        byte += len(sign.encode("utf-8", errors="surrogatepass"))
        bytes_at.append(byte)
        places.append(len(pieces))
    table = np.full(byte + 1, -1)
    table[bytes_at] = places
    return "".join(pieces), table


def _span(text: str, places: Any, first: object, last: object) -> tuple[int, int] | None:
    if not isinstance(first, int) or not isinstance(last, int):
        return None
    if not 0 <= first < last < len(places) or places[first] < 0 or places[last] < 0:
        return None
    start, end = int(places[first]), int(places[last])
    words = text[start:end]
    start += len(words) - len(words.lstrip("\n"))
    end = start + len(words.strip("\n"))
    return (start, end) if start < end else None


def _own(highlight: dict[str, Any]) -> Place:
    """The offsets as Taguette counts them, where they cannot be trusted: they still tell one highlight from another."""
    first, last = highlight["start_offset"], highlight["end_offset"]
    return (first, last) if isinstance(first, int) and isinstance(last, int) else (None, None)


def _same(words: str, snippet: object) -> bool:
    """Whether words are those of the snippet, white space apart."""
    kept, _ = _plain(str(snippet))
    return "".join(words.split()) == "".join(kept.split())
