"""What braid finds on this machine, what it uses of it, and what to do about what is missing.

Nothing here asks the network, and nothing but the checks for write access touches the disk. A check that fails
itself becomes a finding: the doctor has to work on a broken installation.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

SET_UP = "run make report again, or python analysis/set_up.py"
ENOUGH_SPACE = 1_000_000_000  # bytes; notebooks, reports and drafts of one cohort take far less
# Scripts beyond Latin, Greek and Cyrillic in which answers and names come, each by one language in it.
SCRIPTS = {
    "Arabic": "ar",
    "Chinese": "zh",
    "Devanagari": "hi",
    "Hebrew": "he",
    "Japanese": "ja",
    "Korean": "ko",
    "Tamil": "ta",
    "Thai": "th",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    state: "ok"; "note" for what works, but differently than it could; "problem" for what keeps braid from working.
    found: what there is and what braid uses. todo: the next step, empty where there is none.
    """

    topic: str
    state: Literal["ok", "note", "problem"]
    found: str
    todo: str = ""


def diagnose(root: Path) -> list[Finding]:
    """Everything that was looked at, in the order in which things depend on each other.

    root: the folder that holds `pyproject.toml` and `analysis`.
    """
    return [examine(topic, root) for topic in CHECKS]


def examine(topic: str, root: Path) -> Finding:
    """One topic of CHECKS alone."""
    try:
        return CHECKS[topic](root)
    except Exception as error:
        # Whatever is broken enough to stop a check is what the person came to hear about.
        return Finding(topic, "problem", f"could not be looked at: {error}", SET_UP)


def report(findings: list[Finding]) -> str:
    """The findings as text, one a line, each remedy under its finding, and the first next step at the end."""
    width = max((len(finding.topic) for finding in findings), default=0)
    lines = []
    for finding in findings:
        lines.append(f"{finding.state:<8} {finding.topic:<{width}}  {finding.found}")
        if finding.todo:
            lines.append(f"{'':<8} {'':<{width}}  -> {finding.todo}")
    problems = [finding for finding in findings if finding.state == "problem"]
    lines.append(f"next: {problems[0].todo}" if problems else "nothing keeps braid from working")
    return "\n".join(lines)


def _python(root: Path) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - somebody may have installed braid around its own condition
        return Finding("Python", "problem", f"{version}, 3.11 or newer is needed", "install a newer Python")
    return Finding("Python", "ok", version)


def _environment(root: Path) -> Finding:
    """The environment and the code in use; a copied folder runs the code of the one it was copied from."""
    code = Path(__file__).resolve()
    if not code.is_relative_to(root.resolve()):
        return Finding("environment", "problem", f"braid runs from another folder: {code.parent}", SET_UP)
    if Path(sys.prefix).resolve() == (root / ".venv").resolve():
        return Finding("environment", "ok", ".venv of this folder")
    return Finding(
        "environment",
        "note",
        f"not .venv of this folder but {sys.prefix}",
        "start braid as .venv/bin/braid (.venv\\Scripts\\braid on Windows), or with make",
    )


def _packages(root: Path) -> Finding:
    lock = root / "requirements.lock"
    if not lock.is_file():
        return Finding("packages", "problem", "requirements.lock is missing", "take it back from git")
    total, wrong = 0, []
    for name, expected in _locked(lock.read_text(encoding="utf-8")):
        total += 1
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        if not _same_version(found, expected):
            wrong.append(f"{name} is {found} instead of {expected}")
    if not total:
        return Finding("packages", "problem", "requirements.lock names no package", "take it back from git")
    if not wrong:
        return Finding("packages", "ok", f"all {total} as in requirements.lock")
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return Finding("packages", "problem", f"not as in requirements.lock: {', '.join(wrong[:3])}{more}", SET_UP)


def _locked(lock: str) -> Iterator[tuple[str, str]]:
    """Name and version of every package of a lock file that applies to this Python on this machine.

    Raises ValueError for a line that is none of a requirement, a hash, a comment.
    """
    for line in lock.splitlines():
        text = line.rstrip("\\ ")
        if not text or text.lstrip().startswith(("#", "--hash=")):
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            raise ValueError(f"requirements.lock has a line that is no requirement: {text[:60]}") from error
        pins = [pin.version for pin in requirement.specifier if pin.operator == "=="]
        if len(pins) != 1:
            raise ValueError(f"requirements.lock does not pin {requirement.name}")
        if requirement.marker is None or requirement.marker.evaluate():
            yield canonicalize_name(requirement.name), pins[0]


