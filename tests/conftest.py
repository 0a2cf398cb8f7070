"""One runtime folder for all kernels of a test run: no zygote of a person is used, and none of ours is left."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator

import pytest
from braid.kernels import end_zygotes

RUNTIME = "XDG_RUNTIME_DIR"
OURS = pytest.StashKey[tuple[str, str | None]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder; its path is short, as a socket's has to be. The workers of pytest-xdist share it."""
    if not hasattr(config, "workerinput"):
        config.stash[OURS] = tempfile.mkdtemp(prefix="bk"), os.environ.get(RUNTIME)
        os.environ[RUNTIME] = config.stash[OURS][0]
        os.environ["BRAID_WARM_KERNELS_IDLE"] = "120"  # should this process be killed


@pytest.hookimpl(wrapper=True)
def pytest_unconfigure(config: pytest.Config) -> Generator[None]:
    """End the zygotes that the tests have started, after the workers have ended."""
    yield
    folder, before = config.stash.get(OURS, ("", None))
    if folder:
        end_zygotes()
        shutil.rmtree(folder, ignore_errors=True)
        del os.environ[RUNTIME], os.environ["BRAID_WARM_KERNELS_IDLE"]
        if before is not None:
            os.environ[RUNTIME] = before
