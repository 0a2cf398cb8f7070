"""`braid new`: a folder for a new cohort, with its files untouched and a first cohort.yml that says how sure it is.

What was known, decided or recommended of another cohort's people is no statement about the new one, and is never
taken over: of the cohort it is made like, only the names of files and columns and the meaning of cells are.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from braid.cli.given import TRANSCRIPTS, given_files
from braid.errors import UserError
from braid.study import CohortSpec, Project, Study, check_name, did_you_mean, find_root, read_model

DEFINITIONS = ("cohort.yml", "study.yml")


@dataclass(frozen=True)
class _Model:
    """The cohort to begin with. spec: its cohort.yml. whole: its two files as they are, where they fit as they are."""

    place: str
    folder: Path
    spec: CohortSpec

    @property
    def study(self) -> Path | None:
        own = self.folder / "study.yml"
        return own if own.is_file() else None

    def fits_as_it_is(self, tables: list[str]) -> bool:
        """Whether it was made for these very files, and judges nothing that only their data can show."""
        judged = self.spec.synthetic or self.spec.decisions or self.spec.recommendations
        return self.study is not None and set(self.spec.tables()) <= set(tables) and not judged


def new_cohort(name: str, files: list[Path], like: str | None = None, draft_study: bool = False) -> None:
    """Make data_raw/<name> whole or not at all, and print what a person must decide.

    like: a cohort, or a folder that holds a cohort.yml. draft_study: whether to write a study.yml of its own, whatever
    the project's study is; without it one is written only where that study was not named (by `like` or among the
    files) and nothing in the files fits it. A cohort.yml or study.yml among the files is kept as it is. Raises
    UserError where the cohort exists already, a file cannot be read, or nothing in the files can be used.
    """
    project = Project(find_root())
    folder = project.raw(check_name(name))
    if folder.exists():
        raise UserError("this cohort exists already", place=f"data_raw/{name}", todo="choose another name")
    given = given_files(files)
    model = _model(project, like) if like is not None else None
    talk = [file for file in given if file.startswith(f"{TRANSCRIPTS}/")]
    tables = {file: path for file, path in given.items() if file not in (*DEFINITIONS, *talk)}
    written: dict[str, str] = {}
    told: list[str] = []
    decisions: tuple[str, ...] = ()
    own_study = given.get("study.yml") or (model.study if model and not draft_study else None)
    if own_study is not None:
        written["study.yml"] = own_study.read_text(encoding="utf-8-sig")
    if "cohort.yml" in given:
        told.append("cohort.yml: the one that was given")
    elif model is not None and not draft_study and Path(like or "").is_dir() and model.fits_as_it_is(list(tables)):
        written["cohort.yml"] = (model.folder / "cohort.yml").read_text(encoding="utf-8-sig")
        told.append(f"cohort.yml: the one in {like}, as it is")
    else:
        told, decisions = _drafted(
            project, name, tables, model, own_study, draft_study, written, TRANSCRIPTS if talk else None
        )
    _make(folder, given, written)
    print(f"made data_raw/{name} with {len(given)} file(s):")
    for line in told:
        print(f"  {line}")
    if decisions:
        print(f"to decide (the list stands at the top of data_raw/{name}/cohort.yml):")
        for number, decision in enumerate(decisions, start=1):
            print(f"  {number}. {decision}")
    print(f"next: edit data_raw/{name}/{' and '.join(written) or 'cohort.yml'}, then run: braid check {name}")


def _model(project: Project, like: str) -> _Model:
    folder = Path(like) if Path(like).is_dir() else project.root / "data_raw" / like
    if not (folder / "cohort.yml").is_file():
        known = project.cohorts()
        raise UserError("there is no cohort.yml to begin with", place=f"--like {like}", todo=did_you_mean(like, known))
    return _Model(like, folder, read_model(folder / "cohort.yml", f"{like}/cohort.yml", CohortSpec))


def _drafted(
    project: Project,
    name: str,
    tables: Mapping[str, Path],
    model: _Model | None,
    own_study: Path | None,
    draft_study: bool,
    written: dict[str, str],
    transcripts: str | None,
) -> tuple[list[str], tuple[str, ...]]:
    """Write the drafts; what to tell of them, and what a person must decide."""
    from braid.drafting import propose

    study_file = own_study or project.analysis / "study.yml"
    study = None
    if study_file.is_file() and not (draft_study and own_study is None):
        study = read_model(study_file, _shown(project, study_file), Study)
    like = model.spec if model is not None else None
    proposal = propose(name, tables, study, like=like, transcripts=transcripts)
    if proposal is None:
        if own_study is not None or model is not None:
            raise UserError(
                "these files hold nothing of the study: no item of a scale, and no interviews",
                place="--from",
                found=", ".join(tables) or "no table",
                expected=f"items of {_shown(project, study_file)}, by their names or their wording",
                todo="name the files of this study, or add --draft-study to begin a study of its own from them",
            )
        proposal = propose(name, tables, None, like=like, transcripts=transcripts)
    if proposal is None:
        raise AssertionError("without a study everything fits")
    written["cohort.yml"] = proposal.cohort
    told = list(proposal.told)
    if proposal.study is not None:
        written["study.yml"] = proposal.study
        why = "as asked" if draft_study else f"since nothing in the files fits {_shown(project, study_file)}"
        told.append(f"study.yml: a draft of its own, {why}")
    return told, proposal.decisions


def _shown(project: Project, path: Path) -> str:
    return path.relative_to(project.root).as_posix() if path.is_relative_to(project.root) else path.name


def _make(folder: Path, files: Mapping[str, Path], written: Mapping[str, str]) -> None:
    """Fill the folder beside its place, then move it there in one step. A given file is never written over."""
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        for name, path in files.items():
            (draft / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(path, draft / name)
        for name, text in written.items():
            if name not in files:
                (draft / name).write_text(text, encoding="utf-8", newline="\n")
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
