"""Figures: the same bytes on every run, nothing cut, nothing over another, nothing too small to read."""

from __future__ import annotations

import itertools
import json
import math
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from braid.presentation import coders, counts, flow, glance, likert, means, paired, saturation, style, themes
from braid.presentation.coders import CodeRow
from braid.presentation.figure import Figure
from braid.presentation.flow import Step
from braid.presentation.themes import Branch
from matplotlib.axes import Axes
from matplotlib.text import Text

ITEMS = [f"Item {k}: " + "noticing when a patient suffers and staying calm "[: 12 + 9 * (k % 5)] for k in range(36)]
LEVELS = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
LONG = "Unteilbaresallerlängsteswortdasjemalsjemandineinerbefragunggeschriebenhat"


def people(n: int) -> tuple[list[float], list[float]]:
    source = random.Random(n)
    before = [round(source.gauss(4, 0.5) * 15) / 15 for _ in range(n)]
    return before, [round((value + source.gauss(0.5, 0.5)) * 15) / 15 for value in before]


def multitude(n: int) -> tuple[np.ndarray, np.ndarray]:
    source = np.random.default_rng(n)
    before = np.round(source.normal(4, 0.5, n) * 15) / 15
    return before, np.round((before + source.normal(0.5, 0.5, n)) * 15) / 15


def item_means(n: int) -> Figure:
    before = [(3.5 + 0.02 * k, 3.4 + 0.02 * k, 3.6 + 0.02 * k) for k in range(n)]
    after = [None if k == 3 else (4.2, 4.1, 4.3) for k in range(n)]
    return means.item_means(ITEMS[:n], before, after, 1, 5, ("Before the very first session", "Six months later"))


def tree(themes_: int, leaves: int) -> list[Branch]:
    label = "Patients who feel they paid for it and say so"
    return [
        Branch(f"{k} Existing and potential facilitators", 10, tuple(Branch(label, j) for j in range(leaves)))
        for k in range(themes_)
    ]


FIGURES: dict[str, Callable[[], Figure]] = {
    "bars": lambda: counts.bars(["A", LONG, "C <x> $y$"], [3, 10, None], 13, ["x", "y", "x"]),
    "bars of many": lambda: counts.bars(ITEMS[:20], list(range(20)), 190),
    "items, 1": lambda: item_means(1),
    "items, 15": lambda: item_means(15),
    "items, 36": lambda: item_means(36),
    "items, all at the ceiling": lambda: means.item_means(ITEMS[:2], [(5, 5, 5)] * 2, [(5, 5, 5)] * 2, 1, 5),
    "change, 300 000": lambda: paired.paired_change(*multitude(300_000)),
    "forest": lambda: means.forest(
        [("Female", 0.6, 0.5, 0.7), (LONG, -0.2, -0.5, 0.1), ("Other", None, None, None)],
        groups=["Gender", "School", "Gender"],
        axis="Change of self-rated competence",
    ),
    "glance": lambda: glance.glance(
        [glance.Shift("Compassion", 1, 5, 4.0, 4.6, 0.6, 0.5, 0.7), glance.Shift(LONG, 0, 10, 0, 10, -0.2, -0.5, 0.1)],
        [glance.Voiced("Lack of time", 28, 30), glance.Voiced(ITEMS[4], None, 30), glance.Voiced("None", 0, 30)],
        ("Before the very first session", "Six months later"),
    ),
    "glance, words alone": lambda: glance.glance([], [glance.Voiced("Lack of time", 3, 3)]),
    "change, 10": lambda: paired.paired_change(*people(10)),
    "change, 4000": lambda: paired.paired_change(*people(4000), score=LONG[:30]),
    "likert": lambda: likert.likert(
        [*ITEMS[:5], LONG],
        [[1, 2, 3, 4, 5], [0, 0, 0, 0, 9], [9, 0, 0, 0, 0], [0, 0, 9, 0, 0], [0, 0, 0, 0, 0], [4, 4, 4, 4, 4]],
        LEVELS,
        missing=[0, 1, 2, 3, 15, 4],
    ),
    "map, 3": lambda: themes.theme_map(tree(3, 4), 30),
    "map, 7": lambda: themes.theme_map([*tree(6, 8), Branch(LONG, None, (Branch(LONG, 2),), text="< 5")], 30),
    "groups, 3": lambda: themes.theme_groups(
        ["A", LONG],
        ["Surgical", "Non-surgical", "Paediatric"],
        [[1, 0, 8], [None, 12, 3]],
        [10, 12, 8],
        headings={0: "B"},
    ),
    "groups, 9": lambda: themes.theme_groups(["A"], [f"Anaesthesiology {k}" for k in range(9)], [[5] * 9], [10] * 9),
    "coders": lambda: coders.coder_agreement(
        [
            CodeRow("Barriers", 0, 0.97, 0.9, 0.9, 0.95),
            CodeRow(LONG, 1, 0.9, -0.15, -0.14, 0.9),
            CodeRow("Nobody used this code", 2, 1.0, None, None, None),
        ]
    ),
    "saturation, 3": lambda: saturation.saturation_curve([17, 17, 17], event="Focus groups"),
    "saturation, 7": lambda: saturation.saturation_curve([5, 8, 9, 12, 12, 13, 13], base=4),
    "saturation, 60": lambda: saturation.saturation_curve([*range(10, 60), *[60] * 10], event=LONG, base=4),
    "flow": lambda: flow.flow([Step("Invited", 210, (("off duty", 4),)), Step("Took part", 204), Step(LONG, 200)]),
    "flow of groups": lambda: flow.flow(
        {f"Group {k}": [Step("Enrolled", 17, ((LONG, 2),)), Step("Ended", 15)] for k in range(4)}
    ),
}


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[style.Sheet]:
    """Every sheet that is drawn during the test."""
    seen: list[style.Sheet] = []
    finish = style.Sheet.svg

    def noted(self: style.Sheet) -> str:
        seen.append(self)
        return finish(self)

    monkeypatch.setattr(style.Sheet, "svg", noted)
    return seen


