"""Numbers of one column stand under each other."""

from __future__ import annotations

from braid.presentation.alignment import FIGURE_SPACE, POINT_SPACE, align_numbers
from braid.presentation.inline import Markdown


def test_counts_and_percentages_get_the_same_width() -> None:
    assert align_numbers(["142 (69.6%)", "9 (4.4%)"]) == ["142 (69.6%)", f"9{FIGURE_SPACE} (4.4%)"]


def test_points_stand_in_line() -> None:
    assert align_numbers(["1.25", "10.5", "3"]) == ["1.25", f"10.5{FIGURE_SPACE}", f"3{POINT_SPACE}{FIGURE_SPACE * 2}"]


def test_a_minus_sign_takes_the_place_of_a_digit() -> None:
    assert align_numbers(["0.15 [−0.13, 0.63]", "0.35 [0.17, 0.63]"])[1] == f"0.35{FIGURE_SPACE} [0.17, 0.63]"


def test_other_cells_stay_as_they_are() -> None:
    cells = ["–", "< .001", ".034", None, Markdown("**204**"), "text"]
    assert align_numbers(cells) == cells


def test_different_shapes_are_aligned_apart() -> None:
    assert align_numbers(["26.61 ± 2.21", "142 (69.6%)", "7.5 ± 1.00"])[2] == f"7.5{FIGURE_SPACE} ± 1.00"
