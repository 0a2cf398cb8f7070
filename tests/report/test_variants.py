"""Cohorts of every shape: each runs to its end, and its report says what it has and why something is left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from braid.records import Record
from braid.simulation import simulate, write
from braid.study import open_cohort

from tests.project_copy import Copy, copy_project

from .conftest import empty_tables_or_figures, headings, html_text

pytestmark = pytest.mark.slow
PEOPLE = 24
RESPONSES = {1: "Never", 2: "Rarely", 3: "Sometimes", 4: "Often", 5: "Always"}
STUDY: dict[str, Any] = {
    "title": "A study of a small programme",
    "authors": [{"name": "A. Author"}],
    "question": "Does it work?",
    "design": "A before-after study.",
    "programme": {"name": "The programme", "participants": "staff", "description": "One day."},
}
SURVEY: dict[str, Any] = {
    "waves": {"pre": "Before", "post": "After"},
    "characteristics": {
        "age": {"label": "Age", "type": "number", "unit": "years", "minimum": 18, "maximum": 80},
        "gender": {"label": "Gender", "levels": {"female": "Female", "male": "Male"}},
    },
    "scales": {
        "calm": {
            "label": "Calm at work",
            "short": "Calm",
            "responses": RESPONSES,
            "items": {"c1": "Item one", "c2": "Item two", "c3": "Item three", "c4": "Item four"},
        }
    },
    "baseline": {"groups": ["gender"], "numbers": ["age"]},
}
FORM: dict[str, Any] = {
    "satisfaction": {
        "label": "The form",
        "agrees_from": 4,
        "responses": {1: "No", 2: "Rather no", 3: "Neutral", 4: "Rather yes", 5: "Yes"},
        "items": {"good": "It was good", "useful": "It was useful"},
    }
}
WORDS: dict[str, Any] = {
    "coding": {
        "approach": "reflexive",
        "collected": "Interviews",
        "description": "Participants were interviewed.",
        "themes": {
            "help": {"label": "What helps", "themes": {"peers": {"label": "Colleagues"}, "time": {"label": "Time"}}},
            "barriers": {"label": "What is in the way"},
        },
    }
}
STRESS: dict[str, Any] = {
    "label": "Strain at work",
    "short": "Strain",
    "score": "sum",
    "higher_is": "worse",
    "rule": "complete",
    "responses": {0: "Never", 1: "Rarely", 2: "Sometimes", 3: "Often"},
    "reverse": ["s2"],
    "items": {"s1": "Strain one", "s2": "Strain two", "s3": "Strain three"},
}
WAVES = {wave: {"file": f"survey_{wave}.csv", "key": "participant"} for wave in ("pre", "post")}
KNOWN = {"people": {"file": "people.csv", "key": "participant", "characteristics": {"age": "age", "gender": "gender"}}}
TALKS = {"interviews": {"segments": "segments.csv", "participants": "talkers.csv", "quotes": "quotes.csv"}}


def two_scales() -> dict[str, Any]:
    return {**STUDY, **SURVEY, "scales": {**SURVEY["scales"], "strain": STRESS}}


def without_characteristics() -> dict[str, Any]:
    survey = {key: value for key, value in SURVEY.items() if key not in ("characteristics", "baseline")}
    return {**STUDY, **survey, **FORM}


def two_arms_three_waves() -> dict[str, Any]:
    arm = {"arm": {"label": "Arm", "levels": {"course": "Course", "usual": "Usual practice"}}}
    survey = {**SURVEY, "characteristics": {**SURVEY["characteristics"], **arm}}
    waves = {"pre": "Before", "post": "After", "later": "Three months later"}
    return {**STUDY, **survey, "waves": waves, "change": {"waves": ["pre", "post"]}, "arms": "arm"}


def in_arms() -> dict[str, Any]:
    people = KNOWN["people"]
    named = {**people, "characteristics": {**people["characteristics"], "arm": "arm"}}
    later = {"later": {"file": "survey_later.csv", "key": "participant"}}
    return {"people": named, "waves": {**WAVES, **later}}


STUDIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "words": ({**STUDY, **WORDS}, TALKS),
    "one-wave": (
        {**STUDY, **SURVEY, **FORM, "waves": {"pre": "Once"}},
        {**KNOWN, "waves": {"pre": WAVES["pre"]}, "satisfaction": {"file": "form.csv"}},
    ),
    "two-scales": (two_scales(), {**KNOWN, "waves": WAVES}),
    "nobody-known": (without_characteristics(), {"waves": WAVES, "satisfaction": {"file": "form.csv"}}),
    "three": ({**STUDY, **SURVEY, **FORM}, {**KNOWN, "waves": WAVES, "satisfaction": {"file": "form.csv"}}),
    "unpaired": ({**STUDY, **SURVEY}, {**KNOWN, "waves": WAVES}),
    "ceiling": ({**STUDY, **SURVEY}, {**KNOWN, "waves": WAVES}),
    "arms": (two_arms_three_waves(), in_arms()),
    "strangers": (
        {**STUDY, **SURVEY},
        {**KNOWN, "pairing": "none", "waves": {"pre": WAVES["pre"], "post": {"file": "survey_post.csv"}}},
    ),
    "sessions": (
        {**STUDY, **SURVEY},
        {
            **KNOWN,
            "waves": WAVES,
            "invited": 40,
            "flow": {"enrolled": 30, "started": 27, "lost": [{"before": "pre", "reason": "fell ill", "n": 2}]},
            "attendance": {"file": "sessions.csv", "key": "participant", "column": "attended", "of": 8},
        },
    ),
}


def sessions_attended(folder: Path) -> None:
    rows = pd.read_csv(folder / "survey_pre.csv", dtype=str, keep_default_na=False)[["participant"]]
    rows.assign(attended=[str(4 + place % 5) for place in range(len(rows))]).to_csv(
        folder / "sessions.csv", index=False
    )


def only_three(folder: Path) -> None:
    for name in ("people.csv", "survey_pre.csv", "survey_post.csv", "form.csv"):
        rows = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        rows = rows.sort_values("participant") if "participant" in rows else rows
        rows.head(3).to_csv(folder / name, index=False)


def nobody_twice(folder: Path) -> None:
    for name, kept in (("survey_pre.csv", 0), ("survey_post.csv", 1)):
        rows = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        number = rows["participant"].str.extract(r"(\d+)")[0].astype(int)
        rows[number % 2 == kept].to_csv(folder / name, index=False)


def everybody_at_the_top(folder: Path) -> None:
    for name in ("survey_pre.csv", "survey_post.csv"):
        rows = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        for column in ("c1", "c2", "c3", "c4"):
            rows[column] = "5"
        rows.to_csv(folder / name, index=False)


HARM: dict[str, Callable[[Path], None]] = {
    "three": only_three,
    "unpaired": nobody_twice,
    "ceiling": everybody_at_the_top,
    "sessions": sessions_attended,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """One project with a cohort of every shape, each with a study of its own."""
    copy = copy_project(tmp_path_factory.mktemp("variants"))
    for name, (study, cohort) in STUDIES.items():
        folder = copy.root / "data_raw" / name
        folder.mkdir(parents=True)
        spec = {"title": f"Cohort {name}", "synthetic": True, "seed": 5, **cohort}
        (folder / "study.yml").write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
        (folder / "cohort.yml").write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
        opened = open_cohort(name, copy.root)
        write(opened, simulate(opened, people=PEOPLE if cohort.get("waves") else None))
        HARM.get(name, lambda path: None)(folder)
    return copy


@pytest.fixture(scope="module", params=list(STUDIES))
def told(request: pytest.FixtureRequest, project: Copy) -> tuple[str, str, dict[str, Record]]:
    """The name of a cohort, the text of its report, and its records."""
    name = request.param
    done = project.braid("run", name, "--to", "html", "--without-quarto")
    assert done.returncode == 0, done.stdout + done.stderr
    return name, html_text(project.report(name, "report.html")), project.records(name)


def test_every_shape_of_cohort_gives_a_report_without_holes(
    told: tuple[str, str, dict[str, Record]], project: Copy
) -> None:
    name, text, records = told
    assert not re.findall(r"(?:\S+ ){0,6}(?:\bNone\b|\b[Nn]a[Nn]\b|<NA>|\binf\b)(?: \S+){0,6}", text)
    for word in ("{{<", "??", "not found", "Traceback", "[]", "()"):
        assert word not in text
    assert not re.search(r"@(tbl|fig|sec)-|[a-z]\.\.(?!\.)", text)
    for record in records.values():
        assert not re.search(r"\bNone\b|\bnan\b", " ".join([record.text, *record.parts.values()])), record.id
    source = project.report(name, "report.html").read_text(encoding="utf-8")
    assert empty_tables_or_figures(source) == []
    _planned(name, headings(source))
    _said(name, text, records)


def _planned(name: str, told: list[str]) -> None:
    """A section stands in the report where the study has the strand, and is left out where it has none."""
    study = STUDIES[name][0]
    for heading, key in (("Change", "scales"), ("Satisfaction", "satisfaction"), ("What participants said", "coding")):
        assert bool([one for one in told if re.fullmatch(rf"[\d. ]*{heading}", one)]) == (key in study), heading
    assert not [one for one in told if one.endswith("Triangulation")]


def _said(name: str, text: str, records: dict[str, Record]) -> None:
    """What only this cohort's report says."""
    match name:
        case "words":
            assert "Before the programme" not in text
            assert "The study has no questionnaire and no evaluation form" in text
            assert "Agreement between coders and saturation are not reported" in text
            assert {"theme.help", "theme.help.peers", "theme.barriers"} <= set(records)
        case "one-wave":
            assert "The survey was answered once in this cohort" in text
            assert "evaluation forms were returned" in text
            assert "The study has no interviews; the report therefore has no section on what participants said" in text
            assert "baseline.calm.overall" in records
            assert not [record for record in records if record.startswith("change.")]
        case "two-scales":
            assert "The study has no evaluation form and no interviews" in text
            assert "Qualitative analysis" not in text
            assert "a higher score is worse" in text
            assert "1 item is reversed" in text
            shift = records["change.strain.overall"]
            verb = {True: "improved", False: "worsened"}[(shift.estimate or 0) < 0]
            clear = shift.low is not None and shift.high is not None and shift.low * shift.high > 0
            assert re.search(rf"Strain {verb if clear else '(showed no clear change|did not)'}", text)
            mean = records["baseline.strain.overall"].estimate
            assert mean is not None
            assert 0 <= mean <= 9
        case "arms":
            assert "The arms are kept apart" in text
            assert "Three months later" in text
            assert "change.calm.arm.usual" in records
            assert {"change.calm.wave.post", "change.calm.wave.later"} <= set(records)
            assert "Calm: usual practice ended" in text or "no clear difference between usual practice" in text
            assert "change.calm.reliable.deteriorated" in records
        case "strangers":
            assert "nothing tells who answered more than once" in text
            assert "compared as independent groups" in text
            assert "Welch" in records["change.calm.overall"].method
            assert "d-s" in records["change.calm.overall"].parts
            assert "participants.paired" not in records
            assert "answered both times" not in text
            assert "Change of each person" not in text
        case "sessions":
            assert re.search(r"They attended \d\.\d+ ± \d\.\d+ of 8 sessions", text)
            assert records["participants.attendance"].n == PEOPLE
            assert records["attendance.everybody.all"].n == PEOPLE
            assert "Participants: all 24 who started attended at least 4 of the 8 sessions" in text
        case "nobody-known":
            assert "Characteristics of the participants" not in text
            assert "Group n Mean" not in text
            assert records["change.calm.overall"].n
        case "three":
            assert "3 people took part" in text
            assert records["participants.paired"].text in ("2", "3")
        case "unpaired":
            assert "Nobody answered both at the first and at the last wave" in text
            assert records["participants.paired"].text == "0"
        case "ceiling":
            shift = records["change.calm.overall"]
            assert shift.estimate in (0, None)
            assert "improved" not in text
            assert "worsened" not in text
            assert "100.0%" in text
