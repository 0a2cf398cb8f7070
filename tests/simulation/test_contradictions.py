"""The printed figures that were left out: each contradicts what was kept, and fewer would not do."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from braid.errors import UserError
from braid.simulation import Targets, contradictions, draw, read_targets
from braid.simulation.consistency import between_squares, d_av_interval
from braid.simulation.printed import interval
from braid.simulation.targets import Moments
from braid.study import Cohort

MakeCohort = Callable[..., Cohort]
LEFT_OUT = (
    "scales.scq.groups.field.levels.nonsurgical.sd",
    "scales.scq.groups.field.levels.surgical.mean",
    "scales.scq.groups.field.p",
    "satisfaction.reading.top_percent",
)


@pytest.fixture
def targets(demo: Cohort) -> Targets:
    found = read_targets(demo)
    assert found is not None
    return found


def test_what_was_kept_holds_no_contradiction(targets: Targets, demo: Cohort) -> None:
    assert contradictions(targets, demo.study) == []


def test_exactly_these_figures_were_left_out(targets: Targets) -> None:
    assert tuple(entry.target for entry in targets.left_out) == LEFT_OUT


@pytest.mark.parametrize("figure", LEFT_OUT)
def test_each_figure_left_out_contradicts_those_kept(targets: Targets, demo: Cohort, figure: str) -> None:
    found = contradictions(targets.restored(figure), demo.study)
    place = figure.split(".levels")[0].removesuffix(".p")
    assert any(target.startswith(place) for c in found for target in c.targets)


def test_a_contradiction_tells_its_arithmetic(targets: Targets, demo: Cohort) -> None:
    (found,) = contradictions(targets.restored("satisfaction.reading.top_percent"), demo.study)
    assert found.arithmetic == "164 of 204 is 80.39%, not 78.4%, which only 160 fits"
    (found,) = contradictions(targets.restored("scales.scq.groups.field.levels.surgical.mean"), demo.study)
    assert "[4.0297, 4.0333]" in found.arithmetic and "[4.0186, 4.0281]" in found.arithmetic


def test_the_arithmetic_in_the_file_is_right() -> None:
    assert pytest.approx(0.5468, abs=5e-5) == ((70 * 0.515**2 + 132 * 0.565**2) / 203) ** 0.5
    assert int(71 * 15 * 4.035) + int(133 * 15 * 4.025) == 12326
    assert pytest.approx(4.0281, abs=5e-5) == 12326 / 3060
    assert pytest.approx(4.0297, abs=5e-5) == 12331 / 3060
    assert pytest.approx(4.0294, abs=5e-5) == 12330 / 3060
    assert pytest.approx(80.39, abs=5e-3) == 100 * 164 / 204


@pytest.mark.slow
def test_no_two_figures_of_the_first_wave_suffice_to_mend_it(targets: Targets, demo: Cohort) -> None:
    content = targets.restored(*LEFT_OUT).model_dump()
    content["satisfaction"] = {}
    scale = content["scales"]["scq"]
    places: list[tuple[dict[str, Any], str]] = [(scale["waves"]["pre"], "mean"), (scale["waves"]["pre"], "sd")]
    for group in scale["groups"].values():
        places.append((group, "p"))
        places += [(level, figure) for level in group["levels"].values() for figure in ("mean", "sd")]
    assert len(places) == 22
    for (one, a), (other, b) in combinations(places, 2):
        kept = one[a], other[b]
        one[a] = other[b] = None
        assert contradictions(Targets.model_validate(content), demo.study), (a, b, kept)
        one[a], other[b] = kept


def test_the_effect_size_fits_the_averaged_sd_and_has_the_known_interval() -> None:
    low, high = d_av_interval(Moments(mean="4.03", sd="0.54"), Moments(mean="4.58", sd="0.47"))
    assert (low, high) == (pytest.approx(1.056, abs=5e-4), pytest.approx(1.117, abs=5e-4))


def test_squares_between_two_groups_are_bounded_exactly() -> None:
    one, other = interval("3.94"), interval("4.07")
    least, most = between_squares([(62, one), (142, other)])
    assert float(least) == pytest.approx(62 * 142 / 204 * 0.12**2)
    assert float(most) == pytest.approx(62 * 142 / 204 * 0.14**2)


def test_targets_that_contradict_each_other_are_refused(
    demo_like: tuple[dict[str, Any], dict[str, Any]], make_cohort: MakeCohort
) -> None:
    study, targets = demo_like
    cohort = make_cohort(study, COHORT, targets=targets)
    with pytest.raises(UserError) as caught:
        draw(cohort)
    assert "satisfaction.useful" in str(caught.value) and "left_out" in str(caught.value)


COHORT = {
    "title": "Trial",
    "synthetic": True,
    "waves": {"pre": {"file": "pre.csv", "key": "id"}},
    "satisfaction": {"file": "form.csv"},
}


@pytest.fixture
def demo_like() -> tuple[dict[str, Any], dict[str, Any]]:
    responses = {1: "no", 2: "rather not", 3: "neutral", 4: "rather", 5: "yes"}
    study = {
        "title": "Trial",
        "authors": [{"name": "Nobody"}],
        "question": "Does it hold?",
        "design": "One wave.",
        "programme": {"name": "P", "participants": "nobody", "description": "none"},
        "waves": {"pre": "Before"},
        "scales": {"s": {"label": "S", "short": "S", "responses": responses, "items": {"a": "A", "b": "B"}}},
        "satisfaction": {"label": "F", "responses": responses, "items": {"useful": "U"}},
    }
    return study, {"source": "invented", "n": 10, "satisfaction": {"useful": {"mean": "4.55"}}}
