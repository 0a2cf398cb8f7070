"""Reporting guidelines: every key and every place they name exists, and what is missing says what to write."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from braid.integration.checklists import checklists, filled
from braid.integration.checklists.filled import told
from braid.study import Cohort, open_cohort
from braid.study.reporting import Reporting

REPOSITORY = Path(__file__).resolve().parents[2]
SIZES = {"GRAMMS": 6, "SRQR": 21, "TIDieR": 12, "GRIPP2": 5}


@pytest.fixture(scope="module")
def demo() -> Cohort:
    return open_cohort("demo", REPOSITORY)


def test_the_four_guidelines_have_their_items() -> None:
    assert {one.name: len(one.items) for one in checklists()} == SIZES


def test_every_key_that_a_guideline_names_is_one_of_the_models(demo: Cohort) -> None:
    keys = [key for one in checklists() for several in one.applies for key in several.split(" or ")]
    for one in checklists():
        for item in one.items:
            for named in item.where.values():
                keys += [named] if isinstance(named, str) else named
    assert len(keys) > sum(SIZES.values())
    assert {isinstance(told(demo, key), bool) for key in keys} == {True}


def test_every_place_that_a_guideline_names_is_in_the_report() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "reports" / "sections").glob("*.qmd"))
    places = set(re.findall(r"\{(?:[.\w -]*)#(sec-[\w-]+)", text)) | set(
        re.findall(r"ipynb#((?:tbl|fig)-[\w-]+)", text)
    )
    named = {place for one in checklists() for item in one.items for place in item.where if "-" in place}
    assert named - places == set()
    assert "declarations" in text.lower()


def test_every_work_that_a_guideline_cites_is_in_the_bibliography() -> None:
    works = (REPOSITORY / "reports" / "references.bib").read_text(encoding="utf-8")
    assert [one.source for one in checklists() if f"{{{one.source.removeprefix('@')}," not in works] == []


def test_an_item_is_met_where_its_keys_are_told_and_else_says_what_to_write(demo: Cohort) -> None:
    silent = demo.study.model_copy(update={"reporting": Reporting(ethics="Board 7 agreed.")})
    spec = demo.spec.model_copy(update={"reporting": Reporting()})
    found = {one.checklist.name: one for one in filled(replace(demo, study=silent, spec=spec))}
    srqr = {item.name: item for item in found["SRQR"].items}
    assert srqr["Ethics"].where == ("sec-conduct",)
    assert (srqr["Funding"].missing, srqr["Funding"].todo) == (True, "write reporting.funding in analysis/study.yml")
    gramms = {item.name: item for item in found["GRAMMS"].items}
    assert gramms["Each method"].todo == "write reporting.sampling, reporting.collection in analysis/study.yml"
    assert gramms["Insights"].where == ("tbl-joint",)


def test_what_a_cohort_says_counts_before_what_the_study_plans(demo: Cohort) -> None:
    spec = demo.spec.model_copy(
        update={"reporting": Reporting.model_validate({"involvement": {"aim": "To be heard."}})}
    )
    cohort = replace(demo, spec=spec)
    gripp = next(one for one in filled(cohort) if one.checklist.name == "GRIPP2")
    assert [item.name for item in gripp.items if not item.missing] == ["Aim"]
    assert demo.programme.why == demo.study.programme.why
    assert demo.programme.fidelity_actual == demo.spec.programme.fidelity_actual != ""


def test_guidelines_for_words_are_not_asked_of_numbers_alone(demo: Cohort) -> None:
    alone = replace(demo, spec=demo.spec.model_copy(update={"interviews": None}))
    assert [one.checklist.name for one in filled(alone)] == ["TIDieR", "GRIPP2"]


def test_the_guideline_for_mixed_methods_is_asked_only_where_both_strands_are_there(demo: Cohort) -> None:
    words = demo.spec.model_copy(update={"waves": {}, "satisfaction": None})
    assert [one.checklist.name for one in filled(replace(demo, spec=words))] == ["SRQR", "TIDieR", "GRIPP2"]
    form = demo.spec.model_copy(update={"waves": {}})
    assert filled(replace(demo, spec=form))[0].checklist.name == "GRAMMS"


def test_every_piece_of_the_notebook_is_in_a_section() -> None:
    notebook = json.loads((REPOSITORY / "analysis" / "06_triangulation.ipynb").read_text(encoding="utf-8"))
    labels = re.findall(r"#\| label: (\S+)", "".join("".join(cell["source"]) for cell in notebook["cells"]))
    text = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "reports" / "sections").glob("*.qmd"))
    assert [label for label in labels if f"06_triangulation.ipynb#{label} " not in text] == []
