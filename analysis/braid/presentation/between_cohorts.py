"""The themes of two cohorts as sentences and as a table."""

from __future__ import annotations

from braid.language import N_, lowered, ntr, tr
from braid.presentation import directions, numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown, lines
from braid.presentation.prose import enumeration
from braid.presentation.table import Column, Row, Table
from braid.qualitative import BetweenCohorts, ThemeBetween
from braid.qualitative.between_cohorts import Status

SAID: dict[Status, str] = {
    "new": N_("New"),
    "gone": N_("Gone"),
    "more": N_("More prevalent"),
    "less": N_("Less prevalent"),
    "no clear difference": N_("No clear difference"),
    "in neither": N_("Voiced in neither"),
    "not shown": N_("Not shown"),
    "added code": N_("Code added"),
    "dropped code": N_("Code dropped"),
}


def description(found: BetweenCohorts) -> list[Markdown]:
    """What differs, in sentences that claim no more than the intervals allow, and the cautions that go with them."""
    return [*differences(found), *(Markdown(tr(caution)) for caution in found.cautions)]


def differences(found: BetweenCohorts) -> list[Markdown]:
    """What differs, in sentences that claim no more than the intervals allow."""
    first, second = (markdown(name) for name in found.names)
    said: list[Markdown] = []
    if new := found.having("new"):
        named = enumeration([_with_count(theme.label, theme.second) for theme in new])
        text = tr("Voiced in {there} and not in {missing}: {themes}.", there=second, missing=first, themes=named)
        said.append(Markdown(text))
    if gone := found.having("gone"):
        named = enumeration([_with_count(theme.label, theme.first) for theme in gone])
        text = tr("Voiced in {there} and not in {missing}: {themes}.", there=first, missing=second, themes=named)
        said.append(Markdown(text))
    for theme in (*found.having("more"), *found.having("less")):
        sentence = _prevalence(theme, first, second)
        said.append(Markdown(str(directions.guard(sentence, theme.low, theme.high))))
    if same := len(found.having("no clear difference")):
        said.append(Markdown(_no_difference(same, others=bool(said))))
    if hidden := len(found.having("not shown")):
        text = ntr(
            "{n} sub-theme cannot be compared without showing small numbers.",
            "{n} sub-themes cannot be compared without showing small numbers.",
            hidden,
            n=numbers.whole(hidden),
        )
        said.append(Markdown(text))
    for themes, name in ((found.having("added code"), second), (found.having("dropped code"), first)):
        if themes:
            names = enumeration([lowered(markdown(theme.label)) for theme in themes])
            text = ntr(
                "{themes} stands only in the codebook of {cohort}, and cannot be compared.",
                "{themes} stand only in the codebook of {cohort}, and cannot be compared.",
                len(themes),
                themes=_capital(names),
                cohort=name,
            )
            said.append(Markdown(text))
    return said


def _prevalence(theme: ThemeBetween, first: str, second: str) -> Markdown:
    fields = {
        "theme": _capital(markdown(theme.label)),
        "second": second,
        "count": _of(theme.second),
        "first": first,
        "before": _of(theme.first),
        "size": _percent(theme, brackets=False),
    }
    if theme.status == "more":
        text = tr(
            "{theme} was more prevalent in {second} ({count}) than in {first} ({before}; difference in percentage "
            "points {size}).",
            **fields,
        )
    else:
        text = tr(
            "{theme} was less prevalent in {second} ({count}) than in {first} ({before}; difference in percentage "
            "points {size}).",
            **fields,
        )
    return Markdown(text)


def _no_difference(themes: int, *, others: bool) -> str:
    n = numbers.whole(themes)
    if others:
        return ntr(
            "On the other sub-theme voiced in both, no difference was clear.",
            "On the other {n} sub-themes voiced in both, no difference was clear.",
            themes,
            n=n,
        )
    return ntr(
        "On the sub-theme voiced in both, no difference was clear.",
        "On the {n} sub-themes voiced in both, no difference was clear.",
        themes,
        n=n,
    )


def table(found: BetweenCohorts) -> Table:
    """Each theme: participants in both cohorts, the difference of shares, and what it comes to."""
    columns = [Column(tr("Theme"))]
    columns += [
        Column(lines(name, f"(n = {numbers.whole(n)})"), "number", under=tr("Participants, n (%)"))
        for name, n in zip(found.names, found.n, strict=True)
    ]
    size = tr("Difference [{ci}], points", ci=numbers.ci_name())
    columns += [Column(size, "number"), Column(tr("Comparison"))]
    rows = []
    for theme in found.themes:
        cells = (theme.label, _cell(theme.first), _cell(theme.second), _percent(theme), tr(SAID[theme.status]))
        rows.append(Row(cells, indent=theme.depth, strong=theme.depth == 0))
    notes = [
        tr(
            "Difference of the shares of participants, second minus first, with Newcombe's interval; not adjusted for "
            "the number of themes."
        ),
        *map(tr, found.cautions),
    ]
    if any(theme.status == "not shown" for theme in found.themes):
        notes.append(tr("A dash stands where a number may not be shown."))
    return Table(columns, rows, notes=notes)


def _cell(count: tuple[int | None, int] | None) -> str:
    return tr("not coded") if count is None else numbers.count_percent(count[0], count[1], 0)


def _percent(theme: ThemeBetween, *, brackets: bool = True) -> str:
    if theme.difference is None or theme.low is None or theme.high is None:
        return numbers.MISSING
    return numbers.estimate_ci(100 * theme.difference, 100 * theme.low, 100 * theme.high, 1, brackets=brackets)


def _of(count: tuple[int | None, int] | None) -> str:
    return tr("{k} of {n}", k=str(count[0]), n=str(count[1])) if count is not None else numbers.MISSING


def _with_count(label: str, count: tuple[int | None, int] | None) -> str:
    return f"{lowered(markdown(label))} ({_of(count)})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
