"""Small and odd cohorts as files: few people, no variation, a ceiling, a group of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from braid.stages import participants

Answers = Sequence[Sequence[int | None]]
"""Persons x the items of one scale."""

SKILL, STRAIN = ("s1", "s2", "s3"), ("t1", "t2")


@dataclass(frozen=True)
class Odd:
    """An odd cohort. before, after: skill (three items) of everybody; strain is skill turned round.

    sites: the site of everybody; missing in one wave: a row of None. then: the start as judged afterwards.
    """

    before: Answers
    after: Answers
    sites: Sequence[str] = ()
    paired: bool = True
    margin: float | None = None
    adverse: dict[str, object] | None = None
    then: Answers | None = None


def write_odd(root: Path, odd: Odd) -> None:
    """Write a project with one cohort, `odd`, and clean it."""
    responses = {1: "Never", 2: "Rarely", 3: "Sometimes", 4: "Often", 5: "Always"}
    scale = {"responses": responses, "score": "mean"} | ({"margin": odd.margin} if odd.margin else {})
    study = {
        "title": "An odd study",
        "authors": [{"name": "A team"}],
        "question": "Does anything change?",
        "design": "Before and after.",
        "programme": {"name": "Course", "participants": "people", "description": "One session."},
        "waves": {"pre": "Before", "post": "After", **({"then": "Before, in hindsight"} if odd.then else {})},
        "change": {"then": "then"} if odd.then else {},
        "characteristics": {
            "site": {"label": "Site", "levels": {"north": "North", "south": "South"}},
            "age": {"label": "Age", "type": "number", "unit": "years"},
        },
        "scales": {
            "skill": {"label": "Skill", "short": "Skill", "items": {name: f"Item {name}" for name in SKILL}, **scale},
            "strain": {
                "label": "Strain",
                "short": "Strain",
                "items": {name: f"Item {name}" for name in STRAIN},
                "higher_is": "worse",
                **scale,
            },
        },
        "baseline": {"groups": ["site"], "numbers": ["age"]},
    }
    waves = {"pre": odd.before, "post": odd.after, **({"then": odd.then} if odd.then else {})}
    cohort: dict[str, object] = {
        "title": "Odd",
        "people": {"file": "people.csv", "key": "id", "characteristics": {"site": "site", "age": "age"}},
        "waves": {wave: {"file": f"{wave}.csv", "key": "id"} for wave in waves},
    }
    if not odd.paired:
        cohort["pairing"] = "none"
    if odd.adverse is not None:
        cohort["adverse_events"] = odd.adverse
    folder = root / "data_raw" / "odd"
    folder.mkdir(parents=True)
    (root / "analysis").mkdir()
    (root / "_quarto.yml").touch()
    (root / "analysis" / "study.yml").write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
    (folder / "cohort.yml").write_text(yaml.safe_dump(cohort, sort_keys=False), encoding="utf-8")
    sites = odd.sites or ["north", "south"] * len(odd.before)
    ages = [f"p{k},{sites[k]},{30 + 3 * (k % 5) + k}" for k in range(len(odd.before))]
    (folder / "people.csv").write_text("\n".join(["id,site,age", *ages]) + "\n", encoding="utf-8")
    for wave, answers in waves.items():
        rows = [",".join(["id", *SKILL, *STRAIN])]
        for k, given in enumerate(answers):
            turned = [None if value is None else 6 - value for value in given[:2]]
            if any(value is not None for value in given):
                rows.append(",".join([f"p{k}", *("" if v is None else str(v) for v in [*given, *turned])]))
        (folder / f"{wave}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    participants.open("odd").save()
