"""Any text from data shows literally, in every format, and runs nothing."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
import typst
from braid.presentation import escaping
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .through_pandoc import docx_paragraphs, html_texts, pandoc, same, tree, words_of

NASTY = [
    "{{< env HOME >}}", "{{{< env HOME >}}}", "{{</* x */>}}", "<script>alert(1)</script>", "$x$ and $$y$$",
    "@ref", "@tbl-change", "[^1]", "^[note]", "[@key]", "-@key", "*a*", "_b_", "**c**", "`code`", "``` {python}",
    "|", "a | b | c", "\\", "\\alpha \\(x\\) \\[y\\] \\\\(z\\\\)", "# heading", "## x", "::: {.callout}", ":::",
    "+---+---+", "| a | b |", "+===+", "one\ntwo\r\nthree", "&amp; &#42; &nbsp;", "https://example.org/a_b?c=d",
    "<https://example.org>", "mail@example.org", "~sub~ ^sup^ ~~gone~~", "'single' \"double\" don't", "- item",
    "1. item", "1) item", "(1) item", "(@a) item", "a. item", "iv. item", "B) item", "#. item", "> quote", "* item",
    "+ item", "---", "***", "===", "--", "a -- b --- c", "wait ...", "e.g. this, Mr. Smith", ": definition",
    "Table: caption", "% title", "![picture](x.png)", "[text](javascript:alert(1))", "[span]{.class}",
    "`x`{=html}", "<span data-qmd=\"*x*\">", "<!-- comment -->", "a\u200bb \ufeff\u202egnal\u202c",
    "a\x00b\x07c\x1b[0m",
    "اردو میں جواب {{< x >}}", "שלום *a*", "日本語 | 漢字", "👩\u200d⚕️ e\u0301", ":smile:", "    indented", "\ttab",
    "{.class}", "{#id}", "a\\", "a\\\nb", "5 < 6 > 4", "100%", "§ – — … “x”", "a_b_c snake_case", "x^2 H~2~O",
    "term\n: def", "[ ] task", "[x] task", "// comment", "/* x */", "#show: x", "#let a = 1", "= typst", "<label>",
    "a  b   c", " \u00a0 ", "\u2007 9", "--- \n x: y\n---", "{{", "}}", "{", "<", "{{%  %}}",
    "\\{{< x >}}", "$", "\ud800",
]  # fmt: skip

alphabet = st.one_of(
    st.sampled_from(list("`*_{}[]()<>#+-.!|~^$@&\"'=:%\\/ ,;?\n1aiIx")),
    st.sampled_from(["{{<", ">}}", "::", "--", "...", "\u200b", "\u202e", "\u00a0", "ا", "é", "漢", "1. ", "&lt;"]),
    st.characters(),
)
texts = st.text(alphabet=st.characters(), max_size=12) | st.lists(alphabet, max_size=14).map("".join)
thorough = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def paragraphs(batch: list[str]) -> str:
    """Each text as a paragraph of its own after a word that keeps the empty ones from vanishing."""
    return "\n\n".join("¶" + escaping.markdown(text) + "\n\n" + escaping.markdown(text) for text in batch)


def expected(batch: list[str]) -> list[str]:
    out = []
    for text in batch:
        out.append(same("¶" + escaping.plain(text)))
        if same(escaping.plain(text)):
            out.append(same(escaping.plain(text)))
    return out


def straight(text: str) -> str:
    """Typst sets curly quotes, one glyph for three points and its own spaces; the words are the same."""
    return re.sub(r"\s", "", text.replace("...", "…")).translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})


def check_tree(batch: list[str]) -> None:
    blocks = tree(paragraphs(batch))["blocks"]
    assert all(block["t"] == "Para" for block in blocks)
    assert [same(words_of(block)) for block in blocks if same(words_of(block))] == expected(batch)


def check_html(batch: list[str]) -> None:
    found, elements = html_texts(pandoc(paragraphs(batch), "html").decode(), "p")
    assert [same(text) for text in found if same(text)] == expected(batch)
    assert elements == []


def check_docx(batch: list[str]) -> None:
    found = docx_paragraphs(pandoc(paragraphs(batch), "docx"))
    assert [same(text) for text in found if same(text)] == expected(batch)


def test_nasty_texts_are_plain_text_to_pandoc() -> None:
    check_tree(NASTY)


def test_nasty_texts_show_literally_in_html() -> None:
    check_html(NASTY)


def test_nasty_texts_show_literally_in_docx() -> None:
    check_docx(NASTY)


def test_nasty_texts_show_literally_in_typst_and_compile(tmp_path: Path) -> None:
    source = pandoc(paragraphs(NASTY), "typst")
    (tmp_path / "a.typ").write_bytes(source)
    assert typst.compile(str(tmp_path / "a.typ")).startswith(b"%PDF")
    back = pandoc(source.decode(), "html", "typst").decode()
    found, _ = html_texts(back, "p")
    assert [straight(same(text)) for text in found if same(text)] == [straight(text) for text in expected(NASTY)]


@thorough
@given(st.lists(texts, min_size=1, max_size=25))
def test_any_text_is_plain_text_to_pandoc(batch: list[str]) -> None:
    check_tree(batch)


@thorough
@given(st.lists(texts, min_size=1, max_size=25))
def test_any_text_shows_literally_in_html(batch: list[str]) -> None:
    check_html(batch)


@settings(thorough, max_examples=6)
@given(st.lists(texts, min_size=1, max_size=25))
def test_any_text_shows_literally_in_docx(batch: list[str]) -> None:
    check_docx(batch)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_no_form_holds_the_start_of_a_shortcode(text: str) -> None:
    for form in (escaping.markdown(text), escaping.html(text), escaping.attribute(text)):
        assert "{{" not in form
        assert "\n" not in form
    assert "}}" not in escaping.html(text)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_html_shows_the_plain_text(text: str) -> None:
    escaped = escaping.html(text)
    assert not re.search("[<>\"'`{}$\\\\]", escaped)
    # html.unescape reads "&#0;" and the like as a browser would; none may appear here.
    assert html.unescape(escaped) == escaping.plain(text)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_plain_text_is_stable_and_one_line(text: str) -> None:
    once = escaping.plain(text)
    assert escaping.plain(once) == once
    assert len(once.splitlines()) <= 1


def test_joiners_that_spell_words_stay() -> None:
    assert escaping.plain("می\u200cخواهم") == "می\u200cخواهم"


def test_numbers_and_ordinary_words_stay_readable() -> None:
    assert escaping.markdown("4.03 ± 0.54 (pre-post), 69.6%") == "4.03 ± 0.54 (pre-post\\), 69.6%"


@pytest.mark.parametrize("text", ["{{< env HOME >}}", "{{{< env HOME >}}}"])
def test_the_measured_safe_form_of_a_shortcode_is_used(text: str) -> None:
    assert "\\{\\{\\<" in escaping.markdown(text)
    assert "&#123;&#123;&lt;" in escaping.html(text)
