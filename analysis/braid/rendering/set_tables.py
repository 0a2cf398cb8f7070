"""Tables as the text of a page or of typst, set apart from the prose and remembered: an edit of it leaves them as
they were, and to take a table to the filters and back is the longest part of pandoc's work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from braid.rendering.pandoc import Node, change, raw, run, version, visit
from braid.rendering.remembering import remembered

_COMMENTS = {"html": "<!-- next table -->", "typst": "// next table"}
_ELSEWHERE = ("Note", "Table")
"""What a table may not hold: notes are counted over the whole document, and a table in a table is set with it."""


def with_tables_set(
    tree: Node, writer: str, arguments: Sequence[str], filters: Sequence[Path], kept: Path | None = None
) -> Node:
    """A tree whose tables are raw text of `writer`, as pandoc writes them with these arguments and filters.

    A writer that has no text (Word) keeps its tree. kept: the folder that remembers the last answer.
    """
    comment = _COMMENTS.get(writer)
    found: list[Node] = []
    visit(tree["blocks"], found.append, ("Table",))
    tables = [table for table in found if not _holds(table["c"])]
    if comment is None or not tables or len(tables) < len(found):
        return tree
    blocks = [block for table in tables for block in (raw(writer, comment), table)]
    meta = {name: value for name, value in tree["meta"].items() if name == "lang"}
    text = json.dumps({**tree, "meta": meta, "blocks": blocks}, ensure_ascii=False).encode("utf-8")
    options = [*arguments, *(f"--lua-filter={path}" for path in filters)]
    contents = [path.read_bytes() for path in filters]
    written = remembered(
        kept,
        f"tables-{writer}",
        (version(), *map(str.encode, arguments), *contents, text),
        lambda: run(options, text=text),
    )
    # before the first comment stands what a filter puts before any document
    texts = written.decode("utf-8").split(f"{comment}\n")[1:]
    if len(texts) != len(tables):
        return tree
    set_as = {id(table): raw(writer, text.strip("\n")) for table, text in zip(tables, texts, strict=True)}
    return {**tree, "blocks": change(tree["blocks"], lambda table: [set_as[id(table)]], ("Table",))}


def _holds(content: object) -> bool:
    elsewhere: list[Node] = []
    visit(content, elsewhere.append, _ELSEWHERE)
    return bool(elsewhere)
