"""The manifest of a report: what it was made from, and the fingerprint of each file that belongs to it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from braid.errors import UserError
from braid.language import N_, tr
from braid.prose import note_files
from braid.study import Cohort, Comparison, Project, digest_file, digest_files, digest_inputs, input_files

PACKAGES = ("pandas", "scipy", "pingouin", "statsmodels", "matplotlib", "papermill")
BETWEEN = ", "
"""What stands between the names of several cohorts; no name can hold it."""
COMMIT = N_("commit {id}")
COMMIT_CHANGED = N_("commit {id}, with changes not committed")
NO_COMMIT = N_("not under version control")


@dataclass(frozen=True)
class Origin:
    """What a report is made from.

    data: fingerprint of study and cohort files; commit: the repository's commit, and whether files differed from it;
    lock: fingerprint of the locked packages; versions: of Python and the packages that compute; seed: of the
    simulation, where the cohort is synthetic; renderer: what rendered it, empty before it was rendered.
    """

    cohort: str
    data: str
    commit: str
    lock: str
    versions: dict[str, str]
    seed: int | None
    renderer: str = ""

    @property
    def commit_in_words(self) -> str:
        """The commit in the language in force; the manifest holds it in English."""
        for told in (COMMIT_CHANGED, COMMIT):
            before, after = told.split("{id}")
            if self.commit.startswith(before) and self.commit.endswith(after):
                return tr(told, id=self.commit.removeprefix(before).removesuffix(after))
        return tr(self.commit)


@dataclass(frozen=True)
class Changed:
    """A file of a report that is not what the manifest says. state: `missing` or `changed`."""

    file: str
    state: str


def origin(subject: Cohort | Comparison) -> Origin:
    """What a report made now is made from; of several cohorts `cohort` names all, and each has a seed of its own."""
    root, names = subject.project.root, [cohort.name for cohort in subject.cohorts]
    seed = subject.cohorts[0].spec.seed if len(names) == 1 else None
    versions = {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    lock = digest_files([root / "requirements.lock"], root)
    return Origin(BETWEEN.join(names), digest_inputs(subject), _commit(root, names), lock, versions, seed)


def write_manifest(subject: Cohort | Comparison, made: Origin, files: list[Path]) -> Path:
    """Write `reports/<name>/manifest.json`: every file it was made from and of the report, whole or not at all."""
    folder = subject.project.report(subject.name)
    root = subject.project.root
    content = {
        "made_from": asdict(made),
        "inputs": {Path(os.path.relpath(path, root)).as_posix(): digest_file(path) for path in _inputs(subject)},
        "files": {path.relative_to(folder).as_posix(): _digest(path) for path in sorted(files)},
    }
    path = folder / "manifest.json"
    draft = folder / ".manifest.draft"
    draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def _inputs(subject: Cohort | Comparison) -> list[Path]:
    notes = note_files(subject).values() if isinstance(subject, Cohort) else ()
    return [*input_files(subject), *notes]


def check_manifest(subject: Cohort | Comparison) -> tuple[Origin, list[Changed]]:
    """The manifest's origin, and the files that are not what it says. Raises UserError where there is no manifest."""
    folder = subject.project.report(subject.name)
    place = f"reports/{subject.name}/manifest.json"
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        made = Origin(**content["made_from"])
        files: dict[str, str] = content["files"]
    except FileNotFoundError:
        raise UserError("there is no report yet", place=place, todo=f"run: {subject.command}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UserError("the manifest cannot be read", place=place, todo=f"run: {subject.command}") from error
    changed = []
    for name, digest in files.items():
        path = folder / name
        if not path.is_file():
            changed.append(Changed(name, "missing"))
        elif _digest(path) != digest:
            changed.append(Changed(name, "changed"))
    return made, changed


def compared_cohorts(project: Project, name: str) -> list[str] | None:
    """The cohorts of a finished comparison by the name of its folder; None where there is none that can be read."""
    try:
        content = json.loads((project.report(name) / "manifest.json").read_text(encoding="utf-8"))
        return str(content["made_from"]["cohort"]).split(BETWEEN)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _commit(root: Path, cohorts: Sequence[str]) -> str:
    """The commit of the repository in words, and whether what the report is made from differs from it."""
    sources = ["analysis", "reports", "_quarto.yml", "requirements.lock", *(f"data_raw/{name}" for name in cohorts)]
    try:
        head = _git(root, "rev-parse", "--short=12", "HEAD")
        differs = _git(root, "status", "--porcelain", "--untracked-files=no", "--", *sources)
    except (OSError, subprocess.SubprocessError):
        return NO_COMMIT
    return (COMMIT_CHANGED if differs else COMMIT).format(id=head)


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()