def _same_version(found: str, expected: str) -> bool:
    try:
        return Version(found) == Version(expected)
    except InvalidVersion:
        return found == expected


def _renderer(root: Path) -> Finding:
    """Which of the two renderers a run takes; asks the room that decides it."""
    from braid.rendering.quarto import OLDEST, find_quarto, quarto_version

    quarto = find_quarto()
    if quarto is None:
        return Finding(
            "renderer",
            "note",
            "pandoc and typst; Quarto is not installed, and reports do not need it",
            "for Quarto: python analysis/set_up.py --quarto, or install it and put it on the PATH",
        )
    version = quarto_version(quarto)
    named = ".".join(map(str, version))
    if version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return Finding("renderer", "problem", f"Quarto {named}, {oldest} or newer is needed", "update Quarto")
    return Finding("renderer", "ok", f"Quarto {named} ({quarto})")


def _pandoc(root: Path) -> Finding:
    import pypandoc

    return Finding("pandoc", "ok", f"{pypandoc.get_pandoc_version()} ({pypandoc.get_pandoc_path()})")


def _typst(root: Path) -> Finding:
    import typst  # noqa: F401 - a package that cannot be loaded has a version all the same

    return Finding("typst", "ok", importlib.metadata.version("typst"))


def _fonts(root: Path) -> Finding:
    program = shutil.which("fc-list")
    if program is None:
        return Finding("fonts", "note", "fc-list is not there to tell which fonts are installed")
    missing = [script for script, code in SCRIPTS.items() if not _output(program, f":lang={code}", "family")]
    if not missing:
        return Finding("fonts", "ok", f"letters of {', '.join(SCRIPTS)} can be printed")
    return Finding(
        "fonts",
        "note",
        f"no font for {', '.join(missing)}: such letters are empty boxes in the PDF and in figures",
        "if your cohorts have them: apt install fonts-noto-core fonts-noto-cjk",
    )


def _kernel(root: Path) -> Finding:
    """The kernel that notebooks name; one in the home folder can hide that of the environment."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Finding("Jupyter kernel", "problem", "there is no kernel python3", SET_UP)
    program = spec.argv[0] if spec.argv else ""
    # Jupyter itself puts the running Python in place of these names.
    generic = re.fullmatch(r"python(3(\.\d+)?)?(\.exe)?", program)
    if generic or Path(program) == Path(sys.executable):
        return Finding("Jupyter kernel", "ok", "python3, in this environment")
    return Finding(
        "Jupyter kernel",
        "problem",
        f"python3 starts another Python: {program}",
        f"remove or rename the folder {spec.resource_dir}",
    )


def _git(root: Path) -> Finding:
    program = shutil.which("git")
    if program is None:
        return Finding("git", "note", "not installed: the manifest names no commit", "install git")
    commit = _output(program, "-C", str(root), "rev-parse", "--short", "HEAD")
    if not commit:
        return Finding("git", "note", "no commit here: the manifest names none", "work in a clone, and commit")
    changed = _output(program, "-C", str(root), "status", "--porcelain").splitlines()
    if changed:
        found = f"commit {commit}, and {len(changed)} uncommitted changes"
        return Finding("git", "note", found, "commit before a report that others are to check")
    return Finding("git", "ok", f"commit {commit}, nothing uncommitted")


def _space(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    if free < ENOUGH_SPACE:
        return Finding("disk space", "problem", f"{free / 1e9:.1f} GB free", "make room; 1 GB is enough")
    return Finding("disk space", "ok", f"{free / 1e9:.1f} GB free")


def _can_write(folder: Path) -> Finding:
    """Whether braid may write into a folder, or make it where it is not there yet."""
    place = folder if folder.exists() else folder.parent
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".braid-"):
            return Finding(folder.name, "ok", "can be written to")
    except OSError as error:
        reason = error.strerror or str(error)
        return Finding(folder.name, "problem", f"cannot be written to: {reason}", f"get write access to {place}")


def _output(*command: str) -> str:
    """What a program prints; nothing if it fails."""
    quiet = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=quiet, timeout=30)
    return done.stdout.strip() if done.returncode == 0 else ""


CHECKS: Mapping[str, Callable[[Path], Finding]] = {
    "Python": _python,
    "environment": _environment,
    "packages": _packages,
    "renderer": _renderer,
    "pandoc": _pandoc,
    "typst": _typst,
    "fonts": _fonts,
    "Jupyter kernel": _kernel,
    "git": _git,
    "disk space": _space,
    "data_processed": lambda root: _can_write(root / "data_processed"),
    "reports": lambda root: _can_write(root / "reports"),
}
