"""targets.yml as frozen models: the printed figures a simulated cohort must reproduce.

Every figure has a dotted id that follows the file (`scales.scq.groups.field.levels.surgical.sd`).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from braid.errors import UserError
from braid.simulation.printed import Printed
from braid.study import Cohort, read_model
from braid.study.strict import Name, Strict, Text

TARGETS_FILE = "targets.yml"


class Moments(Strict):
    """A mean and a standard deviation (n - 1), each as printed; either may be absent."""

    mean: Printed | None = None
    sd: Printed | None = None


class Nesting(Strict):
    """A finer group inside a coarser one: which levels of the finer belong to each level of the coarser."""

    characteristic: Name
    levels: dict[Name, list[Name]]


class Counts(Strict):
    """Counts per level, and percentages as printed (of those whose answer is known)."""

    counts: dict[Name, int] = Field(default_factory=dict)
    percent: dict[Name, Printed] = Field(default_factory=dict)


class CountsByGroup(Strict):
    """The same for each level of another characteristic; of people whom the counts leave over nothing is known."""

    characteristic: Name
    levels: dict[Name, Counts]


class CharacteristicTarget(Moments, Counts):
    """Counts per level (with printed percentages), or mean and SD of a number.

    inside: for a finer group inside a coarser one. by: counts for each group of people apart.
    invented: nothing was printed; the figures are this demonstration's own.
    """

    inside: Nesting | None = None
    by: CountsByGroup | None = None
    invented: bool = False


class GroupTarget(Strict):
    """Score of the first wave by the levels of a characteristic, and the p value of their comparison."""

    levels: dict[Name, Moments] = Field(default_factory=dict)
    p: Printed | None = None
    test: Literal["student", "welch"] = "student"


class SlopeTarget(Strict):
    """p of the regression of the first wave's score on a number (ordinary least squares)."""

    p: Printed


class ChangeTarget(Strict):
    """d_av = mean change / √((s₁² + s₂²)/2); p of the paired t-test overall and of every item.

    adjusted: each item's p also holds after multiplication by the number of items (Bonferroni).
    """

    d_av: Printed | None = None
    p: Printed | None = None
    items_p: Printed | None = None
    adjusted: bool = True


class ScaleTarget(Strict):
    """One scale. correlation (between the waves) and spread (SD of the item means) are choices of the
    simulation; items_differ is what was claimed of the item means within each wave, at alpha .05.
    """

    waves: dict[Name, Moments] = Field(default_factory=dict)
    groups: dict[Name, GroupTarget] = Field(default_factory=dict)
    slopes: dict[Name, SlopeTarget] = Field(default_factory=dict)
    change: ChangeTarget = ChangeTarget()
    items_differ: dict[Name, bool] = Field(default_factory=dict)
    correlation: float = Field(default=0.5, ge=0, le=0.95)
    spread: dict[Name, float] = Field(default_factory=dict)


class ResponseTarget(Moments):
    """One item of the evaluation form. top: how many gave the highest response."""

    top: int | None = None
    top_percent: Printed | None = None


class AttendanceTarget(Strict):
    """How many people of each level of a characteristic attended so many sessions; those left over never began."""

    characteristic: Name
    levels: dict[Name, dict[int, int]]


class LeftOut(Strict):
    """A printed figure that cannot hold together with the others, and the arithmetic that shows it."""

    target: Text
    published: Printed
    because: Text


class Targets(Strict):
    """The whole of targets.yml."""

    source: Text
    n: int = Field(gt=3)
    characteristics: dict[Name, CharacteristicTarget] = Field(default_factory=dict)
    scales: dict[Name, ScaleTarget] = Field(default_factory=dict)
    satisfaction: dict[Name, ResponseTarget] = Field(default_factory=dict)
    attendance: AttendanceTarget | None = None
    left_out: list[LeftOut] = Field(default_factory=list)

    def restored(self, *targets: str) -> Targets:
        """These targets with figures that were left out put back in their places, by id."""
        content: dict[str, Any] = self.model_dump()
        published = {entry.target: entry.published for entry in self.left_out}
        for target in targets:
            *stem, last = target.split(".")
            place = content
            for step in stem:
                place = place[step]
            place[last] = published[target]
        content["left_out"] = [e for e in content["left_out"] if e["target"] not in targets]
        return Targets.model_validate(content)


def read_targets(cohort: Cohort) -> Targets | None:
    """The cohort's targets.yml, checked against its study; None where there is none. Raises UserError(s)."""
    path = cohort.raw(TARGETS_FILE)
    if not path.is_file():
        return None
    name = f"data_raw/{cohort.name}/{TARGETS_FILE}"
    targets = read_model(path, name, Targets)
    study = cohort.study
    known: list[tuple[str, list[str], list[str]]] = [
        ("characteristics", list(targets.characteristics), list(study.characteristics)),
        ("scales", list(targets.scales), list(study.scales)),
        ("satisfaction", list(targets.satisfaction), list(study.satisfaction.items if study.satisfaction else [])),
    ]
    for key, target in targets.characteristics.items():
        if key in study.characteristics:
            levels = list(study.characteristics[key].levels)
            inner = [part for parts in target.inside.levels.values() for part in parts] if target.inside else []
            known.append((f"characteristics.{key}", [*target.counts, *target.percent, *inner], levels))
            outer = [target.inside.characteristic] if target.inside else []
            known.append((f"characteristics.{key}.inside", outer, list(targets.characteristics)))
            if target.by:
                known.append((f"characteristics.{key}.by", [target.by.characteristic], list(targets.characteristics)))
                parts = [word for part in target.by.levels.values() for word in (*part.counts, *part.percent)]
                known.append((f"characteristics.{key}.by.levels", parts, levels))
    if targets.attendance:
        known.append(("attendance", [targets.attendance.characteristic], list(targets.characteristics)))
    for key, scale in targets.scales.items():
        known.append((f"scales.{key}.waves", list(scale.waves), list(study.waves)))
        counted = [c for c, target in targets.characteristics.items() if target.counts]
        known.append((f"scales.{key}.groups", list(scale.groups), counted))
        for factor, group in scale.groups.items():
            levels = list(targets.characteristics[factor].counts) if factor in counted else []
            known.append((f"scales.{key}.groups.{factor}.levels", list(group.levels), levels))
        known.append((f"scales.{key}.slopes", list(scale.slopes), list(targets.characteristics)))
    for place, words, names in known:
        for word in words:
            if word not in names:
                raise UserError(
                    "the study does not know this name",
                    place=f"{name}: {place}",
                    found=word,
                    expected=", ".join(names) or "nothing",
                )
    return targets
