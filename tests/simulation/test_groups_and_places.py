"""People counted group by group, attendance, and interviews at several places, as the shipped cohorts have them."""

from __future__ import annotations

import pandas as pd
import pytest
from braid.errors import UserError
from braid.simulation import compare, contradictions, draw, read_targets
from braid.simulation.script import Script, interview_files
from braid.study import Cohort, open_cohort

from tests.project_copy import REPOSITORY

SLIP = "characteristics.age.by.levels.pedagogical.percent.forties"


@pytest.fixture(scope="module")
def social() -> Cohort:
    return open_cohort("social-services", REPOSITORY)


@pytest.fixture(scope="module")
def organisations() -> Cohort:
    return open_cohort("organisations", REPOSITORY)


def test_counts_of_each_group_are_reproduced_with_any_seed(social: Cohort) -> None:
    targets = read_targets(social)
    assert targets is not None
    for seed in (1, 2, 3):
        frames = draw(social, seed=seed)
        assert all(row.holds for row in compare(targets, frames, social.study))
        assert frames.attendance is not None and len(frames.attendance) == 34
        assert (frames.people["age"] == "").sum() == 3


def test_the_printed_percentage_that_no_count_gives_is_found_out(social: Cohort) -> None:
    targets = read_targets(social)
    assert targets is not None
    assert contradictions(targets, social.study) == []
    (found,) = contradictions(targets.restored(SLIP), social.study)
    assert found.targets == (SLIP,)
    assert "11 of 19 is 57.89%, not 51.9%, which only no count fits" in found.arithmetic


def test_more_people_than_a_group_has_are_refused(social: Cohort) -> None:
    targets = read_targets(social)
    assert targets is not None and targets.attendance is not None
    content = targets.model_dump()
    content["attendance"]["levels"]["social"][8] = 17
    from braid.simulation.people import draw_attendance, draw_people
    from braid.simulation.targets import Targets
    from numpy.random import default_rng

    wrong = Targets.model_validate(content)
    people = draw_people(wrong, social.study, ["group"], default_rng(1))
    assert wrong.attendance is not None
    with pytest.raises(UserError, match="social has 17 people"):
        draw_attendance(wrong.attendance, people, default_rng(1))


def test_a_person_with_an_id_of_her_own_is_the_same_in_every_source(organisations: Cohort) -> None:
    segments = pd.read_csv(organisations.raw("segments.csv"), dtype=str)
    heard = segments.groupby("participant")["occasion"].unique()
    assert list(heard["P01"]) == ["Training days", "First follow-up", "Later follow-up"]
    people = pd.read_csv(organisations.raw("participants.csv"), dtype=str).set_index("participant")
    assert people.loc["P01"].to_dict() == {"group": "nursing", "site": "Acute hospital"}


def test_a_speaker_who_is_nobody_is_refused(organisations: Cohort) -> None:
    script = Script.model_validate({"date": "2026-01-01", "sources": {"One": {"turns": [("P99", "Words.")]}}})
    with pytest.raises(UserError, match="neither a number nor listed under people"):
        interview_files(organisations, script)
