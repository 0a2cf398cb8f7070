from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from braid.study import Cohort, find_root, open_cohort

MakeCohort = Callable[..., Cohort]


@pytest.fixture(scope="session")
def root() -> Path:
    return find_root(Path(__file__))


@pytest.fixture(scope="session")
def demo(root: Path) -> Cohort:
    return open_cohort("demo", root)


@pytest.fixture(scope="session")
def dirty(root: Path) -> Cohort:
    return open_cohort("demo-next", root)


@pytest.fixture
def make_cohort(tmp_path: Path) -> MakeCohort:
    """Write a project with one cohort `trial`: make_cohort(study, cohort, **other yml files)."""

    def make(study: dict[str, Any], cohort: dict[str, Any] | str, **files: dict[str, Any]) -> Cohort:
        folder = tmp_path / "data_raw" / "trial"
        folder.mkdir(parents=True, exist_ok=True)
        (tmp_path / "analysis").mkdir(exist_ok=True)
        (tmp_path / "_quarto.yml").write_text("project: {}\n", encoding="utf-8")
        (tmp_path / "analysis" / "study.yml").write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
        text = cohort if isinstance(cohort, str) else yaml.safe_dump(cohort, sort_keys=False)
        (folder / "cohort.yml").write_text(text, encoding="utf-8")
        for name, content in files.items():
            (folder / f"{name}.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        return open_cohort("trial", tmp_path)

    return make
