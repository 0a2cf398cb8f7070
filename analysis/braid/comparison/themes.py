"""Piece of a comparison: the themes of the cohorts side by side, and what is new in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, lowered, tr
from braid.presentation import between_cohorts as shown
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown, lines
from braid.presentation.prose import Prose
from braid.presentation.table import Column, Row, Table
from braid.presentation.themes import theme_groups
from braid.qualitative import BetweenCohorts, ThemeBetween, ThemePrevalence, between_cohorts
from braid.qualitative.between_cohorts import Status
from braid.records import Record
from braid.stages.opening import fact, needs

if TYPE_CHECKING:
    from braid.comparison.compared import Compared, Side

NOTHING = N_("There are no themes to compare.")
APART: dict[Status, str] = {
    "new": N_("New in {cohort}"),
    "gone": N_("Gone in {cohort}"),
    "more": N_("More prevalent in {cohort}"),
    "less": N_("Less prevalent in {cohort}"),
    "added code": N_("Code added in {cohort}"),
    "dropped code": N_("Code dropped in {cohort}"),
}
"""What is said of a later cohort beside a theme, where there is something to say."""
NEW: tuple[Status, ...] = ("new", "added code", "more")
VOICES = 2


def pairs_of(stage: Compared) -> list[BetweenCohorts]:
    """Each later cohort with interviews against the first of them."""
    sides = stage.with_("interviews")
    if len(sides) < 2:
        return []
    first, *later = sides
    return [
        between_cohorts(first.strands.interviews.themes, side.strands.interviews.themes, (first.name, side.name))
        for side in later
    ]


@needs(pairs_of, NOTHING)
def description(stage: Compared) -> Prose:
    """Which themes are new, gone, or voiced by other shares, for each later cohort."""
    pairs = pairs_of(stage)
    cautions = list(dict.fromkeys(caution for pair in pairs for caution in pair.cautions))
    lead = f"{tr('@tbl-themes and @fig-themes give every theme.')} {stage.lacking('interviews')}".strip()
    said = [Markdown(lead)]
    for pair in pairs:
        sentences = [part.source for part in shown.differences(pair)]
        if len(pairs) > 1:
            later, first = markdown(pair.names[1]), markdown(pair.names[0])
            sentences.insert(0, tr("**{cohort} against {reference}.**", cohort=later, reference=first))
        said.append(Markdown(" ".join(sentences)))
    return Prose(*said, Markdown(" ".join(map(tr, cautions))))


@needs(pairs_of, NOTHING)
def table(stage: Compared) -> Table:
    """Each theme by participants; of two cohorts with the difference, of several with what differs from the first."""
    pairs = pairs_of(stage)
    if len(pairs) == 1:
        return shown.table(pairs[0])
    first, later = pairs[0], pairs[1:]
    by_theme = [{theme.theme: theme for theme in pair.themes} for pair in pairs]
    known = {path: theme for themes in reversed(by_theme) for path, theme in themes.items()}
    rows = []
    for path, theme in known.items():
        found = [themes.get(path) for themes in by_theme]
        cells: list[Cell] = [theme.label, _cell(next((one.first for one in found if one), None))]
        cells += [_cell(one.second if one else None) for one in found]
        cells.append(lines(*_said(pairs, found)) if _said(pairs, found) else "")
        rows.append(Row(tuple(cells), indent=theme.depth, strong=theme.depth == 0))
    columns = [Column(tr("Theme"))]
    sizes = [(first.names[0], first.n[0]), *((pair.names[1], pair.n[1]) for pair in (first, *later))]
    for name, n in sizes:
        columns.append(Column(lines(name, f"(n = {numbers.whole(n)})"), "number", under=tr("Participants, n (%)")))
    columns.append(Column(tr("Against {reference}", reference=first.names[0])))
    note = tr("More or less prevalent: Newcombe's interval of the difference excludes zero.")
    return Table(columns, rows, notes=[note])


def _cell(count: tuple[int | None, int] | None) -> str:
    return tr("not coded") if count is None else numbers.count_percent(count[0], count[1], 0)


def _said(pairs: list[BetweenCohorts], found: list[ThemeBetween | None]) -> list[str]:
    return [
        tr(APART[theme.status], cohort=pair.names[1])
        for pair, theme in zip(pairs, found, strict=True)
        if theme is not None and theme.status in APART
    ]


@needs(pairs_of, NOTHING)
def figure(stage: Compared) -> Figure:
    """Sub-themes by cohort: how many of the participants voiced each."""
    sides = stage.with_("interviews")
    themes: dict[str, ThemePrevalence] = {}
    for side in reversed(sides):
        themes = {theme.theme: theme for theme in side.strands.interviews.themes} | themes
    stems = {path.rpartition(".")[0] for path in themes}
    leaves = [path for path in themes if path not in stems]
    order = sorted(leaves, key=lambda path: list(themes).index(path.partition(".")[0]))
    headings = {
        place: themes[path.partition(".")[0]].label
        for place, path in enumerate(order)
        if place == 0 or order[place - 1].partition(".")[0] != path.partition(".")[0]
    }
    counts = [{theme.theme: theme for theme in side.strands.interviews.themes} for side in sides]
    return theme_groups(
        [themes[path].label for path in order],
        [side.name for side in sides],
        [[found[path].k if path in found else None for found in counts] for path in order],
        [side.strands.interviews.themes[0].n for side in sides],
        headings=headings,
    )


@needs(pairs_of, NOTHING)
def what_is_new(stage: Compared) -> Prose:
    """What the later cohorts say that the first did not, or said less: a theme's description and its quotations."""
    blocks: list[Markdown] = []
    sides = {side.name: side for side in stage.sides}
    for pair in pairs_of(stage):
        side = sides[pair.names[1]]
        found = [theme for status in NEW for theme in pair.having(status)]
        for theme in found:
            blocks += _new(side, theme)
        if not found:
            text = tr(
                "Nothing is new in {cohort}: each sub-theme voiced there was voiced in {reference} too, and none by a "
                "clearly larger share.",
                cohort=markdown(side.name),
                reference=markdown(pair.names[0]),
            )
            blocks.append(Markdown(text))
    return Prose(*blocks)


