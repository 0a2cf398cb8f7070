"""English after every test, whatever a test has put in force."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from braid import language


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    language.speak(language.ENGLISH)
