"""The doctor says what is there, what is used and what to do, on a sound installation and on a broken one."""

import importlib.metadata
import shutil
from pathlib import Path

import pytest
from braid import doctor
from braid.doctor import CHECKS, Finding, diagnose, examine, report

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    version = importlib.metadata.version("numpy")
    (tmp_path / "requirements.lock").write_text(
        f"numpy=={version} \\\n    --hash=sha256:aa\n    # via pandas\n"
        "nowhere==1.0 ; python_full_version < '3' \\\n    --hash=sha256:bb\n",
        encoding="utf-8",
    )
    return tmp_path


def test_packages_as_locked_are_sound_and_markers_that_do_not_apply_are_passed_over(root: Path) -> None:
    assert examine("packages", root) == Finding("packages", "ok", "all 1 as in requirements.lock")


def test_another_version_and_a_missing_package_are_named(root: Path) -> None:
    (root / "requirements.lock").write_text(
        "numpy==0.1 \\\n    --hash=sha256:aa\nno-such-package==3\n", encoding="utf-8"
    )
    found = examine("packages", root)
    assert found.state == "problem"
    assert f"numpy is {importlib.metadata.version('numpy')} instead of 0.1" in found.found
    assert "no-such-package is missing" in found.found
    assert found.todo


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<<<<<<< HEAD\nnumpy==2.0\n", "a line that is no requirement: <<<<<<< HEAD"),
        ("numpy>=2.0\n", "does not pin numpy"),
        ("", "names no package"),
    ],
)
def test_a_broken_lock_is_a_finding_and_the_other_checks_go_on(root: Path, content: str, expected: str) -> None:
    (root / "requirements.lock").write_text(content, encoding="utf-8")
    found = examine("packages", root)
    assert found.state == "problem"
    assert expected in found.found
    assert [other.topic for other in diagnose(root)] == list(CHECKS)


def test_a_missing_lock_is_a_problem(tmp_path: Path) -> None:
    assert examine("packages", tmp_path).found == "requirements.lock is missing"


def test_versions_that_are_written_differently_are_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "requirements.lock").write_text("numpy==2.1.0\n", encoding="utf-8")
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.1")
    assert examine("packages", root).state == "ok"


def test_code_of_another_folder_is_a_problem(root: Path) -> None:
    found = examine("environment", root)
    assert found.state == "problem"
    assert str(Path(doctor.__file__).parent) in found.found
    assert examine("environment", ROOT).state in ("ok", "note")


def test_the_renderer_in_use_is_named_with_and_without_quarto(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from braid.rendering import quarto

    monkeypatch.setattr(quarto, "find_quarto", lambda: None)
    without = examine("renderer", root)
    assert without.state == "note"
    assert "pandoc and typst" in without.found
    assert "--quarto" in without.todo
    monkeypatch.setattr(quarto, "find_quarto", lambda: Path("/opt/quarto"))
    monkeypatch.setattr(quarto, "quarto_version", lambda path: (1, 9, 38))
    assert examine("renderer", root).found.startswith("Quarto 1.9.38")
    monkeypatch.setattr(quarto, "quarto_version", lambda path: (1, 3))
    assert examine("renderer", root).state == "problem"


def test_pandoc_and_typst_are_there() -> None:
    assert examine("pandoc", ROOT).state == "ok"
    assert examine("typst", ROOT).found == importlib.metadata.version("typst")


def test_fonts_that_are_missing_are_named_by_their_script(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(doctor, "_output", lambda *command: "" if ":lang=th" in command else "Some Font")
    found = examine("fonts", root)
    assert found.state == "note"
    assert found.found.startswith("no font for Thai:")


def test_a_kernel_of_another_python_is_a_problem(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    def another(self: KernelSpecManager, name: str) -> KernelSpec:
        return KernelSpec(argv=["/opt/conda/bin/python", "-m", "ipykernel_launcher"], resource_dir="/home/x/python3")

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", another)
    found = examine("Jupyter kernel", root)
    assert found.state == "problem"
    assert "/opt/conda/bin/python" in found.found
    assert "/home/x/python3" in found.todo


def test_a_folder_outside_git_names_no_commit(root: Path) -> None:
    assert examine("git", root).state == "note"


def test_a_folder_that_cannot_be_written_to_is_a_problem(root: Path) -> None:
    (root / "reports").write_text("a file where the folder should be", encoding="utf-8")
    assert examine("reports", root).state == "problem"
    assert examine("data_processed", root).state == "ok"
    assert [path.name for path in root.iterdir() if path.name.startswith(".braid-")] == []


def test_a_check_that_fails_is_itself_a_finding(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(shutil, "disk_usage", broken)
    found = examine("disk space", root)
    assert found.state == "problem"
    assert "the disk is on fire" in found.found


def test_the_report_ends_with_one_next_step() -> None:
    findings = [
        Finding("Python", "ok", "3.11.2"),
        Finding("packages", "problem", "numpy is missing", "set up again"),
        Finding("reports", "problem", "cannot be written to", "get write access"),
    ]
    lines = report(findings).splitlines()
    assert lines[0].split() == ["ok", "Python", "3.11.2"]
    assert lines[-1] == "next: set up again"
    assert report(findings[:1]).splitlines()[-1] == "nothing keeps braid from working"
