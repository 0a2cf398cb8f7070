"""Numbers typed by hand are found where they look like results, and nothing else is."""

from __future__ import annotations

import pytest
from braid.prose import sentences, typed_numbers

RESULTS = {
    "change": {"scq": {"overall": {"text": "0.55, 95% CI 0.48 to 0.62", "p": "< .001", "before": "4.03 ± 0.54"}}},
    "participants": {"n": {"text": "204"}},
}


def found(text: str) -> list[tuple[str, str]]:
    return [(number.text, number.result) for number in typed_numbers(sentences(text, "a.md"), RESULTS)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("The mean was 4.03 ± 0.54 before.", ["4.03 ± 0.54"]),
        ("About 84% agreed, p < .001.", ["84%", "p < .001"]),
        ("In all, 6 of 7 people said so (n = 204).", ["6 of 7", "n = 204"]),
        ("The change was −0.12 points.", ["−0.12"]),
        ("It was clear, t(203) = 15.85.", ["t(203) = 15.85"]),
        ("A 4-hour session in 2025 with 15 items, version 2.1.3 of form A4.", []),
        ("See Figure 3 and section 2, at 12:30, in room 1/2.", []),
        ("One line says {{< var change.scq.overall.text >}}.", []),
        ("The rule is [80%]{.given} of them.", []),
    ],
)
def test_what_looks_like_a_result_is_found(text: str, numbers: list[str]) -> None:
    assert [number for number, _ in found(text)] == numbers


def test_the_result_that_reads_the_same_is_told() -> None:
    assert found("It was 4.03 ± 0.54.") == [("4.03 ± 0.54", "change.scq.overall.before")]
    assert found("It rose by 0.55 points.") == [("0.55", "change.scq.overall.text")]
    assert found("It rose by 0.57 points.") == [("0.57", "")]
