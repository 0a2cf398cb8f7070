"""What is run again after an edit, and what is not: real stages on a small study, without kernels."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from braid.pipeline import STAGES, StageFailed, executed, results_file, run, run_stages, stale_stages
from braid.pipeline.cache import Cache, fingerprints
from braid.pipeline.execute import Failure
from braid.pipeline.gate import Gate, Refused
from braid.pipeline.run import ingredients
from braid.records import read_records, write_records
from braid.stages import baseline, change, interviews, participants, satisfaction, triangulation
from braid.study import module_files, open_cohort

from .small_project import make_study

MODULES = (participants, baseline, satisfaction, change, interviews, triangulation)
COMPUTE = {stage.notebook: module for stage, module in zip(STAGES, MODULES, strict=True)}
ALL = {stage.name for stage in STAGES}
OTHER_RESULTS = "other results"


def compute(source: Path, target: Path, cohort: str, drawn_by: str, gate: Gate | None) -> Failure | None:
    """Stands for the kernel: the stage computes and saves here, and the executed notebook holds its source."""
    if gate is not None:
        try:
            gate.wait()
        except Refused:
            return None
    text = source.read_text(encoding="utf-8")
    if "raise" in text:
        return Failure(source.name, "tbl-x", "line 1: raise", "ValueError: no", user=False)
    stage = COMPUTE[source.name].open(cohort)
    stage.save()
    if OTHER_RESULTS in text:
        path = stage.cohort.project.results(cohort) / f"{source.stem.partition('_')[2]}.json"
        write_records(path, [replace(record, note="edited") for record in read_records(path)])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return None


@contextmanager
def one_thread(workers: int) -> Iterator[Callable[[], Executor]]:
    """Stands for the processes."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda: pool


