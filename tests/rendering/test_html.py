"""The page: whole, alone, and with every number, table and reference in its place."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from html.parser import HTMLParser

import pytest
from braid.errors import UserError
from braid.rendering import render

from .conftest import LITERAL, House, Rendered


class Reader(HTMLParser):
    """Collects elements with their attributes, and the text outside of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        self.silent = tag in ("style", "script", "annotation")

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def page(rendered: Rendered) -> Reader:
    return Reader(rendered.html)


def test_nothing_is_loaded_from_elsewhere(page: Reader) -> None:
    for tag, attributes in page.elements:
        assert tag not in ("iframe", "object", "embed")
        for key, value in attributes.items():
            assert not key.startswith("on")
            if key in ("src", "srcset", "data", "poster") or (key == "href" and tag == "link"):
                assert value.startswith("data:")


def test_the_page_lets_its_own_script_run_and_no_other(rendered: Rendered, page: Reader) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", rendered.html, flags=re.DOTALL)
    assert len(scripts) == 1 and sum(tag == "script" for tag, _ in page.elements) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode("utf-8")).digest()).decode("ascii")
    policy = next(
        given["content"] for _, given in page.elements if given.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy and f"script-src 'sha256-{digest}'" in policy


def test_each_table_and_figure_names_the_cell_that_made_it(rendered: Rendered) -> None:
    for label, notebook in (("tbl-baseline", "02_baseline"), ("fig-change", "02_baseline"), ("tbl-quotes", "05_qual")):
        figure = re.search(rf'<figure id="{label}".*?</figure>', rendered.html, flags=re.DOTALL)
        assert figure is not None
        assert f"<code>{label}</code> of the executed notebook <code>{notebook}" in figure[0]
        assert "<pre><code>show()</code></pre>" in figure[0]
    assert (
        "How this was made" not in re.findall(r'<figure id="tbl-waves".*?</figure>', rendered.html, flags=re.DOTALL)[0]
    )


def test_a_head_without_words_is_no_head(house: House) -> None:
    house.edit("sections/_numbers.qmd", "| Wave   | Answers |", "|        | Answers |")
    (path,) = render(house.stage().directory, house.root / "out", ("html",))
    assert re.search(r"<td[^>]*></td>\s*<th[^>]*>Answers</th>", path.read_text("utf-8"))


def test_styles_fetch_nothing(rendered: Rendered) -> None:
    style = "".join(re.findall(r"<style.*?</style>", rendered.html, flags=re.DOTALL))
    assert "--accent" in style
    assert "@import" not in style and "url(" not in style


@pytest.mark.parametrize("rule", ["@import 'other.css';", "body { background: url('paper.png'); }"])
def test_a_style_sheet_that_needs_another_file_is_refused(house: House, rule: str) -> None:
    house.write("styles/report.css", rule)
    with pytest.raises(UserError, match="names another file"):
        render(house.stage().directory, house.root / "out", ("html",))


def test_variables_metadata_and_literal_shortcodes(page: Reader) -> None:
    assert "204 residents took part; confidence rose by 0.62 (95% CI 0.51 to 0.73, p < .001)." in page.text
    assert "Written for readers. A literal {{< var x >}} stays." in page.text


def test_cross_references_are_numbered_in_order_and_linked(page: Reader) -> None:
    assert "See Table 1, 2, Table 1, Figure 1 and Section 3.1," in page.text
    links = [attributes["href"] for tag, attributes in page.elements if attributes.get("class") == "quarto-xref"]
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert links[:5] == ["#tbl-baseline", "#tbl-wide", "#tbl-baseline", "#fig-change", "#sec-strand"]
    assert all(link[1:] in ids for link in links)
    assert "Table 4 follows Table 3." in page.text


def test_captions_carry_their_numbers(page: Reader) -> None:
    for caption in (
        "Table 1: Confidence by group, Figure 1 shows it",
        "Table 2: All items",
        "Table 3: Answers by wave",
        f"Figure 1: Change of “confidence” & {LITERAL}",
    ):
        assert caption in page.text


def test_sections_are_numbered_and_listed(page: Reader) -> None:
    for heading in ("1 In short", "2 Numbers", "2.1 Baseline", "2.2 Change", "3 Words", "3.1 The strand"):
        assert page.text.count(heading) == 2
    assert page.text.count("References") == 2


def test_spans_alignment_and_header_rows_are_kept(rendered: Rendered) -> None:
    table = re.search(r'<figure id="tbl-baseline".*?</figure>', rendered.html, flags=re.DOTALL)
    assert table is not None
    assert 'rowspan="2" style="text-align: left;">Group' in table[0]
    assert 'colspan="2" style="text-align: center;">Confidence' in table[0]
    assert 'rowspan="2" style="text-align: left;">Men' in table[0]
    assert 'colspan="3" style="text-align: left;">Not estimable (n &lt; 5)' in table[0]
    assert table[0].count("<tr") == 6 and table[0].count("<th ") == 5
    assert "<em>Note.</em> Means on a scale from 1 to 5." in table[0]


def test_every_cell_of_a_long_table_is_there(page: Reader) -> None:
    for number in range(1, 31):
        assert f"Item {number:02d} of the questionnaire" in page.text


def test_pictures_are_inside_and_described(page: Reader) -> None:
    pictures = [attributes for tag, attributes in page.elements if tag == "img"]
    assert len(pictures) == 1
    assert pictures[0]["alt"] == "Stripes that rise from left to right"


def test_a_cell_in_urdu_reads_from_right_to_left(rendered: Rendered) -> None:
    assert '<td dir="rtl">اردو متن</td>' in rendered.html.replace(' style="text-align: left;"', "")


def test_text_from_data_is_literal(rendered: Rendered, page: Reader) -> None:
    assert page.text.count(LITERAL) == 4
    assert html.escape("<script>alert(1)</script>", quote=False) in rendered.html
    assert "<script>alert(1)" not in rendered.html


def test_nothing_is_left_unresolved(page: Reader) -> None:
    rest = page.text.replace(LITERAL, "").replace("{{< var x >}}", "")
    for sign in ("{{<", "??", "?@", "\ue000", "[@", ":::"):
        assert sign not in rest


def test_conditions_on_the_format(page: Reader) -> None:
    assert "Only on the page." in page.text and "Only on paper." not in page.text


def test_citations_are_set_and_listed(page: Reader) -> None:
    assert "(Malik and Tutor 2025)" in page.text
    assert "Learning to Teach" in page.text


def test_a_callout_folds_without_a_script(rendered: Rendered) -> None:
    assert '<details class="callout callout-note">' in rendered.html
    warning = re.search(r'<div class="callout callout-warning">.*?</ul>', rendered.html, flags=re.DOTALL)
    assert warning is not None and "With a <em>heading</em>" in warning[0]


def test_the_title_block_tells_who_when_and_that_data_are_made_up(page: Reader) -> None:
    for words in ("Ayesha Example Teaching Hospital", "Sam Sample", "22 November 2026", "Synthetic data.", "Abstract"):
        assert words in page.text


def test_footnotes_are_kept(page: Reader) -> None:
    assert "A footnote with bold words." in page.text


def test_an_include_inside_a_section_counts_from_the_index_as_in_quarto(house: House) -> None:
    house.edit("sections/_words.qmd", "# Words\n", "# Words\n\n{{< include sections/_more.qmd >}}\n")
    house.write("sections/_more.qmd", "A further section, {{< var participants.n >}} strong.\n")
    render(house.stage().directory, house.root / "out", ("html",))
    assert "A further section, 204 strong." in Reader((house.root / "out" / "report.html").read_text("utf-8")).text
