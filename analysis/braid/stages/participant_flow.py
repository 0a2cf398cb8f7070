"""The way of the participants, from the invitation to the analysis, as steps of the flow figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from braid.cleaning import CleanSurvey
from braid.presentation.flow import Step
from braid.study import Cohort


def flow_steps(cohort: Cohort, data: CleanSurvey) -> Sequence[Step] | Mapping[str, Sequence[Step]]:
    """The steps of a cohort; those of each arm, or of each wave whose people cannot be paired, by its label."""
    waves, study = data.waves, cohort.study
    if len(waves) > 1 and cohort.spec.pairing == "none":
        return {study.waves[wave]: [Step("Answered", len(frame))] for wave, frame in waves.items()}
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
    known = {"Invited": spec.invited, "Enrolled": spec.flow.enrolled, "Started": spec.flow.started}
    steps = [Step(label, n) for label, n in known.items() if n is not None]
    first = next(iter(cohort.study.waves), "")
    if steps and (reasons := _reasons(cohort, first)):
        steps[-1] = Step(steps[-1].label, steps[-1].n, reasons)
    return steps


def _answered(cohort: Cohort, waves: Mapping[str, pd.DataFrame]) -> list[Step]:
    """A step for each wave: those of the first wave who answered it. Its losses stand at the step before."""
    study, names = cohort.study, list(waves)
    whole = study.arms is None
    first = waves[names[0]].index
    label = study.waves[names[0]].lower()
    steps = []
    for place, wave in enumerate(names):
        here = len(first) if not place else len(first.intersection(waves[wave].index))
        said = f"Answered: {label}" if not place else f"Answered: {label} and {study.waves[wave].lower()}"
        lost = _reasons(cohort, names[place + 1]) if whole and place + 1 < len(names) else ()
        steps.append(Step(said, here, lost))
    pair = [waves.get(wave) for wave in (study.first_wave, study.last_wave)]
    if len(names) > 1 and pair[0] is not None and pair[1] is not None:
        scored = [pair[0][name].dropna().index.intersection(pair[1][name].dropna().index) for name in study.scales]
        analysed = max((len(index) for index in scored), default=0)
        if analysed != steps[-1].n or study.last_wave != names[-1]:
            steps.append(Step("Analysed: with a score both times", analysed))
    return steps


def _reasons(cohort: Cohort, wave: str) -> tuple[tuple[str, int], ...]:
    return tuple((lost.reason, lost.n) for lost in cohort.spec.flow.lost if lost.before == wave)
