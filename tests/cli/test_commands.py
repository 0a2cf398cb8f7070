"""The command as a person meets it: exit codes, messages that help, and nothing written when something is wrong."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from braid.cli import app as application
from braid.cli import run as run_command
from braid.cli import unchanged
from braid.cli import verify as verify_command
from braid.errors import RunError
from braid.pipeline import StageFailed
from braid.pipeline.execute import Failure
from braid.report import Report
from braid.study import open_cohort
from braid.verification import Rerun, check_manifest, origin, write_manifest

from ..cleaning.small_cohort import make

COMMANDS = ("run", "compare", "status", "check", "new", "quotes", "simulate", "preview", "verify", "doctor", "lab")


@dataclass(frozen=True)
class Said:
    """How a call ended, and what it said."""

    code: int
    out: str
    err: str


Braid = Callable[..., Said]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with a cohort `c`; commands are called in its folder."""
    make(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def braid(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Braid:
    """Call the command in this process."""

    def call(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["braid", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        capsys.readouterr()
        try:
            application.run_app()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        else:
            code = 0
        heard = capsys.readouterr()
        return Said(code, heard.out, heard.err)

    return call


def files(root: Path) -> dict[str, bytes]:
    """Every file below a folder, but for the journal of runs."""
    found = (path for path in root.rglob("*") if path.is_file() and path.name != "run.log")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def test_the_help_lists_every_command_and_each_has_a_help_of_its_own(braid: Braid) -> None:
    listed = braid("--help")
    assert listed.code == 0
    words = re.sub(r"\x1b\[[0-9;]*m", "", listed.out)
    assert set(re.findall(r"^[│|]? *([a-z]+)  +[A-Z]", words, re.MULTILINE)) == set(COMMANDS)
    for name in COMMANDS:
        one = braid(name, "--help")
        assert one.code == 0, name
        assert f"braid {name}" in one.out


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_does_can_be_loaded(name: str) -> None:
    import importlib

    assert importlib.import_module(f"braid.cli.{name}")


def test_the_help_loads_neither_pandas_nor_papermill() -> None:
    heavy = "[m for m in ('pandas', 'numpy', 'scipy', 'papermill', 'matplotlib', 'pingouin') if m in sys.modules]"
    code = (
        "import sys; sys.argv = ['braid', '--help']\n"
        "from braid.cli import main\n"
        f"try: main()\nexcept SystemExit as end: print('ended', end.code)\nprint('loaded', {heavy})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["ended 0", "loaded []"]
    assert "Usage" in done.stdout


def test_the_module_and_the_command_give_the_exit_code_to_the_shell(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "braid", "check", "nowhere"], cwd=project, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "there is no cohort nowhere" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["run", "check", "verify"])
def test_an_unknown_cohort_is_told_with_the_one_that_was_meant(braid: Braid, project: Path, command: str) -> None:
    shutil.copytree(project / "data_raw" / "c", project / "data_raw" / "spring")
    before = files(project)
    said = braid(command, "sprnig")
    assert said.code == 2
    assert "there is no cohort sprnig" in said.err
    assert "did you mean spring?" in said.err
    assert "Traceback" not in said.err
    assert files(project) == before


@pytest.mark.parametrize("name", ["../c", "a/b", "/etc", "..", ".hidden", "a b", "sections", "Styles", "a\n", "x" * 65])
@pytest.mark.parametrize("command", ["run", "check", "verify", "simulate"])
def test_a_name_of_which_a_path_could_be_made_is_refused(braid: Braid, project: Path, command: str, name: str) -> None:
    before = files(project.parent)
    said = braid(command, name)
    assert said.code == 2
    assert "this is not a name for a cohort" in said.err
    assert files(project.parent) == before


@pytest.mark.parametrize(
    "arguments", [("run", "c", "--forec"), ("rnu", "c"), ("run", "c", "d"), ("new", "x"), ("simulate",)]
)
def test_a_call_that_cannot_be_understood_is_a_users_mistake(
    braid: Braid, project: Path, arguments: tuple[str, ...]
) -> None:
    said = braid(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("formats", "words"),
    [("htlm", "did you mean html?"), ("html,word", "use one of: html, pdf, docx"), (" , ", "no format is named")],
)
def test_an_unknown_format_is_told_before_anything_is_run(
    braid: Braid, project: Path, formats: str, words: str
) -> None:
    before = files(project)
    said = braid("run", "c", "--to", formats)
    assert said.code == 2
    assert words in said.err
    assert files(project) == before
    assert not (project / "data_processed").exists()


def test_outside_of_a_project_it_is_told(braid: Braid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = braid("check", "no-cohort-of-this-name")
    assert said.code == 2
    assert "not inside a braid project" in said.err
    assert files(tmp_path) == {}


def test_check_says_what_was_read_and_writes_nothing(braid: Braid, project: Path) -> None:
    before = files(project)
    said = braid("check", "c")
    assert said.code == 0
    assert "the files can be used" in said.out
    assert "paired by key: 2" in said.out
    assert files(project) == before


def test_check_tells_every_mistake_at_once_with_its_row(braid: Braid, project: Path) -> None:
    (project / "data_raw/c/pre.csv").write_text("id,q1,q2,q3,q4\nP1,1,Nevr,2,9\nP2,x,1,1,1\n", encoding="utf-8")
    (project / "data_raw/c/post.csv").unlink()
    said = braid("check", "c")
    assert said.code == 2
    assert "data_raw/c/pre.csv: row 2, column q2" in said.err
    assert "data_raw/c/pre.csv: row 3, column q1" in said.err
    assert "data_raw/c/post.csv: this file does not exist" in said.err
    assert "did you mean Never?" in said.err


def test_check_shows_cells_as_they_are_and_never_as_markup(braid: Braid, project: Path) -> None:
    study = project / "analysis" / "study.yml"
    study.write_text(study.read_text(encoding="utf-8").replace("1: Never", "1: '[red]Never[/red]'"), encoding="utf-8")
    (project / "data_raw/c/pre.csv").write_text("id,q1,q2,q3,q4\nP1,[red]never[/red],2,2,2\n", encoding="utf-8")
    said = braid("check", "c")
    assert said.code == 0
    assert "[red]never[/red]" in said.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("c", "--from", "a.csv", "--like", "c"), "this cohort exists already"),
        (("spring", "--from", "a.csv", "--from", "none.csv", "--like", "c"), "none.csv"),
        (("spring", "--from", "a.csv", "--like", "cc"), "did you mean c?"),
        (("../spring", "--from", "a.csv", "--like", "c"), "not a name for a cohort"),
        (("spring", "--from", "data_raw", "--like", "c"), "this is a folder"),
    ],
)
def test_new_writes_nothing_when_something_is_wrong(
    braid: Braid, project: Path, arguments: tuple[str, ...], words: str
) -> None:
    (project / "a.csv").write_text("id\nP1\n", encoding="utf-8")
    before = files(project.parent)
    said = braid("new", *arguments)
    assert said.code == 2
    assert words in said.err
    assert files(project.parent) == before
    assert sorted(path.name for path in (project / "data_raw").iterdir()) == ["c"]


def test_new_loses_no_file_where_two_have_the_same_name(braid: Braid, project: Path) -> None:
    for folder, text in (("one", "id\nP1\n"), ("two", "id\nP2\n")):
        (project / folder).mkdir()
        (project / folder / "answers.csv").write_text(text, encoding="utf-8")
    said = braid("new", "spring", "--from", "one/answers.csv", "--from", "two/answers.csv", "--like", "c")
    assert said.code == 2
    assert "answers.csv" in said.err
    assert not (project / "data_raw" / "spring").exists()


def test_new_keeps_a_given_file_apart_from_the_definition_it_begins_with(braid: Braid, project: Path) -> None:
    own = project / "cohort.yml"
    own.write_text("title: Mine\n", encoding="utf-8")
    said = braid("new", "spring", "--from", str(own), "--like", "c")
    made = project / "data_raw" / "spring" / "cohort.yml"
    assert said.code == 2 or made.read_text(encoding="utf-8") == "title: Mine\n"


def test_simulate_makes_a_cohort_of_the_study_that_can_be_checked(braid: Braid, project: Path) -> None:
    said = braid("simulate", "try-out", "--people", "12", "--seed", "3")
    assert said.code == 0
    assert "synthetic files in data_raw/try-out from the seed 3" in said.out
    before = files(project / "data_raw" / "try-out")
    assert b"synthetic: true" in before["cohort.yml"]
    checked = braid("check", "try-out")
    assert checked.code == 0
    assert "12 persons answered" in checked.out
    again = braid("simulate", "try-out", "--people", "12", "--seed", "3")
    assert again.code == 0
    assert files(project / "data_raw" / "try-out") == before


def test_simulate_replaces_synthetic_files_only_when_told(braid: Braid, project: Path) -> None:
    assert braid("simulate", "try-out", "--people", "12", "--seed", "3").code == 0
    before = files(project / "data_raw" / "try-out")
    refused = braid("simulate", "try-out", "--people", "13", "--seed", "4")
    assert refused.code == 2
    assert "exist already" in refused.err
    assert files(project / "data_raw" / "try-out") == before
    assert braid("simulate", "try-out", "--people", "13", "--seed", "4", "--replace").code == 0
    assert files(project / "data_raw" / "try-out") != before


@pytest.mark.parametrize("arguments", [(), ("--replace",), ("--people", "8", "--seed", "1", "--replace")])
def test_simulate_never_touches_a_real_cohort(braid: Braid, project: Path, arguments: tuple[str, ...]) -> None:
    before = files(project)
    said = braid("simulate", "c", *arguments)
    assert said.code == 2
    assert "does not say that it is synthetic" in said.err
    assert files(project) == before


def test_simulate_never_mixes_with_files_that_have_no_definition_yet(braid: Braid, project: Path) -> None:
    (project / "data_raw" / "real").mkdir()
    (project / "data_raw" / "real" / "survey_pre.csv").write_text("id\nP1\n", encoding="utf-8")
    before = files(project)
    said = braid("simulate", "real", "--replace")
    assert said.code == 2
    assert "holds files but no cohort.yml" in said.err
    assert files(project) == before


def test_a_simulation_that_is_refused_leaves_no_half_cohort(braid: Braid, project: Path) -> None:
    before = files(project)
    said = braid("simulate", "try-out", "--people", "2")
    assert said.code == 2
    assert "at least 4 people" in said.err
    assert files(project) == before
    assert not (project / "data_raw" / "try-out").exists()


@pytest.fixture
def made(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose runs succeed without computing."""

    def make_report(cohort: object, **options: object) -> Report:
        options["on_stage"]("clean", "run", 1.0)  # type: ignore[operator]
        options["on_format"]("html", 0.5)  # type: ignore[operator]
        page = project / "reports" / "c" / "report.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("page", encoding="utf-8")
        return Report((page,), "It worked.", ("clean",), True, "pandoc and typst")

    monkeypatch.setattr(run_command, "make_report", make_report)
    return project


def test_a_run_prints_its_stages_and_ends_with_the_report_and_the_headline(braid: Braid, made: Path) -> None:
    said = braid("run", "c")
    assert said.code == 0
    assert re.search(r"01_clean\.ipynb +1\.0 s", said.out)
    assert re.search(r"report\.html +0\.5 s", said.out)
    assert said.out.splitlines()[-2:] == ["reports/c/report.html", "It worked."]


def test_quiet_prints_where_the_report_is_and_its_headline_alone(braid: Braid, made: Path) -> None:
    for flag in ("--quiet", "-q"):
        assert braid("run", "c", flag).out == "reports/c/report.html\nIt worked.\n"


def test_every_run_is_kept_in_the_log_of_its_cohort_with_the_time(braid: Braid, made: Path) -> None:
    braid("run", "c", "--quiet")
    braid("run", "c")
    log = (made / "data_processed" / "c" / "run.log").read_text(encoding="utf-8")
    lines = log.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", line) for line in lines)
    assert log.count("A cohort (c)") == 2
    assert log.count("01_clean.ipynb") == 2
    assert log.count("rendered with pandoc and typst") == 2


def failing(user: bool) -> Callable[..., Report]:
    def make_report(cohort: object, **options: object) -> Report:
        raise StageFailed("change", Failure("04_change.ipynb", "tbl-change", "line 2: x", "why it stopped", user))

    return make_report


def test_a_notebook_that_fails_ends_with_1_and_one_that_finds_a_mistake_with_2(
    braid: Braid, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user, code in ((False, 1), (True, 2)):
        monkeypatch.setattr(run_command, "make_report", failing(user))
        for quiet in ((), ("--quiet",)):
            said = braid("run", "c", *quiet)
            assert said.code == code
            assert "04_change.ipynb" in said.err
            assert "why it stopped" in said.err
    log = (project / "data_processed" / "c" / "run.log").read_text(encoding="utf-8")
    assert log.count("why it stopped") == 4


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RunError("typst stopped"), 1, "typst stopped"),
        (KeyboardInterrupt(), 130, "the last report is as it was"),
        (ZeroDivisionError("no"), 1, "This is a fault of braid, not of your files."),
    ],
)
def test_other_ends_have_their_code_and_their_words(
    braid: Braid, project: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def make_report(cohort: object, **options: object) -> Report:
        raise error

    monkeypatch.setattr(run_command, "make_report", make_report)
    said = braid("run", "c")
    assert said.code == code
    assert words in said.err


def test_a_file_that_is_edited_while_a_run_is_under_way_is_not_taken_for_reported(
    braid: Braid, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = run_command.make_report

    def edited_meanwhile(cohort: object, **options: object) -> Report:
        report = finished(cohort, **options)  # type: ignore[arg-type]
        (made / "data_raw" / "c" / "pre.csv").write_text("id,q1,q2,q3,q4\nP1,5,5,5,5\n", encoding="utf-8")
        return report

    assert braid("run", "c").code == 0
    assert unchanged.answered(["run", "c"])
    monkeypatch.setattr(run_command, "make_report", edited_meanwhile)
    assert braid("run", "c").code == 0
    assert not unchanged.answered(["run", "c"])


def test_doctor_ends_with_1_where_something_keeps_braid_from_working(braid: Braid, project: Path) -> None:
    said = braid("doctor")
    assert said.code == 1
    assert "requirements.lock is missing" in said.out
    assert "braid cannot work well before this is mended" in said.err


@pytest.fixture
def reported(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a report, whose notebooks give the recorded outputs again."""
    folder = project / "reports" / "c"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "report.html").write_text("page", encoding="utf-8")
    (folder / "notebooks" / "01_clean.ipynb").write_text("{}", encoding="utf-8")
    cohort = open_cohort("c", project)
    write_manifest(cohort, origin(cohort), [folder / "report.html", folder / "notebooks" / "01_clean.ipynb"])
    monkeypatch.setattr(verify_command, "rerun_notebooks", lambda folder, root: Rerun(40, (), ""))
    monkeypatch.setattr(verify_command, "differs_from_record", lambda cohort, made: ())
    return project


def test_a_report_that_is_as_it_was_made_verifies(braid: Braid, reported: Path) -> None:
    said = braid("verify", "c")
    assert said.code == 0
    assert "40 cells gave the recorded outputs again" in said.out
    assert said.out.splitlines()[-1] == "The report of c verifies."


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("reports/c/report.html", "other", "reports/c/report.html is changed"),
        ("reports/c/report.html", None, "reports/c/report.html is missing"),
        ("reports/c/notebooks/01_clean.ipynb", "{ }", "reports/c/notebooks/01_clean.ipynb is changed"),
        ("data_raw/c/pre.csv", "id,q1,q2,q3,q4\nP1,5,5,5,5\n", "study or cohort files have changed"),
        ("analysis/study.yml", "+", "study or cohort files have changed"),
    ],
)
def test_what_was_changed_since_is_named_and_ends_with_1(
    braid: Braid, reported: Path, file: str, content: str | None, words: str
) -> None:
    path = reported / file
    if content is None:
        path.unlink()
    elif content == "+":
        path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    else:
        path.write_text(content, encoding="utf-8")
    said = braid("verify", "c")
    assert said.code == 1
    assert words in said.err
    assert "what to do" in said.err
    assert "verifies." not in said.out


