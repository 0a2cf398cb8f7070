"""A study is drafted from the files: scales, responses and characteristics that they show, and TODO for the rest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from braid.errors import UserErrors

from .small_files import Made, N, answers, codes, named, proposed

IDS = [f"P{number:03}" for number in range(1, N + 1)]
SHUFFLED = np.random.default_rng(3).permutation(N)


def one(tmp_path: Path, *parts: pd.DataFrame, **more: object) -> Made:
    return proposed(tmp_path, survey=pd.concat(parts, axis=1).assign(id=IDS, **more))


def test_columns_of_one_stem_and_response_set_are_a_scale(tmp_path: Path) -> None:
    made = one(tmp_path, named(answers(6), "calm{n}"), named(answers(4, seed=2, low=0, high=10), "pain_{n}"))
    scales = made.study.scales
    assert {name: list(scale.items) for name, scale in scales.items()} == {
        "calm": [f"calm{n}" for n in range(1, 7)],
        "pain": [f"pain_{n}" for n in range(1, 5)],
    }
    assert [(scale.minimum, scale.maximum) for scale in scales.values()] == [(1, 5), (0, 10)]
    assert [scale.higher_is for scale in scales.values()] == ["better", "worse"]
    assert made.asked("study.yml, scales.calm", "what do 1 and 5 mean")
    assert made.asked("study.yml, scales", "`reverse`", "higher better or worse")


@pytest.mark.parametrize("pattern", ["stat{n}", "item{n}", "week{n}", "Q{n}", "T{n}", "on{n}"])
def test_numbered_items_of_one_wave_are_not_taken_for_waves(tmp_path: Path, pattern: str) -> None:
    made = one(tmp_path, named(answers(6), pattern))
    assert len(made.spec.waves) == 1
    assert [len(scale.items) for scale in made.study.scales.values()] == [6]


def test_items_answered_in_words_are_parted_by_their_response_set(tmp_path: Path) -> None:
    often = ["Never", "Rarely", "Sometimes", "Often", "Always"]
    agree = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
    first = answers(4).map(lambda number: often[number - 1]).set_axis(["Sleep", "Food", "Friends", "Work"], axis=1)
    second = answers(3, seed=7).map(lambda number: agree[number - 1]).set_axis(["Clear", "Useful", "Short"], axis=1)
    scales = list(one(tmp_path, first, second).study.scales.values())
    assert [list(scale.items) for scale in scales] == [
        ["Sleep", "Food", "Friends", "Work"],
        ["Clear", "Useful", "Short"],
    ]
    assert [list(scale.responses.values()) for scale in scales] == [often, agree]


def test_reversed_items_are_hinted_at_and_never_set(tmp_path: Path) -> None:
    items = answers(8)
    items[3] = 6 - items[3]
    made = one(tmp_path, named(items, "q{n}"))
    assert made.study.scales["q"].reverse == []
    assert made.asked("study.yml, scales.q", "q4 run against the other items")


def test_questions_as_headers_in_any_script_become_labels(tmp_path: Path) -> None:
    questions = [f"میں اپنے کام میں سوال نمبر {word} محسوس کرتا ہوں" for word in ("ایک", "دو", "تین", "چار")]
    words = ["بالکل متفق نہیں", "متفق نہیں", "غیر جانبدار", "متفق", "بالکل متفق"]
    frame = answers(4).map(lambda number: words[number - 1]).set_axis(questions, axis=1)
    tables = {
        "پہلے": frame.assign(کوڈ=codes(), جنس=["عورت", "مرد"] * 20),
        "بعد": frame.assign(کوڈ=codes()).iloc[SHUFFLED],
    }
    made = proposed(tmp_path, **tables)
    (scale,) = made.study.scales.values()
    assert list(scale.items.values()) == questions
    assert list(scale.responses.values()) == words
    assert list(made.study.waves) == ["pre", "post"]
    (group,) = made.study.characteristics.values()
    assert (group.label, sorted(group.levels.values())) == ("جنس", ["عورت", "مرد"])
    assert [wave.key for wave in made.spec.waves.values()] == ["کوڈ", "کوڈ"]
    assert len(made.cleaned().people) == N


def test_characteristics_come_with_their_levels_and_codes_are_asked_about(tmp_path: Path) -> None:
    about = {"Age": np.arange(N) % 30 + 20, "Gender": ["Woman", "man "] * 20, "degree": [1, 2, 3, 2] * 10}
    made = one(tmp_path, named(answers(5), "q{n}"), **about)
    found = made.study.characteristics
    assert (found["Age"].type, found["Age"].unit) == ("number", "TODO unit")
    assert found["Gender"].levels == {"man": "man", "woman": "Woman"}
    assert found["degree"].levels["code3"] == "TODO: what 3 means"
    assert made.asked("people.characteristics.degree", "what do the codes 1, 2, 3 in degree mean?")
    assert set(made.cleaned().people.columns) == {"Age", "Gender", "degree"}


def test_columns_that_nothing_uses_are_listed(tmp_path: Path) -> None:
    made = one(tmp_path, named(answers(5), "q{n}"), comment=[f"A remark, number {n}" for n in range(N)])
    assert made.asked("1 column(s) are not used: comment")
    assert "columns that no part of the study uses: comment" in str(made.proposal.study)


def test_a_form_of_its_own_is_the_evaluation(tmp_path: Path) -> None:
    form = answers(5, seed=9).set_axis(["interesting", "relevant", "clear", "useful", "short"], axis=1)
    made = proposed(
        tmp_path,
        before=named(answers(6), "q{n}", code=codes()),
        feedback=form,
        after=named(answers(6, later=0.5), "q{n}", code=codes()).iloc[SHUFFLED],
    )
    assert made.study.satisfaction is not None
    assert list(made.study.satisfaction.items) == list(form.columns)
    assert made.spec.satisfaction is not None
    assert (made.spec.satisfaction.file, made.spec.satisfaction.key) == ("feedback.csv", "")


def test_a_follow_up_file_joins_waves_that_stand_side_by_side(tmp_path: Path) -> None:
    wide = pd.concat([named(answers(6), "q{n}_pre", code=codes()), named(answers(6, later=0.5), "q{n}_post")], axis=1)
    later = named(answers(6, later=0.6), "q{n}", code=codes()).iloc[SHUFFLED][:20]
    made = proposed(tmp_path, both=wide, month6=later)
    assert {name: wave.file for name, wave in made.spec.waves.items()} == {
        "pre": "both.csv",
        "post": "both.csv",
        "month6": "month6.csv",
    }
    assert [len(frame) for frame in made.cleaned().waves.values()] == [N, N, 20]


def test_a_remark_among_numbers_does_not_make_words_of_them(tmp_path: Path) -> None:
    items = answers(6).astype(object)
    items.iloc[7, 2] = "see above"
    made = one(tmp_path, named(items, "q{n}"), Age=[*range(20, 59), "about 40"])
    assert list(made.study.scales["q"].items) == [f"q{n}" for n in range(1, 7)]
    assert made.study.characteristics["Age"].type == "number"
    assert made.asked("'about 40' in Age are no numbers")
    assert made.asked("waves.wave1.answers.q", "what do 'see above' mean")
    with pytest.raises(UserErrors) as raised:
        made.cleaned()
    assert {error.place for error in raised.value.errors} == {
        "data_raw/new/survey.csv: row 41, column Age",
        "data_raw/new/survey.csv: row 9, column q3",
    }
