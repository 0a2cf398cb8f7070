"""A cohort from study.yml alone: every kind of study, before any data are there."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from braid.errors import UserError
from braid.simulation import draft_cohort, draw, simulate, write
from braid.simulation.figures import score
from braid.study import Cohort, Study

MakeCohort = Callable[..., Cohort]


def study(**changes: Any) -> dict[str, Any]:
    responses = {number: f"level {number}" for number in range(1, 8)}
    content: dict[str, Any] = {
        "title": "Trial",
        "authors": [{"name": "Nobody"}],
        "question": "Does it run?",
        "design": "Invented.",
        "programme": {"name": "P", "participants": "nobody", "description": "none"},
        "waves": {"before": "Before", "after": "After"},
        "characteristics": {
            "age": {"label": "Age", "type": "number", "minimum": 20, "maximum": 60},
            "ward": {"label": "Ward", "levels": {"a": "A", "b": "B", "c": "C"}},
        },
        "scales": {
            "strain": {
                "label": "Strain",
                "short": "Strain",
                "score": "sum",
                "higher_is": "worse",
                "reverse": ["s2", "s4"],
                "responses": responses,
                "items": {f"s{number}": f"Strain {number}" for number in range(1, 7)},
            },
            "hope": {
                "label": "Hope",
                "short": "Hope",
                "responses": {0: "no", 1: "yes"},
                "items": {f"h{number}": f"Hope {number}" for number in range(1, 4)},
            },
        },
        "satisfaction": {"label": "Form", "responses": responses, "items": {"good": "Good", "long": "Long"}},
        "coding": {
            "groups": {"day": "Day", "night": "Night"},
            "themes": {"help": {"label": "Help", "themes": {"peers": {"label": "Peers"}}}, "load": {"label": "Load"}},
        },
    }
    content |= changes
    return {key: value for key, value in content.items() if value is not None}


VARIANTS: dict[str, dict[str, Any]] = {
    "everything": {},
    "no satisfaction": {"satisfaction": None},
    "no coding": {"coding": None},
    "one wave": {"waves": {"only": "Only"}},
    "words only": {"scales": None, "waves": None, "characteristics": None, "satisfaction": None},
    "reflexive": {"coding": {"approach": "reflexive", "themes": {"load": {"label": "Load"}}}},
    "no characteristics": {"characteristics": None},
}


def trial(make_cohort: MakeCohort, **changes: Any) -> Cohort:
    content = study(**changes)
    return make_cohort(content, draft_cohort(Study.model_validate(content), "trial", 5))


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_file_that_the_cohort_names_is_simulated(make_cohort: MakeCohort, variant: str) -> None:
    cohort = trial(make_cohort, **VARIANTS[variant])
    files = simulate(cohort, people=40)
    assert set(cohort.spec.tables()) <= set(files)
    assert "synthetic" in files["README.md"]
    assert files == simulate(cohort, people=40)
    assert files != simulate(cohort, people=40, seed=6)


def test_answers_lie_on_their_scale_and_some_are_missing(make_cohort: MakeCohort) -> None:
    frames = draw(trial(make_cohort))
    assert len(frames.people) == 120
    for answers in frames.waves.values():
        assert list(answers) == [*(f"s{n}" for n in range(1, 7)), *(f"h{n}" for n in range(1, 4))]
        values = answers.filter(like="s").to_numpy()
        assert set(values[~np.isnan(values)]) <= set(range(1, 8))
        assert 0 < np.isnan(answers.to_numpy()).mean() < 0.1
    assert len(frames.waves["after"]) < len(frames.waves["before"])


def test_reverse_items_are_ticked_the_other_way_round(make_cohort: MakeCohort) -> None:
    answers = draw(trial(make_cohort), people=400).waves["before"].dropna()
    one, turned, other = (answers[item].to_numpy() for item in ("s1", "s2", "s3"))
    assert np.corrcoef(one, other)[0, 1] > 0.2
    assert np.corrcoef(one, turned)[0, 1] < -0.2


def test_the_score_moves_towards_the_better_side(make_cohort: MakeCohort) -> None:
    cohort = trial(make_cohort)
    frames = draw(cohort, people=300)
    strain, hope = (
        {wave: score(cohort.study.scales[name], answers).mean() for wave, answers in frames.waves.items()}
        for name in ("strain", "hope")
    )
    assert strain["after"] < strain["before"]
    assert hope["after"] > hope["before"]


def test_sample_interviews_say_that_they_are_samples(make_cohort: MakeCohort) -> None:
    files = simulate(trial(make_cohort), people=20)
    segments = pd.read_csv(io.StringIO(files["segments.csv"]))
    assert set(segments.code_path) == {"Help > Peers", "Load"}
    assert set(segments.group) == {"day", "night"} and set(segments.coder) == {"Coder A", "Coder B"}
    for quote in segments.quote:
        assert any(word in quote.lower() for word in ("synthetic", "sample", "invented", "made-up", "in place of"))
    for row in segments.itertuples():
        assert files[f"transcripts/{row.source}.txt"][row.start : row.end] == row.quote


def test_columns_follow_the_names_in_cohort_yml(make_cohort: MakeCohort) -> None:
    spec = {
        "title": "T",
        "synthetic": True,
        "people": {"file": "all.csv", "key": "id", "characteristics": {"ward": "Unit"}},
        "waves": {
            "before": {"file": "all.csv", "key": "id", "columns": "pre_{item}"},
            "after": {"file": "all.csv", "key": "id", "columns": "post_{item}", "rename": {"h1": "Hope one"}},
        },
        "satisfaction": {"file": "form.csv", "rename": {"good": "Q1"}},
    }
    files = simulate(make_cohort(study(coding=None), spec), people=25)
    wide = pd.read_csv(io.StringIO(files["all.csv"]))
    assert list(wide.columns[:3]) == ["id", "Unit", "pre_s1"]
    assert {"post_s6", "Hope one"} <= set(wide.columns)
    assert len(wide) == 25 and wide["id"].is_unique
    assert list(pd.read_csv(io.StringIO(files["form.csv"])).columns) == ["Q1", "long"]


def test_targets_work_for_sum_scores_lower_is_better_and_three_groups(make_cohort: MakeCohort) -> None:
    targets = {
        "source": "invented",
        "n": 90,
        "characteristics": {"ward": {"counts": {"a": 40, "b": 30, "c": 20}}, "age": {"mean": "35.2", "sd": "7.10"}},
        "scales": {
            "strain": {
                "waves": {"before": {"mean": "24.3", "sd": "5.1"}, "after": {"mean": "21.0", "sd": "5.6"}},
                "groups": {"ward": {"levels": {"a": {"mean": "25.1"}, "c": {"sd": "4.4"}}, "p": ".21"}},
                "slopes": {"age": {"p": ".044"}},
                "change": {"d_av": "-0.62", "p": "< .001"},
                "correlation": 0.6,
            },
            "hope": {"waves": {"before": {"mean": "0.55"}}},
        },
        "satisfaction": {"good": {"mean": "5.9", "sd": "1.2"}, "long": {"top": 31, "top_percent": "34.4"}},
    }
    content = study(coding=None)
    text = draft_cohort(Study.model_validate(content), "trial", 5)
    frames = draw(make_cohort(content, text, targets=targets))  # raises where a figure is missed
    assert frames.waves["before"].shape == (90, 9)


def test_welch_targets_are_met(make_cohort: MakeCohort) -> None:
    targets = {
        "source": "invented",
        "n": 60,
        "characteristics": {"sex": {"counts": {"f": 45, "m": 15}}},
        "scales": {
            "hope": {
                "groups": {"sex": {"p": ".31", "test": "welch", "levels": {"f": {"mean": "4.2"}, "m": {"sd": "1.10"}}}}
            }
        },
    }
    items = {f"h{n}": f"Hope {n}" for n in range(1, 5)}
    responses = {n: f"level {n}" for n in range(1, 8)}
    content = study(
        coding=None,
        satisfaction=None,
        characteristics={"sex": {"label": "Sex", "levels": {"f": "F", "m": "M"}}},
        scales={"hope": {"label": "H", "short": "H", "responses": responses, "items": items}},
    )
    text = draft_cohort(Study.model_validate(content), "trial", 5)
    assert len(draw(make_cohort(content, text, targets=targets)).people) == 60


def test_the_number_of_people_cannot_contradict_the_targets(demo: Cohort) -> None:
    with pytest.raises(UserError, match="204"):
        draw(demo, people=100)


def test_a_cohort_that_does_not_say_it_is_synthetic_is_not_simulated(make_cohort: MakeCohort) -> None:
    spec = {"title": "Real", "waves": {"before": {"file": "a.csv", "key": "id"}}}
    with pytest.raises(UserError, match="synthetic: true"):
        simulate(make_cohort(study(coding=None), spec))


def test_files_that_exist_are_not_replaced_unasked(make_cohort: MakeCohort) -> None:
    cohort = trial(make_cohort)
    files = simulate(cohort, people=20)
    paths = write(cohort, files)
    assert all(path.is_file() for path in paths)
    assert write(cohort, files) == paths
    mine = cohort.raw("survey_before.csv")
    mine.write_text("participant,s1\nP1,3\n", encoding="utf-8")
    gone = cohort.raw("evaluation.csv")
    gone.unlink()
    with pytest.raises(UserError, match=r"survey_before\.csv"):
        write(cohort, files)
    assert mine.read_text(encoding="utf-8").endswith("P1,3\n") and not gone.exists()
    write(cohort, files, overwrite=True)
    assert mine.read_bytes() == files["survey_before.csv"].encode("utf-8")


def test_a_draft_is_a_valid_cohort_and_a_bad_name_is_refused(root: Path) -> None:
    shared = Study.model_validate(yaml.safe_load((root / "analysis" / "study.yml").read_text(encoding="utf-8")))
    assert yaml.safe_load(draft_cohort(shared, "spring-2027", 3))["synthetic"] is True
    with pytest.raises(UserError):
        draft_cohort(shared, "../outside", 3)
