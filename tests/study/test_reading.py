"""What a person reads when study.yml or cohort.yml is wrong."""

from pathlib import Path

import pytest
from braid.errors import UserError, UserErrors
from braid.study import CohortSpec, Study, find_root, open_cohort, read_model

MINIMAL = """
title: A study
authors: [{name: A. Author}]
question: Does it work?
design: A before-after study.
programme: {name: P, participants: staff, description: One day.}
waves: {pre: Before, post: After}
scales:
  s:
    label: A scale
    short: Scale
    responses: {1: low, 5: high}
    items: {q1: One, q2: Two}
"""


def write(folder: Path, text: str, name: str = "study.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def message(folder: Path, text: str, model: type = Study) -> str:
    with pytest.raises(UserError) as caught:
        read_model(write(folder, text), "study.yml", model)
    return str(caught.value)


def test_a_minimal_study_is_accepted(tmp_path: Path) -> None:
    study = read_model(write(tmp_path, MINIMAL), "study.yml", Study)
    assert study.scales["s"].maximum == 5
    assert (study.first_wave, study.last_wave) == ("pre", "post")


def test_a_misspelt_key_names_its_place_and_the_key_that_was_meant(tmp_path: Path) -> None:
    text = message(tmp_path, MINIMAL.replace("short: Scale", "short: Scale\n    revers: [q1]"))
    assert "study.yml: scales.s.revers" in text
    assert "did you mean reverse?" in text


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    text = message(tmp_path, MINIMAL.replace("question: Does it work?\n", ""))
    assert "study.yml: question" in text
    assert "missing" in text


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UserErrors) as caught:
        read_model(write(tmp_path, MINIMAL.replace("title", "titel").replace("design", "desgin")), "study.yml", Study)
    assert len(caught.value.errors) == 4


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    text = message(tmp_path, MINIMAL + "title: Again\n")
    assert "stands twice" in text
    assert "line 14" in text


def test_broken_yaml_names_line_and_column(tmp_path: Path) -> None:
    assert "study.yml: line" in message(tmp_path, "title: [one\nauthors: two\n")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "holds no keys" in message(tmp_path, "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{q1: One, q2: Two}", "{q1: One, q2: Two}\n    reverse: [q9]", "items that the scale does not have: q9"),
        ("waves: {pre: Before, post: After}\n", "", "needs waves"),
        ("responses: {1: low, 5: high}", "responses: {1: low}", "at least 2"),
        ("  s:\n", "  'bad name':\n", "scales.bad name"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in message(tmp_path, MINIMAL.replace(old, new))


COHORT = "title: C\nwaves: {pre: {file: pre.csv, key: id}, post: {file: post.csv, key: id}}\n"
ROW = "joint_display: {care: {question: Why?, statistics: [change.s.overall]}}\n"
DECIDED = """
decisions:
  NAME:
    convergence: dissonance
    fit: FIT
    meta_inference: They differ.
    decided_by: Somebody
    decided_on: 2026-01-01
"""


def test_a_discordance_without_an_explanation_is_refused(tmp_path: Path) -> None:
    text = COHORT + DECIDED.replace("NAME", "care").replace("FIT", "discordance")
    assert "needs an explanation" in message(tmp_path, text, CohortSpec)


def small_project(folder: Path, study: str, cohort: str) -> Path:
    for name, text in (("analysis/study.yml", study), ("data_raw/c/cohort.yml", cohort), ("_quarto.yml", "")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_decisions_and_recommendations_name_rows_that_exist(tmp_path: Path) -> None:
    decided = DECIDED.replace("FIT", "expansion")
    known = COHORT + decided.replace("NAME", "care") + "recommendations: [{text: Do, follows_from: [care], who: All}]\n"
    opened = open_cohort("c", small_project(tmp_path, MINIMAL + ROW, known))
    assert opened.spec.decisions["care"].convergence == "dissonance"
    unknown = (
        COHORT + decided.replace("NAME", "caer") + "recommendations: [{text: Do, follows_from: [cart], who: All}]\n"
    )
    with pytest.raises(UserErrors) as raised:
        open_cohort("c", small_project(tmp_path, MINIMAL + ROW, unknown))
    assert [(one.place, one.found, one.todo) for one in raised.value.errors] == [
        ("data_raw/c/cohort.yml: decisions.caer", None, "did you mean care?"),
        ("data_raw/c/cohort.yml: recommendations.0.follows_from", "cart", "did you mean care?"),
    ]


@pytest.mark.parametrize(
    "judgement",
    ["synthetic: true\n", "recommendations: []\n", ROW.replace("}}", ", convergence: agreement}}")],
)
def test_a_study_shared_by_cohorts_holds_no_judgement_on_one_of_them(tmp_path: Path, judgement: str) -> None:
    assert "this key is not known" in message(tmp_path, MINIMAL + judgement)


def test_a_cohort_is_made_up_only_where_it_says_so_itself(tmp_path: Path) -> None:
    assert not open_cohort("c", small_project(tmp_path, MINIMAL, COHORT)).synthetic
    assert open_cohort("c", small_project(tmp_path, MINIMAL, COHORT + "synthetic: true\n")).synthetic


def test_outside_a_project_no_other_one_is_taken(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not inside a braid project"):
        find_root(tmp_path)


def test_a_file_name_with_a_folder_is_refused(tmp_path: Path) -> None:
    text = "title: C\nwaves:\n  pre: {file: ../secret.csv, key: id}\n"
    assert "waves.pre.file" in message(tmp_path, text, CohortSpec)


@pytest.mark.parametrize("name", ["../demo", "a/b", "", "a b", ".hidden", "sections", "x" * 65, "demo\n"])
def test_no_path_can_be_made_of_a_cohort_name(name: str) -> None:
    with pytest.raises(UserError, match="not a name for a cohort"):
        open_cohort(name)


def test_a_misspelt_cohort_is_told_which_was_meant() -> None:
    with pytest.raises(UserError, match="did you mean demo"):
        open_cohort("dmeo")


def test_the_demo_opens() -> None:
    cohort = open_cohort("demo")
    assert cohort.synthetic
    assert len(cohort.study.scales["scq"].items) == 15
