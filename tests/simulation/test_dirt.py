"""What demo-next does wrong on purpose, seen in its files."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from braid.errors import UserError
from braid.simulation import compare, draw, read_targets, simulate
from braid.simulation.dirt import Dirt, apply_dirt
from braid.simulation.tables import Table
from braid.study import Cohort


def rows(cohort: Cohort, file: str, separator: str = ",") -> list[dict[str, str]]:
    text = cohort.raw(file).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


def test_the_shipped_files_are_what_the_simulation_gives_now(dirty: Cohort) -> None:
    for name, text in simulate(dirty).items():
        assert dirty.raw(name).read_bytes() == text.encode("utf-8"), name


def test_its_figures_hold_before_the_dirt(dirty: Cohort) -> None:
    targets = read_targets(dirty)
    assert targets is not None
    assert all(row.holds for row in compare(targets, draw(dirty), dirty.study))


def test_one_file_has_a_byte_order_mark_and_semicolons(dirty: Cohort) -> None:
    content = dirty.raw("survey_before.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfparticipant;scq01;")


def test_ids_differ_in_case_and_blanks_and_one_person_stands_twice(dirty: Cohort) -> None:
    ids = [row["participant"] for row in rows(dirty, "survey_before.csv", ";")]
    assert "p012 " in ids and " P025" in ids
    counts = Counter(word.strip().upper() for word in ids)
    assert [name for name, count in counts.items() if count > 1] == ["P020"]
    assert counts["TEST"] == 1


def test_some_people_are_in_one_wave_only(dirty: Cohort) -> None:
    before, after = (
        {row["participant"].strip().upper() for row in rows(dirty, file, separator)}
        for file, separator in (("survey_before.csv", ";"), ("survey_after.csv", ","))
    )
    assert before - after == {"P044", "P045", "P046", "TEST"}
    assert after - before == {"P047"}


def test_cells_hold_words_codes_and_a_number_out_of_range(dirty: Cohort) -> None:
    cells = Counter(cell for row in rows(dirty, "survey_before.csv", ";") for cell in row.values())
    for text in ("Very competent", "competent ", "-999", "N/A", "55", "4.0"):
        assert cells[text] >= 1
    form = Counter(cell for row in rows(dirty, "evaluation.csv") for cell in row.values())
    assert form["Strongly agree"] == 1 and form["strongly agree "] == 1


def test_missing_items_lie_on_both_sides_of_half(dirty: Cohort) -> None:
    empty = {
        row["participant"]: sum(not cell for cell in row.values()) for row in rows(dirty, "survey_before.csv", ";")
    }
    assert (empty["P040"], empty["P042"], empty["P041"]) == (3, 7, 9)


def test_gender_is_spelt_in_many_ways_and_ages_are_missing(dirty: Cohort) -> None:
    people = rows(dirty, "participants.csv")
    assert {row["gender"] for row in people} >= {"F", "M", "female ", "Male", "female", "male"}
    assert {row["age"] for row in people} >= {"", "N/A", "-999"}


def test_the_evaluation_form_is_anonymous(dirty: Cohort) -> None:
    assert "participant" not in rows(dirty, "evaluation.csv")[0]
    assert len(rows(dirty, "evaluation.csv")) == 49


def test_every_change_is_told_in_the_readme(dirty: Cohort) -> None:
    text = dirty.raw("README.md").read_text(encoding="utf-8")
    for word in ("out of range", "half rule", "byte order mark", "stands twice", "trial entry"):
        assert word in text


@pytest.mark.parametrize(
    "change",
    [
        {"file": "b.csv", "participant": "P1", "why": "no such file"},
        {"file": "a.csv", "participant": "P9", "why": "no such person"},
        {"file": "a.csv", "participant": "P1", "cells": {"z": "1"}, "why": "no such column"},
    ],
)
def test_dirt_in_a_place_that_does_not_exist_is_refused(change: dict[str, object]) -> None:
    table = Table(["id", "x"], "id", [{"id": "P1", "x": "2"}])
    with pytest.raises(UserError):
        apply_dirt(Dirt.model_validate({"rows": [change]}), {"a.csv": table})
