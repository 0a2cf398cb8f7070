"""study.yml and cohort.yml: groups that stand side by side, who left before the start, and sessions attended."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.errors import UserErrors
from braid.study import open_cohort
from braid.study.cohort import Attendance

from tests.project_copy import copy_project


def changed(tmp_path: Path, file: str, old: str, new: str) -> Path:
    copy = copy_project(tmp_path, "social-services")
    path = copy.root / "data_raw" / "social-services" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy.root


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("study.yml", "participants_by: group", "participants_by: grup", "participants_by names no characteristic"),
        ("cohort.yml", "among: social", "among: socail", "did you mean social?"),
        ("cohort.yml", "before: start", "before: strat", "did you mean start?"),
        ("cohort.yml", "of: 8", "of: 0", "attendance.of"),
    ],
)
def test_a_slip_is_told_with_its_place(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    root = changed(tmp_path, file, old, new)
    with pytest.raises(UserErrors) as error:
        open_cohort("social-services", root)
    assert said in error.value.render()


@pytest.mark.parametrize(
    ("of", "at_least", "steps"),
    [(8, [5, 6], [5, 6, 8]), (8, [], [4, 6, 8]), (5, [], [3, 4, 5]), (1, [], [1]), (8, [6, 5, 9], [5, 6, 8])],
)
def test_attendance_is_told_by_steps_that_end_with_all_sessions(of: int, at_least: list[int], steps: list[int]) -> None:
    assert Attendance(file="a.csv", key="id", column="n", of=of, at_least=at_least).steps == steps
