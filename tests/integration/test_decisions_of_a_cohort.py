"""What is published as decided was decided on this cohort, never on another one of the same study."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from braid.presentation.prose import Prose
from braid.stages import answer, harm_together, joint, levels, triangulation
from braid.stages.triangulation import Triangulation
from braid.study import Basis, Decision, open_cohort

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = [
    text
    for cohort in ("demo", "demo-next")
    for spec in [open_cohort(cohort, REPOSITORY).spec]
    for text in (
        *(decision.meta_inference for decision in spec.decisions.values()),
        *(decision.explanation for decision in spec.decisions.values() if decision.explanation),
        *(recommendation.text for recommendation in spec.recommendations),
        *(decision.decided_by for decision in spec.decisions.values()),
    )
]


@pytest.fixture(scope="module")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> Triangulation:
    """demo-next as a cohort on which nothing has been decided."""
    root = tmp_path_factory.mktemp("project")
    (root / "analysis").mkdir()
    shutil.copy(REPOSITORY / "_quarto.yml", root)
    for name in ("study.yml", "literature.csv"):
        shutil.copy(REPOSITORY / "analysis" / name, root / "analysis")
    shutil.copytree(REPOSITORY / "data_raw" / "demo-next", root / "data_raw" / "new")
    file = root / "data_raw" / "new" / "cohort.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    del content["decisions"], content["recommendations"]
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return triangulation.open("new")


def decided_on(stage: Triangulation, **decisions: str) -> Triangulation:
    """The same cohort with rows decided on, by the convergence given."""
    made = {
        row: Decision.model_validate(
            {
                "convergence": convergence,
                "fit": "expansion",
                "meta_inference": f"What {row} means.",
                "explanation": "" if row == "competence" else f"Why {row}.",
                "decided_by": "R. Searcher",
                "decided_on": "2026-11-01",
            }
        )
        for row, convergence in decisions.items()
    }
    spec = stage.cohort.spec.model_copy(update={"decisions": made})
    return replace(stage, cohort=replace(stage.cohort, spec=spec))


def prose(piece: object) -> str:
    assert isinstance(piece, Prose)
    return str(piece)


def published(stage: Triangulation) -> str:
    pieces = (
        joint.description(stage),
        joint.table(stage),
        joint.discordance(stage),
        levels.recommendations_table(stage),
    )
    shown = [piece._repr_mimebundle_()[0]["text/plain"] for piece in pieces]
    records = [f"{r.text} {r.method} {' '.join(r.parts.values())}" for r in stage.records()]
    return " ".join(" ".join([*shown, *records]).split())


def test_a_cohort_without_decisions_is_not_published_with_those_of_another(undecided: Triangulation) -> None:
    text = published(undecided)
    assert len(WORDS) > 10
    assert [words for words in WORDS if words[:30] in text] == []
    assert "as decided by" not in text
    assert "decided by a named person" not in text
    assert "To be written" in text
    records = {record.id: record for record in undecided.records()}
    assert {records[f"joint.{row}"].text for row in undecided.cohort.study.joint_display} == {"not yet decided"}
    assert records["joint.competence"].parts["proposed"] == "agreement"
    assert (records["has.recommendations"].text, records["has.joint"].text) == ("no", "yes")


def test_without_decisions_the_convergence_is_a_proposal(undecided: Triangulation) -> None:
    said = joint.convergence(undecided)
    assert said.startswith("How the strands converge has not yet been decided; the rule proposes agreement on 2")
    assert answer.conclusion(undecided) == said
    assert "rule and" not in prose(joint.description(undecided))


def test_only_decided_rows_are_counted(undecided: Triangulation) -> None:
    some = decided_on(undecided, gratitude="silence", competence="agreement", format="agreement")
    assert joint.convergence(some) == (
        "Of the 5 questions of the joint display, there was agreement on 2 and silence on 1, and 2 are not yet decided."
    )
    every = decided_on(undecided, **dict.fromkeys(some.cohort.study.joint_display, "agreement"))
    assert joint.convergence(every) == "Of the 5 questions of the joint display, there was agreement on 5."
    first = decided_on(undecided, format="agreement", time="dissonance")
    assert answer.conclusion(first).startswith("What format means")
    assert joint.convergence(first) in answer.conclusion(first)
    records = {record.id: record.text for record in first.records()}
    assert "joint display" not in records["report.results"]


def test_where_the_team_overrules_the_rule_the_reader_is_told_why(undecided: Triangulation) -> None:
    stage = decided_on(undecided, competence="dissonance", format="silence", gratitude="silence")
    text = prose(joint.description(stage))
    questions = stage.cohort.study.joint_display
    assert (
        f"On “{questions['competence'].question}” the rule proposes agreement, and the team decided dissonance." in text
    )
    assert (
        f"On “{questions['format'].question}” the rule proposes agreement, and the team decided silence: Why format."
        in text
    )
    assert questions["gratitude"].question not in text
    notes = prose(joint.discordance(stage))
    assert "Why gratitude." in notes
    assert "Why format." not in notes


def test_where_the_results_have_changed_the_report_asks_to_decide_again(undecided: Triangulation) -> None:
    stage = decided_on(undecided, competence="agreement", gratitude="silence")
    spec = stage.cohort.spec
    earlier = Basis(numbers="unfavourable", words="favourable", prominent=True)
    changed = spec.decisions["competence"].model_copy(update={"decided_from": earlier})
    spec = spec.model_copy(update={"decisions": {**spec.decisions, "competence": changed}})
    stage = replace(stage, cohort=replace(stage.cohort, spec=spec))
    assert joint.convergence(stage) == (
        "Of the 5 questions of the joint display, there was silence on 1, 3 are not yet decided, and 1 has to be "
        "decided again."
    )
    said = prose(joint.description(stage))
    assert "was decided as agreement by R. Searcher on 2026-11-01, when the results were: numbers unfavour" in said
    assert "They have changed since: numbers favourable, words favourable and prominent" in said
    assert "it proposes the same" in said, "of the decision that still holds"
    assert "What competence means." not in published(stage)
    assert "What gratitude means." in published(stage)
    records = {record.id: record for record in stage.records()}
    assert records["joint.competence"].text == "to decide again"
    assert records["joint.competence"].parts["numbers"] == "favourable"


def test_harm_is_told_in_both_strands_and_silence_is_not_taken_for_its_absence(undecided: Triangulation) -> None:
    said = prose(harm_together.description(undecided))
    assert "reliably deteriorated" in said
    assert "no theme for harm, so that silence in the interviews says nothing about it" in said
