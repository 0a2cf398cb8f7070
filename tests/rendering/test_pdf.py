"""The PDF, read through its typst text everywhere and through pdftotext where that is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from braid.rendering import render
from braid.rendering.standalone import typst_source

from .conftest import LITERAL, House, Rendered, grid_table


@pytest.fixture(scope="module")
def source(rendered: Rendered, tmp_path_factory: pytest.TempPathFactory) -> str:
    return typst_source(rendered.staged, tmp_path_factory.mktemp("typst"))


@pytest.fixture(scope="module")
def text(rendered: Rendered) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    path = rendered.output / "report.pdf"
    done = subprocess.run([program, "-layout", path, "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s+", " ", done.stdout)


def test_tables_keep_spans_and_repeat_their_header(source: str) -> None:
    assert "colspan: 2, stroke: (bottom: 0.5pt)" in source and "table.cell(rowspan: 2)[Men]" in source
    assert "table.cell(colspan: 3)[Not estimable" in source
    assert len(re.findall(r"^ *table\.header\(", source, flags=re.MULTILINE)) == 4


def test_a_label_over_the_whole_width_stays_with_its_rows(house: House, tmp_path: Path) -> None:
    label = grid_table(["Group", "n"], [["Women", "12"]]).splitlines()
    table = "\n".join([*label[:3], "| **Surgery**" + " " * (len(label[0]) - 14) + "|", label[0], *label[3:]])
    house.write("sections/_numbers.qmd", f"# Numbers\n\n{table}\n\n: Labelled {{#tbl-labelled}}\n")
    house.write("index.qmd", "{{< include sections/_numbers.qmd >}}\n")
    staged = house.stage().directory
    assert "report-row-label(table.cell(colspan: 2)[#strong[Surgery]])" in typst_source(staged, tmp_path)
    (path,) = render(staged, house.root / "out", ("pdf",))
    assert b"pdfuaid" in path.read_bytes()


def test_every_float_has_its_label_and_counts_by_kind(source: str) -> None:
    labels = re.findall(r'kind: "quarto-float-(tbl|fig)", supplement: "\w+"\)\n<([\w-]+)>', source)
    assert labels == [
        ("tbl", "tbl-baseline"),
        ("fig", "fig-change"),
        ("tbl", "tbl-wide"),
        ("tbl", "tbl-waves"),
        ("tbl", "tbl-quotes"),
    ]


def test_the_picture_is_described(source: str) -> None:
    assert 'alt: "Stripes that rise from left to right"' in source


def test_a_wide_table_is_set_smaller(source: str) -> None:
    wide = source[: source.index("Difference")]
    assert "set text(size: 8.2pt)" in wide[-400:]


def test_numbers_references_and_headings_read_like_on_the_page(text: str) -> None:
    assert "confidence rose by 0.62 (95% CI 0.51 to 0.73, p < .001)" in text
    assert "See Table 1, 2, Table 1, Figure 1 and Section 3.1" in text
    for words in ("Table 1: Confidence by group, Figure 1 shows it", "Figure 1: Change of", "3.1 The strand"):
        assert words in text
    assert "(Malik and Tutor 2025)" in text


def test_a_long_table_breaks_and_its_header_comes_again(text: str) -> None:
    assert text.count("Before SD After M After SD Difference") == 2
    assert "Item 30 of the questionnaire" in text


def test_text_from_data_is_literal(text: str) -> None:
    assert text.count(LITERAL) == 6  # two captions stand in the lists of tables and figures as well
    rest = text.replace(LITERAL, "").replace("{{< var x >}}", "")
    assert "{{<" not in rest and "??" not in rest


def test_conditions_on_the_format(text: str) -> None:
    assert "Only on paper." in text and "Only on the page." not in text


def test_tables_and_figures_are_listed_with_the_contents(text: str) -> None:
    before = text[: text.index("204 residents took part")]
    for words in ("Contents", "Tables Table 1 Confidence by group", "Table 4 Quotes", "Figures Figure 1 Change of"):
        assert words in before


def test_the_file_claims_to_be_accessible_and_typst_has_checked_it(rendered: Rendered) -> None:
    data = Path(rendered.output / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.") and b"<pdfuaid:part>1</pdfuaid:part>" in data


def test_a_letter_that_no_font_has_does_not_stop_the_report_and_is_told(house: House) -> None:
    house.edit("sections/_words.qmd", "# Words\n", "# Words\n\nA letter of nobody's: \u0378.\n")
    told: list[str] = []
    (path,) = render(house.stage().directory, house.root / "out", ("pdf",), note=told.append)
    assert b"pdfuaid" not in path.read_bytes()
    assert len(told) == 1
    assert re.search(r"report\.pdf does not keep to PDF/UA-1: .*378.*font.*braid doctor", told[0])


def test_nothing_is_told_of_a_pdf_that_keeps_to_its_standard(house: House) -> None:
    told: list[str] = []
    render(house.stage().directory, house.root / "out", ("pdf",), note=told.append)
    assert told == []
