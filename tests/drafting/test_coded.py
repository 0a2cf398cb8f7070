"""`braid new` on what a coding program wrote: the cohort's interviews and the study's themes are proposed."""

from __future__ import annotations

from pathlib import Path

import yaml
from braid.drafting import propose
from braid.study import CohortSpec, Study

from tests.intake.coded.refi_files import CODED, TEXT, project, selections, source, write

TAGUETTE = Path(__file__).parents[1] / "intake" / "coded" / "taguette"
VARIABLES = """<Variables><Variable guid="v" name="Specialty"/></Variables><Cases><Case name="P 01">
 <VariableValue><VariableRef targetGUID="v"/><TextValue>Surgery</TextValue></VariableValue>
 <SelectionRef targetGUID="S0"/></Case></Cases>"""


def test_a_project_drafts_the_interviews_and_the_codebook_with_its_descriptions(tmp_path: Path) -> None:
    path = write(tmp_path, project(source(selections(TEXT)), rest=VARIABLES), {"Sources/t1.txt": TEXT})
    proposal = propose("ward", {path.name: path}, None)
    assert proposal is not None
    assert proposal.study is not None
    cohort = CohortSpec.model_validate(yaml.safe_load(proposal.cohort))
    assert cohort.interviews is not None
    assert cohort.interviews.project == "coding.qdpx"
    study = Study.model_validate(yaml.safe_load(proposal.study))
    assert study.coding is not None
    themes = study.coding.paths()
    assert list(themes) == ["barriers", "barriers.time", "barriers.noise", "helps", "helps.peers", "helps.food"]
    assert themes["barriers.time"].description == "Too little of it"
    assert study.coding.approach == "codebook", "two people coded"
    assert any("Specialty (of participants)" in question for question in proposal.decisions)


def test_a_table_of_participants_goes_with_a_project(tmp_path: Path) -> None:
    path = write(tmp_path, project(source(selections(TEXT))), {"Sources/t1.txt": TEXT})
    table = tmp_path / "who.csv"
    table.write_text("participant,group\nFGD_1_Speaker_1,north\nFGD_1_Speaker_2,south\n", encoding="utf-8")
    proposal = propose("ward", {path.name: path, table.name: table}, None)
    assert proposal is not None
    assert yaml.safe_load(proposal.cohort)["interviews"] == {"project": "coding.qdpx", "participants": "who.csv"}


def test_projects_of_taguette_need_a_coder_each() -> None:
    paths = {file: TAGUETTE / file for file in ("anna.sqlite3", "bert.sqlite3")}
    proposal = propose("ward", paths, None)
    assert proposal is not None
    assert yaml.safe_load(proposal.cohort)["interviews"]["project"] == [
        {"file": "anna.sqlite3", "coder": "Coder 1"},
        {"file": "bert.sqlite3", "coder": "Coder 2"},
    ]
    assert any(question.startswith("interviews.project: who coded in each file?") for question in proposal.decisions)


def test_codes_that_the_study_has_no_theme_for_are_asked(tmp_path: Path) -> None:
    path = write(tmp_path, project(source(selections(TEXT))), {"Sources/t1.txt": TEXT})
    drafted = propose("ward", {path.name: path}, None)
    assert drafted is not None
    assert drafted.study is not None
    content = yaml.safe_load(drafted.study)
    del content["coding"]["themes"]["helps"]
    proposal = propose("ward", {path.name: path}, Study.model_validate(content))
    assert proposal is not None
    assert any("which theme do these codes belong to: Helps > Peers?" in question for question in proposal.decisions)
    assert CODED[2][1] == "peers"
