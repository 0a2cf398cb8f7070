"""A real cohort that nobody made for braid: SATS-36, six scales, thousands of students, much drop-out.

The data are not in this repository; their folder `shared/real-cohorts` may stand beside it.
"""

from __future__ import annotations

import re
import shutil
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
import yaml
from braid.records import Record
from scipy import stats

from tests.project_copy import REPOSITORY, Copy, copy_project

from .conftest import squeezed

COHORT = "sats"
FILE = REPOSITORY.parent / "shared" / "real-cohorts" / "sats" / "sats_s.csv"
LIKE = REPOSITORY / "tests" / "real_cohorts" / "sats"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FILE.is_file(),
        reason="the real cohorts are not in this repository: their folder shared/real-cohorts is missing beside it",
    ),
]
SCALES = {
    "affect": "A3 A4 A15 A18 A19 A28",
    "competence": "C5 C11 C26 C31 C32 C35",
    "value": "V7 V9 V10 V13 V16 V17 V21 V25 V33",
    "difficulty": "D6 D8 D22 D24 D30 D34 D36",
    "interest": "I12 I20 I23 I29",
    "effort": "E1 E2 E14 E27",
}
NEAR = 1e-9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A project in which the cohort was made and run, both by the command."""
    copy = copy_project(tmp_path_factory.mktemp("project"))
    (copy.root / "data_raw").mkdir()
    shutil.copytree(LIKE, copy.root / "like-sats")
    new = copy.braid("new", COHORT, "--from", str(FILE), "--like", "like-sats")
    assert new.returncode == 0, new.stderr
    assert (copy.root / "data_raw" / "sats" / FILE.name).read_bytes() == FILE.read_bytes()
    done = copy.braid("run", COHORT, "--to", "html", "--without-quarto")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture(scope="module")
def scores() -> dict[str, dict[str, pd.Series]]:
    """The scores of both waves by scale, of complete answers, computed from the file alone."""
    raw = pd.read_csv(FILE, dtype=str)
    raw.index = raw["StudentID"].str.strip().str.upper()
    assert raw.index.is_unique
    found: dict[str, dict[str, pd.Series]] = {}
    for scale, items in SCALES.items():
        found[scale] = {}
        for wave in ("Pre", "Post"):
            answers = raw[[f"{wave}.{item}" for item in items.split()]].apply(pd.to_numeric, errors="coerce")
            answers = answers.where(answers.isin(range(1, 8)))
            found[scale][wave] = answers.dropna().mean(axis=1)
    return found


def test_the_study_names_the_items_that_are_computed_here() -> None:
    study = yaml.safe_load((LIKE / "study.yml").read_text(encoding="utf-8"))
    assert {name: " ".join(scale["items"]) for name, scale in study["scales"].items()} == SCALES


@pytest.mark.parametrize("scale", list(SCALES))
def test_each_scale_changes_as_in_an_independent_computation(
    scale: str, scores: dict[str, dict[str, pd.Series]], records: dict[str, Record], text: str
) -> None:
    before, after = scores[scale]["Pre"], scores[scale]["Post"]
    pairs = before.index.intersection(after.index)
    before, after = before[pairs], after[pairs]
    test = stats.ttest_rel(after, before)
    interval = test.confidence_interval(0.95)
    record = records[f"change.{scale}.overall"]
    assert record.n == len(pairs) > 1000
    assert record.estimate == pytest.approx((after - before).mean(), rel=NEAR)
    assert (record.low, record.high) == pytest.approx((interval.low, interval.high), rel=NEAR)
    means = [f"{_shown(wave.mean())} ± {_shown(wave.std(ddof=1))}" for wave in (before, after)]
    assert [record.parts["before"], record.parts["after"]] == means
    assert record.parts["t"] == f"t({len(pairs) - 1}) = {_shown(test.statistic)}"
    assert record.parts["p"] == ("< .001" if test.pvalue < 0.001 else f"{_shown(test.pvalue, 3)}".removeprefix("0"))
    size = (after - before).mean() / np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / 2)
    assert record.parts["d-av"].split(",")[0] == f"{_shown(size)}"
    count = f"{len(pairs)}"
    assert f"{count} {means[0]} {means[1]} {_shown((after - before).mean())}" in text


@pytest.mark.parametrize("scale", list(SCALES))
def test_each_scale_starts_as_in_an_independent_computation(
    scale: str, scores: dict[str, dict[str, pd.Series]], records: dict[str, Record]
) -> None:
    first = scores[scale]["Pre"]
    record = records[f"baseline.{scale}.overall"]
    assert record.n == len(first)
    assert record.estimate == pytest.approx(first.mean(), rel=NEAR)
    assert record.text == f"{_shown(first.mean())} ± {_shown(first.std(ddof=1))}"


def test_a_direction_is_claimed_only_where_the_interval_leaves_out_zero(records: dict[str, Record], text: str) -> None:
    counted = {"improved": 0, "worsened": 0, "showed no clear change": 0}
    for scale in SCALES:
        record = records[f"change.{scale}.overall"]
        assert record.low is not None
        assert record.high is not None
        direction = "improved" if record.low > 0 else "worsened" if record.high < 0 else "showed no clear change"
        counted[direction] += 1
    for verb, number in counted.items():
        assert (f"{number} {verb} (" in text) == (number > 0), verb
    assert f"Of {len(SCALES)} scales" in text


def test_what_the_study_does_not_have_is_said_once(text: str) -> None:
    assert (
        "The study has no evaluation form and no interviews; the report therefore has no section on satisfaction or "
        "what participants said." in text
    )


def test_no_section_stands_empty(source: str) -> None:
    parts = re.split(r"<h[1-6]\b[^>]*>", source[source.index("</nav>") if "</nav>" in source else 0 :])[1:]
    ends = [re.split(r"</h[1-6]>", part, maxsplit=1) for part in parts]
    for place, (heading, body) in enumerate(ends):
        title = squeezed(re.sub(r"<[^>]+>", " ", heading))
        said = squeezed(re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", body, flags=re.DOTALL)))
        below = re.findall(r"<h([1-6])\b", source)
        nested = place + 1 < len(ends) and below[-len(ends) :][place] < below[-len(ends) :][place + 1]
        assert said or nested, title


def test_no_table_and_no_figure_is_empty(source: str) -> None:
    tables = re.findall(r"<table\b.*?</table>", source, re.DOTALL)
    figures = re.findall(r"<figure\b.*?</figure>", source, re.DOTALL)
    assert len(tables) > 3
    assert len(figures) > 2
    for table in tables:
        cells = re.findall(r"<td\b[^>]*>(.*?)</td>", table, re.DOTALL)
        filled = [cell for cell in cells if squeezed(re.sub(r"<[^>]+>", " ", cell)) not in ("", "–")]
        assert len(filled) > len(cells) / 2, table[:500]
    for figure in figures:
        drawn = r'<img\b[^>]*src="data:image/svg\+xml;base64,[A-Za-z0-9+/=\s]{1000,}'
        assert re.search(rf"{drawn}|<table\b", figure), figure[:200]


def test_nothing_is_left_unresolved_and_nothing_is_called_synthetic(text: str) -> None:
    assert not re.search(r"\{\{<|\?\?|\bNone\b|\bnan\b|not found|@(tbl|fig|sec)-", text)
    assert "ynthetic" not in text


def _shown(value: float, digits: int = 2) -> str:
    """A number as people round it, half away from zero, with a true minus sign."""
    number = Decimal(format(value, ".15g")).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{number:f}".replace("-", "−")
