"""A large cohort through the stages: bounded memory, short tables, and counts that are those of its files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from braid.cleaning import clean_survey
from braid.presentation.table import Table
from braid.records import read_records
from braid.stages.cleaning_log import LONG_LOG
from braid.stages.participants import Participants
from braid.study import open_cohort

from tests.benchmark.big_cohort import write_big_cohort
from tests.project_copy import REPOSITORY

PEOPLE = 20_000
STAGES_IN_LITTLE_ROOM = """
import resource, sys
# what every stage loads, so that only the data count
import matplotlib.backends.backend_agg, pingouin, scipy.stats, seaborn
from braid.stages import attrition, baseline, baseline_groups, change, participants, satisfaction

now = next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmSize"))
room = 250_000_000
resource.setrlimit(resource.RLIMIT_AS, (now + room, now + room))
stage = participants.open("large")
stage.description(), stage.flow(), stage.table(), stage.breakdown_figure(), stage.log_table(), stage.save()
stage = baseline.open("large")
stage.description(), stage.table(), baseline_groups.table(stage), attrition.table(stage), stage.save()
stage = satisfaction.open("large")
stage.description(), stage.figure(), stage.table(), stage.save()
stage = change.open("large")
stage.description(), stage.table(), stage.items_figure(), stage.paired_figure(), stage.groups_figure(), stage.save()
print("all done")
"""


def large_project(root: Path, people: int) -> Path:
    """A project with the demo's study and one large cohort."""
    (root / "analysis").mkdir()
    (root / "_quarto.yml").touch()
    shutil.copyfile(REPOSITORY / "analysis" / "study.yml", root / "analysis" / "study.yml")
    write_big_cohort(root / "data_raw" / "large", people)
    return root


def test_the_large_cohort_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_big_cohort(tmp_path / name, 500)
    for path in (tmp_path / "one").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


def test_a_long_log_is_shown_by_rule_and_counts_every_cell(tmp_path: Path) -> None:
    cohort = open_cohort("large", large_project(tmp_path, 3000))
    data = clean_survey(cohort)
    assert len(data.log) > LONG_LOG
    table = Participants(cohort, data, None).log_table()
    assert isinstance(table, Table)
    shown = table.text()
    assert "15 columns: scq01 to scq15" in shown
    assert "9 columns: interesting to recommend" in shown
    assert len(table.rows) < LONG_LOG
    codes = data.log[data.log["found"].eq("-999") & data.log["file"].str.endswith("survey_before.csv")]
    before = pd.read_csv(cohort.raw("survey_before.csv"), dtype=str)
    assert codes["n"].sum() == before.eq("-999").to_numpy().sum()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the room of a process is limited as Linux does it")
def test_the_stages_of_many_people_need_little_more_room_than_their_answers(tmp_path: Path) -> None:
    root = large_project(tmp_path, PEOPLE)
    environment = {"OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", STAGES_IN_LITTLE_ROOM], env=environment, cwd=root, capture_output=True, text=True
    )
    assert done.stdout == "all done\n", done.stderr
    records = {
        record.id: record
        for path in (root / "data_processed" / "large" / "results").glob("*.json")
        for record in read_records(path)
    }
    before, after = (
        pd.read_csv(root / "data_raw" / "large" / f"survey_{wave}.csv", dtype=str) for wave in ("before", "after")
    )
    scored = []
    for frame in (before, after):
        frame = frame.assign(participant=frame["participant"].str.upper()).drop_duplicates("participant")
        items = frame[frame["participant"] != "TEST"].set_index("participant").replace("Very competent", "5")
        answers = items.apply(pd.to_numeric).where(lambda found: (found >= 1) & (found <= 5))
        scored.append(answers.mean(axis=1)[answers.notna().sum(axis=1) >= 7.5])
    change = scored[1].sub(scored[0]).dropna()
    found = records["change.scq.overall"]
    assert found.n == len(change)
    assert found.estimate == pytest.approx(change.mean(), rel=1e-12)
