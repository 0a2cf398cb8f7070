"""Waves in any shape are found, each with the reason, and people are paired where the files show who is who."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from .small_files import STUDY, N, answers, codes, named, proposed

BEFORE, AFTER, LATER = answers(15), answers(15, later=0.8), answers(15, later=0.81)
IDS = [f"P{number:03}" for number in range(1, N + 1)]
SHUFFLED = np.random.default_rng(3).permutation(N)


def beside(first: pd.DataFrame, *others: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([first, *others], axis=1)


@pytest.mark.parametrize(
    ("patterns", "written"),
    [
        (("T1_scq{n:02}", "T2_scq{n:02}"), ("T1_{item}", "T2_{item}")),
        (("scq{n:02}_before", "scq{n:02}_after"), ("{item}_before", "{item}_after")),
        (("Pre.scq{n:02}", "Post.scq{n:02}"), ("Pre.{item}", "Post.{item}")),
        (("scq{n:02}", "scq{n:02}_post"), ("{item}", "{item}_post")),
        (("A1_{n}", "A2_{n}"), ("A1_{number}", "A2_{number}")),
        (("Q7_{n:02}", "Q31_{n:02}"), ("Q7_{digits}", "Q31_{digits}")),
    ],
)
def test_waves_side_by_side_are_found_for_a_known_study(
    tmp_path: Path, patterns: tuple[str, str], written: tuple[str, str]
) -> None:
    both = beside(named(BEFORE, patterns[0], id=IDS), named(AFTER, patterns[1]))
    made = proposed(tmp_path, STUDY, both=both)
    assert tuple(wave.columns for wave in made.spec.waves.values()) in (written, ("{item}", *written[1:]))
    assert [wave.column("scq03") for wave in made.spec.waves.values()] == [p.format(n=3) for p in patterns]
    assert list(made.spec.waves) == ["pre", "post"]
    data = made.cleaned()
    assert data.waves["post"]["scq03"].to_numpy().tolist() == AFTER[2].to_list()


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (("T1_q{n}", "T2_q{n}", "T3_q{n}"), ["t1", "t2", "t3"]),
        (("q{n}_pre", "q{n}_post", "q{n}_followup"), ["pre", "post", "followup"]),
        (("BaselineQ{n}", "Month3Q{n}", "Month6Q{n}"), ["pre", "month3", "month6"]),
        (("PREQ{n}", "POSTQ{n}"), ["pre", "post"]),
        (("vorher_{n}", "nachher_{n}"), ["pre", "post"]),
        (("前测{n}", "后测{n}"), ["pre", "post"]),
    ],
)
def test_waves_side_by_side_are_found_without_a_study(
    tmp_path: Path, patterns: tuple[str, ...], names: list[str]
) -> None:
    parts = [named(frame, pattern) for frame, pattern in zip((BEFORE, AFTER, LATER), patterns, strict=False)]
    made = proposed(tmp_path, both=beside(*parts).assign(id=IDS))
    assert list(made.spec.waves) == list(made.study.waves) == names
    (scale,) = made.study.scales.values()
    assert len(scale.items) == 15
    assert [len(frame) for frame in made.cleaned().waves.values()] == [N] * len(names)


def test_another_question_number_is_a_wave_where_each_column_goes_with_its_partner(tmp_path: Path) -> None:
    made = proposed(tmp_path, both=beside(named(BEFORE, "Q7_{n}", id=IDS), named(AFTER, "Q31_{n}")))
    assert [wave.column("Q_3") for wave in made.spec.waves.values()] == ["Q7_3", "Q31_3"]
    assert made.says("15 of 15 columns correlate most with their own partner")
    assert made.asked("order of the waves in time", "Q7_1 to Q7_15")


def test_two_scales_with_the_same_numbers_are_not_taken_for_waves(tmp_path: Path) -> None:
    made = proposed(tmp_path, one=beside(named(answers(8), "Q1_{n}", id=IDS), named(answers(8, seed=2), "Q2_{n}")))
    assert len(made.spec.waves) == 1
    assert list(made.study.scales) == ["Q1", "Q2"]
    assert made.asked("Q1_1 to Q1_8", "Q2_1 to Q2_8", "are they the same questions")


def test_a_long_file_is_parted_by_its_wave_column_and_tells_about_people_once(tmp_path: Path) -> None:
    age = np.arange(N) % 30 + 20
    long = pd.concat(
        [
            named(LATER, "q{n}", id=IDS, time="month 3", age=age).iloc[SHUFFLED][:25],
            named(BEFORE, "q{n}", id=IDS, time="baseline", age=age),
        ]
    )
    made = proposed(tmp_path, long=long)
    assert {name: wave.rows for name, wave in made.spec.waves.items()} == {
        "pre": {"time": "baseline"},
        "month3": {"time": "month 3"},
    }
    assert made.spec.people is not None
    assert made.spec.people.rows == {"time": "baseline"}
    data = made.cleaned()
    assert (len(data.people), [len(frame) for frame in data.waves.values()]) == (N, [N, 25])


def test_one_file_per_wave_and_one_on_the_people_are_joined_by_a_proven_key(tmp_path: Path) -> None:
    about = pd.DataFrame({"pid": IDS, "age": np.arange(N) % 30 + 20, "city": ["Lyon", "Nice"] * (N // 2)})
    made = proposed(
        tmp_path,
        followup=named(LATER, "q{n}", pid=IDS).iloc[SHUFFLED][:20],
        baseline=named(BEFORE, "q{n}", pid=IDS),
        people=about.iloc[SHUFFLED],
    )
    assert {name: wave.file for name, wave in made.spec.waves.items()} == {
        "pre": "baseline.csv",
        "followup": "followup.csv",
    }
    assert made.spec.people is not None
    assert (made.spec.people.file, list(made.spec.people.characteristics)) == ("people.csv", ["age", "city"])
    assert made.says("20 of the 20 keys of followup are in pre")
    assert made.says("40 of the 40 keys of people.csv answered in a wave")


def test_names_that_tell_the_waves_apart_in_files_of_their_own_are_left_out(tmp_path: Path) -> None:
    made = proposed(tmp_path, a=named(BEFORE, "pre_q{n}", id=IDS), b=named(AFTER, "post_q{n}", id=IDS).iloc[SHUFFLED])
    assert [(name, wave.column("pre_q2")) for name, wave in made.spec.waves.items()] == [
        ("pre", "pre_q2"),
        ("post", "post_q2"),
    ]


def test_waves_without_a_word_on_time_follow_the_order_given_and_are_asked_about(tmp_path: Path) -> None:
    made = proposed(tmp_path, STUDY, a=named(BEFORE, "scq{n:02}", id=IDS), b=named(AFTER, "scq{n:02}", id=IDS))
    assert [wave.file for wave in made.spec.waves.values()] == ["a.csv", "b.csv"]
    assert made.asked("waves.pre", "a.csv", "the order in which they were given alone")


def test_totals_at_every_wave_are_scales_of_one_item(tmp_path: Path) -> None:
    total = answers(3, low=0, high=40)
    wide = pd.DataFrame(
        {"PSS - Before Course": total[0], "PSS - Course Completed": total[1], "PSS - One Month On": total[2]}
    )
    made = proposed(tmp_path, wide=wide)
    assert made.study.waves == {"pre": "Before Course", "post": "Course Completed", "month1": "One Month On"}
    assert (made.study.scales["PSS"].higher_is, made.study.scales["PSS"].minimum) == ("worse", 0)
    assert all(wave.key == "#row" for wave in made.spec.waves.values())
    assert made.asked("which scores can there be?")
    assert made.asked("change is counted from pre to month1")
    assert made.cleaned().waves["post"]["PSS_total"]["ROW 2"] == total[1][0]


def test_items_that_only_the_last_wave_holds_are_its_evaluation_form(tmp_path: Path) -> None:
    after = beside(named(AFTER, "scq{n:02}", code=codes()), named(answers(6, seed=4), "eval{n}"))
    made = proposed(tmp_path, before=named(BEFORE, "scq{n:02}", code=codes()), after=after.iloc[SHUFFLED])
    assert made.study.satisfaction is not None
    assert list(made.study.satisfaction.items) == [f"eval{n}" for n in range(1, 7)]
    assert made.spec.satisfaction is not None
    assert made.spec.satisfaction.file == "after.csv"
    data = made.cleaned()
    assert data.satisfaction is not None
    assert len(data.satisfaction) == N
