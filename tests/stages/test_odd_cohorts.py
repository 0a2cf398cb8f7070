"""Baseline and change of small and odd cohorts: every piece is there, and every sentence goes with its numbers."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from braid.presentation.directions import claim_in
from braid.presentation.prose import Prose
from braid.records import read_records
from braid.stages import (
    adverse_events,
    answers,
    attrition,
    baseline,
    baseline_groups,
    change,
    equity,
    harm,
    item_tests,
    robustness,
    then_test,
)

from .odd_cohorts import Answers, Odd, write_odd

RNG = np.random.default_rng(3)
NONE = [None] * 3


def drawn(people: int, low: int, high: int) -> Answers:
    return [[int(value) for value in RNG.integers(low, high + 1, 3)] for _ in range(people)]


def flat(people: int, value: int) -> Answers:
    return [[value] * 3] * people


MIDDLE = drawn(20, 1, 5)
LOW = drawn(12, 1, 4)
CASES = {
    "better": Odd(drawn(20, 1, 3), drawn(20, 3, 5)),
    "worse": Odd(drawn(20, 3, 5), drawn(20, 1, 3)),
    "no clear change, no margin": Odd(MIDDLE, drawn(20, 1, 5)),
    "no clear change, small margin": Odd(MIDDLE, drawn(20, 1, 5), margin=0.1),
    "no clear change, large margin": Odd(MIDDLE, drawn(20, 1, 5), margin=3),
    "one person": Odd([[2, 3, 2]], [[4, 4, 3]]),
    "two people": Odd([[2, 3, 2], [1, 2, 3]], [[4, 4, 3], [3, 3, 2]]),
    "nine people": Odd(drawn(9, 1, 3), drawn(9, 3, 5)),
    "nobody changed": Odd(MIDDLE, MIDDLE, margin=0.4),
    "the same step": Odd(LOW, [[(value or 0) + 1 for value in row] for row in LOW]),
    "all the same": Odd(flat(6, 3), flat(6, 3)),
    "ceiling": Odd(flat(12, 5), flat(12, 5)),
    "ceiling after": Odd(drawn(12, 2, 5), flat(12, 5)),
    "a group of one": Odd(drawn(12, 1, 5), drawn(12, 1, 5), sites=["north"] * 11 + ["south"]),
    "one level": Odd(drawn(12, 1, 5), drawn(12, 1, 5), sites=["north"] * 12),
    "no pair": Odd([[2, 3, 2], [1, 2, 3], NONE, NONE], [NONE, NONE, [4, 4, 3], [3, 3, 2]]),
    "a lower start in hindsight": Odd(flat(9, 3) + LOW, flat(9, 5) + LOW, then=flat(9, 1) + LOW),
    "no shift": Odd(LOW, drawn(12, 2, 5), then=LOW),
    "not paired": Odd(drawn(15, 1, 3), drawn(15, 3, 5), paired=False, margin=0.3),
    "not paired, one person": Odd([[1, 2, 3]], [[2, 2, 3]], paired=False),
}
SAID = {
    "better": ["Skill improved: it rose from", "Strain improved: it fell from", "all 3 items rose", "both items fell"],
    "worse": ["Skill worsened: it fell from", "Strain worsened: it rose from"],
    "no clear change, no margin": ["Skill showed no clear change", "was not tested, as the study sets no smallest"],
    "no clear change, small margin": ["It stays open whether the change in skill is smaller than the 0.1 points"],
    "no clear change, large margin": ["The change in skill was smaller than the 3 points", "by site were smaller than"],
    "one person": ["could not be estimated: only one person has the score in both waves.", "no item could be tested"],
    "two people": ["; n = 2)"],
    "nine people": ["; n = 9)"],
    "nobody changed": ["Skill stayed as it was for each person:", "the change could not be compared by site"],
    "the same step": ["Skill rose by 1.00 for each person", "Strain fell by 1.00 for each person"],
    "all the same": ["stayed as it was for each person: 3.00 ± 0.00 at both waves"],
    "ceiling": ["For skill and strain more than 15% of the people already had the best possible score"],
    "ceiling after": ["rose"],
    "a group of one": ["Groups could not be compared by site."],
    "one level": ["Groups could not be compared by site."],
    "no pair": ["There is no change to report."],
    "a lower start in hindsight": [
        "Skill: in hindsight people scored their start lower (response shift 0.86",
        "Strain: in hindsight people scored their start higher (response shift −0.86",
    ],
    "no shift": ["Skill: a response shift of 0.00 (n = 12), which cannot be tested."],
    "not paired": ["(difference of the means", "d_s ="],
    "not paired, one person": ["fewer than two people have the score in a wave."],
}
PIECES = (harm, equity, robustness, then_test, item_tests, answers, adverse_events)
CLUMSY = re.compile(r"\b(None|nan|inf)\b|  |\.\.|\.,|: [^:.()\[\]]+: [^:.()\[\]]+\.|\( |n = ;|CI –")


def cohort(folder: Path, monkeypatch: pytest.MonkeyPatch, odd: Odd) -> tuple[baseline.Baseline, change.Change]:
    monkeypatch.chdir(folder)
    write_odd(folder, odd)
    return baseline.open("odd"), change.open("odd")


def prose(first: baseline.Baseline, last: change.Change) -> list[str]:
    pieces = [first.description(), baseline_groups.description(first), attrition.description(first)]
    pieces += [last.methods(), last.description(), last.groups_description(), *(m.description(last) for m in PIECES)]
    return [str(piece) for piece in pieces if isinstance(piece, Prose)]


@pytest.mark.parametrize("name", CASES)
def test_every_sentence_of_an_odd_cohort(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = cohort(tmp_path, monkeypatch, CASES[name])
    told = prose(first, last)
    whole = "\n".join(told)
    for paragraph in whole.split("\n"):
        assert not paragraph or paragraph.rstrip().endswith("."), paragraph
        assert not CLUMSY.search(paragraph), paragraph
    for expected in SAID[name]:
        assert expected in whole
    if name.startswith("no clear"):
        for sentence in re.findall(r"\w+ showed no clear change: [^;]*;", whole):
            assert not claim_in(sentence)


@pytest.mark.parametrize("name", CASES)
def test_every_table_and_record_of_an_odd_cohort(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = cohort(tmp_path, monkeypatch, CASES[name])
    tables = [first.table(), baseline_groups.table(first), attrition.table(first), last.table(), equity.table(last)]
    tables += [harm.table(last), robustness.table(last), item_tests.adjusted_table(last), answers.table(last)]
    tables += [then_test.table(last)]
    for table in [*tables, item_tests.differences_table(last)]:
        assert not re.search(r"\b(None|nan|inf)\b", str(table))
    for stage in (first, last):
        stage.save()
    records = [r for path in (tmp_path / "data_processed/odd/results").glob("*.json") for r in read_records(path)]
    assert any(record.id == "change.skill.overall" for record in records) is not bool(last.left_out)
    for record in records:
        assert not re.search(r"\b(None|nan|inf)\b", record.text), record


@pytest.mark.parametrize(
    "name", ["one person", "nobody changed", "a group of one", "no pair", "not paired, one person"]
)
def test_every_figure_of_an_odd_cohort(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, last = cohort(tmp_path, monkeypatch, CASES[name])
    for figure in (last.items_figure(), last.paired_figure(), last.groups_figure(), harm.figure(last)):
        assert "nan" not in str(getattr(figure, "alt", figure))
