"""The notebooks of the demonstration cohort give the same bytes from forked and from ordinary kernels."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from braid.kernels.choice import DEFAULT, NAME
from braid.pipeline import STAGES

from tests.project_copy import copy_project

pytestmark = pytest.mark.slow
RUN = """
from pathlib import Path
from braid.pipeline import run_stages
from braid.study import open_cohort
if __name__ == "__main__":
    print(*run_stages(open_cohort("demo", Path.cwd()), lambda *_: None))
"""


def outputs(root: Path, provisioner: str) -> dict[str, bytes]:
    root.mkdir()
    copy_project(root, "demo")
    script = root / "run.py"
    script.write_text(RUN)
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=root,
        env={**os.environ, DEFAULT: provisioner},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == sorted(stage.name for stage in STAGES)
    made = root / "data_processed" / "demo"
    return {
        path.relative_to(made).as_posix(): path.read_bytes()
        for path in sorted(made.rglob("*"))
        if path.suffix in (".ipynb", ".json", ".csv") and path.name != "cache.json"
    }


def test_every_output_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    forked = outputs(tmp_path / "forked", NAME)
    ordinary = outputs(tmp_path / "ordinary", "local-provisioner")
    assert forked.keys() == ordinary.keys()
    assert [name for name in ordinary if forked[name] != ordinary[name]] == []
    notebooks = [json.loads(data) for name, data in forked.items() if name.endswith(".ipynb")]
    assert len(notebooks) == len(STAGES)
    shown = [o["data"] for n in notebooks for c in n["cells"] for o in c.get("outputs", []) if "data" in o]
    assert sum("image/svg+xml" in data for data in shown) >= 6