@dataclass(frozen=True)
class Project:
    """A project in a folder. again: run its cohort, and say what was run."""

    root: Path

    def again(self, *, force: bool = False) -> set[str]:
        return set(run_stages(open_cohort("c", self.root), lambda name, state, seconds: None, force=force))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a project that was run once."""
    root = tmp_path_factory.mktemp("ran")
    make_study(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setattr(run, "execute", compute)
        patch.setattr(run, "notebook_workers", one_thread)
        assert Project(root).again() == ALL
        yield root


@pytest.fixture
def project(ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of the project that was run once."""
    shutil.copytree(ran, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def test_nothing_is_run_twice_and_all_of_it_by_force(project: Project) -> None:
    assert project.again() == set()
    assert project.again(force=True) == ALL


def test_a_changed_answer_reruns_cleaning_and_what_depends_on_it(project: Project) -> None:
    project.edit("data_raw/c/post.csv", "P1,2,2", "P1,2,5")
    assert project.again() == {"clean", "baseline", "change", "triangulation"}
    assert project.again() == set()


def test_a_changed_form_reruns_satisfaction_and_not_the_survey(project: Project) -> None:
    project.edit("data_raw/c/form.csv", "2", "1")
    assert project.again() == {"clean", "satisfaction", "triangulation"}


def test_a_withdrawn_approval_reruns_the_words_only(project: Project) -> None:
    project.edit("data_raw/c/quotes.csv", ",yes,", ",no,")
    assert project.again() == {"qualitative", "triangulation"}


def test_a_transcript_reruns_the_words_only(project: Project) -> None:
    project.edit("data_raw/c/transcripts/T1.txt", "never enough of it.", "never enough of it.\nT1_C: Yes.")
    assert project.again() == {"qualitative", "triangulation"}


def test_a_new_transcript_is_noticed(project: Project) -> None:
    (project.root / "data_raw" / "c" / "transcripts" / "T2.txt").write_text("T2_A: Hello.\n", encoding="utf-8")
    assert project.again() == {"qualitative", "triangulation"}


@pytest.mark.parametrize(
    ("old", "new"), [("P1,1,2", "P1, 1 ,2"), ("P6,1,3\n", "P6,1,3\n\n"), ("id,q1", " id ,q1"), ("P1,1,2", '"P1",1,2')]
)
def test_white_space_in_a_survey_file_reruns_cleaning_and_stops_there(project: Project, old: str, new: str) -> None:
    project.edit("data_raw/c/pre.csv", old, new)
    assert project.again() == {"clean"}
    assert project.again() == set()


def test_an_edited_notebook_reruns_itself_and_stops_where_its_results_are_the_same(project: Project) -> None:
    project.edit("analysis/04_change.ipynb", "# change", "# change, with more prose")
    assert project.again() == {"change"}


@pytest.mark.parametrize(
    ("notebook", "rerun"),
    [
        ("04_change.ipynb", {"change", "triangulation"}),
        ("05_qualitative.ipynb", {"qualitative", "triangulation"}),
        ("06_triangulation.ipynb", {"triangulation"}),
    ],
)
def test_an_edited_notebook_with_other_results_reruns_its_dependants(
    project: Project, notebook: str, rerun: set[str]
) -> None:
    project.edit(f"analysis/{notebook}", "# ", f"# {OTHER_RESULTS} ")
    assert project.again() == rerun


def test_the_study_file_reruns_everything(project: Project) -> None:
    project.edit("analysis/study.yml", "short: Scale", "short: The scale")
    assert project.again() == ALL


def test_files_that_nothing_reads_rerun_nothing(project: Project) -> None:
    (project.root / "data_raw" / "c" / "notes.txt").write_text("call them", encoding="utf-8")
    (project.root / "analysis" / "scratch.ipynb").write_text("{}", encoding="utf-8")
    assert project.again() == set()


@pytest.mark.parametrize("output", ["notebooks/04_change.ipynb", "results/change.json"])
@pytest.mark.parametrize("harm", ["delete", "edit"])
def test_an_output_that_was_touched_is_made_again(project: Project, output: str, harm: str) -> None:
    path = project.root / "data_processed" / "c" / output
    before = path.read_bytes()
    if harm == "delete":
        path.unlink()
    else:
        path.write_bytes(before + b" ")
    assert "change" in project.again()
    assert path.read_bytes() == before


@pytest.mark.parametrize("table", ["wave-post.csv", "people.csv", "stamp.json"])
def test_a_clean_table_that_was_touched_is_made_again(project: Project, table: str) -> None:
    path = project.root / "data_processed" / "c" / "clean" / table
    before = path.read_bytes()
    path.unlink()
    assert "clean" in project.again()
    assert path.read_bytes() == before


def test_a_file_that_the_cohort_no_longer_names_leaves_no_clean_table_behind(project: Project) -> None:
    project.edit("data_raw/c/cohort.yml", "satisfaction: {file: form.csv}\n", "")
    assert {"clean", "satisfaction"} <= project.again()
    cohort = open_cohort("c", project.root)
    assert not (project.root / "data_processed" / "c" / "clean" / "satisfaction.csv").exists()
    assert {record.id for record in read_records(results_file(cohort, "satisfaction"))} == {
        "has.satisfaction",
        "left-out.satisfaction",
    }


def test_deleted_results_of_everything_give_the_same_files_again(project: Project) -> None:
    def files() -> dict[str, bytes]:
        folder = project.root / "data_processed"
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    before = files()
    shutil.rmtree(project.root / "data_processed")
    assert project.again() == ALL
    assert files() == before


def test_finished_stages_are_kept_when_a_later_one_fails(project: Project) -> None:
    project.edit("analysis/04_change.ipynb", "# change", "raise")
    project.edit("data_raw/c/post.csv", "P1,2,2", "P1,2,5")
    with pytest.raises(StageFailed, match="04_change"):
        project.again()
    kept = json.loads((project.root / "data_processed" / "c" / "cache.json").read_text(encoding="utf-8"))
    assert {"clean", "baseline"} <= set(kept)
    assert not (project.root / "data_processed" / "c" / "gate").exists()
    project.edit("analysis/04_change.ipynb", "raise", "# change")
    assert project.again() == {"change", "triangulation"}


def test_a_stage_that_failed_is_not_taken_for_done(project: Project) -> None:
    project.edit("analysis/04_change.ipynb", "# change", "raise")
    for _ in range(2):
        with pytest.raises(StageFailed):
            project.again()
    assert (executed(open_cohort("c", project.root)) / "04_change.ipynb").read_text(encoding="utf-8") == "# change\n"


def test_two_cohorts_of_one_project_have_caches_of_their_own(project: Project) -> None:
    shutil.copytree(project.root / "data_raw" / "c", project.root / "data_raw" / "d")
    assert set(run_stages(open_cohort("d", project.root), lambda *told: None)) == ALL
    assert project.again() == set()


def test_what_changed_is_said_by_name(project: Project) -> None:
    project.edit("data_raw/c/post.csv", "P1,2,2", "P1,2,5")
    (project.root / "requirements.lock").write_text("pandas==9\n", encoding="utf-8")
    reasons = stale_stages(open_cohort("c", project.root))
    assert reasons["clean"] == ["data_raw/c/post.csv changed", "requirements.lock changed"]
    assert reasons["qualitative"] == ["requirements.lock changed"]


def test_every_stage_is_made_of_lock_library_python_study_and_parameter(project: Project) -> None:
    cohort = open_cohort("c", project.root)
    for stage in STAGES:
        made_of = ingredients(cohort, stage)
        modules = [name for name in made_of if name.endswith(".py")]
        assert any(name.endswith(f"{stage.module.replace('.', '/')}.py") for name in modules)
        assert any(name.endswith("braid/study/model.py") for name in modules)
        known = {"Python", "parameter cohort", "requirements.lock", "analysis/study.yml", "data_raw/c/cohort.yml"}
        assert known <= set(made_of)
        assert f"analysis/{stage.notebook}" in made_of
        assert "absent" not in made_of.values()


def test_a_stage_is_made_of_every_module_that_it_loads() -> None:
    loads = {stage.module: {path.as_posix() for path in module_files(stage.module)} for stage in STAGES}
    code = """
import importlib, json, os, sys
import matplotlib.pyplot, pandas, pingouin, scipy.stats, statsmodels.api
for module in json.loads(sys.argv[1]):
    child = os.fork()
    if not child:
        importlib.import_module(module)
        files = [m.__file__ for name, m in sys.modules.items() if name.split(".")[0] == "braid" and m.__file__]
        print(json.dumps([module, files]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""
    command = [sys.executable, "-c", code, json.dumps(list(loads))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = dict(json.loads(line) for line in done.stdout.splitlines())
    assert set(told) == set(loads)
    for module, files in told.items():
        assert len(files) > 10
        assert set(files) <= loads[module], module


def test_a_cache_knows_a_stage_by_what_it_is_made_of_and_by_its_outputs(tmp_path: Path) -> None:
    Cache(tmp_path / "c").keep("stage", {"a": "1", "b": "2"}, {"out": "3"})
    again = Cache(tmp_path / "c")
    assert again.stale("stage", {"b": "2", "a": "1"}, {"out": "3"}) == []
    assert again.stale("stage", {"a": "1", "b": "9"}, {"out": "3"}) == ["b changed"]
    assert again.stale("stage", {"a": "1"}, {"out": "3"}) == ["b is gone"]
    assert again.stale("stage", {"a": "1", "b": "2", "c": "4"}, {"out": "3"}) == ["c is new"]
    assert again.stale("stage", {"a": "1", "b": "2"}, {"out": "9"}) == ["out changed after the run"]
    assert again.stale("other stage", {"a": "1", "b": "2"}, {"out": "3"}) == ["never run"]


BROKEN = ["", "{", "null", "[]", '{"stage": null}', '{"stage": {"made_of": 1, "outputs": {}}}', "\xff"]


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_cache_costs_a_run_and_nothing_else(tmp_path: Path, content: str) -> None:
    (tmp_path / "cache.json").write_text(content, encoding="latin-1")
    cache = Cache(tmp_path)
    assert cache.stale("stage", {"a": "1"}, {"out": "3"}) == ["never run"]
    cache.keep("stage", {"a": "1"}, {"out": "3"})
    assert Cache(tmp_path).stale("stage", {"a": "1"}, {"out": "3"}) == []


def test_a_stage_whose_output_is_not_there_is_never_fresh(tmp_path: Path) -> None:
    made_of, outputs = {"a": "1"}, fingerprints([tmp_path / "none.json"], tmp_path)
    cache = Cache(tmp_path / "c")
    cache.keep("stage", made_of, outputs)
    assert cache.stale("stage", made_of, outputs) == ["none.json is missing"]


def test_a_project_that_was_moved_is_as_fresh_as_before(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeper = tmp_path / "one" / "two" / "three"
    shutil.copytree(ran, deeper)
    monkeypatch.chdir(deeper)
    assert Project(deeper).again() == set()


def test_the_words_of_another_language_are_an_ingredient(project: Project) -> None:
    def words() -> set[str]:
        cohort = open_cohort("c", project.root)
        return {name.rpartition("/")[2] for name in ingredients(cohort, STAGES[0]) if name.endswith(".po")}

    assert words() == set()
    project.edit("analysis/study.yml", "title: A small study", "language: da\ntitle: A small study")
    assert words() == {"da.po"}
    (project.root / "analysis" / "language").mkdir()
    (project.root / "analysis" / "language" / "da.po").write_text("", encoding="utf-8")
    assert {name for name in ingredients(open_cohort("c", project.root), STAGES[0]) if name.endswith(".po")} == {
        "analysis/braid/language/da.po",
        "analysis/language/da.po",
    }