def _new(side: Side, theme: ThemeBetween) -> list[Markdown]:
    interviews = side.strands.interviews
    spec = interviews.coding.paths().get(theme.theme)
    if theme.second and theme.second[0] is not None:
        count = tr("{k} of {n}", k=str(theme.second[0]), n=str(theme.second[1]))
    else:
        count = tr("number not shown")
    fields = {"theme": markdown(theme.label), "cohort": markdown(side.name), "count": count}
    if theme.status == "more":
        text = tr("**{theme}** (more prevalent in {cohort}, {count}).", **fields)
    else:
        text = tr("**{theme}** (new in {cohort}, {count}).", **fields)
    head = [text, *([markdown(spec.description)] if spec is not None and spec.description else [])]
    quotes = [q for q in (interviews.quotes.quotes if interviews.quotes else ()) if q.theme == theme.theme][:VOICES]
    if not quotes:
        return [Markdown(" ".join([*head, tr("No quotation has been approved for it.")]))]
    said = [
        tr(
            "“{quote}” ({participant}, {cohort})",
            quote=markdown(quote.text),
            participant=markdown(quote.participant),
            cohort=markdown(side.name),
        )
        for quote in quotes
    ]
    return [Markdown(" ".join(head)), Markdown("\n".join(f"- {one}" for one in said))]


def records(stage: Compared) -> list[Record]:
    """The difference of the shares of each theme, later cohort minus first, and what it comes to."""
    pairs = pairs_of(stage)
    found = [fact("themes", bool(pairs), "comparison")]
    if not pairs:
        return [*found, Record("left-out.themes", stage.left_out("interviews"))]
    for pair in pairs:
        for theme in pair.themes:
            found.append(
                Record(
                    f"compare.theme.{theme.theme.lower()}.{pair.names[1].lower()}",
                    lowered(tr(shown.SAID[theme.status])),
                    theme.difference,
                    theme.low,
                    theme.high,
                    sum(pair.n),
                    unit="share of participants",
                    method="difference of the shares of participants, Newcombe's interval",
                    cell="tbl-themes",
                    parts={"label": markdown(theme.label)},
                )
            )
    return found
