"""For pytest: `--nbval` in a braid project runs the notebooks in forked kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.kernels.choice import choose_forked_kernels

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Choose forked kernels before nbval starts the first one."""
    runs_notebooks = config.getoption("nbval", False) or config.getoption("nbval_lax", False)
    if runs_notebooks and (config.rootpath / "analysis" / "study.yml").is_file():
        choose_forked_kernels()
