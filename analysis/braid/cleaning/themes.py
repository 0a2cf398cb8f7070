"""Which theme of the study a code of the coding program belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from braid.errors import UserError, UserErrors
from braid.intake.coded import Code, code_path, split_path
from braid.study import Coding, did_you_mean

IGNORED = ""


def fold(code: str) -> str:
    """A code's path in one spelling."""
    return code_path(split_path(code)).casefold()


def theme_paths(coding: Coding) -> dict[str, str]:
    """Dotted path of every theme by its folded names and labels (`barriers > time`, `barriers to … > lack of …`)."""
    known: dict[str, str] = {}
    for path in coding.paths():
        labels, names, themes = [], [], coding.themes
        for name in path.split("."):
            names.append(name)
            labels.append(themes[name].label)
            themes = themes[name].themes
        for parts in (names, labels):
            known[fold(" > ".join(parts))] = path
        known[path.casefold()] = path
    return known


@dataclass(frozen=True)
class _Listed:
    """A code that the study names, and the theme it belongs to; IGNORED where it belongs to none."""

    path: str
    theme: str

    def holds(self, code: str) -> int:
        """How many levels of a code this one is or leads to: its last names may stand for the whole; 0 for none."""
        levels, own = code.split(" > "), self.path.split(" > ")
        for depth in range(len(levels), 0, -1):
            if levels[:depth][-len(own) :] == own:
                return depth
        return 0


class CodeBook:
    """The study's themes as the coding program's codes know them.

    A code belongs to the theme that lists it under `codes`, or else to the one of its own name, label or path; or else
    it goes with the nearest code above it that a theme lists or `ignore` names.
    """

    def __init__(self, coding: Coding) -> None:
        self.coding = coding
        self.known = theme_paths(coding)
        listed = [_Listed(fold(code), path) for path, theme in coding.paths().items() for code in theme.codes]
        self.listed = [*listed, *(_Listed(fold(code), IGNORED) for code in coding.ignore)]
        self._found: dict[str, str | None] = {}

    def theme(self, code: str) -> str | None:
        """The dotted path of a code's theme; IGNORED where the study wants none of it, None where nothing says."""
        if code not in self._found:
            self._found[code] = self._look(fold(code))
        return self._found[code]

    def _look(self, code: str) -> str | None:
        depth = len(code.split(" > "))
        near = [(entry.holds(code), len(entry.path), entry.theme) for entry in self.listed]
        best = max(((level, length, theme) for level, length, theme in near if level), default=None)
        if best is not None and best[0] == depth:
            return best[2]
        if code in self.known:
            return self.known[code]
        return best[2] if best is not None else None

    def themes(self, codes: pd.Series[str], places: Iterable[str]) -> pd.Series[str]:
        """The theme of each code. places: where each stands. Raises UserErrors where nothing takes one."""
        found = [self.theme(code) for code in codes]  # a list, since a column of texts would hold NaN for None
        unknown: dict[str, str] = {}
        for code, theme, place in zip(codes, found, places, strict=True):
            if theme is None:
                unknown.setdefault(code, place)
        if unknown:
            readable = [" > ".join(labels(self.coding, path)) for path in self.coding.paths()]
            raise UserErrors(
                [
                    UserError(
                        "this code is not in the codebook",
                        place=place,
                        found=repr(code),
                        todo=f"{did_you_mean(code, readable)} (the codebook is `coding.themes` in the study file; "
                        "list the code under `codes` of the theme it belongs to, or under `coding.ignore`)",
                    )
                    for code, place in unknown.items()
                ]
            )
        return pd.Series(found, index=codes.index, dtype="str")

    def not_taken(self, codes: Iterable[Code]) -> list[str]:
        """Codes of the program that could be applied and have no theme, in its order."""
        return [code.label for code in codes if code.codable and self.theme(code.label) is None]


def labels(coding: Coding, path: str) -> list[str]:
    """The labels that lead to a theme."""
    found, themes = [], coding.themes
    for name in path.split("."):
        found.append(themes[name].label)
        themes = themes[name].themes
    return found


def unused(codes: Iterable[Code], applied: Iterable[str]) -> tuple[str, ...]:
    """Codes that could be applied and nowhere were, neither they nor any below them; in the program's order."""
    used = {fold(code) for code in applied}
    ways = {" > ".join(code.split(" > ")[:depth]) for code in used for depth in range(1, code.count(" > ") + 2)}
    return tuple(code.label for code in codes if code.codable and fold(code.label) not in ways)
