"""The written file: whatever stands in it is read back, and each comment stands at the line that it explains."""

from __future__ import annotations

from typing import Any

import yaml
from braid.drafting.draft import Draft, Reason, flow
from hypothesis import given
from hypothesis import strategies as some

TEXT = some.text(some.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
SCALARS = (
    TEXT
    | some.integers(-(10**6), 10**6)
    | some.booleans()
    | some.none()
    | some.sampled_from(
        [
            "yes",
            "no",
            "NA",
            "1",
            "07",
            "2010-01-02",
            "#row",
            "~",
            "- a",
            "a: b",
            "a #b",
            "{item}",
            "1e3",
            "0x10",
            "=",
            "<<",
            "!x",
        ]
    )
)
KEYS = TEXT.filter(bool) | some.integers(0, 99)
CONTENT = some.dictionaries(
    KEYS,
    some.recursive(SCALARS, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(KEYS, inner, max_size=3)),
    max_size=4,
)


@given(CONTENT)
def test_any_content_is_read_back(content: dict[Any, Any]) -> None:
    draft = Draft()
    for key, value in content.items():
        draft.put(key, value=value, why=Reason("likely", "a reason: with marks # and {braces}\nover two lines"))
    assert (yaml.safe_load(draft.text("A header.")) or {}) == content


@given(TEXT)
def test_a_scalar_stays_on_one_line(text: str) -> None:
    assert len(flow(text).splitlines()) == 1


def test_comments_stand_at_what_they_explain_and_the_decisions_at_the_top() -> None:
    draft = Draft()
    draft.put("waves", "pre", "file", value="a.csv", why=Reason("certain", "it is called so"))
    draft.put("waves", "post", value={"file": "b.csv", "key": "id"})
    draft.add("waves", "post", comment="TODO: what `x` means")
    draft.ask("which row counts?", at="waves.pre")
    draft.ask("which row counts?", at="waves.post")
    assert draft.text("Written by a machine.").splitlines() == [
        "# Written by a machine.",
        "#",
        "# TO DECIDE:",
        "# 1. waves.pre, waves.post: which row counts?",
        "waves:",
        "  pre:",
        "    # certain: it is called so",
        "    file: a.csv",
        "  post: {file: b.csv, key: id}",
        "  # TODO: what `x` means",
    ]


def test_long_comments_are_wrapped_and_long_mappings_get_lines_of_their_own() -> None:
    draft = Draft()
    draft.put(
        "rename", value={f"item{n}": f"A long question of the form, number {n}" for n in range(9)}, why="why " * 60
    )
    lines = draft.text("Header.").splitlines()
    assert all(len(line) <= 120 for line in lines)
    assert sum(line.startswith("  item") for line in lines) == 9
