"""A picture of a multitude draws what can be seen: bars for bins, never a mark for each person."""

from __future__ import annotations

import numpy as np
import pytest
from braid.presentation import paired, style

from .test_figures import multitude


def drawn(monkeypatch: pytest.MonkeyPatch, people: int) -> int:
    """How many patches and lines the picture of so many people is made of."""
    sheets: list[style.Sheet] = []
    svg = style.Sheet.svg
    monkeypatch.setattr(style.Sheet, "svg", lambda sheet: [sheets.append(sheet), svg(sheet)][1])
    paired.paired_change(*multitude(people))
    return sum(len(axes.patches) + len(axes.lines) for axes in sheets[-1].figure.axes)


def test_the_change_of_a_multitude_is_drawn_with_as_few_marks_as_that_of_a_thousand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert drawn(monkeypatch, 200_000) < 150
    assert drawn(monkeypatch, 200_000) < 3 * drawn(monkeypatch, 1000)


def test_the_bars_of_a_multitude_hold_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[float] = []
    stacked = paired._stacked
    monkeypatch.setattr(
        paired, "_stacked", lambda axes, some, *more: (held.append(len(some)), stacked(axes, some, *more))
    )
    before, after = multitude(50_000)
    before[:100] = np.nan
    figure = paired.paired_change(before, after)
    assert sum(held) == 49_900
    assert "49\u202f900 people" in figure.alt


def test_the_axis_of_many_people_counts_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    labels: list[str] = []
    svg = style.Sheet.svg

    def noted(sheet: style.Sheet) -> str:
        labels.extend(axes.get_ylabel() for axes in sheet.figure.axes)
        return svg(sheet)

    monkeypatch.setattr(style.Sheet, "svg", noted)
    paired.paired_change(*multitude(1000))
    paired.paired_change(*multitude(200_000))
    assert [label for label in labels if label] == ["People", "Thousand people"]