def test_a_cell_with_another_output_ends_with_1(braid: Braid, reported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = Rerun(39, ("reports/c/notebooks/04_change.ipynb::Cell 5",), "")
    monkeypatch.setattr(verify_command, "rerun_notebooks", lambda folder, root: again)
    said = braid("verify", "c")
    assert said.code == 1
    assert "04_change.ipynb::Cell 5" in said.err
    assert "another output than the record" in said.err


def test_a_report_that_is_not_what_its_notebooks_give_ends_with_1(
    braid: Braid, reported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_command, "differs_from_record", lambda cohort, made: ("report.html",))
    said = braid("verify", "c")
    assert said.code == 1
    assert "reports/c/report.html is not what notebooks and sections give" in said.err


def test_a_report_without_notebooks_cannot_be_verified(braid: Braid, project: Path) -> None:
    said = braid("verify", "c")
    assert said.code == 2
    assert "there are no executed notebooks" in said.err
    assert "run: braid run c" in said.err


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"made_from": {}, "files": {}}', '{"made_from": 1, "files": 2}'])
def test_a_manifest_that_cannot_be_read_is_a_users_matter(braid: Braid, reported: Path, content: str) -> None:
    (reported / "reports/c/manifest.json").write_text(content, encoding="utf-8")
    said = braid("verify", "c")
    assert said.code == 2
    assert "the manifest cannot be read" in said.err


def test_the_manifest_names_every_raw_file_with_its_digest(reported: Path) -> None:
    content = json.loads((reported / "reports/c/manifest.json").read_text(encoding="utf-8"))
    raw = (reported / "data_raw/c/pre.csv").read_bytes()
    assert content["inputs"]["data_raw/c/pre.csv"] == hashlib.sha256(raw).hexdigest()
    assert {"analysis/study.yml", "data_raw/c/cohort.yml", "data_raw/c/post.csv"} <= set(content["inputs"])


def test_a_manifest_is_read_back_as_it_was_written(reported: Path) -> None:
    cohort = open_cohort("c", reported)
    made, changed = check_manifest(cohort)
    assert made == origin(cohort)
    assert changed == []
