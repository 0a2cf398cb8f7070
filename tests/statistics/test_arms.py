"""Arms of a comparison against R (r/arms.R), and what is said where they cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from braid.statistics.arms import compare_arms

from .agreement import same

FROM_R = json.loads((Path(__file__).parent / "r" / "arms.json").read_text(encoding="utf-8"))["answers"]
PEOPLE = [f"p{i}" for i in range(12)]
BEFORE = pd.Series([1.0, 2, 3, 4, 2, 3, 1, 4, 2, 3, 4, 1], PEOPLE)
AFTER = BEFORE + pd.Series([1.0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0], PEOPLE)
ARM = pd.Series(["a"] * 6 + ["b"] * 6, PEOPLE)


@pytest.mark.parametrize("name", ["gender", "site"])
def test_arms_are_compared_as_r_compares_them(name: str, r_data: dict[str, Any]) -> None:
    theirs = FROM_R[name]
    before, after = (pd.Series(r_data[wave].sum(axis=1) / 6) for wave in ("before", "after"))
    ours = compare_arms(before, after, pd.Series(r_data[name]), theirs["levels"])
    for field in ("f", "p", "df", "df_error", "slope", "slopes_p"):
        same(getattr(ours, field), theirs[field])
    for field in ("difference", "t", "low", "high", "p_holm"):
        found = [getattr(row, field) for row in ours.differences]
        same(found, np.atleast_1d(theirs[field]))
    same([row.p for row in ours.differences], np.atleast_1d(theirs["each_p"]))
    same([row.adjusted for row in ours.arms], theirs["adjusted"])


def test_the_order_of_people_changes_nothing() -> None:
    there = compare_arms(BEFORE, AFTER, ARM, ["a", "b"])
    mixed = compare_arms(BEFORE.sample(frac=1, random_state=1), AFTER.sample(frac=1, random_state=2), ARM, ["a", "b"])
    assert mixed.differences[0].difference == pytest.approx(there.differences[0].difference, rel=1e-12)
    assert mixed.p == pytest.approx(there.p, rel=1e-10)


def test_the_other_reference_turns_the_sign() -> None:
    there, back = (compare_arms(BEFORE, AFTER, ARM, order) for order in (["a", "b"], ["b", "a"]))
    assert back.differences[0].difference == pytest.approx(-there.differences[0].difference)


@pytest.mark.parametrize(
    ("arm", "after", "note"),
    [
        (ARM.replace("b", "a"), AFTER, "fewer than two arms"),
        (ARM.where(ARM.index == "p0", "b"), AFTER, "fewer than two arms"),
        (ARM, AFTER * 0 + 3, "no variation at the last wave"),
        (ARM, BEFORE + 1, "no error to test against"),
        (ARM[["p0", "p1", "p6", "p7"]].drop("p1"), AFTER, "fewer than two arms"),
    ],
)
def test_what_cannot_be_compared_says_why(arm: pd.Series, after: pd.Series, note: str) -> None:
    ours = compare_arms(BEFORE, after, arm, ["a", "b"])
    assert note in ours.note
    assert (ours.f, ours.p, ours.differences) == (None, None, ())


def test_an_arm_of_one_person_is_described_and_left_out_of_the_test() -> None:
    three = ARM.where(ARM.index != "p11", "c")
    ours = compare_arms(BEFORE, AFTER, three, ["a", "b", "c"])
    assert [row.n for row in ours.arms] == [6, 5, 1]
    assert [row.arm for row in ours.differences] == ["b"]
    assert "c" in ours.note
