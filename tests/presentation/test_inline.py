"""Ready markdown and its other forms."""

from __future__ import annotations

from braid.presentation import escaping, inline
from braid.presentation.inline import Markdown
from hypothesis import given
from hypothesis import strategies as st

from .through_pandoc import pandoc, same


def test_ready_markdown_is_not_escaped_again() -> None:
    assert inline.source(Markdown("*d*~av~")) == "*d*~av~"
    assert inline.source("*d*~av~") == "\\*d\\*\\~av\\~"


def test_markdown_has_plain_and_html_forms() -> None:
    text = inline.joined(inline.italic("d"), inline.sub("av"), " <", inline.strong("x*"), ">", inline.sup("a"))
    assert text.plain() == "d_av <x*>a"
    assert text.html() == "<em>d</em><sub>av</sub> &lt;<strong>x*</strong>&gt;<sup>a</sup>"


def test_lines_break_in_every_form() -> None:
    text = inline.lines("a", "b")
    assert text.plain() == "a\nb"
    assert text.html() == "a<br>b"
    assert b"<br" in pandoc(text.source, "html")


def test_joining_keeps_the_spaces_at_the_edges() -> None:
    assert inline.joined("a ", inline.strong("b"), " ", "c").plain() == "a b c"


def test_marking_nothing_gives_nothing() -> None:
    assert inline.strong("").source == ""


@given(st.text(max_size=20))
def test_data_reads_back_from_its_markdown(text: str) -> None:
    assert Markdown(escaping.markdown(text)).plain() == escaping.plain(text).replace("\u00a0", "\u00a0")


def test_our_html_is_what_pandoc_makes_of_the_same_markdown() -> None:
    text = inline.joined("5 < 6 & ", inline.strong("a_b"), ", ", inline.italic("t"), inline.sub("x y"), " “ok”")
    assert same(pandoc(text.source, "html").decode()) == same(f"<p>{text.html()}</p>")
