"""The way of the participants, from the invitation to the analysis, as steps of the flow figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from braid.cleaning import CleanSurvey
from braid.language import lowered, tr
from braid.presentation.flow import Step
from braid.stages.participant_groups import Part
from braid.study import Cohort
from braid.study.cohort import START


def flow_steps(
    cohort: Cohort, data: CleanSurvey, groups: Sequence[Part] = (), interviewees: pd.DataFrame | None = None
) -> Sequence[Step] | Mapping[str, Sequence[Step]]:
    """The steps of a cohort; those of each arm, or of each wave whose people cannot be paired, by its label.

    Without a questionnaire: from enrolment to those who were interviewed, for each of `groups` by its label.
    """
    waves, study = data.waves, cohort.study
    if not waves:
        everybody = _without_a_survey(cohort, data, Part("", "", data.people.index), interviewees)
        return {g.label: _without_a_survey(cohort, data, g, interviewees) for g in groups} or everybody
    if len(waves) > 1 and cohort.spec.pairing == "none":
        return {study.waves[wave]: [Step(tr("Answered", context="flow"), len(frame))] for wave, frame in waves.items()}
    if study.arms is None or study.arms not in data.people.columns:
        return [*_before_the_survey(cohort), *_answered(cohort, waves)]
    arms = study.characteristics[study.arms].levels
    arm = data.people[study.arms]
    found = {
        label: _answered(cohort, {wave: frame[arm.reindex(frame.index) == level] for wave, frame in waves.items()})
        for level, label in arms.items()
    }
    return {label: steps for label, steps in found.items() if steps[0].n}


def _before_the_survey(cohort: Cohort) -> list[Step]:
    spec = cohort.spec
    known = [
        (tr("Invited", context="flow"), spec.invited),
        (tr("Enrolled", context="flow"), spec.flow.enrolled),
        (tr("Started", context="flow"), spec.flow.started),
    ]
    steps = [Step(label, n) for label, n in known if n is not None]
    first = next(iter(cohort.study.waves), "")
    if steps and (reasons := _reasons(cohort, first)):
        steps[-1] = Step(steps[-1].label, steps[-1].n, reasons)
    if (reasons := _reasons(cohort, START)) and steps:
        place = max(0, len(steps) - 1 - (spec.flow.started is not None))
        steps[place] = Step(steps[place].label, steps[place].n, (*reasons, *steps[place].lost))
    return steps


def _without_a_survey(cohort: Cohort, data: CleanSurvey, group: Part, interviewees: pd.DataFrame | None) -> list[Step]:
    """Enrolled, started, interviewed; whoever attended a session has started."""
    spec, everybody = cohort.spec, not group.name
    steps = [Step(tr("Invited", context="flow"), spec.invited)] if everybody and spec.invited is not None else []
    enrolled = spec.flow.enrolled if everybody and spec.flow.enrolled is not None else len(group.people)
    held = data.attendance
    began = spec.flow.started if everybody else None
    if held is not None:
        began = len(held.index[held > 0].intersection(group.people))
    lost = tuple((one.reason, one.n) for one in spec.flow.lost if everybody or one.among == group.name)
    steps.append(Step(tr("Enrolled", context="flow"), enrolled, lost if began is not None else ()))
    steps += [Step(tr("Started", context="flow"), began)] if began is not None else []
    heard = _interviewed(cohort, group, interviewees)
    if heard:
        steps.append(Step(tr("Interviewed", context="flow"), heard, sample=True))
    return steps


def _interviewed(cohort: Cohort, group: Part, interviewees: pd.DataFrame | None) -> int:
    coding, by = cohort.study.coding, cohort.study.participants_by
    if interviewees is None or coding is None:
        return 0
    if not group.name:
        return len(interviewees)
    names = [name for name, place in coding.groups_in_survey.items() if place == f"{by}.{group.name}"]
    return int(interviewees["group"].isin(names or [group.name]).sum())


def _answered(cohort: Cohort, waves: Mapping[str, pd.DataFrame]) -> list[Step]:
    """A step for each wave: those of the first wave who answered it. Its losses stand at the step before."""
    study, names = cohort.study, list(waves)
    whole = study.arms is None
    first = waves[names[0]].index
    label = lowered(study.waves[names[0]])
    steps = []
    for place, wave in enumerate(names):
        here = len(first) if not place else len(first.intersection(waves[wave].index))
        if place:
            said = tr("Answered: {first} and {wave}", first=label, wave=lowered(study.waves[wave]))
        else:
            said = tr("Answered: {first}", first=label)
        lost = _reasons(cohort, names[place + 1]) if whole and place + 1 < len(names) else ()
        steps.append(Step(said, here, lost))
    pair = [waves.get(wave) for wave in (study.first_wave, study.last_wave)]
    if len(names) > 1 and pair[0] is not None and pair[1] is not None:
        scored = [pair[0][name].dropna().index.intersection(pair[1][name].dropna().index) for name in study.scales]
        analysed = max((len(index) for index in scored), default=0)
        if analysed != steps[-1].n or study.last_wave != names[-1]:
            steps.append(Step(tr("Analysed: with a score both times"), analysed))
    return steps


def _reasons(cohort: Cohort, wave: str) -> tuple[tuple[str, int], ...]:
    return tuple((lost.reason, lost.n) for lost in cohort.spec.flow.lost if lost.before == wave)
