"""The response scale of items of which no study says how they are answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from braid.drafting.columns import Column, folded
from braid.drafting.draft import Reason
from braid.drafting.grades import in_order

FEWEST = 3
"""Items that a hint at reversed ones needs."""
ENOUGH_ROWS = 10
CLEAR = 0.15
"""Weight on the first component from which the direction of an item is clear."""


@dataclass(frozen=True)
class Answers:
    """How items are answered. responses: numbers with their labels. questions: what only a person can say."""

    responses: dict[int, str]
    why: Reason
    questions: tuple[str, ...] = ()


def answers_of(columns: Sequence[Column]) -> Answers:
    """The response scale of items that are answered in the same way."""
    meanings = next((column.meanings for column in columns if column.meanings), {})
    whole = {int(float(cell)): text for cell, text in meanings.items() if re.fullmatch(r"-?\d+(\.0)?", cell)}
    if len(whole) > 1:
        return Answers(dict(sorted(whole.items())), Reason("certain", "the labels stand in the file"))
    filled = [column for column in columns if column.counts]
    if all(column.is_number for column in filled):
        low, high = min(c.range[0] for c in filled), max(c.range[1] for c in filled)
        start = 0 if low == 0 else 1
        question = f"what do {start} and {high} mean, and are there answers that nobody gave?"
        responses = {number: f"TODO: what {number} means" for number in (start, high)}
        return Answers(responses, Reason("likely", f"all cells lie between {low} and {high}"), (question,))
    counts: Counter[str] = Counter()
    for column in filled:
        counts.update(column.counts)
    words = list({folded(word): word for word in reversed([word for word, _ in counts.most_common()])}.values())
    ordered = in_order(words)
    if ordered is not None:
        why = "the words are of a known order; a word that nobody chose is not among them"
        return Answers(dict(enumerate(ordered, start=1)), Reason("likely", why))
    listed = ", ".join(repr(word) for word in sorted(words, key=folded))
    question = (
        f"from least to most, what is the order of {listed}? Write them so as `responses`, for each TODO one word."
    )
    responses = {number: f"TODO: word {number}" for number in range(1, len(words) + 1)}
    why = f"the order of its {len(words)} words is not known; `braid check` refuses them until a person orders them"
    return Answers(responses, Reason("a guess", why), (question,))


def negative_items(columns: Mapping[str, Column], answers: Answers) -> list[str]:
    """Items that correlate negatively with the rest of their block: a hint at reversed ones, nothing more."""
    words = {folded(text): number for number, text in answers.responses.items()}
    scored = {i: c.numbers if c.is_number else c.cells.map(folded).map(words) for i, c in columns.items()}
    table = pd.DataFrame({item: values for item, values in scored.items() if values.notna().any()})
    if table.shape[1] < FEWEST or len(table) < ENOUGH_ROWS:
        return []
    # The first component tells the two directions apart where half of the items are reversed, which the
    # correlation with the mean of the others cannot.
    matrix = np.nan_to_num(table.corr(min_periods=ENOUGH_ROWS).to_numpy(), nan=0.0)
    weights = np.linalg.eigh(matrix)[1][:, -1]
    sides = np.where(np.abs(weights) > CLEAR, np.sign(weights), 0)
    against = -1 if (sides > 0).sum() >= (sides < 0).sum() else 1
    return [str(item) for item, side in zip(table.columns, sides, strict=True) if side == against]
