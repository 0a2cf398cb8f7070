"""`braid run` that is made in a process forked from the warm one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from braid.cli.forwarding import forwarded
from braid.kernels import KERNEL_ENVIRONMENT, errands_are_taken, warm_up
from braid.kernels.choice import SWITCH

from .conftest import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="runs are forked, which Linux can")


@pytest.fixture
def warm(alone: Path) -> None:
    environment = {**os.environ, **KERNEL_ENVIRONMENT}
    warm_up(environment, errands=True)
    assert until(lambda: errands_are_taken(environment))


@pytest.mark.usefixtures("warm")
def test_a_forwarded_run_speaks_here_and_ends_with_its_own_code(capfd: pytest.CaptureFixture[str]) -> None:
    assert forwarded(["run", "nosuch"]) == 2
    assert "there is no cohort nosuch" in capfd.readouterr().err
    assert forwarded(["run", "demo", "--to", "pfd"]) == 2
    assert "did you mean pdf?" in capfd.readouterr().err


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("arguments", [[], ["check"], ["run", "--all"], ["run", "--help"]])
def test_other_commands_are_made_here(arguments: list[str]) -> None:
    assert forwarded(arguments) is None


def test_a_run_is_made_here_where_no_process_is_warm(alone: Path) -> None:
    assert forwarded(["run", "nosuch"]) is None


@pytest.mark.usefixtures("warm")
def test_a_run_is_made_here_where_warm_processes_are_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "0")
    assert forwarded(["run", "nosuch"]) is None
