"""What is published as decided was decided on this cohort, never on another one of the same study."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from braid.presentation.prose import Prose
from braid.stages import triangulation
from braid.stages.triangulation import Triangulation
from braid.study import Decision, open_cohort

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
    shutil.copy(REPOSITORY / "analysis" / "study.yml", root / "analysis")
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
    pieces = (stage.description(), stage.joint_table(), stage.discordance(), stage.recommendations_table())
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
    said = undecided.convergence()
    assert said.startswith("How the strands converge has not yet been decided; the rule proposes agreement on 2")
    assert undecided.conclusion() == said
    assert "rule and" not in prose(undecided.description())


def test_only_decided_rows_are_counted(undecided: Triangulation) -> None:
    some = decided_on(undecided, gratitude="silence", competence="agreement", format="agreement")
    assert some.convergence() == (
        "Of the 5 questions of the joint display, there was agreement on 2 and silence on 1, and 2 are not yet decided."
    )
    every = decided_on(undecided, **dict.fromkeys(some.cohort.study.joint_display, "agreement"))
    assert every.convergence() == "Of the 5 questions of the joint display, there was agreement on 5."
    first = decided_on(undecided, format="agreement", time="dissonance")
    assert first.conclusion().startswith("What format means")
    assert first.convergence() in first.conclusion()
    records = {record.id: record.text for record in first.records()}
    assert "joint display" not in records["report.results"]


def test_where_the_team_overrules_the_rule_the_reader_is_told_why(undecided: Triangulation) -> None:
    stage = decided_on(undecided, competence="dissonance", format="silence", gratitude="silence")
    text = prose(stage.description())
    questions = stage.cohort.study.joint_display
    assert (
        f"On “{questions['competence'].question}” the rule proposes agreement, and the team decided dissonance." in text
    )
    assert (
        f"On “{questions['format'].question}” the rule proposes agreement, and the team decided silence: Why format."
        in text
    )
    assert questions["gratitude"].question not in text
    notes = prose(stage.discordance())
    assert "Why gratitude." in notes
    assert "Why format." not in notes
