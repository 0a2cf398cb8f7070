"""`braid new`: a folder for a new cohort, with its files untouched and a cohort.yml to begin with.

The model's cohort.yml gives the names of columns only. What was known, decided or recommended of the model's
people is no statement about the new cohort, and is never taken over.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from braid.errors import UserError
from braid.study import CohortSpec, Project, Study, check_name, did_you_mean, find_root, read_model, read_yaml

NOT_TAKEN_OVER = ("title", "synthetic", "seed", "setting", "invited", "exclude", "decisions", "recommendations")
HEADER = """\
# Written by `braid new`. Check before the first run:
# - waves: whether each file stands at its wave
# - key: the column that names the person, in each file
# - columns: how the columns of the items are called, such as "q_{item}"; rename: {item: column} for single ones
# - values: what the cells of a characteristic mean where they are not the study's own names or labels
# - missing: the cells that stand for no answer
# Add, where known: setting (where this was), invited (how many persons were invited).
# Add after the first run, for this cohort: decisions (on the rows of the joint display) and recommendations.
"""


@dataclass(frozen=True)
class Draft:
    """Content of a cohort.yml in the making, and what was put where, left out, and not used."""

    content: dict[str, Any]
    put: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """Lines for the person who gave the files."""
        lines = [f"{place}: {file}" for place, file in self.put.items()]
        if self.left_out:
            lines.append(f"left out, since no file was given: {', '.join(self.left_out)}")
        if self.unused:
            lines.append(f"copied, but not named in cohort.yml: {', '.join(self.unused)}")
        return lines


def new_cohort(name: str, files: list[Path], like: str) -> None:
    """Make data_raw/<name> whole or not at all. like: a cohort, or a folder that holds a cohort.yml.

    A cohort.yml or study.yml among the files is kept as it is. Raises UserError where the cohort exists already,
    a file does not, two have one name, or the files fill no wave and no interviews.
    """
    project = Project(find_root())
    folder = project.raw(check_name(name))
    if folder.exists():
        raise UserError("this cohort exists already", place=f"data_raw/{name}", todo="choose another name")
    model = Path(like) if Path(like).is_dir() else project.root / "data_raw" / like
    if not (model / "cohort.yml").is_file():
        raise UserError(
            "there is no cohort.yml to begin with", place=f"--like {like}", todo=did_you_mean(like, project.cohorts())
        )
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise UserError("these files do not exist", place="--from", found=", ".join(missing))
    names = [file.name for file in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UserError(
            "two files have the same name", place="--from", found=", ".join(twice), todo="give one another name first"
        )
    given = {file.name: file for file in files}
    study_file = given.get("study.yml", model / "study.yml")
    own_study = study_file.is_file()
    definition, told = None, ["cohort.yml: the one that was given"]
    if "cohort.yml" not in given:
        study = read_model(study_file if own_study else project.analysis / "study.yml", "study.yml", Study)
        tables = [file for file in names if file != "study.yml"]
        definition, told = _definition(model, like, name, list(study.waves), tables)
    content = {file.name: file.read_bytes() for file in files}
    if own_study:
        content["study.yml"] = study_file.read_bytes()
    if definition is not None:
        content["cohort.yml"] = definition.encode("utf-8")
    _make(folder, content)
    print(f"made data_raw/{name} with {len(files)} file(s):")
    for line in told:
        print(f"  {line}")
    print(f"next: edit data_raw/{name}/cohort.yml (file and column names), then run: braid check {name}")


def _definition(model: Path, like: str, name: str, waves: list[str], tables: list[str]) -> tuple[str, list[str]]:
    """Text of the cohort.yml, and what to tell of it."""
    file, place = model / "cohort.yml", f"{like}/cohort.yml"
    spec = read_model(file, place, CohortSpec)
    judged = spec.synthetic or spec.decisions or spec.recommendations
    made_for_these = Path(like).is_dir() and (model / "study.yml").is_file() and set(spec.tables()) <= set(tables)
    if made_for_these and not judged:
        return file.read_text(encoding="utf-8-sig"), [f"cohort.yml: the one in {like}, as it is"]
    draft = draft_like(read_yaml(file, place), name, waves, tables)
    if not draft.content.get("waves") and "interviews" not in draft.content:
        raise UserError(
            "these files fill no wave of the survey and no interviews",
            place="--from",
            found=", ".join(tables) or "no table",
            expected=f"a file for a wave, or files named as in {like}: {', '.join(spec.tables())}",
        )
    text = yaml.safe_dump(draft.content, sort_keys=False, allow_unicode=True, width=110)
    return HEADER + text, draft.told()


def draft_like(model: dict[str, Any], name: str, waves: list[str], given: list[str]) -> Draft:
    """A cohort.yml for the given files, with the column names of the model's.

    model: content of a valid cohort.yml. waves: the study's, in order of time. given: names of files. A part
    whose file is given keeps it. The other files go, in order, to the waves that have none yet; such a file
    stands for the model's file wherever the model names that one (waves side by side in one file). What has no
    file then is left out.
    """
    draft = Draft({"title": name} | {key: value for key, value in model.items() if key not in NOT_TAKEN_OVER})
    content, old = draft.content, model.get("waves") or {}
    interviews, left_out = _interviews_among(model.get("interviews") or {}, given)
    named = [(model.get(part) or {}).get("file") for part in ("people", "satisfaction")]
    taken = {*named, *(entry["file"] for entry in old.values()), *(model.get("interviews") or {}).values()}
    free = [file for file in given if file not in taken]
    stands_for = {file: file for file in given}
    content["waves"] = {}
    for wave in waves:
        entry = old.get(wave) or next(iter(old.values()), {"file": None, "key": "participant"})
        usual = entry["file"] if wave in old else None
        if usual in stands_for:
            file = stands_for[usual]
        elif free:
            file = free.pop(0)
            if usual:
                stands_for[usual] = file
        else:
            draft.left_out.append(f"waves.{wave}")
            continue
        content["waves"][wave] = entry | {"file": file}
        draft.put[f"waves.{wave}"] = file
    for part in ("people", "satisfaction"):
        if not model.get(part):
            continue
        if model[part]["file"] in stands_for:
            content[part] = model[part] | {"file": stands_for[model[part]["file"]]}
            draft.put[part] = content[part]["file"]
        else:
            del content[part]
            draft.left_out.append(part)
    content.pop("interviews", None)
    if interviews:
        content["interviews"] = interviews
        draft.put.update({f"interviews.{part}": file for part, file in interviews.items()})
    draft.left_out.extend(left_out)
    draft.unused.extend(file for file in given if file not in draft.put.values())
    if not content["waves"]:
        del content["waves"]
    return draft


def _interviews_among(model: dict[str, str], given: list[str]) -> tuple[dict[str, str], list[str]]:
    """The interviews' tables that were given, and what is left out: all of them without segments and participants."""
    found = {part: file for part, file in model.items() if file in given}
    if model and not {"segments", "participants"} <= set(found):
        return {}, ["interviews"]
    return found, [f"interviews.{part}" for part in model if part not in found]


def _make(folder: Path, content: dict[str, bytes]) -> None:
    """Write the folder beside its place, then move it there in one step."""
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, data in content.items():
        (draft / name).write_bytes(data)
    draft.rename(folder)
