"""Two small projects: one whose stages compute without kernels, one whose notebooks are short ones for real kernels."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from braid.pipeline import STAGES
from braid.study import Cohort, open_cohort

REPOSITORY = Path(__file__).resolve().parents[2]
STUDY = """
title: A small study
authors: [{name: A. Author}]
question: Does it work?
design: A before-after study.
programme: {name: P, participants: staff, description: One day.}
waves: {pre: Before, post: After}
characteristics:
  gender: {label: Gender, levels: {female: Female, male: Male}}
scales:
  s:
    label: A scale
    short: Scale
    responses: {1: Never, 2: Rarely, 3: Sometimes, 4: Often, 5: Always}
    items: {q1: One, q2: Two}
baseline: {groups: [gender]}
satisfaction:
  label: Form
  responses: {1: Disagree, 2: Neutral, 3: Agree}
  agrees_from: 3
  items: {good: It was good}
coding:
  collected: Interviews
  themes:
    help: {label: What helps}
    time: {label: Lack of time}
joint_display:
  all:
    question: Did it help?
    statistics: [change.s.overall]
    themes: [help]
"""
COHORT = """
title: A cohort
people: {file: people.csv, key: id, characteristics: {gender: gender}}
waves:
  pre: {file: pre.csv, key: id}
  post: {file: post.csv, key: id}
satisfaction: {file: form.csv}
interviews: {segments: segments.csv, participants: talkers.csv, quotes: quotes.csv, transcripts: transcripts}
decisions:
  all: {convergence: agreement, fit: confirmation, meta_inference: Yes., decided_by: A. Author, decided_on: 2026-01-01}
"""
SAID = {"help": "My colleagues make it work.", "time": "There is never enough of it."}
TALK = f"T1_A: {SAID['help']}\nT1_B: {SAID['time']}\n"


def _segments() -> str:
    rows = ["source,participant,group,coder,code_path,start,end,quote,memo"]
    for person, (theme, words) in zip("AB", SAID.items(), strict=True):
        start = TALK.index(words)
        rows.append(f"T1,T1_{person},,C1,{theme},{start},{start + len(words)},{words},")
    return "\n".join(rows) + "\n"


def _quotes() -> str:
    start = TALK.index(SAID["help"])
    rows = ["source,start,end,approved,approved_by,reason", f"T1,{start},{start + len(SAID['help'])},yes,A. Author,"]
    return "\n".join(rows) + "\n"


FILES = {
    "people.csv": "id,gender\nP1,female\nP2,male\nP3,female\nP4,male\nP5,female\nP6,male\n",
    "pre.csv": "id,q1,q2\nP1,1,2\nP2,2,2\nP3,5,4\nP4,3,2\nP5,2,4\nP6,1,3\n",
    "post.csv": "id,q1,q2\nP1,2,2\nP2,4,2\nP3,5,5\nP4,3,4\nP5,3,4\nP6,1,5\n",
    "form.csv": "good\n3\n2\n3\n",
    "segments.csv": _segments(),
    "talkers.csv": "participant,group\nT1_A,\nT1_B,\nT1_C,\n",
    "quotes.csv": _quotes(),
    "transcripts/T1.txt": TALK,
}


def make_study(root: Path) -> Cohort:
    """A project with a whole small study, and notebooks that are only names; opens its cohort `c`."""
    folder = root / "data_raw" / "c"
    (folder / "transcripts").mkdir(parents=True)
    (root / "analysis").mkdir()
    (root / "_quarto.yml").touch()
    (root / "requirements.lock").touch()
    (root / "analysis" / "study.yml").write_text(STUDY, encoding="utf-8")
    (folder / "cohort.yml").write_text(COHORT, encoding="utf-8")
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    for stage in STAGES:
        (root / "analysis" / stage.notebook).write_text(f"# {stage.name}\n", encoding="utf-8")
    return open_cohort("c", root)


COMPUTE = """
import json
from pathlib import Path

from braid.records import Record, write_records
from braid.study import find_root

results = find_root() / "data_processed" / cohort / "results"
"""
KEEP = {
    "clean": """
clean = results.parent / "clean"
clean.mkdir(parents=True, exist_ok=True)
(clean / "stamp.json").write_text("{{}}")
write_records(results / "clean.json", [
    Record("has.log", "no"), Record("cleaning.rules", "none"), Record("has.survey", "yes")])
""",
    "baseline": 'write_records(results / "baseline.json", [Record("has.attrition", "no")])\n',
    "triangulation": 'write_records(results / "triangulation.json", [Record("report.headline", "It worked.")])\n',
}
SHOWN = """#| label: txt-{name}
import sys
from IPython.display import Markdown
print("a warning of {name}", file=sys.stderr)
Markdown("Shown by {name}.")
"""


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook of code cells; the first one holds the parameter."""
    sources = ['cohort = "?"', *cells]
    content = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {} if number else {"tags": ["parameters"]},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for number, source in enumerate(sources)
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content), encoding="utf-8")


def stage_cells(name: str) -> list[str]:
    """What the notebook of a stage does in the project of small notebooks: show a sentence, keep its records."""
    keep = KEEP.get(name, f'write_records(results / "{name}.json", [Record("told.{name}", "yes")])\n')
    return [COMPUTE, SHOWN.format(name=name), keep.replace("{{}}", "{}")]


def make_notebooks(root: Path) -> Path:
    """A project whose six notebooks only write records and show a sentence; returns its root."""
    make_study(root)
    for stage in STAGES:
        write_notebook(root / "analysis" / stage.notebook, *stage_cells(stage.name))
    shutil.copy(REPOSITORY / "_quarto.yml", root)
    shutil.copytree(REPOSITORY / "reports" / "styles", root / "reports" / "styles")
    (root / "reports" / "sections").mkdir()
    shutil.copy(REPOSITORY / "reports" / "references.bib", root / "reports")
    embeds = [f"{{{{< embed notebooks/{stage.notebook}#txt-{stage.name} >}}}}" for stage in STAGES]
    sections = ["# Results {#sec-results}", *embeds]
    (root / "reports" / "index.qmd").write_text("\n\n".join(["---\nlang: en\n---", *sections]), encoding="utf-8")
    return root


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, called as a person would."""
    return subprocess.run(command(*arguments), cwd=root, capture_output=True, text=True, timeout=120)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "braid", *arguments]


def report(root: Path) -> dict[str, bytes]:
    """Every file of the cohort's report by its name."""
    folder = root / "reports" / "c"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def alive(process: int) -> bool:
    """Whether a process of this number is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
