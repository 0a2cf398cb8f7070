"""`braid lab`: JupyterLab on the project, opened at the notebooks of the analysis."""

from __future__ import annotations

import os
import subprocess
import sys

from braid.errors import RunError
from braid.kernels import kernel_environment
from braid.study import find_root


def open_lab() -> None:
    """Start JupyterLab in the project, so that executed and failed notebooks can be opened too, and wait for it."""
    command = [sys.executable, "-m", "jupyterlab", "--LabApp.default_url=/lab/tree/analysis"]
    done = subprocess.run(command, cwd=find_root(), env={**os.environ, **kernel_environment()})
    if done.returncode not in (0, 130):
        raise RunError(f"JupyterLab ended with code {done.returncode}; braid doctor may say why")
