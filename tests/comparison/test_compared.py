"""Cohorts that lack strands, or are alike: what is compared, what is left out, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.comparison import answer, change, compared, form, items, joint, people, themes
from braid.language import speaking
from braid.presentation.table import Table
from braid.records import as_variables
from braid.study.comparison import comparison_name

from tests.project_copy import copy_project
from tests.several_cohorts import change_spec, cohort_like, survey_only, with_people, without_themes, words_only

PIECES = {
    people: ("description", "flow", "characteristics_description", "characteristics"),
    change: ("methods", "description", "table", "difference_table"),
    items: ("description", "table"),
    form: ("description", "table"),
    themes: ("description", "table", "what_is_new"),
    joint: ("description", "table"),
    answer: ("key_table", "limitations", "made_table"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with cohorts that have less and less."""
    copy = copy_project(tmp_path_factory.mktemp("project"), "demo-next")
    without_themes(cohort_like(copy.root, "early"), "facilitators > thanks")
    silent = cohort_like(copy.root, "silent")
    survey_only(silent)
    with_people(silent, 24)
    words_only(cohort_like(copy.root, "words"))
    real = cohort_like(copy.root, "real")
    change_spec(real, synthetic=None)
    with_people(real, 12)
    return copy.root


def opened(root: Path, *names: str) -> compared.Compared:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return compared.open(names)


@pytest.fixture(scope="module")
def four(root: Path) -> compared.Compared:
    return opened(root, "early", "demo-next", "silent", "words")


def test_every_piece_can_be_shown_and_none_shows_what_is_no_number(four: compared.Compared) -> None:
    for module, names in PIECES.items():
        for name in names:
            text = str(getattr(module, name)(four))
            assert text and "nan" not in text.lower().split() and "None" not in text, name
    as_variables(four.records())


def test_a_cohort_without_a_strand_is_named(four: compared.Compared) -> None:
    assert "This cohort has no evaluation form and no coded interviews." in str(people.description(four))
    assert "There is no estimate of change in words, which is left out here." in str(change.description(four))
    assert "There is no evaluation form in silent or words" in str(form.description(four))
    assert "There is no coded interview in silent" in str(themes.description(four))
    assert "There is no joint display in silent or words" in str(joint.description(four))


def test_three_cohorts_give_a_prediction_and_a_test_of_all(four: compared.Compared) -> None:
    (quantity,) = four.quantities
    assert [row.cohort for row in quantity.rows] == ["early", "demo-next", "silent"]
    assert quantity.pooled.k == 3 and quantity.pooled.prediction_low is not None
    said = str(change.description(four))
    assert "improved in all three cohorts" in said and "chance alone can explain" in said
    assert "A further cohort (prediction)" in str(change.table(four))


def test_themes_of_several_cohorts_are_set_against_the_first(four: compared.Compared) -> None:
    table = themes.table(four)
    assert isinstance(table, Table)
    row = next(line for line in str(table).splitlines() if "Thanks from patients" in line)
    assert "New in demo-next" in row
    new = str(themes.what_is_new(four))
    assert "he had promised to fly it when he could stand" in new and "Thanks from patients" in new


def test_a_comparison_is_said_in_another_language(four: compared.Compared) -> None:
    with speaking("da"):
        text = str(change.description(four))
        notes = str(form.description(four))
    assert "Den gennemsnitlige ændring var" in text and "Der er intet estimat af ændringen i words" in text
    assert "mean change" not in text and "95\u00a0% CI" in text
    assert notes.startswith("Evalueringsskemaer: ")


def test_cohorts_that_share_nothing_are_said_to_share_nothing(root: Path) -> None:
    stage = opened(root, "silent", "words")
    left = {record.id: record.text for record in stage.records() if record.id.startswith("left-out.")}
    assert left["left-out.change"] == "Only silent has an estimate of change, so there is nothing to compare."
    assert (
        left["left-out.satisfaction"] == "None of the cohorts has an evaluation form, so there is nothing to compare."
    )
    assert left["left-out.themes"] == "Only words has coded interviews, so there is nothing to compare."
    said = next(record for record in stage.records() if record.id == "report.answer")
    assert said.text == answer.NOTHING
    for module, names in PIECES.items():
        for name in names:
            assert str(getattr(module, name)(stage)), name


def test_few_people_are_hidden_where_no_one_decided_to_show_them(root: Path) -> None:
    shown = str(people.characteristics(opened(root, "demo-next", "real")))
    row = next(line.split() for line in shown.splitlines() if line.strip().startswith("Internal medicine"))
    assert row[-2:] == ["–", "–"]
    assert "where a number would tell of few people" in shown


def test_the_name_of_a_comparison_stays_short() -> None:
    assert comparison_name(["a", "b"]) == "compare-a-b"
    many = comparison_name([f"cohort-number-{k}" for k in range(30)])
    assert len(many) <= 64 and many.startswith("compare-cohort-number-0-and-29-more-")
    assert many != comparison_name([f"cohort-number-{k}" for k in range(29, -1, -1)])
