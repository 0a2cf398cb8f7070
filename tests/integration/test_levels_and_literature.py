"""Where themes act, and findings beside what is published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from braid.errors import UserErrors
from braid.integration import (
    Published,
    beside_published,
    joint_display,
    levels_of,
    placed_themes,
    read_literature,
    unknown_targets,
)
from braid.study import Cohort, Study, open_cohort

from .test_joint_display import RECORDS, THEMES, study, theme

REPOSITORY = Path(__file__).resolve().parents[2]
HEAD = "intervention,target,effective,levels,works_as,quality,involvement\n"
CODED: dict[str, Any] = {
    "themes": {
        "time": {
            "label": "Time",
            "level": "organisation",
            "works_as": "demand",
            "themes": {"rota": {"label": "Rota"}, "self": {"label": "Oneself", "level": "individual"}},
        },
        "peers": {"label": "Peers", "level": "group", "works_as": "resource"},
        "odd": {"label": "Odd"},
    }
}
LITERATURE = {"file": "published.csv", "review": "A review"}


def leveled(**more: Any) -> Study:
    row = {"question": "Why?", "statistics": ["change.care.overall"], "themes": ["peers"], "target": "care"}
    return study(coding=CODED, joint_display={"first": row}, literature=LITERATURE, **more)


def test_a_sub_theme_has_the_level_of_its_theme_unless_it_says_otherwise() -> None:
    prevalence = [
        theme("time", "", 5),
        replace(theme("time.rota", "", 2), depth=1),
        replace(theme("time.self", "", 4), depth=1),
        theme("peers", "", 3),
        theme("odd", "", 3),
    ]
    found = placed_themes(leveled(), prevalence)
    assert [(one.prevalence.theme, one.level, one.works_as) for one in found] == [
        ("time.self", "individual", "demand"),
        ("peers", "group", "resource"),
        ("time.rota", "organisation", "demand"),
    ]
    assert levels_of(leveled(), ["time.rota", "peers", "odd"]) == ("group", "organisation")


def published(number: int, target: str, effect: Any, *levels: Any) -> Published:
    return Published(f"Programme {number}", target, effect, levels, (), 2, 0)


def test_a_finding_stands_beside_programmes_of_its_target_that_touch_its_levels() -> None:
    table = [
        published(1, "care", "yes", "individual", "group"),
        published(2, "care", "no", "organisation"),
        published(3, "both", "mixed", "group"),
        published(4, "stress", "yes", "group"),
    ]
    rows = joint_display(leveled(), RECORDS, THEMES, decisions={})
    (found,) = beside_published(leveled(), rows, table)
    assert [one.name for one in found.same] == ["Programme 1", "Programme 2", "Programme 3"]
    assert [one.name for one in found.near] == ["Programme 1", "Programme 3"]
    assert found.effects == {"yes": 1, "mixed": 1}
    assert beside_published(study(), rows, table) == []


def test_a_target_that_nothing_published_has_is_told() -> None:
    (error,) = unknown_targets(leveled(), [published(1, "carre", "yes", "group")], "study.yml")
    assert (error.place, error.found, error.todo) == (
        "study.yml: joint_display.first.target",
        "care",
        "did you mean carre?",
    )


def cohort_with(folder: Path, rows: str) -> Cohort:
    (folder / "published.csv").write_text(HEAD + rows, encoding="utf-8")
    cohort = open_cohort("demo", REPOSITORY)
    project = replace(cohort.project, root=folder)
    return replace(cohort, study=leveled(), study_file=folder / "study.yml", project=project)


def test_the_table_is_read_as_it_stands(tmp_path: Path) -> None:
    cohort = cohort_with(tmp_path, "One,care,yes,group; individual,both,2,\nTwo,stress,no,context,,,3\n")
    assert read_literature(cohort) == [
        Published("One", "care", "yes", ("individual", "group"), ("demand", "resource"), 2, None),
        Published("Two", "stress", "no", ("context",), (), None, 3),
    ]


def test_every_wrong_cell_of_the_table_is_told_with_its_row(tmp_path: Path) -> None:
    cohort = cohort_with(tmp_path, "One,care,yess,group,,2,0\nTwo,care,no,team,,2,0\nThree,care,no,group,,4,0\n")
    with pytest.raises(UserErrors) as raised:
        read_literature(cohort)
    assert [(error.place, error.found) for error in raised.value.errors] == [
        ("published.csv: row 2, column effective", "'yess'"),
        ("published.csv: row 3, column levels", "'team'"),
        ("published.csv: row 4, column quality", "'4'"),
    ]


def test_the_demo_has_the_published_table() -> None:
    found = read_literature(open_cohort("demo", REPOSITORY))
    assert len(found) == 11
    assert {effect: sum(one.effective == effect for one in found) for effect in ("yes", "mixed", "no")} == {
        "yes": 2,
        "mixed": 3,
        "no": 6,
    }
