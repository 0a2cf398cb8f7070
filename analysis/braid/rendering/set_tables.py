"""Tables as the text of a page or of typst, set apart from the prose and remembered: an edit of it leaves them as
they were, and to take a table to the filters and back is the longest part of pandoc's work.

Most of a report's tree are its tables, and most tables are plain: words and numbers, nothing that the rest of the
document has to do with. A plain table is put aside when it is read, so that no walk through the tree goes into it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from braid.rendering.pandoc import Node, attributes, change, raw, run, version, visit
from braid.rendering.remembering import remembered
from braid.rendering.source import OPEN

_COMMENTS = {"html": "<!-- next table -->", "typst": "// next table"}
_ASIDE = f"{OPEN}table"
"""The format of a raw block that stands for a table put aside; no source can name it, as none may hold its sign."""
_KIND = re.compile(r'"t": "(\w+)"')
_PLAIN = frozenset(
    (
        *("Table", "Plain", "Para", "Str", "Space", "SoftBreak", "LineBreak"),
        *("Emph", "Strong", "Superscript", "Subscript"),
        *("AlignDefault", "AlignLeft", "AlignRight", "AlignCenter", "ColWidth", "ColWidthDefault"),
    )
)


def put_aside(blocks: list[Node]) -> tuple[list[Node], list[str]]:
    """The blocks with every plain table put aside, and these tables in order, each as JSON."""
    aside: list[str] = []

    def take(table: Node) -> list[Node] | None:
        text = _text(table)
        if not _is_plain(table, text):
            return None
        aside.append(text)
        return [raw(_ASIDE, str(len(aside) - 1))]

    return change(blocks, take, ("Table",)), aside


def put_back(blocks: list[Node], aside: Sequence[str]) -> list[Node]:
    """The blocks with the tables in their places again."""
    found: list[Node] = change(
        blocks, lambda block: [json.loads(aside[int(block["c"][1])])] if is_aside(block) else None, ("RawBlock",)
    )
    return found


def with_tables_set(
    tree: Node,
    aside: Sequence[str],
    writer: str,
    arguments: Sequence[str],
    filters: Sequence[Path],
    kept: Path | None = None,
) -> Node:
    """A tree whose tables are raw text of `writer`, as pandoc writes them with these arguments and filters.

    aside: those that were put aside. A writer that has no text (Word) gets the tables themselves. kept: the folder
    that remembers the last answer.
    """
    comment = _COMMENTS.get(writer)
    tables: list[Node] = []
    visit(tree["blocks"], tables.append, ("Table", "RawBlock"))
    tables = [block for block in tables if block["t"] == "Table" or is_aside(block)]
    texts = [aside[int(block["c"][1])] if is_aside(block) else _text(block) for block in tables]
    if not tables:
        return tree
    if comment is None or not all(map(_stands_alone, texts)):
        return {**tree, "blocks": put_back(tree["blocks"], aside)}
    mark = json.dumps(raw(writer, comment))
    # without a language, in which pandoc would look for words of its own: a table has none
    head = json.dumps({**tree, "meta": {}, "blocks": None}, ensure_ascii=False)
    blocks = ", ".join(f"{mark}, {text}" for text in texts)
    asked = head.replace('"blocks": null', f'"blocks": [{blocks}]').encode("utf-8")
    options = [*arguments, *(f"--lua-filter={path}" for path in filters)]
    contents = [path.read_bytes() for path in filters]
    written = remembered(
        kept,
        f"tables-{writer}",
        (version(), *map(str.encode, arguments), *contents, asked),
        lambda: run(options, text=asked),
    )
    # before the first comment stands what a filter puts before any document
    parts = written.decode("utf-8").split(f"{comment}\n")[1:]
    if len(parts) != len(tables):
        return {**tree, "blocks": put_back(tree["blocks"], aside)}
    set_as = {id(block): [raw(writer, part.strip("\n"))] for block, part in zip(tables, parts, strict=True)}
    return {**tree, "blocks": change(tree["blocks"], lambda block: set_as.get(id(block)), ("Table", "RawBlock"))}


def _text(table: Node) -> str:
    return json.dumps(table, ensure_ascii=False)


def is_aside(block: Node) -> bool:
    """Whether a raw block stands for a table that was put aside."""
    return bool(block["t"] == "RawBlock" and block["c"][0] == _ASIDE)


def _is_plain(table: Node, text: str) -> bool:
    """Whether a table holds words and no sign, and has neither a name nor a caption of its own."""
    named = attributes(table) != ("", [], {}) or table["c"][1] != [None, []]
    return not named and OPEN not in text and _PLAIN.issuperset(_KIND.findall(text))


def _stands_alone(table: str) -> bool:
    """Whether a table, as JSON, holds neither a note, which is counted over the whole document, nor a table."""
    return '"t": "Note"' not in table and table.count('"t": "Table"') == 1
