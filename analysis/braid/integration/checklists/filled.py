"""Checklists filled from what study.yml and cohort.yml hold; the lists themselves stand in the files beside this one.

An item is met where the keys that fill a place of the report are there. Whether what stands there is enough, a person
has to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from braid.study import Cohort, read_model
from braid.study.strict import Strict, Text

NAMES = ("gramms", "srqr", "tidier", "gripp2")


class Item(Strict):
    """One item: what it asks, and by which places of the report it is met, each with the keys that fill it."""

    name: Text
    asks: Text
    where: dict[Text, Text | list[Text]] = Field(min_length=1)


class Checklist(Strict):
    """A reporting guideline in our own words. applies: the keys that a cohort must have for it to be asked."""

    name: Text
    title: Text
    source: Text
    applies: list[Text]
    items: list[Item] = Field(min_length=1)


@dataclass(frozen=True)
class FilledItem:
    """An item with the places of the report that meet it (labels such as `sec-design`, or words); empty: missing.

    todo: what would meet it, where it is missing.
    """

    name: str
    asks: str
    where: tuple[str, ...]
    todo: str

    @property
    def missing(self) -> bool:
        return not self.where


@dataclass(frozen=True)
class FilledChecklist:
    """A guideline with its items as this cohort's report meets them."""

    checklist: Checklist
    items: tuple[FilledItem, ...]

    @property
    def missing(self) -> tuple[FilledItem, ...]:
        return tuple(item for item in self.items if item.missing)


@cache
def checklists() -> tuple[Checklist, ...]:
    """The four guidelines: GRAMMS, SRQR, TIDieR and the short form of GRIPP2."""
    files = [Path(__file__).with_name(f"{name}.yml") for name in NAMES]
    return tuple(read_model(file, file.name, Checklist) for file in files)


def filled(cohort: Cohort) -> list[FilledChecklist]:
    """The guidelines that apply to a cohort, each item with where it stands or what is missing."""
    return [
        FilledChecklist(checklist, tuple(_filled(cohort, item) for item in checklist.items))
        for checklist in checklists()
        if _all_told(cohort, checklist.applies)
    ]


def _filled(cohort: Cohort, item: Item) -> FilledItem:
    places = {place: [keys] if isinstance(keys, str) else keys for place, keys in item.where.items()}
    where = tuple(place for place, keys in places.items() if _all_told(cohort, keys))
    lacking = [key for key in next(iter(places.values())) if not told(cohort, key)]
    return FilledItem(item.name, item.asks, where, "" if where else _todo(cohort, lacking))


def _todo(cohort: Cohort, keys: list[str]) -> str:
    study = cohort.study_file.relative_to(cohort.project.root).as_posix()
    mine = [key.removeprefix("cohort.") for key in keys if key.startswith("cohort.")]
    others = [key.removeprefix("study.") for key in keys if not key.startswith("cohort.")]
    parts = [f"{', '.join(others)} in {study}"] if others else []
    parts += [f"{', '.join(mine)} in data_raw/{cohort.name}/cohort.yml"] if mine else []
    return f"write {' and '.join(parts)}"


def _all_told(cohort: Cohort, keys: list[str]) -> bool:
    return all(told(cohort, key) for key in keys)


def told(cohort: Cohort, key: str) -> bool:
    """Whether a dotted key holds anything: `study.coding.description`, `cohort.waves`, `programme.why`, `reporting.x`.

    `programme` and `reporting` are read as they hold for the cohort. Raises AttributeError for a key that no model has.
    """
    first, *rest = key.split(".")
    found: object = {
        "study": cohort.study,
        "cohort": cohort.spec,
        "programme": cohort.programme,
        "reporting": cohort.reporting,
    }[first]
    for name in rest:
        if found is None:
            return False
        found = getattr(found, name)
    return bool(found.strip() if isinstance(found, str) else found)
