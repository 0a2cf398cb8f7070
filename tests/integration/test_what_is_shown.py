"""What the joint display, the levels and harm show, cohort by cohort."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from braid.presentation.table import Table
from braid.stages import harm_together, joint, levels, sources, triangulation
from braid.stages.triangulation import Triangulation
from braid.study import Basis

from tests.project_copy import copy_project

COHORTS = ("demo-next", "social-services")


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Triangulation]:
    root = copy_project(tmp_path_factory.mktemp("project"), *COHORTS).root
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return {name: triangulation.open(name) for name in COHORTS}


def told(piece: object) -> str:
    page = piece._repr_mimebundle_()[0]["text/html"]  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").split())


def test_a_row_shows_who_decided_when_and_what_is_recommended_from_it(stages: dict[str, Triangulation]) -> None:
    text = told(joint.table(stages["demo-next"]))
    assert "Demonstration team (2026-11-22)" in text
    assert text.count("Recommendation 1.") == 2, "it follows from two rows"
    assert text.count("Recommendation 2.") == 1


def test_a_row_shows_of_how_many_people_its_numbers_and_in_which_groups_its_themes_are(
    stages: dict[str, Triangulation],
) -> None:
    change = [row for row in stages["demo-next"].rows if row.name == "competence"]
    assert change[0].statistics[0].record is not None
    text = told(joint.table(stages["demo-next"]))
    assert f"n = {change[0].statistics[0].record.n}" in text
    (theme,) = change[0].themes
    assert theme.prevalence is not None
    counts = ", ".join(f"{group.label.lower()} {group.k} of {group.n}" for group in theme.prevalence.by_group)
    assert counts in text


def test_adverse_events_stand_beside_words_where_nothing_was_scored(stages: dict[str, Triangulation]) -> None:
    stage = stages["social-services"]
    assert harm_together.there(stage)
    said = str(harm_together.description(stage))
    assert "no score tells of it" in said
    assert "adverse events 0 among 34 people" in said.lower()
    table = harm_together.table(stage)
    assert isinstance(table, Table)
    assert "change by group" not in told(table)


def test_harm_stands_beside_change_by_group(stages: dict[str, Triangulation]) -> None:
    text = told(harm_together.table(stages["demo-next"]))
    assert "Numbers: change by group" in text
    assert "by gender" in text
    said = str(harm_together.description(stages["demo-next"]))
    assert "of 44 people (" in said
    assert "@fig-sources" in said


def test_levels_name_the_socio_ecological_level_and_the_recommendations(stages: dict[str, Triangulation]) -> None:
    stage = stages["social-services"]
    text = told(levels.table(stage))
    assert "institutional" in text
    at = [str(n) for n, one in enumerate(stage.recommendations, 1) if one.level == "organisation"]
    assert at
    assert ", ".join(at) in text


def test_a_finding_of_the_interviews_alone_says_how_many_voiced_it(stages: dict[str, Triangulation]) -> None:
    text = told(levels.recommendations_table(stages["social-services"]))
    assert "Task overload (interviews only, 3 of 7 participants)" in text


def test_one_theme_is_a_demand_and_several_are(stages: dict[str, Triangulation]) -> None:
    assert "1 is a demand (organisation 1)" in str(levels.description(stages["social-services"]))
    assert "5 are demands" in str(levels.description(stages["demo-next"]))


def test_attendance_stands_beside_the_themes_of_the_same_groups(stages: dict[str, Triangulation]) -> None:
    stage = stages["social-services"]
    assert "sets attendance and themes of the same groups side by side" in str(sources.description(stage))
    text = told(sources.table(stage))
    assert "Every session 9 of 19 (47.4%) 7 of 15 (46.7%)" in text
    assert "mean change" not in text
    assert {record.id: record.text for record in sources.records(stage)}["has.sources-change"] == "yes"


def test_what_rests_on_a_decision_that_no_longer_counts_is_not_recommended_in_any_row(
    stages: dict[str, Triangulation],
) -> None:
    stage = stages["demo-next"]
    earlier = Basis(numbers="unfavourable", words="favourable", prominent=True)
    doubted = stage.cohort.spec.decisions["competence"].model_copy(update={"decided_from": earlier})
    spec = stage.cohort.spec.model_copy(update={"decisions": {**stage.cohort.spec.decisions, "competence": doubted}})
    stage = replace(stage, cohort=replace(stage.cohort, spec=spec))
    text = told(joint.table(stage))
    assert "To decide again" in text
    assert "Recommendation 1." not in text, "it follows from this row and another one"
    assert "Recommendation 2." in text
    assert "(to decide again)" in told(levels.recommendations_table(stage))
