"""What cells mean: responses in words and other numbers, codes for no answer, groups; and the order of words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from braid.drafting.columns import identifier
from braid.drafting.grades import in_order
from braid.drafting.spelling import almost
from braid.errors import UserError
from hypothesis import given
from hypothesis import strategies as some

from .small_files import STUDY, N, answers, named, proposed

IDS = [f"P{number:03}" for number in range(1, N + 1)]
COMPETENT = ["Not competent at all", "slightly  competent", "Moderatly competent", "Competent", "VERY COMPETENT"]


def worded(frame: pd.DataFrame, words: list[str]) -> pd.DataFrame:
    return frame.map(lambda number: words[number - 1])


def test_labels_are_matched_whatever_their_case_and_a_typo_is_asked_about(tmp_path: Path) -> None:
    made = proposed(tmp_path, STUDY, before=named(worded(answers(15), COMPETENT), "scq{n:02}", id=IDS))
    assert made.spec.waves["pre"].answers == {"scq": {"Moderatly competent": 3}}
    assert made.asked("waves.pre.answers.scq", "'Moderatly competent' is 3")
    assert made.cleaned().waves["pre"]["scq01"].sort_index().to_list() == answers(15)[0].to_list()


def test_a_word_is_never_taken_for_its_opposite() -> None:
    assert almost("disagre", ["agree", "disagree"]) == "disagree"
    assert almost("unsatisfied", ["satisfied"]) is None
    assert almost("not clear", ["clear"]) is None
    assert almost("femal", ["male", "female"]) == "female"


@pytest.mark.parametrize(
    ("shift", "stored"), [(-1, {0: 1, 1: 2, 2: 3, 3: 4, 4: 5}), (1, {2: 1, 3: 2, 4: 3, 5: 4, 6: 5})]
)
def test_numbers_stored_one_off_are_moved_and_asked_about(tmp_path: Path, shift: int, stored: dict[int, int]) -> None:
    made = proposed(tmp_path, STUDY, before=named(answers(15) + shift, "scq{n:02}", id=IDS))
    assert made.spec.waves["pre"].answers == {"scq": stored}
    assert made.asked("waves.pre.answers.scq", "is it right")


def test_words_of_unknown_order_are_left_to_a_person_and_refused_by_the_check(tmp_path: Path) -> None:
    colours = ["rot", "blau", "grün", "gelb", "lila"]
    for study in (STUDY, None):
        folder = tmp_path / ("known" if study else "new")
        made = proposed(folder, study, before=named(worded(answers(15), colours), "scq{n:02}", id=IDS))
        assert not made.spec.waves["pre"].answers
        assert made.asked("'blau', 'gelb', 'grün', 'lila', 'rot'")
        with pytest.raises(UserError, match="not a response of the scale"):
            made.cleaned()


@pytest.mark.parametrize(
    "words",
    [
        "Strongly disagree|Disagree|Neither agree nor disagree|Agree|Strongly agree",
        "Strongly disagree|Disagree|Somewhat disagree|Somewhat agree|Agree|Strongly agree",
        "Never|Almost never|Sometimes|Fairly often|Very often",
        "Never|Rarely|Sometimes|Often|All of the time",
        "Not at all able|Slightly able|Neutral|Moderately able|Extremely able",
        "Not competent at all|Slightly competent|Moderately competent|Competent|Very competent",
        "Not at all|Several days|More than half the days|Nearly every day",
        "Very dissatisfied|Dissatisfied|Neutral|Satisfied|Very satisfied",
        "Poor|Fair|Good|Very good|Excellent",
        "Less motivated|Slightly less motivated|No change in motivation|More motivated|Much more motivated",
        "None of it|Some of it|About half of it|Most of it|All of it",
        "trifft gar nicht zu|trifft eher nicht zu|trifft eher zu|trifft voll zu",
        "بالکل متفق نہیں|متفق نہیں|غیر جانبدار|متفق|بالکل متفق",
        "非常不同意|不同意|一般|同意|非常同意",
        "まったくそう思わない|そう思わない|どちらともいえない|そう思う|とてもそう思う",
        "διαφωνώ απόλυτα|διαφωνώ|ουδέτερος|συμφωνώ|συμφωνώ απόλυτα",
    ],
)
def test_known_words_are_put_in_order(words: str) -> None:
    ordered = words.split("|")
    shuffled = [ordered[place] for place in np.random.default_rng(1).permutation(len(ordered))]
    assert in_order(shuffled) == ordered


@pytest.mark.parametrize(
    "words", ["male|female", "Karachi|Lahore|Quetta", "yes|no|maybe", "rot|blau|grün", "often|Often"]
)
def test_words_without_a_known_order_have_none(words: str) -> None:
    assert in_order(words.split("|")) is None


def test_codes_and_words_for_no_answer_are_found_with_their_reason(tmp_path: Path) -> None:
    cells = answers(15).astype(object)
    cells.iloc[3, 2], cells.iloc[5, 5], cells.iloc[7, 7] = -99, 99, "prefer not to say"
    cells.iloc[8, 8], cells.iloc[9, 9], cells.iloc[10, 10] = "not applicable", "N/A", "don't know"
    age = np.arange(N) % 30 + 20
    age[4] = 999
    made = proposed(tmp_path, before=named(cells, "q{n}", id=IDS, age=age))
    assert set(made.spec.missing) == {"", "NA", "N/A", -99, 99, 999, "prefer not to say"}
    assert made.spec.not_applicable == ("not applicable",)
    assert made.asked('"don\'t know"', "is this an answer, or no answer?")
    assert made.says("certain: -99 lies off the range of all other cells (1 cell in q3)")


def test_a_number_that_may_be_true_elsewhere_is_asked_about_and_not_declared_missing(tmp_path: Path) -> None:
    cells = answers(15)
    cells.iloc[5, 5] = 88
    age = np.arange(N) % 70 + 20
    age[3], age[4] = 88, 91
    made = proposed(tmp_path, before=named(cells, "q{n}", id=IDS, age=age))
    assert 88 not in made.spec.missing
    assert made.asked("88 looks like a code", "may be a true number in age")


def test_groups_are_matched_with_the_levels_of_the_study(tmp_path: Path) -> None:
    about = {"Age": np.arange(N) % 30 + 20, "sex": ["F", "M"] * 20, "Native language": ["urdu", "Punjabi"] * 20}
    made = proposed(tmp_path, STUDY, before=named(answers(15), "scq{n:02}", id=IDS, **about))
    assert made.spec.people is not None
    found = made.spec.people.model_dump()["characteristics"]
    assert found["age"] == "Age"
    assert found["gender"] == {"column": "sex", "values": {"F": "female", "M": "male"}}
    assert found["language"] == "Native language"
    assert made.asked("people.characteristics.language", "'Punjabi'", "The study knows urdu, other")


def test_columns_that_look_like_personal_data_are_named_and_never_used(tmp_path: Path) -> None:
    people = {"First name": ["Ada", "Bob"] * 20, "phone": [f"+49 170 55{n:05}" for n in range(N)]}
    made = proposed(tmp_path, before=named(answers(6), "q{n}", id=IDS, **people))
    assert made.asked("First name in before.csv", "phone in before.csv", "may it lie in this folder at all?")
    assert "Ada" not in made.proposal.cohort + str(made.proposal.study)
    assert made.spec.people is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Größe der Station", "Grosse_der_Station"),
        ("Q7_3", "Q7_3"),
        ("3rd item", "q3rd_item"),
        ("پورا نام", "q5"),
        ("我觉得很好", "q5"),
        ("How satisfied were you with all of it?", "q5"),
        ("---", "q5"),
    ],
)
def test_names_are_made_of_text_where_it_can_be_written_in_latin_letters(text: str, name: str) -> None:
    assert identifier(text, "q5") == name


@given(some.text(max_size=60), some.sets(some.just("q1"), max_size=1))
def test_any_text_becomes_a_name_that_the_study_takes(text: str, taken: set[str]) -> None:
    name = identifier(text, "q1", taken)
    assert name not in taken
    assert name[0].isascii() and name[0].isalpha()
    assert name.replace("_", "").isalnum() and name.isascii() and len(name) <= 64
