"""The shipped demo cohort: its files are what the simulation gives, and they hold what was printed."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from braid.simulation import Comparison, Frames, compare, draw, read_targets, simulate
from braid.study import Cohort


@pytest.fixture(scope="module")
def rows(demo: Cohort) -> list[Comparison]:
    targets = read_targets(demo)
    assert targets is not None
    return compare(targets, frames_from_files(demo), demo.study)


def frames_from_files(cohort: Cohort) -> Frames:
    def read(file: str) -> pd.DataFrame:
        return pd.read_csv(cohort.raw(file), index_col="participant")

    waves = {wave: read(place.file) for wave, place in cohort.spec.waves.items()}
    assert cohort.spec.people is not None and cohort.spec.satisfaction is not None
    return Frames(read(cohort.spec.people.file), waves, read(cohort.spec.satisfaction.file))


def test_the_shipped_files_are_what_the_simulation_gives_now(demo: Cohort) -> None:
    for name, text in simulate(demo).items():
        assert demo.raw(name).read_bytes() == text.encode("utf-8"), name


def test_every_figure_that_was_kept_holds_when_computed_from_the_files(rows: list[Comparison]) -> None:
    assert len(rows) > 80
    assert [row for row in rows if not row.holds] == []


@pytest.mark.parametrize(
    ("target", "printed"),
    [
        ("n", "204"),
        ("characteristics.age.mean", "26.61"),
        ("characteristics.age.sd", "2.21"),
        ("characteristics.gender.percent.female", "69.6"),
        ("scales.scq.waves.pre.mean", "4.03"),
        ("scales.scq.waves.pre.sd", "0.54"),
        ("scales.scq.waves.post.mean", "4.58"),
        ("scales.scq.waves.post.sd", "0.47"),
        ("scales.scq.groups.gender.p", ".097"),
        ("scales.scq.groups.language.p", ".818"),
        ("scales.scq.groups.school.p", ".334"),
        ("scales.scq.slopes.age.p", ".562"),
        ("scales.scq.change.d_av", "1.09"),
        ("satisfaction.relevant.top_percent", "64.2"),
        ("satisfaction.reading.top", "164"),
    ],
)
def test_the_figures_are_those_of_the_publication(rows: list[Comparison], target: str, printed: str) -> None:
    row = next(row for row in rows if row.target == target)
    assert (row.published, row.reproduced) == (printed, printed)


def test_a_changed_answer_is_noticed(demo: Cohort) -> None:
    targets, frames = read_targets(demo), frames_from_files(demo)
    assert targets is not None
    frames.waves["pre"].loc[frames.waves["pre"].index[:40], "scq01"] = 1
    failed = {row.target for row in compare(targets, frames, demo.study) if not row.holds}
    assert "scales.scq.waves.pre.mean" in failed


def test_every_answer_is_given_and_is_a_whole_number_on_the_scale(demo: Cohort) -> None:
    for file in ("survey_before.csv", "survey_after.csv"):
        frame = pd.read_csv(demo.raw(file), index_col="participant", dtype=str, keep_default_na=False)
        assert frame.shape == (204, 15)
        assert set(frame.to_numpy().ravel()) <= {"1", "2", "3", "4", "5"}


def test_the_waves_hold_the_same_people_in_another_order(demo: Cohort) -> None:
    frames = frames_from_files(demo)
    before, after = frames.waves["pre"].index, frames.waves["post"].index
    assert before.is_unique and set(before) == set(after) == set(frames.people.index)
    assert list(before) != list(after)


def test_the_departments_lie_inside_their_field(demo: Cohort) -> None:
    people = frames_from_files(demo).people
    assert people.groupby("specialty")["field"].nunique().max() == 1
    assert set(people.loc[people.field == "surgical", "specialty"]) == {
        "surgery",
        "obstetrics",
        "orthopaedics",
        "ent",
        "urology",
    }


def test_the_waves_correlate_as_asked(demo: Cohort) -> None:
    frames = frames_from_files(demo)
    scores = pd.DataFrame({wave: answers.mean(axis=1) for wave, answers in frames.waves.items()})
    assert 0.45 < scores.corr().iloc[0, 1] < 0.55


@pytest.mark.parametrize("seed", [3, 44])
def test_another_seed_gives_other_people_with_the_same_figures(demo: Cohort, seed: int) -> None:
    targets, frames = read_targets(demo), draw(demo, seed=seed)
    assert targets is not None
    assert all(row.holds for row in compare(targets, frames, demo.study))
    assert not frames.waves["pre"].equals(frames_from_files(demo).waves["pre"])


def test_the_same_seed_gives_the_same_bytes(demo: Cohort) -> None:
    assert simulate(demo, seed=3) == simulate(demo, seed=3)


def test_every_folder_says_that_it_is_synthetic(demo: Cohort, dirty: Cohort) -> None:
    for cohort in (demo, dirty):
        assert cohort.spec.synthetic
        assert "synthetic" in cohort.raw("README.md").read_text(encoding="utf-8").splitlines()[0]


def test_no_data_file_begins_with_a_comment(demo: Cohort, dirty: Cohort) -> None:
    for cohort in (demo, dirty):
        for file in cohort.spec.tables():
            if file.endswith(".csv"):
                text = cohort.raw(file).read_text(encoding="utf-8-sig")
                assert not text.startswith("#")
                assert len(io.StringIO(text).readlines()) > 1