def axis_texts(axes: Axes) -> list[Text]:
    """Titles of the axes, and the labels of those ticks that lie within them."""
    out = [axes.xaxis.label, axes.yaxis.label]
    for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
        out += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return out


@pytest.mark.parametrize("name", FIGURES)
def test_texts_are_readable_whole_and_apart(name: str, sheets: list[style.Sheet]) -> None:
    figure = FIGURES[name]()
    drawn = sheets[-1].figure
    drawn.set_dpi(72)
    boxes = []
    for axes in drawn.axes:
        for text in [*axes.texts, *(axis_texts(axes) if axes.axison else [])]:
            if not text.get_text().strip():
                continue
            assert text.get_fontsize() >= 8, text
            assert not text.get_parse_math(), text
            boxes.append((text.get_text(), text.get_window_extent()))
    width, height = figure.points
    for words, box in boxes:
        assert box.x0 >= -0.4 and box.y0 >= -0.4 and box.x1 <= width + 0.4 and box.y1 <= height + 0.4, words
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        overlap = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        # Line boxes hold room above and below the letters: a few points of it may be shared.
        assert not (overlap[0] > 0.7 and overlap[1] > 2.5), (one, other)
    assert width == 453.6
    assert height / 72 <= 10.2


@pytest.mark.parametrize("name", ["bars", "change, 4000"])
def test_a_figure_is_the_same_whatever_matplotlib_is_set_to(name: str) -> None:
    first = FIGURES[name]()
    with matplotlib.rc_context(
        {"font.size": 30, "font.family": "serif", "axes.facecolor": "red", "text.parse_math": True}
    ):
        second = FIGURES[name]()
    assert first == second
    assert not any(word in first.svg for word in ("<!--", "<metadata", "Matplotlib", "<?xml", "<!DOCTYPE"))


@pytest.mark.slow
def test_a_figure_is_the_same_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.family: serif\nsavefig.dpi: 50\nbackend: svg\n", encoding="utf-8")
    code = (
        "import sys, hashlib; from braid.presentation import counts\n"
        "print(hashlib.sha256(counts.bars(['A', 'B'], [3, 4], 7).svg.encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "MATPLOTLIBRC": str(place), "PYTHONHASHSEED": seed, "MPLBACKEND": "svg"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for place, seed in ((tmp_path, "1"), ("", "2"))
    }
    assert len(found) == 1


def test_a_figure_is_shown_at_its_natural_size_with_its_words() -> None:
    figure = counts.bars(["A {{< env HOME >}}"], [3], 7, caption="People of *demo*")
    data, metadata = figure._repr_mimebundle_()
    assert data["image/svg+xml"] == figure.svg
    assert metadata["image/svg+xml"]["width"] == 605
    assert metadata["braid"]["caption"] == "People of \\*demo\\*"
    assert "{{" not in metadata["braid"]["alt"] and "3 (42.9%)" in metadata["braid"]["alt"]
    assert figure.points[0] == 453.6
    json.dumps([data, metadata])


def test_a_figure_needs_a_picture_and_words() -> None:
    with pytest.raises(ValueError, match="SVG"):
        Figure("<p>", "alt")
    with pytest.raises(ValueError, match="alternative text"):
        Figure(counts.bars(["A"], [1], 1).svg, "  ")


