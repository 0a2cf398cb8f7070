"""Figures of numbers beside words, of levels, and of what is published: each says in words what it shows."""

from __future__ import annotations

import pytest
from braid.presentation.harvest import Yield, harvest
from braid.presentation.joint import Meeting, statistics_by_themes
from braid.presentation.levels import Placed, themes_by_level

MEETINGS = [
    Meeting("Care, change", "0.55", "Peers", "7 of 30", "agreement"),
    Meeting("Care, change", "0.55", "Time", "8 of 30", "dissonance"),
    Meeting("Form", "4.7", "Peers", "7 of 30", "partial agreement"),
]
EFFECTS = {"yes": "effective", "mixed": "of mixed effect", "no": "not effective"}
LEVELS = ["Individual", "Group", "Leader"]


def test_each_pair_is_told_with_how_it_meets() -> None:
    figure = statistics_by_themes(MEETINGS)
    assert figure.alt.startswith("3 pairs of a statistic and a theme")
    assert "Care, change (0.55) and Time (8 of 30): dissonance" in figure.alt
    more = [Meeting(f"S{k}", "1", f"T{k}", "1 of 2", "silence") for k in range(12)]
    assert statistics_by_themes(more).points[1] > figure.points[1]


def test_a_long_legend_goes_on_below() -> None:
    ways = ("agreement", "partial agreement", "dissonance", "silence", "no proposal")
    few, all_ways = (
        [Meeting("S", "1", f"T{k}", "1 of 2", way) for k, way in enumerate(told)]
        for told in (ways[:2] + ways[:1] * 3, ways)
    )
    assert statistics_by_themes(all_ways).points[1] > statistics_by_themes(few).points[1]


def test_a_pair_that_meets_in_no_known_way_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown: luck"):
        statistics_by_themes([Meeting("a", "1", "b", "1 of 2", "luck")])
    with pytest.raises(ValueError, match="at least one"):
        statistics_by_themes([])


def test_a_theme_stands_at_its_level_and_a_hidden_count_is_not_told() -> None:
    figure = themes_by_level(
        [
            Placed("Individual", "Attitude", 6, 30, "resource"),
            Placed("Group", "Demands", None, 30, "demand"),
            Placed("Group", "Peers", 0, 30, ""),
        ]
    )
    assert "Individual, Attitude: 6 of 30, resource" in figure.alt
    assert "Group, Demands: –, demand" in figure.alt
    assert "Group, Peers: 0 of 30" in figure.alt


def test_a_harvest_plot_tells_every_programme() -> None:
    figure = harvest(
        [
            Yield(1, "First", "yes", "care", ("Individual", "Group"), 2),
            Yield(2, "Second", "no", "stress", ("Group",), None),
        ],
        LEVELS,
        EFFECTS,
        3,
    )
    assert "1 First: effective, care, Individual, Group, quality 2 of 3" in figure.alt
    assert figure.alt.endswith("2 Second: not effective, stress, Group.")
    with pytest.raises(ValueError, match="levels of the plot"):
        harvest([Yield(1, "First", "yes", "care", ("Team",), 2)], LEVELS, EFFECTS, 3)


def test_the_harvest_plot_of_many_programmes_is_no_wider_than_the_page() -> None:
    many = [Yield(k, f"P{k}", "yes", f"target {k % 8}", ("Group",), k % 4) for k in range(1, 60)]
    few = harvest(many[:2], LEVELS, EFFECTS, 3)
    assert harvest(many, LEVELS, EFFECTS, 3).points[0] == few.points[0]
