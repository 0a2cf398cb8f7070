"""`braid lab`: JupyterLab on the notebooks of the analysis."""

from __future__ import annotations

import subprocess
import sys

from braid.errors import RunError
from braid.study import find_root


def open_lab() -> None:
    """Start JupyterLab in `analysis`, and wait until it is closed."""
    done = subprocess.run([sys.executable, "-m", "jupyterlab"], cwd=find_root() / "analysis")
    if done.returncode not in (0, 130):
        raise RunError(f"JupyterLab ended with code {done.returncode}; braid doctor may say why")
