"""A key is proven by what stands in it; where nothing pairs the waves, nobody is paired."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from .small_files import N, answers, codes, named, proposed

BEFORE, AFTER = answers(6), answers(6, later=0.5)
SHUFFLED = np.random.default_rng(3).permutation(N)


def test_codes_in_both_waves_are_the_key_with_how_many_are_found_again(tmp_path: Path) -> None:
    after = named(AFTER, "q{n}", Code=codes())
    after.loc[3, "Code"] = "ZZ99"
    made = proposed(tmp_path, before=named(BEFORE, "q{n}", Code=codes()), after=after.iloc[SHUFFLED])
    assert [wave.key for wave in made.spec.waves.values()] == ["Code", "Code"]
    assert made.says("certain: 39 of the 40 keys of post are in pre")


def test_the_key_may_be_called_otherwise_in_each_file(tmp_path: Path) -> None:
    before = named(BEFORE, "q{n}", pseudonym=codes())
    made = proposed(tmp_path, before=before, after=named(AFTER, "q{n}", teilnehmercode=codes()).iloc[SHUFFLED])
    assert [wave.key for wave in made.spec.waves.values()] == ["pseudonym", "teilnehmercode"]
    assert len(made.cleaned().people) == N


def test_a_column_that_counts_the_rows_of_each_file_is_no_key(tmp_path: Path) -> None:
    rows = range(1, N + 1)
    made = proposed(tmp_path, pre=named(BEFORE, "q{n}", id=rows), post=named(AFTER, "q{n}", id=rows)[:33])
    assert made.spec.pairing == "none"
    assert [wave.key for wave in made.spec.waves.values()] == ["", ""]
    assert made.asked("id only counts the rows of each file", "independent groups")
    assert len(made.cleaned().people) == N + 33


def test_numbers_that_count_the_rows_of_one_file_only_are_a_key(tmp_path: Path) -> None:
    before = named(BEFORE, "q{n}", id=range(1, N + 1))
    made = proposed(tmp_path, pre=before, post=named(AFTER, "q{n}", id=range(1, N + 1)).iloc[SHUFFLED])
    assert [wave.key for wave in made.spec.waves.values()] == ["id", "id"]


def test_numbers_that_begin_anew_at_each_site_need_the_site(tmp_path: Path) -> None:
    place = {"site": np.repeat(["Karachi", "Lahore", "Quetta", "Multan"], 10), "number": np.tile(range(1, 11), 4)}
    after = named(AFTER, "q{n}", **place).iloc[SHUFFLED][:36]
    made = proposed(tmp_path, pre=named(BEFORE, "q{n}", **place), post=after)
    assert [wave.keys for wave in made.spec.waves.values()] == [("site", "number")] * 2
    assert made.says("36 of the 36 keys of post are in pre")
    assert len(made.cleaned().people) == N


def test_nothing_in_common_means_nobody_is_paired(tmp_path: Path) -> None:
    made = proposed(tmp_path, pre=named(BEFORE, "q{n}"), post=named(AFTER, "q{n}")[:33])
    assert made.spec.pairing == "none"
    assert made.asked("no column holds the same codes in each wave")


def test_personal_data_never_become_the_key(tmp_path: Path) -> None:
    mail = [f"someone{number}@hospital.example" for number in range(N)]
    made = proposed(
        tmp_path, pre=named(BEFORE, "q{n}", Email=mail), post=named(AFTER, "q{n}", Email=mail).iloc[SHUFFLED]
    )
    assert made.spec.pairing == "none"
    assert made.asked("Email would pair 100%", "personal data", "code that names nobody")
    content = "\n".join(line for line in made.proposal.cohort.splitlines() if not line.lstrip().startswith("#"))
    assert "mail" not in content.casefold()
    assert "someone" not in made.proposal.cohort + str(made.proposal.study)


def test_numbers_that_a_platform_makes_for_each_response_pair_nothing(tmp_path: Path) -> None:
    responses = [f"R_{number:05}" for number in range(N)]
    before = named(BEFORE, "q{n}", ResponseId=responses, code=codes())
    after = named(AFTER, "q{n}", code=codes()).iloc[SHUFFLED].assign(ResponseId=responses)
    made = proposed(tmp_path, before=before, after=after)
    assert [wave.key for wave in made.spec.waves.values()] == ["code", "code"]


def test_repeated_persons_are_refused_until_a_person_decides(tmp_path: Path) -> None:
    before = named(BEFORE, "q{n}", code=codes())
    before = pd.concat([before, before.iloc[[4]].assign(q1=5)])
    made = proposed(tmp_path, before=before, after=named(AFTER, "q{n}", code=codes()).iloc[SHUFFLED])
    assert made.spec.waves["pre"].repeated == "refuse"
    assert made.asked("waves.pre", "1 person stands in before.csv more than once (rows 6, 42)", "repeated: first")


def test_trial_entries_are_asked_about_and_not_left_out(tmp_path: Path) -> None:
    own = ["TEST", *codes()[1:]]
    made = proposed(
        tmp_path, before=named(BEFORE, "q{n}", code=own), after=named(AFTER, "q{n}", code=own).iloc[SHUFFLED]
    )
    assert made.asked("TEST", "exclude")
    assert made.spec.exclude == []


def test_a_file_with_a_row_per_person_and_no_key_is_paired_by_its_rows(tmp_path: Path) -> None:
    wide = pd.concat([named(BEFORE, "q{n}_pre"), named(AFTER, "q{n}_post")], axis=1)
    wide["code"] = [*codes()[:9], *[""] * (N - 9)]
    made = proposed(tmp_path, wide=wide)
    assert [wave.key for wave in made.spec.waves.values()] == ["#row", "#row"]
    assert made.asked("is each row another person?")
    assert made.says("code is filled in 9 of 40 rows")
