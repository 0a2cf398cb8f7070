"""Adverse events: what the report says where they were counted, where there were none, and where nobody looked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from braid.errors import UserError
from braid.presentation.table import Table
from braid.stages import adverse_events, change
from braid.study.harms import AdverseEvents
from pydantic import ValidationError

from .odd_cohorts import Odd, write_odd

ANSWERS = [[2, 3, 2], [1, 2, 3], [4, 2, 1], [3, 3, 2]]
DISTRESS = {"event": "Distress", "people": 2, "events": 3, "related": 3}
FALL = {"event": "A fall", "people": 1, "serious": 1}


def stage(folder: Path, monkeypatch: pytest.MonkeyPatch, adverse: dict[str, Any] | None) -> change.Change:
    monkeypatch.chdir(folder)
    write_odd(folder, Odd(ANSWERS, ANSWERS, adverse=adverse))
    return change.open("odd")


def test_where_nobody_looked_the_report_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = stage(tmp_path, monkeypatch, None)
    assert str(adverse_events.description(odd)).startswith("Adverse events were not recorded in this cohort")
    assert not isinstance(adverse_events.table(odd), Table)
    assert adverse_events.records(odd) == []


def test_none_recorded_is_told_with_the_rule_of_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = stage(tmp_path, monkeypatch, {"at_risk": 60, "collected": "Everybody was asked at the end."})
    assert str(adverse_events.description(odd)) == (
        "Everybody was asked at the end. No adverse event was recorded in 60 people, so that with 95% confidence fewer "
        "than 5.0% of such people would have one."
    )
    assert not isinstance(adverse_events.table(odd), Table)
    assert [record.text for record in adverse_events.records(odd)] == ["0 among 60 people", "0", "0"]


def test_events_are_told_with_people_and_denominators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = stage(tmp_path, monkeypatch, {"people": 3, "withdrew": 1, "events": [DISTRESS, FALL]})
    assert str(adverse_events.description(odd)) == (
        "4 adverse events were recorded in 3 of 4 people (75.0%) (@tbl-adverse); 1 was serious, and 3 were put down to "
        "the programme. 1 person withdrew because of an adverse event."
    )
    table = adverse_events.table(odd)
    assert isinstance(table, Table)
    rows = [line.split() for line in table.text().splitlines()]
    assert ["Distress", "2", "(50.0%)", "15.0", "to", "85.0", "3", "0", "3"] in rows
    assert ["A", "fall", "1", "(25.0%)", "4.6", "to", "69.9", "1", "1", "0"] in rows
    assert ["Any", "3", "(75.0%)", "30.1", "to", "95.4", "4", "1", "3"] in rows


def test_one_event_that_was_not_serious(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = stage(tmp_path, monkeypatch, {"at_risk": 100, "events": [{"event": "Distress", "people": 1}]})
    assert str(adverse_events.description(odd)) == (
        "1 adverse event was recorded in 1 of 100 people (1.0%) (@tbl-adverse); none was serious, and none was put "
        "down to the programme. No serious event in 100 people, so that with 95% confidence fewer than 3.0% of such "
        "people would have one."
    )


def test_more_people_with_an_event_than_took_part_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = stage(tmp_path, monkeypatch, {"events": [{"event": "Distress", "people": 9}]})
    with pytest.raises(UserError, match="at_risk"):
        adverse_events.description(odd)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"events": [{"event": "X", "people": 3, "events": 2}]}, "cannot have had"),
        ({"events": [{"event": "X", "people": 1, "serious": 2}]}, "serious or related"),
        ({"people": 1, "events": [DISTRESS, FALL]}, "does not go with"),
        ({"people": 4, "events": [DISTRESS, FALL]}, "does not go with"),
        ({"at_risk": 1, "events": [DISTRESS]}, "at risk"),
    ],
)
def test_counts_that_cannot_be_are_refused(told: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        AdverseEvents.model_validate(told)
