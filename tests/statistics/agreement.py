"""Our answers beside R's: the tolerances, and the largest difference that each test has met."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

CLOSED, SEARCHED = 1e-9, 1e-5
"""Closed forms; and noncentral intervals, REML, factor models and other searches for a maximum."""

LARGEST: dict[str, float] = {}
"""The largest relative difference by the name of the test, in the order in which the tests were run."""


def same(ours: Any, theirs: Any, tolerance: float = CLOSED) -> None:
    """Fails where our numbers differ from R's by more than the tolerance; zero is compared as it is."""
    found, wanted = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[2].partition("[")[0].split(" ")[0]
    difference = np.abs(found - wanted) / np.where(np.abs(wanted) > 1e-300, np.abs(wanted), 1.0)
    LARGEST[test] = max(LARGEST.get(test, 0.0), float(np.max(difference, initial=0.0)))
    np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=1e-13)
