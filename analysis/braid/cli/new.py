"""`braid new`: a folder for a new cohort, with its files untouched and a cohort.yml to begin with."""

from __future__ import annotations

import shutil
from pathlib import Path

from braid.errors import UserError
from braid.study import Project, check_name, did_you_mean, find_root

DEFINITIONS = ("cohort.yml", "study.yml")


def new_cohort(name: str, files: list[Path], like: str) -> None:
    """Make data_raw/<name> whole or not at all. like: a cohort, or a folder that holds a cohort.yml.

    Raises UserError where the cohort exists already, or a file does not.
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
    draft = folder.with_name(f".{name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    for file in files:
        shutil.copyfile(file, draft / file.name)
    for definition in DEFINITIONS:
        if (model / definition).is_file():
            shutil.copyfile(model / definition, draft / definition)
    draft.rename(folder)
    print(f"made data_raw/{name} with {len(files)} file(s) and the cohort.yml of {like}")
    print(f"next: edit data_raw/{name}/cohort.yml (title, file and column names), then run: braid check {name}")
