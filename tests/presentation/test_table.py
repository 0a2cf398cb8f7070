"""Grid tables as the real pandoc reads them, and the other forms of a table."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError
from typing import Any

import pandas as pd
import pytest
from braid.presentation import escaping, inline
from braid.presentation.inline import Markdown
from braid.presentation.table import Column, Group, Row, Table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .test_escaping import NASTY, texts
from .through_pandoc import docx_paragraphs, html_texts, pandoc, same, tree, words_of


def read(table: Table) -> dict[str, Any]:
    """The table as pandoc understands it: widths, alignments, and rows of (text, rowspan, colspan)."""
    blocks = tree(table.markdown())["blocks"]
    assert blocks[0]["t"] == "Table", blocks[0]["t"]
    _, _, columns, head, bodies, _ = blocks[0]["c"]

    def rows(part: list[Any]) -> list[list[tuple[str, int, int]]]:
        return [[(same(words_of(cell[4])), cell[2], cell[3]) for cell in row[1]] for row in part]

    return {
        "aligns": [column[0]["t"] for column in columns],
        "widths": [column[1]["c"] for column in columns],
        "head": rows(head[1]),
        "body": rows([row for body in bodies for row in body[3]]),
        "after": [same(words_of(block)) for block in blocks[1:]],
    }


def cells(found: dict[str, Any], part: str = "body") -> list[list[str]]:
    return [[text for text, _, _ in row] for row in found[part]]


def test_cells_alignment_and_notes_arrive() -> None:
    table = Table(
        [Column("Item"), Column("Mean ± SD", "number"), Column("Fit", "center"), Column("n", "right")],
        [("One", "4.03 ± 0.54", "yes", "204"), ("Two", "", Markdown("*no*"), "1")],
        notes=["First.", inline.joined(inline.sup("a"), " Second.")],
    )
    found = read(table)
    assert found["aligns"] == ["AlignLeft", "AlignRight", "AlignCenter", "AlignRight"]
    assert found["head"] == [[("Item", 1, 1), ("Mean ± SD", 1, 1), ("Fit", 1, 1), ("n", 1, 1)]]
    assert cells(found) == [["One", "4.03 ± 0.54", "yes", "204"], ["Two", "", "no", "1"]]
    assert found["after"] == ["Note. First. a Second."]
    assert sum(found["widths"]) == pytest.approx(1, abs=0.05)


def test_spanners_cover_their_columns_and_other_headers_both_rows() -> None:
    columns = [Column("Item"), *(Column(name, "number", under=wave) for wave in ("Before", "After") for name in "ab")]
    found = read(Table([*columns, Column("p", "number")], [("x", "1", "2", "3", "4", ".5")]))
    assert found["head"] == [
        [("Item", 2, 1), ("Before", 1, 2), ("After", 1, 2), ("p", 2, 1)],
        [("a", 1, 1), ("b", 1, 1), ("a", 1, 1), ("b", 1, 1)],
    ]
    assert cells(found) == [["x", "1", "2", "3", "4", ".5"]]


def test_group_rows_span_the_table_and_rows_below_are_indented() -> None:
    found = read(
        Table(["A", "B"], [("first", "0"), Group("Gender *x*"), ("Female", "1"), Row(("All", "2"), strong=True)])
    )
    assert found["body"] == [
        [("first", 1, 1), ("0", 1, 1)],
        [("Gender *x*", 1, 2)],
        [("Female", 1, 1), ("1", 1, 1)],
        [("All", 1, 1), ("2", 1, 1)],
    ]
    table = Table(["A", "B"], [Group("g"), ("Female", "1"), Row(("Male", "2")), Row(("Other", "3"), indent=2)])
    lines = pandoc(table.markdown(), "plain").decode()
    assert "\u2003Female" in lines and "\u2003\u2003Other" in lines and "\u2003Male" not in lines


def test_equal_neighbours_merge_only_where_asked() -> None:
    rows = [("Q1", "same"), ("Q1", "same"), ("Q2", "same\nline " * 3)]
    found = read(Table([Column("Question", merge=True), Column("Answer")], rows))
    assert [row[0][:2] for row in (found["body"][0], found["body"][2])] == [("Q1", 2), ("Q2", 1)]
    assert found["body"][1] == [("same", 1, 1)]


def test_hard_line_breaks_stay_in_their_cell() -> None:
    found = read(Table(["A", "B"], [(inline.lines("one", "two", "- three"), "x")]))
    assert cells(found) == [["one two - three", "x"]]


@pytest.mark.parametrize("rule", ["=", "===", "-"])
def test_ready_markdown_that_wraps_makes_no_heading(rule: str) -> None:
    ready = f"{'a' * 40} {rule} {'b' * 40}"
    found = read(Table(["A", "B"], [(Markdown(ready), "long " * 300)]))
    assert cells(found)[0][0] == ready


def test_a_table_without_rows_says_so() -> None:
    assert read(Table(["A", "B", "C"], []))["body"] == [[("Nothing to show.", 1, 3)]]


def test_nasty_cells_come_out_literally_in_every_format() -> None:
    table = Table(
        [Column("# head | x"), Column("+--+", "number", under="{{< env HOME >}} *a*"), Column("@b", under="@tbl-x")],
        [(text, text, text) for text in NASTY],
        notes=NASTY,
    )
    found = read(table)
    expected = [[same(escaping.plain(text))] * 3 for text in NASTY]
    assert [[re.sub("[\u2007\u2008]", "", text) for text in row] for row in cells(found)] == [
        [re.sub("[\u2007\u2008]", "", text) for text in row] for row in expected
    ]
    assert found["head"][0][1:] == [("{{< env HOME >}} *a*", 1, 1), ("@tbl-x", 1, 1)]
    assert "{{" not in table.markdown() and "{{" not in table.html()
    page = pandoc(table.markdown(), "html").decode()
    assert same(html_texts(page, "td")[0][3]) == same(NASTY[1])
    assert same(docx_paragraphs(pandoc(table.markdown(), "docx"))[6]) == same(NASTY[0])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=6),
    st.lists(texts, min_size=3, max_size=3),
    st.sampled_from([(None, None, None), (None, "x", "x"), ("x", "x", "x"), ("x", None, "y")]),
)
def test_any_cells_arrive_in_their_places(
    rows: list[list[str]], labels: list[str], under: tuple[str | None, ...]
) -> None:
    labels = ["¶" + label for label in labels]  # a header without any text is none to pandoc
    columns = [Column(label, under=above) for label, above in zip(labels, under, strict=True)]
    found = read(Table(columns, rows))
    assert cells(found) == [[same(escaping.plain(text)) for text in row] for row in rows]
    heads = sorted(text for row in found["head"] for text, _, _ in row)
    groups = [above for k, above in enumerate(under) if above and (k == 0 or under[k - 1] != above)]
    assert heads == sorted([same(escaping.plain(label)) for label in labels] + groups)


def nine_columns() -> Table:
    head = [Column("Item"), *(Column(n, "number", under=w) for w in ("Before", "After") for n in ("Mean ± SD", "n"))]
    head += [Column(name, "number") for name in ("Mean change [95% CI]", "t", "p", "d")]
    row = ("4.03 ± 0.54", "204", "4.58 ± 0.47", "204", "0.55 [0.47, 0.63]", "14.20", "< .001", "1.09")
    return Table(head, [("Keeping the patient's dignity during examinations", *row)] * 15)


def test_number_columns_of_nine_have_room_on_a_portrait_page() -> None:
    found = read(nine_columns())
    assert sum(found["widths"]) <= 1.0001
    # 16 cm are 453 points; typst keeps 10 of them around each cell; a digit of 10 points is 5 wide.
    room = [(width * 453 - 10) / 5 for width in found["widths"]]
    # In digits, spaces and points being half as wide; the interval may break before its bracket.
    longest = [0, 9.2, 3, 9.2, 3, 10.2, 4.5, 4.7, 3.5]
    assert all(have >= need for have, need in zip(room[1:], longest[1:], strict=True)), room
    assert room[0] >= 14
    assert "4.03&#160;±&#160;0.54" in nine_columns().markdown()


def test_one_long_column_does_not_starve_the_others() -> None:
    quote = "This is a long quote that goes on. " * 20
    found = read(Table(["Question", "Numbers", "Words"], [("Did competence change?", "18 of 30 (60%)", quote)]))
    assert min(found["widths"]) > 0.12
    assert found["widths"][2] > 0.5


def test_html_has_spans_and_no_markup_from_data() -> None:
    table = Table(
        [Column("<b>", under="S"), Column("x", "number", under="S")],
        [Group("<script>"), ('onerror="x"', "1")],
        notes=["<i>"],
        caption="{{< env HOME >}}",
    )
    page = table.html()
    assert '<th colspan="2"' in page and "&lt;script&gt;" in page and "&#123;&#123;&lt; env" in page
    assert not re.search('<(script|b|i)>|onerror="', page)
    ours = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "em", "strong"}
    assert set(re.findall("<(\\w+)", page)) <= ours


def test_text_has_one_line_per_row() -> None:
    lines = nine_columns().text().splitlines()
    assert len(lines) == 15 + 2 + 3
    assert lines[2].split()[:5] == ["Item", "Mean", "±", "SD", "n"]
    assert lines[1].split() == ["Before", "After"]


def test_the_bundle_holds_all_forms_and_the_caption() -> None:
    data, metadata = Table(["A"], [("1",)], caption="Table of *all*")._repr_mimebundle_()
    assert set(data) == {"text/markdown", "text/html", "text/plain"}
    assert metadata == {"braid": {"caption": "Table of \\*all\\*"}}
    json.dumps([data, metadata])
    assert Table(["A"], [("1",)])._repr_mimebundle_()[1] == {}


def test_a_frame_becomes_a_table() -> None:
    frame = pd.DataFrame({"who": ["a", None], "score": [1.005, float("nan")], "n": [12345, 2]})
    found = read(Table.from_frame(frame, labels={"who": "Person"}))
    assert cells(found, "head") == [["Person", "score", "n"]]
    assert cells(found) == [["a", "1.01", "12\u202f345"], ["–", "–", "2"]]
    assert found["aligns"] == ["AlignLeft", "AlignRight", "AlignRight"]


def test_wrong_row_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="row 0 of the table has 1 cells for 2 columns"):
        Table(["A", "B"], [("x",)])
    with pytest.raises(ValueError, match="at least one column"):
        Table([], [])


def test_a_table_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Table(["A"], []).caption = "x"  # type: ignore[misc]


def test_tables_and_sentences_load_no_drawing_library() -> None:
    code = (
        "import sys, braid.presentation.table, braid.presentation.sentences, braid.presentation.themes\n"
        "sys.exit(any(name in sys.modules for name in ('matplotlib', 'seaborn', 'pandas', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
