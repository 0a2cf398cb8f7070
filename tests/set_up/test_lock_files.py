"""The lock files pin and hash everything and name no address; what set-up reads from them is whole."""

import re
import tomllib
from pathlib import Path

import pytest
import set_up
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-quarto.lock", "requirements-cluster.lock")


def blocks(lock: str) -> list[str]:
    """Each requirement with its hashes, comments left out."""
    lines = [line for line in lock.splitlines() if line and not line.lstrip().startswith("#")]
    starts = [n for n, line in enumerate(lines) if not line.startswith(" ")]
    return [
        "\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]  # fmt: skip


def pins(name: str) -> dict[str, set[str]]:
    """The versions of each package that a lock file names; more than one where systems differ."""
    pinned: dict[str, set[str]] = {}
    for text in blocks((ROOT / name).read_text(encoding="utf-8")):
        requirement = Requirement(text.splitlines()[0].rstrip("\\ "))
        pinned.setdefault(canonicalize_name(requirement.name), set()).add(next(iter(requirement.specifier)).version)
    return pinned


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    found = blocks((ROOT / name).read_text(encoding="utf-8"))
    assert found
    for text in found:
        requirement = Requirement(text.splitlines()[0].rstrip("\\ "))
        assert [pin.operator for pin in requirement.specifier] == ["=="]
        hashes = [line.strip().rstrip("\\ ") for line in text.splitlines()[1:]]
        assert hashes, requirement.name
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", value) for value in hashes), requirement.name


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_address_or_a_folder(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted-host|\bfile:|^\s*/", text, re.MULTILINE)


def test_the_lock_holds_everything_that_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = pins("requirements.lock")
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(line)
        versions = pinned[canonicalize_name(wanted.name)]
        assert all(wanted.specifier.contains(version, prereleases=True) for version in versions), line


def test_the_cluster_lock_fits_the_extra_and_changes_no_package_of_the_main_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned, main = pins("requirements-cluster.lock"), pins("requirements.lock")
    for line in project["optional-dependencies"]["cluster"]:
        wanted = Requirement(line)
        assert all(wanted.specifier.contains(version) for version in pinned[canonicalize_name(wanted.name)]), line
    both = pinned.keys() & main.keys()
    assert both
    assert {name: pinned[name] for name in both} == {name: main[name] for name in both}


def test_the_quarto_lock_fits_the_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first = set_up.block((ROOT / "requirements-quarto.lock").read_text(encoding="utf-8"), "quarto-cli")
    pin = Requirement(first.splitlines()[0].rstrip("\\ "))
    [wanted] = [Requirement(line) for line in project["optional-dependencies"]["quarto"]]
    assert wanted.specifier.contains(next(iter(pin.specifier)).version)


def test_the_block_of_uv_is_taken_whole_and_alone() -> None:
    text = set_up.block((ROOT / "requirements.lock").read_text(encoding="utf-8"), "uv")
    first, *hashes = text.splitlines()
    assert re.fullmatch(r"uv==[\d.]+ \\", first)
    assert len(hashes) > 5
    assert all(line.startswith("    --hash=sha256:") for line in hashes)
    assert not hashes[-1].endswith("\\")


def test_a_block_ends_where_the_next_package_starts() -> None:
    lock = "uv-build==1.0 \\\n    --hash=sha256:cc\nuv==0.9 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nzz==1\n"
    assert set_up.block(lock, "uv") == "uv==0.9 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"


def test_a_lock_without_the_package_is_said_in_one_line() -> None:
    with pytest.raises(set_up.SetUpError, match=r"does not name uv\. What to do: "):
        set_up.block("numpy==2.0\n", "uv")
