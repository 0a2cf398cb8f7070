"""The Word file, read part by part."""

from __future__ import annotations

import re
import zipfile
from xml.etree import ElementTree

import pytest
from braid.rendering.quarto_docx import put_right, q, style_of

from .conftest import LITERAL, Rendered


@pytest.fixture(scope="module")
def root(rendered: Rendered) -> ElementTree.Element:
    return ElementTree.fromstring(rendered.word())


def text_of(element: ElementTree.Element) -> str:
    words = "".join(part.text or "" for part in element.iter(q("t")))
    return words.replace("\u00a0", " ")


def paragraphs(root: ElementTree.Element, style: str) -> list[str]:
    return [text_of(element) for element in root.iter(q("p")) if style_of(element) == style]


def data_tables(root: ElementTree.Element) -> list[ElementTree.Element]:
    tables = root.iter(q("tbl"))
    return [table for table in tables if not style_of(table.find(f".//{q('p')}")).startswith("Callout")]


def test_captions_have_the_caption_styles(root: ElementTree.Element) -> None:
    assert paragraphs(root, "TableCaption")[:3] == [
        "Table 1: Confidence by group, Figure 1 shows it",
        "Table 2: All items",
        "Table 3: Answers by wave",
    ]
    assert paragraphs(root, "ImageCaption") == [f"Figure 1: Change of “confidence” & {LITERAL}"]


def test_captions_count_and_references_follow_them(root: ElementTree.Element) -> None:
    told = [(part.text or "").split() for part in root.iter(q("instrText"))]
    counted = [words[1] for words in told if words[0] == "SEQ"]
    assert counted == ["Table", "Figure", "Table", "Table", "Table"]
    marks = {mark.get(q("name")) for mark in root.iter(q("bookmarkStart"))}
    references = [words[1] for words in told if words[0] == "REF"]
    assert len(references) >= 7 and set(references) <= marks
    ids = [mark.get(q("id")) for mark in root.iter(q("bookmarkStart"))]
    assert len(ids) == len(set(ids))


def test_headings_are_numbered_as_quarto_numbers_them(root: ElementTree.Element) -> None:
    assert paragraphs(root, "Heading1") == ["1. In short", "2. Numbers", "3. Words", "References"]
    assert paragraphs(root, "Heading2") == ["2.1 Baseline", "2.2 Change", "3.1 The strand"]


def test_the_contents_can_be_read_before_word_updates_them(root: ElementTree.Element) -> None:
    assert paragraphs(root, "TOC1") == ["1. In short", "2. Numbers", "3. Words", "References"]
    assert paragraphs(root, "TOC2") == ["2.1 Baseline", "2.2 Change", "3.1 The strand"]
    marks = {mark.get(q("name")) for mark in root.iter(q("bookmarkStart"))}
    anchors = {link.get(q("anchor")) for link in root.iter(q("hyperlink")) if link.get(q("anchor"))}
    assert anchors <= marks


def test_header_rows_repeat_and_rows_stay_whole(root: ElementTree.Element) -> None:
    headers = [len(table.findall(f"{q('tr')}/{q('trPr')}/{q('tblHeader')}")) for table in data_tables(root)]
    assert headers == [2, 1, 1, 1]
    rows = [row for table in data_tables(root) for row in table.iter(q("tr"))]
    assert all(row.find(f"{q('trPr')}/{q('cantSplit')}") is not None for row in rows)


def test_spans_are_kept(root: ElementTree.Element) -> None:
    table = data_tables(root)[0]
    spans = [span.get(q("val")) for span in table.iter(q("gridSpan")) if span.get(q("val")) != "1"]
    assert spans == ["2", "3"]
    assert [merge.get(q("val")) for merge in table.iter(q("vMerge"))].count("restart") == 3


def test_a_wide_table_fits_between_the_margins(root: ElementTree.Element) -> None:
    wide = data_tables(root)[1]
    widths = [int(column.get(q("w"), "0")) for column in wide.iter(q("gridCol"))]
    assert len(widths) == 9
    assert min(widths) > 400 and sum(widths) <= 11906 - 2 * 1417 + 9


def test_pictures_are_described_and_nothing_names_a_path(rendered: Rendered) -> None:
    document = rendered.word()
    assert document.count("<wp:inline") == 1
    assert 'descr="Stripes that rise from left to right"' in document
    assert not re.search(r'descr="[^"]*/', document)


def test_text_from_data_is_literal(root: ElementTree.Element) -> None:
    text = " ".join(text_of(root).split())
    assert text.count(LITERAL) == 4
    rest = text.replace(LITERAL, "").replace("{{< var x >}}", "")
    assert "{{<" not in rest and "??" not in rest
    assert "Only on paper." in text and "Only on the page." not in text


def test_numbers_and_references_read_like_on_the_page(root: ElementTree.Element) -> None:
    text = text_of(root)
    assert "confidence rose by 0.62 (95% CI 0.51 to 0.73, p < .001)" in text
    assert "See Table 1, 2, Table 1, Figure 1 and Section 3.1, and Tutor (Malik and Tutor 2025)" in text


def test_the_banner_stands_before_the_contents(root: ElementTree.Element) -> None:
    text = text_of(root)
    assert 0 < text.index("Synthetic data.") < text.index("Contents")


def test_no_part_carries_the_time_of_the_run(rendered: Rendered) -> None:
    with zipfile.ZipFile(rendered.output / "report.docx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", rendered.word("docProps/core.xml"))) == {"2000-01-01T00:00:00Z"}


WRAPPED = """\
<w:body xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:tbl><w:tblPr/><w:tblGrid><w:gridCol/>
</w:tblGrid><w:tr><w:tc><w:tcPr/><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:pPr><w:jc w:val="left"/>
<w:pStyle w:val="ImageCaption"/></w:pPr><w:r><w:t>Table 1: Words</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:pPr>
<w:jc w:val="right"/><w:jc w:val="center"/></w:pPr><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:pPr>
<w:jc w:val="center"/></w:pPr><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl></w:body>"""


def test_the_frame_that_quarto_puts_around_a_table_goes_and_alignment_stays() -> None:
    body = ElementTree.fromstring(WRAPPED)
    put_right(body)
    assert [child.tag for child in body] == [q("p"), q("tbl"), q("p")]
    assert [style_of(child) for child in body.findall(q("p"))] == ["TableCaption", "TableNote"]
    cells = [cell.find(f"{q('p')}/{q('pPr')}/{q('jc')}") for cell in body.iter(q("tc"))]
    assert [cell.get(q("val")) if cell is not None else None for cell in cells] == ["right", None]
    assert all(len(paragraph.findall(q("pPr"))) == 1 for paragraph in body.iter(q("p")))
