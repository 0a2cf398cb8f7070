"""The catalogues hold every text of a report, and each of them is translated."""

from __future__ import annotations

import pytest
from braid.language import speak, words
from braid.language.speech import SHIPPED

from tests.project_copy import REPOSITORY

LANGUAGES = sorted(path.stem for path in SHIPPED.glob("*.po"))


def test_the_template_is_up_to_date() -> None:
    found = (SHIPPED / words.TEMPLATE).read_bytes()
    assert found == words.written(words.template(REPOSITORY)), "write it anew: python -m braid.language"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_is_translated(code: str) -> None:
    catalog = words.read(SHIPPED / f"{code}.po", code)
    catalog.update(words.template(REPOSITORY), no_fuzzy_matching=True)
    assert words.untranslated(catalog) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_translation_has_a_field_of_its_own(code: str) -> None:
    speak(code)
