"""A small project in a folder: one study, one cohort, files written by each test."""

from pathlib import Path

from braid.cleaning import CleanSurvey, clean_survey
from braid.study import Cohort, open_cohort

STUDY = """
title: A small study
authors: [{name: A. Author}]
question: Does it work?
design: A before-after study.
programme: {name: P, participants: staff, description: One day.}
waves: {pre: Before, post: After}
characteristics:
  age: {label: Age, type: number, unit: years, minimum: 18, maximum: 80}
  gender: {label: Gender, levels: {female: Female, male: Male}}
scales:
  s:
    label: A scale
    short: Scale
    responses: {1: Never, 2: Rarely, 3: Sometimes, 4: Often, 5: Always}
    items: {q1: One, q2: Two, q3: Three, q4: Four}
    reverse: [q4]
satisfaction:
  label: Form
  responses: {1: Disagree, 2: Neutral, 3: Agree}
  agrees_from: 3
  items: {good: It was good}
"""
COHORT = """
title: A cohort
missing: ["", "N/A", -999]
people: {file: people.csv, key: id, characteristics: {age: age, gender: {column: sex, values: {f: female, M: male}}}}
waves:
  pre: {file: pre.csv, key: id}
  post: {file: post.csv, key: id}
"""
FILES = {
    "people.csv": "id,age,sex\nP1,30,f\nP2,41,Male\nP3,29,female\n",
    "pre.csv": "id,q1,q2,q3,q4\nP1,1,2,3,4\nP2,2,2,2,2\nP3,5,5,5,1\n",
    "post.csv": "id,q1,q2,q3,q4\nP3,4,4,4,2\nP1,2,3,4,3\n",
}


def make(root: Path, *, study: str = STUDY, cohort: str = COHORT, **files: str) -> Cohort:
    """Write the project and open its cohort `c`. files: contents by name without `.csv`."""
    (root / "analysis").mkdir(exist_ok=True)
    (root / "_quarto.yml").touch()
    (root / "analysis" / "study.yml").write_text(study, encoding="utf-8")
    folder = root / "data_raw" / "c"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cohort.yml").write_text(cohort, encoding="utf-8")
    for name, content in {**FILES, **{f"{name}.csv": content for name, content in files.items()}}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return open_cohort("c", root)


def cleaned(root: Path, *, study: str = STUDY, cohort: str = COHORT, **files: str) -> CleanSurvey:
    """The cleaned cohort of `make`."""
    return clean_survey(make(root, study=study, cohort=cohort, **files))
