"""Every cohort that comes with the repository is free of mistakes, and says that it is synthetic."""

from __future__ import annotations

import pytest
from braid.checking import check
from braid.study import open_cohort

from tests.project_copy import REPOSITORY

SHIPPED = ("demo", "demo-next", "organisations", "social-services")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_cohort_passes_the_check(name: str) -> None:
    found = check(open_cohort(name, REPOSITORY))
    assert [finding.render() for finding in found.errors] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_cohort_says_that_it_is_synthetic(name: str) -> None:
    assert open_cohort(name, REPOSITORY).synthetic
    assert "synthetic" in (REPOSITORY / "data_raw" / name / "README.md").read_text(encoding="utf-8")
