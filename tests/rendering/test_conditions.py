"""Conditions on metadata, decided on lines of text."""

from __future__ import annotations

import pytest
from braid.errors import UserError
from braid.prose.lines import numbered
from braid.rendering.conditions import resolve


def resolved(text: str, **has: bool) -> str:
    lines = resolve(numbered(text, "a.qmd"), has)
    assert len(lines) == len(text.splitlines())
    return "\n".join(line.text for line in lines if line.text)


def test_nested_blocks_go_with_the_block_around_them() -> None:
    text = """\
:::: {.content-visible when-meta="has.a"}
::: {.note}
inside
:::
::::
after"""
    assert resolved(text, a=False) == "after"
    assert resolved(text, a=True) == "::: {.note}\ninside\n:::\nafter"


def test_hidden_is_the_opposite_of_visible() -> None:
    text = '::: {.content-hidden when-meta="has.a"}\nx\n:::'
    assert resolved(text, a=True) == ""
    assert resolved(text, a=False) == "x"


def test_unless_is_the_opposite_of_when() -> None:
    text = '::: {.content-visible unless-meta="has.a"}\nx\n:::'
    assert resolved(text, a=True) == ""
    assert resolved(text, a=False) == "x"


def test_a_condition_on_the_format_is_left_for_the_renderer() -> None:
    text = '::: {.content-visible when-meta="has.a" when-format="html"}\nx\n:::'
    assert resolved(text, a=True) == '::: {.content-visible when-format="html"}\nx\n:::'
    assert resolved(text, a=False) == ""


def test_hidden_needs_both_conditions() -> None:
    text = '::: {.content-hidden when-meta="has.a" when-format="html"}\nx\n:::'
    assert resolved(text, a=True) == '::: {.content-hidden when-format="html"}\nx\n:::'
    assert resolved(text, a=False) == "x"


def test_a_fence_inside_code_is_text() -> None:
    text = '```\n::: {.content-visible when-meta="has.a"}\n```\nx'
    assert resolved(text, a=False) == text


def test_a_block_that_is_never_closed_is_named() -> None:
    with pytest.raises(UserError, match=r"a.qmd: line 1: this block is never closed"):
        resolved('::: {.content-visible when-meta="has.a"}\nx', a=True)


def test_a_fence_that_closes_nothing_is_named() -> None:
    with pytest.raises(UserError, match=r"a.qmd: line 2"):
        resolved("x\n:::")