def test_before_and_after_differ_in_lightness() -> None:
    with matplotlib.rc_context():
        light = [style._luminance(color) for color in (style.BEFORE, style.AFTER)]
    assert (max(light) + 0.05) / (min(light) + 0.05) > 2


@pytest.mark.parametrize("levels", range(2, 8))
def test_levels_run_from_orange_over_grey_to_blue_and_stay_apart(levels: int) -> None:
    colors = likert._colors(levels)
    assert len(set(colors)) == levels
    assert (style.NEUTRAL in colors) == bool(levels % 2)
    rgb = np.array([matplotlib.colors.to_rgb(color) for color in colors])
    half = levels // 2
    assert (rgb[:half, 0] > rgb[:half, 2]).all() and (rgb[-half:, 2] > rgb[-half:, 0]).all()


def test_alternative_texts_tell_the_numbers() -> None:
    assert "A 3 (42.9%); B –" in counts.bars(["A", "B"], [3, None], 7).alt
    alt = paired.paired_change([3, 3, 3.1, math.nan], [4, 3, 3, 4]).alt
    assert "of 3 people: 1 (33.3%) lower, 1 (33.3%) the same, 1 (33.3%) higher" in alt
    assert "Mean change 0.30, from −0.10 to 1.00" in alt
    alt = likert.likert(["Q"], [[1, 1, 2]], ["no", "–", "yes"], missing=[3]).alt
    assert "Q: no 25%, – 25%, yes 50% (4 answers, 3 missing)" in alt
    assert "X 8 of 10, Y < 5" in themes.theme_groups(["T"], ["X", "Y"], [[8, None]], [10, 9], hidden="< 5").alt
    alt = FIGURES["coders"]().alt
    assert "Barriers: agreement 97%, kappa 0.90, alpha 0.90, AC1 0.95" in alt and "code: not estimable" in alt
    assert "5 after 1 (5 new), 8 after 2 (3 new)" in FIGURES["saturation, 7"]().alt
    alt = means.forest([("A", 0.5, -0.1, 1.1), ("B", None, None, None)]).alt
    assert "A 0.50 [−0.10, 1.10]; B not estimable" in alt
    alt = item_means(15).alt
    assert "Largest difference: Item 0" in alt and "3.50 to 4.20 (0.70)" in alt
    assert "A 10 (sub-themes: B < 5)" in themes.theme_map([Branch("A", 10, (Branch("B", None, text="< 5"),))], 30).alt


def test_floating_point_noise_is_no_change() -> None:
    assert "1 (100.0%) the same" in paired.paired_change([0.1 + 0.2], [0.3]).alt


def test_people_without_a_reason_are_counted_as_such() -> None:
    steps = [Step("Invited", 10, (("ill", 1),)), Step("Came", 6), Step("Interviewed", 2, sample=True)]
    assert flow.losses(steps[0], steps[1]) == [("ill", 1), ("no reason recorded", 3)]
    assert flow.losses(steps[1], steps[2]) == []
    assert flow.losses(Step("Paired", 5), Step("After", 7)) == []
    assert "Invited 10 (did not go on: 1 ill, 3 no reason recorded)" in flow.flow(steps).alt


def test_the_axis_shows_part_of_a_scale_only_where_that_helps() -> None:
    assert means._range([(4, 3.9, 4.1)], 1, 5)[:2] == (3.5, 4.5)
    assert means._range([(4, 3.9, 4.1), (2, 1.5, 2.2)], 1, 5)[:2] == (1, 5)
    assert means._range([], 1, 5)[:2] == (1, 5)
    low, high, step = means._range([(50, 0, 100)], 0, 100)
    assert (low, high) == (0, 100) and 4 <= (high - low) / step <= 10


@pytest.mark.parametrize(
    "call",
    [
        lambda: counts.bars([], [], 0),
        lambda: counts.bars(["a"], [1, 2], 3),
        lambda: means.item_means(["a"], [], [], 1, 5),
        lambda: means.item_means(["a"], [None], [None], 5, 5),
        lambda: paired.paired_change([1], [1, 2]),
        lambda: paired.paired_change([math.nan], [1]),
        lambda: likert.likert(["a"], [[1]], ["x"]),
        lambda: likert.likert(["a"], [[1, 2]], ["x", "y"], missing=[1, 2]),
        lambda: themes.theme_map([], 3),
        lambda: coders.coder_agreement([]),
        lambda: saturation.saturation_curve([]),
        lambda: saturation.saturation_curve([3, 2]),
        lambda: themes.theme_groups(["a"], ["g"], [[5]], [4]),
        lambda: flow.flow([]),
    ],
)
def test_values_that_do_not_fit_together_are_refused(call: Callable[[], Figure]) -> None:
    with pytest.raises(ValueError):
        call()
