"""Several cohorts of one study, opened to be compared: what they are, and whether they can be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from braid.errors import Mistakes, UserError
from braid.study.model import Instrument, Study
from braid.study.project import COMPARED, Cohort, Project, check_name, find_root, open_cohort

LONGEST = 64
NAMED = 6


@dataclass(frozen=True)
class Comparison:
    """Cohorts that can be compared, in the order in which they were named; the first is what others are set against.

    name: of its folders in `reports` and `data_processed`.
    """

    name: str
    project: Project
    cohorts: tuple[Cohort, ...]

    @property
    def study(self) -> Study:
        """The study, as the first cohort has it; instruments are the same in all."""
        return self.cohorts[0].study

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(cohort.name for cohort in self.cohorts)

    def speaking(self) -> AbstractContextManager[None]:
        """The language of the first cohort's study in force for as long as the context lasts."""
        return self.cohorts[0].speaking()

    @property
    def catalogues(self) -> list[Path]:
        """The files that the words of the report come from; none in English."""
        return self.cohorts[0].catalogues

    @property
    def command(self) -> str:
        """The command that makes the report."""
        return f"braid compare {' '.join(self.names)}"

    @property
    def synthetic(self) -> bool:
        return any(cohort.synthetic for cohort in self.cohorts)


def comparison_name(names: Sequence[str]) -> str:
    """`compare-A-B`; of many cohorts the first, how many more, and a mark of all."""
    whole = f"{COMPARED}{'-'.join(names)}"
    if len(whole) <= LONGEST:
        return whole
    mark = hashlib.sha256("\n".join(names).encode()).hexdigest()[:8]
    return f"{COMPARED}{names[0][: LONGEST - 30]}-and-{len(names) - 1}-more-{mark}"


def open_comparison(names: Sequence[str], root: Path | None = None) -> Comparison:
    """Open cohorts to be compared. Raises UserError(s): too few, named twice, not there, or of different studies."""
    project = Project(root or find_root())
    if len(names) < 2:
        raise UserError(
            "a comparison needs two cohorts or more",
            found=", ".join(names) or "none",
            todo=f"name them all: braid compare A B (there are {', '.join(project.cohorts()) or 'none yet'})",
        )
    folded = [name.casefold() for name in names]
    for place, name in enumerate(names):
        if folded[place] in folded[:place]:
            raise UserError("this cohort is named twice", found=name, todo="name each cohort once")
    mistakes, opened = Mistakes(), []
    for name in names:
        with mistakes.gathered():
            opened.append(open_cohort(check_name(name), project.root))
    mistakes.stop_if_any()
    first = opened[0]
    for other in opened[1:]:
        for difference in _differences(first, other):
            with mistakes.gathered():
                raise difference
    mistakes.stop_if_any()
    return Comparison(comparison_name(names), project, tuple(opened))


def _differences(first: Cohort, other: Cohort) -> Iterable[UserError]:
    """What keeps the numbers of two cohorts from meaning the same; nothing where they share a study file."""
    if first.study_file == other.study_file:
        return
    one, two = first.study, other.study
    found: list[tuple[str, str, str]] = []
    if one.language != two.language:
        found.append(("language", one.language, two.language))
    if list(one.scales) != list(two.scales):
        found.append(("scales", *_names(one.scales, two.scales)))
    for name in one.scales:
        if name in two.scales:
            found += [(f"scales.{name}.{key}", a, b) for key, a, b in _scale(one, two, name)]
    if one.scales and two.scales:
        ends = [f"{study.waves[study.first_wave]} to {study.waves[study.last_wave]}" for study in (one, two)]
        if ends[0] != ends[1]:
            found.append(("waves", ends[0], ends[1]))
        if one.arms != two.arms:
            found.append(("arms", one.arms or "none", two.arms or "none"))
        for key in ("alpha", "adjust"):
            a, b = getattr(one.change, key), getattr(two.change, key)
            if a != b:
                found.append((f"change.{key}", str(a), str(b)))
    if one.satisfaction is not None and two.satisfaction is not None:
        found += [(f"satisfaction.{key}", a, b) for key, a, b in _instrument(one.satisfaction, two.satisfaction)]
        if one.satisfaction.agrees_from != two.satisfaction.agrees_from:
            at = (str(one.satisfaction.agrees_from), str(two.satisfaction.agrees_from))
            found.append(("satisfaction.agrees_from", *at))
    codes = [list(study.coding.paths()) if study.coding else [] for study in (one, two)]
    if not one.scales and not two.scales and not set(codes[0]) & set(codes[1]):
        found.append(("coding.themes", *_names(dict.fromkeys(codes[0]), dict.fromkeys(codes[1]))))
    for key, a, b in found:
        yield UserError(
            f"{first.name} and {other.name} cannot be compared: their studies differ",
            place=f"{_file(other)}: {key}",
            found=b,
            expected=f"as in {_file(first)}: {a}",
            todo="compare cohorts that were asked the same, or mend the study file that is wrong",
        )


def _scale(one: Study, two: Study, name: str) -> Iterable[tuple[str, str, str]]:
    a, b = one.scales[name], two.scales[name]
    yield from _instrument(a, b)
    for key in ("score", "rule", "higher_is"):
        if getattr(a, key) != getattr(b, key):
            yield key, str(getattr(a, key)), str(getattr(b, key))
    if set(a.reverse) != set(b.reverse):
        yield "reverse", ", ".join(a.reverse) or "none", ", ".join(b.reverse) or "none"


def _instrument(a: Instrument, b: Instrument) -> Iterable[tuple[str, str, str]]:
    """Items and answers; the words of an item may be corrected, its name may not."""
    if set(a.items) != set(b.items):
        yield "items", *_names(a.items, b.items)
    if set(a.responses) != set(b.responses):
        yield "responses", f"{a.minimum} to {a.maximum}", f"{b.minimum} to {b.maximum}"


def _names(a: Mapping[str, object], b: Mapping[str, object]) -> tuple[str, str]:
    """What only one of two has, or the order of both where they have the same."""
    only = [[name for name in here if name not in there] for here, there in ((a, b), (b, a))]
    if not any(only):
        return ", ".join(a), ", ".join(b)
    return f"{len(a) or 'none'}{_more(only[0])}", f"{len(b) or 'none'}{_more(only[1])}"


def _more(left: Sequence[str]) -> str:
    if not left:
        return ""
    rest = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
    return f", among them {', '.join(left[:NAMED])}{rest}"


def _file(cohort: Cohort) -> str:
    return cohort.study_file.relative_to(cohort.project.root).as_posix()
