"""The joint display: does it name what there is, do decisions fit the results, and is what is published readable?

Nothing is computed for that.
"""

from __future__ import annotations

from braid.checking.finding import Finding, errors_of
from braid.errors import Mistakes
from braid.integration import in_words, read_literature, unknown_targets
from braid.records import read_records
from braid.study import Basis, Cohort, Study, did_you_mean

STAGE = "triangulation"
MOST_SESSIONS = 61
"""Above the number of sessions that a programme may hold."""


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


def literature_looks(cohort: Cohort) -> list[Finding]:
    """An error for each cell of the table of published programmes that is wrong, and each target that it lacks."""
    mistakes = Mistakes()
    file = cohort.study_file.relative_to(cohort.project.root).as_posix()
    with mistakes.gathered():
        mistakes.errors += unknown_targets(cohort.study, read_literature(cohort), file)
    return [finding for error in mistakes.errors for finding in errors_of(error)]


def decisions_look(cohort: Cohort) -> list[Finding]:
    """A warning for each decision made on other results than the last run of the cohort found, or on nobody knows."""
    path = cohort.project.results(cohort.name) / f"{STAGE}.json"
    found = {record.id: record for record in read_records(path)} if path.is_file() else {}
    findings = []
    for row, decision in cohort.spec.decisions.items():
        record, earlier = found.get(f"joint.{row.lower()}"), decision.decided_from
        if record is None or not set(Basis.model_fields) <= set(record.parts):
            continue
        told = ", ".join(f"{name}: {record.parts[name]}" for name in Basis.model_fields)
        if earlier is None:
            findings.append(
                Finding(
                    "warning",
                    "it is not said what the results were when this was decided, so that nobody is asked again",
                    f"data_raw/{cohort.name}/cohort.yml",
                    key=f"decisions.{row}",
                    todo=f"where it was decided on the results of the last run, write decided_from: {{{told}}}",
                )
            )
            continue
        parts = {name: record.parts[name] for name in Basis.model_fields}
        now = Basis.model_validate({name: None if said == "null" else said for name, said in parts.items()})
        if not earlier.fits(now):
            proposed = record.parts["proposed"]
            findings.append(
                Finding(
                    "warning",
                    "the results have changed since this was decided, as the last run found",
                    f"data_raw/{cohort.name}/cohort.yml",
                    key=f"decisions.{row}",
                    value=f"was: {in_words(earlier)}; is: {in_words(now)}; the rule proposes {proposed}",
                    todo=f"decide again, and write decided_from: {{{told}}}",
                )
            )
    return findings


def statistics_of(study: Study) -> set[str]:
    """The ids of all records that a report of this study can have and a joint display may name."""
    known = {"participants.n", "participants.invited", "participants.paired", "participants.attendance"}
    known |= {f"participants.{wave.lower()}" for wave in study.waves}
    levels = {name.lower(): [level.lower() for level in spec.levels] for name, spec in study.characteristics.items()}
    for name, of in levels.items():
        known |= {f"participants.{name}", *(f"participants.{name}.{level}" for level in of)}
    attended = ["all", "fewer", *(f"atleast{sessions}" for sessions in range(1, MOST_SESSIONS))]
    of_groups = levels[study.participants_by.lower()] if study.participants_by else ["everybody"]
    known |= {f"attendance.{group}.{name}" for group in of_groups for name in attended}
    for scale, spec in study.scales.items():
        change, baseline = f"change.{scale.lower()}", f"baseline.{scale.lower()}"
        known |= {f"{change}.overall", f"{baseline}.overall", f"{baseline}.alpha"}
        known |= {f"{change}.item.{item.lower()}" for item in spec.items}
        known |= {f"{change}.items.{name}" for name in ("before", "after", "interaction")}
        known |= {f"{change}.reliable.{name}" for name in ("improved", "unchanged", "deteriorated")}
        known |= {f"{change}.wave.{wave.lower()}" for wave in study.times}
        known |= {f"{change}.then.{name}" for name in ("change", "shift") if study.change.then}
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
