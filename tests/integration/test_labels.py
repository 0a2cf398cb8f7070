"""Convergence, fit and strength have words for a sentence and words that stand alone."""

from __future__ import annotations

from typing import get_args

import pytest
from braid.integration import NO_PROPOSAL, label_alone, label_within
from braid.integration.recommendations import AGAIN, ONE_STRAND, UNDECIDED
from braid.language import speaking
from braid.study.joining import Convergence, Fit

LABELS = [*get_args(Convergence), *get_args(Fit), ONE_STRAND, UNDECIDED, AGAIN, NO_PROPOSAL]


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_said_as_it_stands_and_with_a_capital_alone(label: str) -> None:
    assert (label_within(label), label_alone(label)) == (label, label.capitalize())


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_said_in_the_language_in_force(label: str) -> None:
    with speaking("da"):
        assert label_within(label).capitalize() == label_alone(label)
        assert label_within(label) != label


def test_a_label_that_does_not_exist_is_a_bug() -> None:
    with pytest.raises(KeyError):
        label_within("luck")
