"""Set-up does its work once: the mark it leaves changes when, and only when, what it was made of changes."""

import os
from pathlib import Path

import pytest
import set_up


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for name in set_up.KEYED_FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"content of {name}\n", encoding="utf-8")
    return root


@pytest.fixture
def steps(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of set_up replaced by notes of which were taken; the environment step leaves a Python."""
    taken: list[str] = []

    def make_environment(tools: set_up.Tools) -> None:
        taken.append("environment")
        tools.python.parent.mkdir(parents=True, exist_ok=True)
        tools.python.touch()

    monkeypatch.setattr(set_up, "make_environment", make_environment)
    monkeypatch.setattr(set_up, "install_packages", lambda tools: taken.append("packages"))
    monkeypatch.setattr(set_up, "install_quarto", lambda tools: taken.append("quarto"))

    def install_cluster(tools: set_up.Tools) -> None:
        taken.append("cluster")
        tools.snakemake.touch()

    monkeypatch.setattr(set_up, "install_cluster", install_cluster)
    return taken


@pytest.mark.parametrize("name", set_up.KEYED_FILES)
def test_the_mark_changes_with_the_content_of_each_file(root: Path, name: str) -> None:
    before = set_up.mark_for(root, (3, 11))
    os.utime(root / name, (1, 1))
    assert set_up.mark_for(root, (3, 11)) == before
    (root / name).write_text("something else\n", encoding="utf-8")
    assert set_up.mark_for(root, (3, 11)) != before


def test_the_mark_changes_with_python_and_with_the_folder(root: Path) -> None:
    before = set_up.mark_for(root, (3, 11))
    assert set_up.mark_for(root, (3, 12)) != before
    copy = root.with_name("copy")
    root.rename(copy)
    assert set_up.mark_for(copy, (3, 11)) != before


def test_content_moved_from_one_file_to_the_next_changes_the_mark(root: Path) -> None:
    first, second = root / "requirements.lock", root / "requirements-quarto.lock"
    first.write_text("ab", encoding="utf-8")
    second.write_text("c", encoding="utf-8")
    before = set_up.mark_for(root, (3, 11))
    first.write_text("a", encoding="utf-8")
    second.write_text("bc", encoding="utf-8")
    assert set_up.mark_for(root, (3, 11)) != before


def test_a_missing_file_is_named(root: Path) -> None:
    (root / "requirements.lock").unlink()
    with pytest.raises(set_up.SetUpError, match=r"requirements\.lock is missing\. What to do: "):
        set_up.mark_for(root, (3, 11))


@pytest.mark.parametrize("content", ["", "one\n", "one\ntwo\nthree\nfour\n", "\ufffd\udc80"])
def test_a_damaged_mark_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "ready").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert set_up.read_mark(tmp_path / "ready") is None
    assert set_up.read_mark(tmp_path / "absent") is None


def test_a_second_call_does_nothing_but_make_the_mark_newer(root: Path, steps: list[str]) -> None:
    set_up.set_up(root)
    assert steps == ["environment", "packages", "quarto"]
    ready = root / ".venv" / "ready"
    os.utime(ready, (1, 1))
    set_up.set_up(root)
    assert len(steps) == 3
    assert ready.stat().st_mtime > (root / "pyproject.toml").stat().st_mtime - 1


def test_a_changed_lock_is_installed_into_the_environment_that_is_there(root: Path, steps: list[str]) -> None:
    set_up.set_up(root)
    (root / "requirements.lock").write_text("something else\n", encoding="utf-8")
    set_up.set_up(root)
    assert steps[3:] == ["packages", "quarto"]


def test_snakemake_is_installed_on_request_only_and_then_kept_up_to_date(root: Path, steps: list[str]) -> None:
    set_up.set_up(root)
    assert "cluster" not in steps
    set_up.set_up(root, cluster=True)
    assert steps[3:] == ["cluster"]
    set_up.set_up(root)
    assert steps[4:] == []
    (root / "requirements-cluster.lock").write_text("something else\n", encoding="utf-8")
    set_up.set_up(root)
    assert steps[4:] == ["packages", "quarto", "cluster"]


def test_snakemake_comes_with_a_first_set_up_that_asks_for_it(root: Path, steps: list[str]) -> None:
    set_up.set_up(root, cluster=True)
    assert steps == ["environment", "packages", "quarto", "cluster"]


def test_a_copied_folder_gets_an_environment_of_its_own(root: Path, steps: list[str]) -> None:
    set_up.set_up(root)
    copy = root.with_name("copy")
    root.rename(copy)
    set_up.set_up(copy)
    assert steps[3:] == ["environment", "packages", "quarto"]


def test_an_interrupted_set_up_is_done_from_the_start(
    root: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up.set_up(root)
    (root / "requirements.lock").write_text("something else\n", encoding="utf-8")

    def interrupted(tools: set_up.Tools) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(set_up, "install_packages", interrupted)
        with pytest.raises(KeyboardInterrupt):
            set_up.set_up(root)
    assert not (root / ".venv" / "ready").exists()
    set_up.set_up(root)
    assert steps[3:] == ["environment", "packages", "quarto"]


def test_an_environment_whose_python_is_gone_is_made_anew(root: Path, steps: list[str]) -> None:
    set_up.set_up(root)
    set_up.Tools(root).python.unlink()
    set_up.set_up(root)
    assert steps[3:] == ["environment", "packages", "quarto"]
