"""R's answers, frozen with the data they were computed from; r/answers.R makes them anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="session")
def from_r() -> dict[str, Any]:
    """The answers of R by name."""
    return dict(_load()["answers"])


@pytest.fixture(scope="session")
def r_data() -> dict[str, Any]:
    """The data R was given: matrices persons x items, vectors with NaN as missing."""
    data = _load()["data"]
    return {name: _array(value) for name, value in data.items()}


def _load() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "r" / "answers.json").read_text(encoding="utf-8"))
    return loaded


def _array(value: list[Any]) -> Any:
    flat = value[0] if isinstance(value[0], list) else value
    if any(isinstance(item, str) for item in flat):
        return value
    return np.array(value, dtype=float)
