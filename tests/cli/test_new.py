"""A new cohort takes the names of columns from its model, and nothing that was known or decided of the model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from braid.cli.new import draft_like, new_cohort
from braid.errors import UserError
from braid.study import open_cohort

REPOSITORY = Path(__file__).resolve().parents[2]
SATS = REPOSITORY / "tests" / "real_cohorts" / "sats"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    for name in ("_quarto.yml", "analysis/study.yml", "data_raw/demo/cohort.yml", "data_raw/demo-next/cohort.yml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, root / name)
    monkeypatch.chdir(root)
    return root


def files(folder: Path, *names: str) -> list[Path]:
    made = folder / "given"
    made.mkdir(exist_ok=True)
    for name in names:
        (made / name).write_text("participant\n", encoding="utf-8")
    return [made / name for name in names]


def test_nothing_known_or_decided_of_the_model_is_taken_over(project: Path, tmp_path: Path) -> None:
    given = files(tmp_path, "before.csv", "after.csv")
    for like in ("demo", "demo-next"):
        new_cohort(f"like-{like}", given, like)
        cohort = open_cohort(f"like-{like}", project)
        assert cohort.spec.title == f"like-{like}"
        assert not cohort.synthetic
        assert (cohort.spec.seed, cohort.spec.invited, cohort.spec.setting) == (None, None, "")
        assert (cohort.spec.exclude, cohort.spec.decisions, cohort.spec.recommendations) == ([], {}, [])


def test_given_files_go_to_the_waves_in_order_and_keep_the_columns(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_cohort("spring", files(tmp_path, "m.csv", "participants.csv", "n.csv", "o.csv"), "demo-next")
    spec = open_cohort("spring", project).spec
    assert {name: wave.file for name, wave in spec.waves.items()} == {"pre": "m.csv", "post": "n.csv"}
    assert (spec.waves["pre"].repeated, spec.waves["post"].column("scq01")) == ("first", "q_scq01")
    assert spec.people is not None
    assert spec.people.file == "participants.csv"
    assert (spec.satisfaction, spec.interviews) == (None, None)
    assert -999 in spec.missing
    said = capsys.readouterr().out
    assert "waves.pre: m.csv" in said
    assert "left out, since no file was given: satisfaction, interviews" in said
    assert "copied, but not named in cohort.yml: o.csv" in said
    assert "braid check spring" in said
    written = (project / "data_raw/spring/cohort.yml").read_text(encoding="utf-8")
    assert written.startswith("# Written by `braid new`")
    assert all(word in written for word in ("key", "q_{item}", "rename", "values", "missing", "invited"))


def test_one_file_of_both_waves_and_the_people_stands_for_the_one_of_the_model() -> None:
    model = yaml.safe_load((SATS / "cohort.yml").read_text(encoding="utf-8"))
    content = draft_like(model, "next", ["pre", "post"], ["sats_t.csv"]).content
    assert [content["people"]["file"], *(wave["file"] for wave in content["waves"].values())] == ["sats_t.csv"] * 3
    assert content["waves"]["post"]["columns"] == "Post.{item}"


def test_interviews_stay_with_the_tables_that_were_given(project: Path, tmp_path: Path) -> None:
    new_cohort("talks", files(tmp_path, "segments.csv", "focus_groups.csv", "quotes.csv"), "demo")
    spec = open_cohort("talks", project).spec
    assert spec.interviews is not None
    assert (spec.interviews.quotes, spec.interviews.consensus, spec.interviews.transcripts) == (
        "quotes.csv",
        None,
        None,
    )
    assert (spec.waves, spec.people) == ({}, None)


def test_files_that_fill_nothing_make_no_folder(project: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no wave of the survey and no interviews"):
        new_cohort("empty", files(tmp_path, "participants.csv", "segments.csv"), "demo")
    assert sorted(path.name for path in (project / "data_raw").iterdir()) == ["demo", "demo-next"]


def test_a_folder_made_for_these_files_is_copied_as_it_is(project: Path, tmp_path: Path) -> None:
    new_cohort("sats", files(tmp_path, "sats_s.csv"), str(SATS))
    for name in ("cohort.yml", "study.yml"):
        assert (project / "data_raw/sats" / name).read_bytes() == (SATS / name).read_bytes()
    new_cohort("other", files(tmp_path, "sats_t.csv"), str(SATS))
    assert open_cohort("other", project).spec.title == "other"


def test_a_folder_with_judgements_on_its_own_data_is_not_copied_as_it_is(project: Path, tmp_path: Path) -> None:
    shutil.copytree(SATS, tmp_path / "made")
    with (tmp_path / "made" / "cohort.yml").open("a", encoding="utf-8") as file:
        file.write("synthetic: true\n")
    new_cohort("sats", files(tmp_path, "sats_s.csv"), str(tmp_path / "made"))
    assert not open_cohort("sats", project).synthetic


def test_a_definition_among_the_files_is_kept(project: Path, tmp_path: Path) -> None:
    (own,) = files(tmp_path, "cohort.yml")
    own.write_text("title: Mine\nwaves: {pre: {file: a.csv, key: id}}\n", encoding="utf-8")
    new_cohort("mine", [own, *files(tmp_path, "a.csv")], "demo")
    assert (project / "data_raw/mine/cohort.yml").read_bytes() == own.read_bytes()


def test_two_files_of_one_name_are_refused(project: Path, tmp_path: Path) -> None:
    (file,) = files(tmp_path, "a.csv")
    with pytest.raises(UserError, match="same name"):
        new_cohort("twice", [file, file], "demo")
    assert not (project / "data_raw/twice").exists()
