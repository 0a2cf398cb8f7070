"""Three cohorts that nobody made for braid get a definition that the check accepts, with a study.yml and without.

The data are not in this repository; their folder `shared/real-cohorts` may stand beside it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from .small_files import REPOSITORY, made

DATA = REPOSITORY.parent / "shared" / "real-cohorts"
STUDIES = REPOSITORY / "tests" / "real_cohorts"
SATS = DATA / "sats" / "sats_s.csv"
MINDFULNESS = DATA / "mindfulness-course" / "BMO Dryad Data.xlsx"
TRAINING = DATA / "instructor-training" / "20180908_post_clean.csv"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(),
    reason="the real cohorts are not in this repository: their folder shared/real-cohorts is missing beside it",
)


@pytest.mark.parametrize("study", [None, STUDIES / "sats" / "study.yml"])
def test_waves_as_prefixes_become_six_scales_of_thousands(tmp_path: Path, study: Path | None) -> None:
    found = made(tmp_path, {SATS.name: SATS}, study)
    assert [wave.columns for wave in found.spec.waves.values()] == ["Pre.{item}", "Post.{item}"]
    items = [list(scale.items) for scale in found.study.scales.values()]
    assert ["A3", "A4", "A15", "A18", "A19", "A28"] in items
    assert ["D6", "D8", "D22", "D24", "D30", "D34", "D36"] in items
    assert sum(len(some) >= 4 for some in items) == 6
    assert {name: len(frame) for name, frame in found.cleaned().waves.items()} == {"pre": 3489, "post": 2863}


@pytest.mark.parametrize("study", [None, STUDIES / "mindfulness-course" / "study.yml"])
def test_totals_at_three_waves_in_one_sheet_without_an_id(tmp_path: Path, study: Path | None) -> None:
    found = made(tmp_path, {MINDFULNESS.name: MINDFULNESS}, study)
    assert list(found.spec.waves) == ["pre", "post", "month1"]
    assert {wave.key for wave in found.spec.waves.values()} == {"#row"}
    assert found.spec.files[MINDFULNESS.name].header_rows == 2
    data = found.cleaned()
    (scale,) = found.study.scales
    assert found.study.scales[scale].higher_is == "worse"
    sheet = pd.read_excel(MINDFULNESS, header=1, engine="calamine")
    totals = [sheet[column] for column in ("PSS - Before Course", "PSS - Course Completed", "PSS - One Month On")]
    assert [frame[scale].mean() for frame in data.waves.values()] == pytest.approx([total.mean() for total in totals])


@pytest.mark.parametrize("study", [None, STUDIES / "instructor-training" / "study.yml"])
def test_words_on_several_response_sets_after_a_training(tmp_path: Path, study: Path | None) -> None:
    found = made(tmp_path, {TRAINING.name: TRAINING}, study)
    assert list(found.spec.waves) == ["post"]
    assert found.spec.waves["post"].key == "#row"
    assert not found.spec.waves["post"].answers
    sets = [list(scale.responses.values()) for scale in found.study.scales.values()]
    assert ["Not at all able", "Slightly able", "Neutral", "Moderately able", "Extremely able"] in sets
    data = found.cleaned()
    assert len(data.waves["post"]) == (911 if study is None else 237)
    if study is not None:
        assert data.satisfaction is not None
        assert len(data.satisfaction) == 911
