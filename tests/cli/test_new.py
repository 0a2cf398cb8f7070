"""A new cohort gets its files untouched and a proposal; nothing known of another cohort's people is taken over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from braid.cli.new import new_cohort
from braid.errors import UserError, UserErrors
from braid.study import open_cohort

REPOSITORY = Path(__file__).resolve().parents[2]
SATS = REPOSITORY / "tests" / "real_cohorts" / "sats"
DEMO, NEXT = REPOSITORY / "data_raw" / "demo", REPOSITORY / "data_raw" / "demo-next"
SURVEY = ("survey_before.csv", "survey_after.csv", "participants.csv", "evaluation.csv")
INTERVIEWS = ("segments.csv", "focus_groups.csv", "quotes.csv", "consensus.csv")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    for name in ("_quarto.yml", "analysis/study.yml", "data_raw/demo/cohort.yml", "data_raw/demo-next/cohort.yml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, root / name)
    monkeypatch.chdir(root)
    return root


def other_study(folder: Path) -> list[Path]:
    """Files of a study that is not the project's."""
    folder.mkdir(exist_ok=True)
    frame = pd.DataFrame({f"mood{n}": [n % 5 + 1, 2, 3, 5, 1, 4] for n in range(1, 5)})
    for name in ("spring_pre.csv", "spring_post.csv"):
        frame.assign(code=list("ABCDEF")).to_csv(folder / name, index=False)
    return [folder / "spring_pre.csv", folder / "spring_post.csv"]


def cohorts(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "data_raw").iterdir())


