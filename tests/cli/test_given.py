"""What `braid new` makes of files and folders: transcripts stay together, a QualCoder project is one file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from braid.cleaning import read_interviews
from braid.cli.given import given_files
from braid.cli.new import new_cohort
from braid.errors import UserErrors
from braid.study import open_cohort

from tests.intake.coded import qualcoder_files

from .test_new import DEMO, project

__all__ = ["project"]

TAGUETTE = DEMO.parents[1] / "tests" / "intake" / "coded" / "taguette"


@pytest.mark.parametrize("whole", [True, False], ids=["the folder", "file by file"])
def test_transcripts_go_into_a_folder_of_their_own(project: Path, whole: bool) -> None:
    talk = DEMO / "transcripts"
    texts = [talk] if whole else sorted(talk.iterdir())
    new_cohort("spring", [DEMO / "segments.csv", DEMO / "focus_groups.csv", *texts])
    made = project / "data_raw" / "spring"
    assert [path.name for path in sorted((made / "transcripts").iterdir())] == ["FGD_1.txt", "FGD_2.txt", "FGD_3.txt"]
    said = yaml.safe_load((made / "cohort.yml").read_text(encoding="utf-8"))["interviews"]
    assert said == {"segments": "segments.csv", "participants": "focus_groups.csv", "transcripts": "transcripts"}
    found = read_interviews(open_cohort("spring", project))
    assert found is not None
    assert len(found.segments) == 222


def test_a_table_with_the_ending_txt_is_no_transcript(tmp_path: Path) -> None:
    table = tmp_path / "answers.txt"
    table.write_text("id\ttime\nP1\t10:30\nP1\t11:30\n", encoding="utf-8")
    talk = tmp_path / "FGD_1.txt"
    talk.write_text("A: Well.\nB: No.\nA: Yes: indeed.\n", encoding="utf-8")
    assert given_files([table, talk]) == {"answers.txt": table, "transcripts/FGD_1.txt": talk}


def test_a_project_folder_of_qualcoder_is_its_database(project: Path, tmp_path: Path) -> None:
    folder = qualcoder_files.write(tmp_path)
    new_cohort("spring", [folder], draft_study=True)
    made = project / "data_raw" / "spring"
    assert sorted(path.name for path in made.iterdir()) == ["cohort.yml", "study.yml", "ward.qda"]
    found = read_interviews(open_cohort("spring", project))
    assert found is not None
    assert found.segments["participant"].tolist() == ["P 01", "P 02"]


def test_any_other_folder_is_told_and_nothing_is_made(project: Path, tmp_path: Path) -> None:
    (tmp_path / "stuff").mkdir()
    with pytest.raises(UserErrors, match=r"a folder of transcripts \(\.txt\), or a project of QualCoder"):
        new_cohort("spring", [tmp_path / "stuff"])
    assert not (project / "data_raw" / "spring").exists()


def test_a_codebook_beside_the_work_of_coders_has_no_coder(project: Path) -> None:
    files = [TAGUETTE / name for name in ("anna.sqlite3", "codebook.csv", "bert.sqlite3")]
    new_cohort("spring", files, draft_study=True)
    said = yaml.safe_load((project / "data_raw" / "spring" / "cohort.yml").read_text(encoding="utf-8"))
    assert said["interviews"]["project"] == [
        {"file": "anna.sqlite3", "coder": "Coder 1"},
        "codebook.csv",
        {"file": "bert.sqlite3", "coder": "Coder 2"},
    ]
