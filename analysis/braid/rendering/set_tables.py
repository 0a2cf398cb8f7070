"""Tables as the text of a page or of typst, set apart from the prose and remembered: an edit of it leaves them as
they were, and to take a table to the filters and back is the longest part of pandoc's work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from braid.rendering.pandoc import Node, change, raw, run, version, visit
from braid.rendering.remembering import remembered

_COMMENTS = {"html": "<!-- next table -->", "typst": "// next table"}


def with_tables_set(
    tree: Node, writer: str, arguments: Sequence[str], filters: Sequence[Path], kept: Path | None = None
) -> Node:
    """A tree whose tables are raw text of `writer`, as pandoc writes them with these arguments and filters.

    A writer that has no text (Word) keeps its tree. kept: the folder that remembers the last answer.
    """
    comment = _COMMENTS.get(writer)
    tables: list[Node] = []
    visit(tree["blocks"], tables.append, ("Table",))
    texts = [json.dumps(table, ensure_ascii=False) for table in tables]
    if comment is None or not tables or not all(map(_stands_alone, texts)):
        return tree
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
        return tree
    set_as = {id(table): raw(writer, part.strip("\n")) for table, part in zip(tables, parts, strict=True)}
    return {**tree, "blocks": change(tree["blocks"], lambda table: [set_as[id(table)]], ("Table",))}


def _stands_alone(table: str) -> bool:
    """Whether a table, as JSON, holds neither a note, which is counted over the whole document, nor a table."""
    return '"t": "Note"' not in table and table.count('"t": "Table"') == 1
