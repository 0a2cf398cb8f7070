"""Every word of a report is translated: in a made-up language nothing is left but data, names and numbers."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from braid.verification.manifest import PACKAGES

from tests.language.made_up import CODE, Known, marked, outside, speak_it, write_catalogue
from tests.language.untranslated import known_of, untranslated, untranslated_between
from tests.project_copy import REPOSITORY, copy_project

COHORTS = ("demo", "demo-next", "organisations", "social-services")
NOT_SHOWN = re.compile(
    r"<(script|style|svg|pre|code|math)\b.*?</\1>|<div id=\"refs\".*?</div>\s*</div>|<a href=\"#ref-.*?</a>", re.DOTALL
)
PART = re.compile(
    r"</?(?:p|div|section|nav|ul|ol|li|table|tr|th|td|h\d|figure|figcaption|details|summary|button|title)\b[^>]*>"
)
NAMES = ("The braid demonstration team Synthetic data for demonstration", *("Python", *PACKAGES))
SEEN = re.compile(r'\b(?:aria-label|title|alt)="([^"]+)"')


def test_what_stands_outside_of_marks_is_found() -> None:
    text = marked("a {field} b").format(field="data") + " left"
    assert text == "«a ‹data› b» left"
    assert [piece for piece in outside(text) if piece.strip()] == ["data", " left"]
    known = Known([], "some Data here")
    assert [left.text for left in known.untranslated("x", text)] == ["left"]


@pytest.mark.slow
@pytest.mark.parametrize("cohort", COHORTS)
def test_no_piece_of_a_report_is_left_in_english(cohort: str) -> None:
    assert [str(left) for left in untranslated(cohort)] == []


@pytest.mark.slow
def test_no_piece_of_a_comparison_is_left_in_english() -> None:
    assert [str(left) for left in untranslated_between(("demo", "demo-next"))] == []


@pytest.mark.slow
def test_no_word_of_the_page_is_left_in_english(tmp_path: Path) -> None:
    copy = copy_project(tmp_path, "demo")
    write_catalogue(tmp_path, REPOSITORY)
    speak_it(tmp_path, tmp_path / "analysis" / "study.yml")
    done = copy.braid("run", "demo", "--to", "html")
    assert done.returncode == 0, done.stderr
    page = copy.report("demo", "report.html").read_text(encoding="utf-8")
    assert f'<html lang="{CODE}"' in page
    page = NOT_SHOWN.sub(" ", page)
    texts = [*PART.split(page), *SEEN.findall(page)]
    known = known_of(tmp_path, "demo").also(" . ".join(NAMES))
    shown = [html.unescape(re.sub(r"<[^>]+>", "", text)) for text in texts]
    assert [str(left) for text in shown for left in known.untranslated("report.html", text)] == []
