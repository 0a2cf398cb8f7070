"""What a report was made from, as it is written in the manifest and said in the report."""

from __future__ import annotations

import pytest
from braid.language import speaking
from braid.verification import Origin


@pytest.mark.parametrize(
    ("commit", "said"),
    [
        ("commit 0123abcd", "commit 0123abcd"),
        ("commit 0123abcd, with changes not committed", "commit 0123abcd med ændringer, der ikke er committet"),
        ("not under version control", "ikke under versionsstyring"),
    ],
)
def test_the_commit_is_kept_in_english_and_said_in_the_language_of_the_report(commit: str, said: str) -> None:
    made = Origin("demo", "", commit, "", {}, None)
    assert made.commit_in_words == commit
    with speaking("da"):
        assert made.commit_in_words == said
