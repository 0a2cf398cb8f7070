"""The joint display: does it name statistics that a report of this study can have? Nothing is computed for that."""

from __future__ import annotations

from braid.checking.finding import Finding
from braid.study import Cohort, Study, did_you_mean


def joint_display_looks(cohort: Cohort) -> list[Finding]:
    """An error for each statistic of the joint display that no report of the study has."""
    study, known = cohort.study, statistics_of(cohort.study)
    file = cohort.study_file.relative_to(cohort.project.root).as_posix()
    return [
        Finding(
            "error",
            "there is no such statistic",
            file,
            key=f"joint_display.{row}.statistics",
            value=statistic,
            todo=did_you_mean(statistic, _near(statistic, known)),
        )
        for row, spec in study.joint_display.items()
        for statistic in spec.statistics
        if statistic not in known
    ]


def statistics_of(study: Study) -> set[str]:
    """The ids of all records that a report of this study can have and a joint display may name."""
    known = {"participants.n", "participants.invited", "participants.paired", "participants.attendance"}
    known |= {f"participants.{wave.lower()}" for wave in study.waves}
    levels = {name.lower(): [level.lower() for level in spec.levels] for name, spec in study.characteristics.items()}
    for name, of in levels.items():
        known |= {f"participants.{name}", *(f"participants.{name}.{level}" for level in of)}
    for scale, spec in study.scales.items():
        change, baseline = f"change.{scale.lower()}", f"baseline.{scale.lower()}"
        known |= {f"{change}.overall", f"{baseline}.overall", f"{baseline}.alpha"}
        known |= {f"{change}.item.{item.lower()}" for item in spec.items}
        known |= {f"{change}.items.{name}" for name in ("before", "after", "interaction")}
        known |= {f"{change}.reliable.{name}" for name in ("improved", "unchanged", "deteriorated")}
        known |= {f"{change}.wave.{wave.lower()}" for wave in study.waves}
        known |= {f"{change}.arm.{level}" for level in (levels[study.arms.lower()] if study.arms else ())}
        for name, of in levels.items():
            known |= {f"{baseline}.by.{name}", *(f"{baseline}.by.{name}.{level}" for level in of)}
            known |= {f"{change}.difference.{name}", *(f"{change}.by.{name}.{level}" for level in of)}
    if study.satisfaction is not None:
        items = [f"satisfaction.{item.lower()}" for item in study.satisfaction.items]
        known |= {*items, *(f"{item}.share" for item in items)}
    return known


def _near(statistic: str, known: set[str]) -> list[str]:
    """Ids of the same strand, since a report holds hundreds; without one the strands."""
    strand = statistic.partition(".")[0]
    return sorted(name for name in known if name.startswith(f"{strand}.")) or sorted(
        {n.partition(".")[0] for n in known}
    )