@pytest.mark.parametrize("like", [None, "demo", "demo-next"])
def test_the_files_of_a_cohort_fill_every_part_and_nothing_known_of_another_is_taken(
    project: Path, like: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [NEXT / name for name in (*SURVEY, *INTERVIEWS)]
    new_cohort("spring", given, like)
    cohort, model = open_cohort("spring", project), open_cohort("demo-next", project).spec
    spec = cohort.spec
    assert {name: wave.file for name, wave in spec.waves.items()} == {n: w.file for n, w in model.waves.items()}
    assert spec.waves["post"].columns == "q_{item}"
    assert [wave.key for wave in spec.waves.values()] == ["participant", "participant"]
    assert spec.people is not None
    assert model.people is not None
    assert spec.people.characteristics == model.people.characteristics
    assert spec.satisfaction is not None
    assert (spec.satisfaction.file, spec.satisfaction.key) == ("evaluation.csv", "")
    assert spec.interviews is not None
    assert (spec.interviews.segments, spec.interviews.participants, spec.interviews.consensus) == (
        "segments.csv",
        "focus_groups.csv",
        "consensus.csv",
    )
    assert -999 in spec.missing
    assert not spec.synthetic
    assert (spec.seed, spec.invited, spec.setting) == (None, None, "")
    assert (spec.exclude, spec.decisions, spec.recommendations) == ([], {}, [])
    assert cohort.study_file == project / "analysis" / "study.yml"
    said = capsys.readouterr().out
    assert "waves.pre: survey_before.csv" in said
    assert "TEST: a trial entry?" in said
    assert "waves.pre: 1 person stands in survey_before.csv more than once" in said
    assert "braid check spring" in said


def test_the_files_are_copied_byte_for_byte(project: Path) -> None:
    given = [NEXT / name for name in SURVEY]
    new_cohort("spring", given)
    for file in given:
        assert (project / "data_raw/spring" / file.name).read_bytes() == file.read_bytes()


def test_what_a_person_must_decide_stands_at_the_top_and_is_printed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_cohort("spring", [DEMO / "survey_before.csv"])
    head = (project / "data_raw/spring/cohort.yml").read_text(encoding="utf-8").split("\ntitle:")[0]
    said = capsys.readouterr().out
    for words in ("TO DECIDE:", "1. title: what is this cohort called", "No file holds the wave post"):
        assert words in head
        assert words.removeprefix("TO DECIDE:") in said


def test_columns_called_as_in_another_cohort_are_found_by_it(project: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(DEMO / "survey_before.csv").rename(columns=lambda name: name.replace("scq", "statement-"))
    frame.to_csv(tmp_path / "odd.csv", index=False)
    like = tmp_path / "like"
    like.mkdir()
    (like / "cohort.yml").write_text(
        "title: Like\nmissing: ['', -5]\n"
        "waves: {post: {file: odd.csv, key: participant, columns: 'statement-{digits}', answers: {scq: {3: 1}}}}\n",
        encoding="utf-8",
    )
    new_cohort("spring", [tmp_path / "odd.csv"], str(like))
    spec = open_cohort("spring", project).spec
    assert list(spec.waves) == ["post"]
    assert spec.waves["post"].column("scq07") == "statement-07"
    assert (spec.missing, spec.waves["post"].answers) == (("", -5), {"scq": {3: 1}})


def test_interviews_alone_make_a_cohort_of_a_study_with_interviews(project: Path) -> None:
    new_cohort("talks", [DEMO / name for name in INTERVIEWS])
    spec = open_cohort("talks", project).spec
    assert spec.interviews is not None
    assert (spec.interviews.quotes, spec.interviews.transcripts) == ("quotes.csv", None)
    assert (spec.waves, spec.people) == ({}, None)


def test_interviews_alone_draft_the_codebook_of_a_study_of_their_own(project: Path) -> None:
    new_cohort("talks", [DEMO / "segments.csv", DEMO / "focus_groups.csv"], draft_study=True)
    cohort = open_cohort("talks", project)
    assert cohort.study.coding is not None
    labels = {theme.label for theme in cohort.study.coding.paths().values()}
    assert {"Reflections on the training", "Role-play"} <= labels
    assert cohort.study.scales == {}


def test_files_that_do_not_fit_the_project_get_a_study_of_their_own(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_cohort("other", other_study(tmp_path / "given"))
    cohort = open_cohort("other", project)
    assert cohort.study_file == project / "data_raw/other/study.yml"
    assert list(cohort.study.scales["mood"].items) == ["mood1", "mood2", "mood3", "mood4"]
    assert "since nothing in the files fits analysis/study.yml" in capsys.readouterr().out


def test_a_project_without_a_study_gets_its_first(project: Path, tmp_path: Path) -> None:
    (project / "analysis/study.yml").unlink()
    new_cohort("other", other_study(tmp_path / "given"))
    assert open_cohort("other", project).study.title.startswith("TODO")


def test_a_study_of_its_own_is_drafted_when_asked_for(project: Path) -> None:
    new_cohort("own", [DEMO / name for name in SURVEY], draft_study=True)
    cohort = open_cohort("own", project)
    assert cohort.study.title.startswith("TODO")
    assert list(cohort.study.scales) == ["scq"]
    assert cohort.study.satisfaction is not None
    assert len(cohort.study.satisfaction.items) == 9
    assert set(cohort.study.characteristics) == {"age", "gender", "language", "city", "school", "field", "specialty"}


def test_a_study_that_was_named_and_does_not_fit_is_an_error(project: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="hold nothing of the study") as raised:
        new_cohort("other", other_study(tmp_path / "given"), "demo")
    assert "--draft-study" in str(raised.value.todo)
    assert cohorts(project) == ["demo", "demo-next"]


def test_a_folder_made_for_these_files_is_copied_as_it_is(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "sats_s.csv"
    file.write_text("StudentID\n", encoding="utf-8")
    new_cohort("sats", [file], str(SATS))
    for name in ("cohort.yml", "study.yml"):
        assert (project / "data_raw/sats" / name).read_bytes() == (SATS / name).read_bytes()


def test_a_folder_with_judgements_on_its_own_data_is_not_copied_as_it_is(project: Path, tmp_path: Path) -> None:
    like = tmp_path / "made"
    shutil.copytree(SATS, like)
    with (like / "cohort.yml").open("a", encoding="utf-8") as file:
        file.write("synthetic: true\n")
    items = [f"{wave}.{letter}{number}" for wave in ("Pre", "Post") for letter in "ACVDIE" for number in range(1, 37)]
    pd.DataFrame({"StudentID": range(5, 9)} | {item: [1, 7, 3, 4] for item in items}).to_csv(
        tmp_path / "sats_s.csv", index=False
    )
    new_cohort("sats", [tmp_path / "sats_s.csv"], str(like))
    cohort = open_cohort("sats", project)
    assert not cohort.synthetic
    assert (cohort.study.title, cohort.spec.waves["pre"].columns) == (
        "Attitudes toward statistics before and after a course",
        "Pre.{item}",
    )


def test_a_definition_among_the_files_is_kept(project: Path, tmp_path: Path) -> None:
    own = tmp_path / "cohort.yml"
    own.write_text("title: Mine\nwaves: {pre: {file: survey_before.csv, key: participant}}\n", encoding="utf-8")
    new_cohort("mine", [own, DEMO / "survey_before.csv"])
    assert (project / "data_raw/mine/cohort.yml").read_bytes() == own.read_bytes()


def test_a_cohort_that_exists_is_never_written_over(project: Path) -> None:
    new_cohort("spring", [DEMO / "survey_before.csv"])
    before = {path: path.read_bytes() for path in (project / "data_raw/spring").iterdir()}
    for draft in (False, True):
        with pytest.raises(UserError, match="exists already"):
            new_cohort("spring", [DEMO / "survey_after.csv"], draft_study=draft)
    assert {path: path.read_bytes() for path in (project / "data_raw/spring").iterdir()} == before


def test_everything_that_cannot_be_copied_is_told_at_once_and_nothing_is_written(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id\n", encoding="utf-8")
    with pytest.raises(UserErrors) as raised:
        new_cohort("broken", [file, file, tmp_path, tmp_path / "none.csv"])
    assert [error.message for error in raised.value.errors] == [
        "two files have the same name",
        "this is a folder",
        "this file does not exist",
    ]
    assert cohorts(project) == ["demo", "demo-next"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\0", "not a text file"),
        ("broken.xlsx", b"PK\x03\x04 no workbook", "broken.xlsx"),
        ("people.csv", b"id,city\n1,Lyon\n2,Nice\n", "neither answers on a scale nor coded interviews"),
    ],
)
def test_a_file_that_cannot_be_used_makes_no_folder(
    project: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=message):
        new_cohort("broken", [tmp_path / name])
    assert cohorts(project) == ["demo", "demo-next"]


def test_a_name_that_is_no_plain_word_is_refused(project: Path) -> None:
    with pytest.raises(UserError, match="not a name for a cohort"):
        new_cohort("../elsewhere", [DEMO / "survey_before.csv"])
