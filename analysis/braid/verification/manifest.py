"""The manifest of a report: what it was made from, and the fingerprint of each file that belongs to it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from braid.errors import UserError
from braid.study import Cohort, digest_file, digest_files, digest_inputs, input_files

PACKAGES = ("pandas", "scipy", "pingouin", "statsmodels", "matplotlib", "papermill")


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


@dataclass(frozen=True)
class Changed:
    """A file of a report that is not what the manifest says. state: `missing` or `changed`."""

    file: str
    state: str


def origin(cohort: Cohort) -> Origin:
    """What a report of this cohort made now is made from."""
    root = cohort.project.root
    versions = {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    lock = digest_files([root / "requirements.lock"], root)
    return Origin(cohort.name, digest_inputs(cohort), _commit(root, cohort.name), lock, versions, cohort.spec.seed)


def write_manifest(cohort: Cohort, made: Origin, files: list[Path]) -> Path:
    """Write `reports/<cohort>/manifest.json`: every file it was made from and of the report, whole or not at all."""
    folder = cohort.project.report(cohort.name)
    root = cohort.project.root
    content = {
        "made_from": asdict(made),
        "inputs": {Path(os.path.relpath(path, root)).as_posix(): digest_file(path) for path in input_files(cohort)},
        "files": {path.relative_to(folder).as_posix(): _digest(path) for path in sorted(files)},
    }
    path = folder / "manifest.json"
    draft = folder / ".manifest.draft"
    draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def check_manifest(cohort: Cohort) -> tuple[Origin, list[Changed]]:
    """The manifest's origin, and the files that are not what it says. Raises UserError where there is no manifest."""
    folder = cohort.project.report(cohort.name)
    place = f"reports/{cohort.name}/manifest.json"
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        made = Origin(**content["made_from"])
        files: dict[str, str] = content["files"]
    except FileNotFoundError:
        raise UserError("there is no report yet", place=place, todo=f"run: braid run {cohort.name}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UserError("the manifest cannot be read", place=place, todo=f"run: braid run {cohort.name}") from error
    changed = []
    for name, digest in files.items():
        path = folder / name
        if not path.is_file():
            changed.append(Changed(name, "missing"))
        elif _digest(path) != digest:
            changed.append(Changed(name, "changed"))
    return made, changed


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _commit(root: Path, cohort: str) -> str:
    """The commit of the repository in words, and whether what the report is made from differs from it."""
    sources = ["analysis", "reports", "_quarto.yml", "requirements.lock", f"data_raw/{cohort}"]
    try:
        head = _git(root, "rev-parse", "--short=12", "HEAD")
        differs = _git(root, "status", "--porcelain", "--untracked-files=no", "--", *sources)
    except (OSError, subprocess.SubprocessError):
        return "not under version control"
    return f"commit {head}{', with changes not committed' if differs else ''}"


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()
