"""Tables that are set apart from the prose, and remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from braid.rendering import set_tables
from braid.rendering.pandoc import Node, read_markdown, run
from braid.rendering.set_tables import put_aside, put_back, with_tables_set

from tests.project_copy import REPOSITORY

FILTER = REPOSITORY / "reports" / "styles" / "report.lua"
TEXT = """
Before.

| Item | Before | After |
|:-----|-------:|------:|
| *One* | 4.0 | 4.5 to 4.9 |
| Two | $x^2$ | – |

Between.

| A | B |
|---|---|
| ܫܠܡܐ | last |

After.
"""


def tree(text: str = TEXT) -> Node:
    found: Node = json.loads(read_markdown(text.encode("utf-8")))
    return found


def written(document: Node, writer: str) -> str:
    options = [f"--to={writer}", "--from=json", "--wrap=none", "--mathml", f"--lua-filter={FILTER}"]
    return run(options, text=json.dumps(document).encode("utf-8")).decode("utf-8")


def tables_set(document: Node, writer: str, kept: Path | None = None) -> Node:
    blocks, aside = put_aside(document["blocks"])
    options = ["--from=json", f"--to={writer}", "--wrap=none", "--mathml"]
    return with_tables_set({**document, "blocks": blocks}, aside, writer, options, [FILTER], kept)


def test_a_plain_table_is_put_aside_and_back() -> None:
    document = tree()
    blocks, aside = put_aside(document["blocks"])
    assert [block["t"] for block in blocks] == ["Para", "Table", "Para", "RawBlock", "Para"]
    assert "last" in aside[0]
    assert put_back(blocks, aside) == document["blocks"]


@pytest.mark.parametrize(
    "other",
    ["$x^2$", "[last](https://example.org)", "last [@one]", "last^[A note.]", "`last`", "![last](a.png)", "[last]{.x}"],
)
def test_a_table_that_holds_more_than_words_stays(other: str) -> None:
    blocks = tree(TEXT.replace("| last |", f"| {other} |"))["blocks"]
    assert put_aside(blocks) == (blocks, [])


def test_a_table_with_a_name_or_a_caption_stays() -> None:
    blocks = tree("| A |\n|---|\n| b |\n\n: Letters {#tbl-letters}\n")["blocks"]
    assert put_aside(blocks) == (blocks, [])


@pytest.mark.parametrize("writer", ["html", "typst"])
def test_a_document_reads_the_same_whether_its_tables_are_set_apart_or_not(writer: str) -> None:
    apart = tables_set(tree(), writer)
    assert [block["t"] for block in apart["blocks"]].count("RawBlock") == 2
    assert written(apart, writer) == written(tree(), writer)


def test_tables_are_set_again_only_where_one_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tables_set(tree(), "html", tmp_path)
    calls: list[object] = []

    def counted(*arguments: object, text: bytes) -> bytes:
        calls.append(arguments)
        return run(*arguments, text=text)  # type: ignore[arg-type]

    monkeypatch.setattr(set_tables, "run", counted)
    assert (
        tables_set(tree(TEXT.replace("Between", "In the middle")), "html", tmp_path)["blocks"][1] == first["blocks"][1]
    )
    assert calls == []
    assert tables_set(tree(TEXT.replace("4.0", "4.1")), "html", tmp_path)["blocks"][1] != first["blocks"][1]
    assert len(calls) == 1


def test_tables_with_notes_stay_where_notes_are_counted() -> None:
    noted = tree(TEXT.replace("| last |", "| last[^1] |") + "\n[^1]: A note.\n")
    assert tables_set(noted, "html") == noted


def test_word_keeps_its_tables() -> None:
    document = tree()
    assert tables_set(document, "docx") == document
