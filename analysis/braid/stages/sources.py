"""Piece of stage `triangulation`: change or attendance and themes of the same groups of people, side by side."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from braid.integration import DataSourceTriangulation, data_source_triangulation
from braid.language import N_, lowered, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown, lines
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.change_shown import change_record
from braid.stages.opening import fact, needs
from braid.stages.participant_groups import AT_LEAST

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NO_GROUPS = N_("The participants were not in groups.")
NAMED = 4
SMALLEST = 5
"""The change of fewer people of a group is not shown: they could be recognised, and their mean says little."""


def sources_of(stage: Triangulation) -> DataSourceTriangulation:
    """Themes and change by group; the change of a group that no earlier stage has looked at is computed here."""
    return data_source_triangulation(stage.cohort.study, stage.interviews.themes, {**stage.before, **_of_groups(stage)})


def _of_groups(stage: Triangulation) -> dict[str, Record]:
    """The change of the groups named in `coding.groups_in_survey` that has no record yet."""
    if stage.change.left_out or stage.cohort.study.coding is None:
        return {}
    found = {}
    for place in stage.cohort.study.coding.groups_in_survey.values():
        characteristic, _, level = place.partition(".")
        for row in stage.change.scales if characteristic in stage.change.people.columns else ():
            name = f"change.{row.name.lower()}.by.{place.lower()}"
            if name not in stage.before:
                found[name] = change_record(name, row.of_level(characteristic, level), {}, cell="tbl-sources")
    return {name: record for name, record in found.items() if record.n is not None and record.n >= SMALLEST}


@needs(lambda stage: stage.interviews.has_groups, NO_GROUPS)
def description(stage: Triangulation) -> Prose:
    """Groups side by side, in words."""
    found = stage.sources
    stems = {theme.theme.rpartition(".")[0] for theme in found.themes}
    leaves = [theme for theme in found.themes if theme.theme not in stems]
    only = [(theme.label, theme.only_in) for theme in leaves if theme.only_in]
    measured = any(group.change for group in found.groups)
    text = [tr("@tbl-sources sets change and themes of the same groups side by side.")] if measured else []
    if not measured and _attended(stage):
        text.append(tr("@tbl-sources sets attendance and themes of the same groups side by side."))
    text.append(tr("@fig-sources shows which themes were voiced in which group."))
    if len(only) > NAMED:
        n, of = str(len(only)), str(len(leaves))
        text.append(tr("{n} of {of} themes were voiced in one group alone.", n=n, of=of))
    elif only:
        text.append(_alone(only))
    elif all(count.k is not None for theme in leaves for count in theme.counts):
        text.append(tr("No theme was voiced in one group alone."))
    text += [_overlap(stage), markdown(found.note) if measured else ""]
    text.append(tr("Silence in a group is not disagreement: a theme may not have come up."))
    return Prose(Markdown(" ".join(filter(None, text))))


def _alone(only: list[tuple[str, str]]) -> str:
    """Which group alone voiced which themes. only: label of the theme, and of its group."""
    of_group: dict[str, list[str]] = {}
    for label, where in only:
        of_group.setdefault(where, []).append(lowered(markdown(label)))
    (group, first), *more = [(lowered(markdown(where)), enumeration(names)) for where, names in of_group.items()]
    said = [tr("Only {group} participants voiced {themes}", group=group, themes=first)]
    said += [tr("only {group} participants voiced {themes}", group=group, themes=themes) for group, themes in more]
    return f"{'; '.join(said)}."


def _overlap(stage: Triangulation) -> str:
    """Groups of the interviews that share people in the survey, where they are levels of different characteristics."""
    coding, people = stage.cohort.study.coding, stage.change.people
    assert coding is not None
    masks = {}
    for group, place in coding.groups_in_survey.items():
        characteristic, _, level = place.partition(".")
        if characteristic in people.columns:
            masks[coding.groups[group]] = (people[characteristic] == level).to_numpy()
    said = [
        enumeration([lowered(markdown(first)), lowered(markdown(second))])
        for (first, one), (second, other) in combinations(masks.items(), 2)
        if (one & other).any()
    ]
    return tr("In the survey some people count for two groups: {groups}.", groups=enumeration(said)) if said else ""


@needs(lambda stage: stage.interviews.has_groups, NO_GROUPS)
def table(stage: Triangulation) -> Table:
    """The change of each group in the survey, and its attendance, above its themes in the interviews."""
    found, study = stage.sources, stage.cohort.study
    body: list[Row | Group] = []
    if any(group.change for group in found.groups):
        body.append(Group(tr("Survey: mean change with its 95% interval")))
    for name, scale in study.scales.items():
        stem = f"change.{name.lower()}.by."
        of_group = [next((r for r in group.change if r.id.startswith(stem)), None) for group in found.groups]
        if any(of_group):
            body.append(Row((scale.short, *map(_changed, of_group)), indent=1))
    attended = _attended(stage)
    if attended:
        body.append(Group(tr("Attendance: of those who started")))
        body += [Row((label, *cells), indent=1) for label, cells in attended]
    body.append(Group(tr("Interviews: participants who voiced it")))
    body += [
        Row((theme.label, *(numbers.count_percent(c.k, c.n, 0) for c in theme.counts)), indent=1)
        for theme in found.themes
        if theme.depth == 0
    ]
    columns = [Column("")]
    columns += [
        Column(lines(group.label, tr("({n} interviewed)", n=numbers.whole(group.n))), "number")
        for group in found.groups
    ]
    note = tr("The people who were counted and those who were interviewed need not be the same.")
    return Table(columns, body, notes=[note])


def _attended(stage: Triangulation) -> list[tuple[str, list[str]]]:
    """What each group of the interviews attended, where sessions were counted by these groups: a label, and the cells.

    A row whose counts repeat those of the row before is left out.
    """
    study, spec = stage.cohort.study, stage.cohort.spec.attendance
    if spec is None or study.coding is None or study.participants_by is None:
        return []
    levels = [study.coding.groups_in_survey.get(group.group, "").partition(".") for group in stage.sources.groups]
    if any(characteristic != study.participants_by for characteristic, _, _ in levels):
        return []
    shown = [("all", tr("Every session"))]
    shown += [(f"{AT_LEAST}{n}", tr("At least {n} sessions", n=str(n))) for n in reversed(spec.steps)]
    shown.append(("fewer", tr("Fewer than {n} sessions", n=str(spec.steps[0]))))
    found: list[tuple[str, list[str]]] = []
    for what, label in shown:
        records = [stage.before.get(f"attendance.{level.lower()}.{what}") for _, _, level in levels]
        cells = [numbers.MISSING if record is None else record.text for record in records]
        if any(records) and all(cells != other for _, other in found):
            found.append((label, cells))
    return found


def _changed(record: Record | None) -> Cell:
    if record is None:
        return numbers.MISSING
    if record.estimate is None:
        return Markdown(record.text)
    interval = numbers.interval(record.low, record.high)
    return lines(numbers.fixed(record.estimate), f"[{interval}]", f"n = {numbers.whole(record.n)}")


@needs(lambda stage: stage.interviews.has_groups, NO_GROUPS)
def figure(stage: Triangulation) -> Figure | Prose:
    """Sub-themes by group."""
    return stage.interviews.groups_figure()


def records(stage: Triangulation) -> list[Record]:
    """Whether there is a table of groups, and the changes that were computed for it."""
    groups = stage.interviews.has_groups
    there = groups and (any(group.change for group in stage.sources.groups) or bool(_attended(stage)))
    found = [fact("sources-change", there, "triangulation")]
    return [*found, *_of_groups(stage).values()] if there else found
