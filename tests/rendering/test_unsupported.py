"""What the built-in renderer does not know stops with file, line and the construct."""

from __future__ import annotations

import re

import pytest
from braid.errors import UserError
from braid.rendering import render

from .conftest import House

START = "# Words\n"


def message_of(house: House, text: str) -> str:
    """Puts a text at the third line of a section and gives what rendering it says."""
    house.edit("sections/_words.qmd", START, f"{START}\n{text}\n")
    with pytest.raises(UserError) as error:
        render(house.stage().directory, house.root / "out", ("html",))
    assert not (house.root / "out" / "report.html").exists()
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{< video a.mp4 >}}", "this shortcode is not supported"),
        ("Words {{< env HOME >}} words", "{{< env HOME >}}"),
        ("{{< var participants.m >}}", "did you mean participants.n"),
        ("{{< var participants >}}", "a group of values"),
        ("{{< meta nothing >}}", "unknown metadata nothing"),
        ("{{< var a", "not closed"),
        ("Words {{< pagebreak >}}", "must stand alone"),
        ("```{python}\n1\n```", "code that is executed"),
        ("```{=html}\n<b>x</b>\n```", "raw blocks"),
        ("Words `0`{=\ue000table}", "private-use character"),
        ("Words <b>bold</b>", "raw html"),
        ("<script>alert(1)</script>", "raw html"),
        ("::: {.panel-tabset}\nx\n:::", "panel-tabset"),
        ("::: {.column-margin}\nx\n:::", "column-margin"),
        ("::: {layout-ncol=2}\nx\n:::", "layout-ncol"),
        ("::: {.callout-hint}\nx\n:::", "unknown callout callout-hint"),
        ('::: {.callout-note appearance="simple"}\nx\n:::', "appearance"),
        ('::: {.callout-note title="*x*"}\nx\n:::', "holds markup"),
        ("::: {#thm-x}\nx\n:::", "thm-x"),
        ('::: {.content-visible when-format="pdf"}\nx\n:::', "the format pdf is not known"),
        ("See @tbl-basline.", "did you mean tbl-baseline"),
        ("See @nobody2020.", "the bibliography has no nobody2020"),
        ("[@tbl-baseline; @malik2025]", "share brackets"),
        ("![A picture](https://example.org/a.png){#fig-x}", "from elsewhere"),
        ("![A picture](missing.png){#fig-x}", "does not exist"),
        ("![A picture](missing.png)", "needs a label"),
        ("[click](javascript:alert(1))", "javascript"),
        ("| a |\n|---|\n| 1 |\n\n: No label", "needs a label"),
        ("## Again {#sec-short}", "Duplicate identifier 'sec-short'"),
    ],
)
def test_the_construct_and_its_line_are_named(house: House, text: str, expected: str) -> None:
    message = message_of(house, text)
    assert expected in message
    place = re.match(r"(?:reports/)?sections/_words.qmd: line (\d+):", message)
    assert place is not None, message
    assert 3 <= int(place[1]) <= 3 + text.count("\n")


def test_front_matter_of_a_section_is_refused(house: House) -> None:
    house.write("sections/_words.qmd", "---\ntitle: x\n---\n\n## The strand {#sec-strand}\n")
    staged = house.stage().directory
    with pytest.raises(UserError, match=r"sections/_words.qmd: line 1: an included file has front matter"):
        render(staged, house.root / "out", ("html",))


def test_an_unknown_setting_of_a_format_is_named(house: House) -> None:
    settings = house.root / "_quarto.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("minimal:", "code-fold:"), encoding="utf-8")
    staged = house.stage().directory
    with pytest.raises(UserError, match="the setting code-fold is not supported"):
        render(staged, house.root / "out", ("html",))
