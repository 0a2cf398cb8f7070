"""Words of direction stand only beside results that support them."""

from __future__ import annotations

from typing import Any

import pytest
from braid.prose import sentences, unsupported_claims, unsupported_sentences
from braid.records import Record
from braid.study import Study

NAMED = "{{< var change.scq.overall.text >}}"


def study(higher_is: str = "better") -> Study:
    responses: dict[Any, Any] = {1: "No", 2: "Yes"}
    scale = {"label": "Confidence at work", "short": "Confidence", "responses": responses, "items": {"a": "A"}}
    return Study.model_validate(
        {
            "title": "T",
            "authors": [{"name": "A"}],
            "question": "Q?",
            "design": "D.",
            "programme": {"name": "P", "participants": "people", "description": "D."},
            "waves": {"pre": "Before", "post": "After"},
            "scales": {"scq": {**scale, "higher_is": higher_is}},
        }
    )


def told(text: str, low: float | None, high: float | None, higher_is: str = "better") -> list[str]:
    middle = None if low is None or high is None else (low + high) / 2
    record = Record("change.scq.overall", "as found", middle, low, high)
    errors = unsupported_claims(sentences(text, "a.md"), {record.id: record}, study(higher_is))
    return [str(error.found).split(",")[0].strip("'") for error in errors]


@pytest.mark.parametrize("word", ["improved", "rose", "fell", "worsened", "did not improve", "declined"])
def test_no_direction_stands_beside_an_interval_with_zero(word: str) -> None:
    sentence = f"Confidence {word} ({NAMED})."
    assert told(sentence, -0.1, 0.3) == [word.split()[-1]]
    assert told(sentence, None, None) == [word.split()[-1]]


@pytest.mark.parametrize(
    ("word", "low", "high", "higher_is", "fits"),
    [
        ("rose", 0.1, 0.3, "better", True),
        ("fell", 0.1, 0.3, "better", False),
        ("improved", 0.1, 0.3, "better", True),
        ("improved", 0.1, 0.3, "worse", False),
        ("rose", 0.1, 0.3, "worse", True),
        ("worsened", 0.1, 0.3, "worse", True),
        ("improved", -0.3, -0.1, "worse", True),
        ("deteriorated", -0.3, -0.1, "better", True),
        ("increased", -0.3, -0.1, "better", False),
    ],
)
def test_a_direction_fits_the_sign_and_what_is_better(
    word: str, low: float, high: float, higher_is: str, fits: bool
) -> None:
    assert told(f"Confidence {word} ({NAMED}).", low, high, higher_is) == ([] if fits else [word])


def test_a_sentence_without_a_direction_and_a_generated_one_pass() -> None:
    assert told(f"There was no clear change ({NAMED}).", -0.1, 0.3) == []
    assert told("We think it is better. {{< var change.scq.overall.sentence >}}", -0.1, 0.3) == []


def test_the_message_names_line_result_and_words_that_fit() -> None:
    record = Record("change.scq.overall", "0.10, 95% CI −0.10 to 0.30", 0.1, -0.1, 0.3)
    (error,) = unsupported_claims(sentences(f"One.\n\nIt rose ({NAMED}).", "a.md"), {record.id: record}, study())
    message = error.render()
    assert "a.md: line 3" in message and "−0.10 to 0.30" in message and "no clear change" in message
    assert "{{< var change.scq.overall.sentence >}}" in message


def test_a_scale_that_is_named_in_words_alone_is_for_a_person_to_look_at() -> None:
    record = Record("change.scq.overall", "as found", 0.1, -0.1, 0.3)
    prose = sentences("Confidence at work improved. The weather improved.", "a.md")
    assert unsupported_claims(prose, {record.id: record}, study()) == []
    assert len(unsupported_sentences(prose, {record.id: record}, study())) == 1
