"""The words of questionnaires in the languages we know, from words.yml beside this module."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

from braid.drafting.columns import folded


@cache
def _all() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("words.yml").read_text("utf-8"))
    return content


def words(*place: str) -> frozenset[str]:
    """The words of one kind, folded, such as `words("absence", "missing")`."""
    found = _all()
    for part in place:
        found = found[part]
    return frozenset(folded(str(word)) for word in found)


@cache
def any_of(*place: str) -> str:
    """The words of one kind as the inside of a regular expression, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words(*place), key=lambda word: (-len(word), word)))


@cache
def response_sets() -> tuple[dict[str, int], ...]:
    """Known sets of responses: the place of each word, from least to most."""
    return tuple({folded(str(word)): place for place, word in enumerate(line)} for line in _all()["responses"])
