"""The themes of two cohorts as sentences and as a table."""

from __future__ import annotations

from braid.presentation import numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown, lines
from braid.presentation.prose import counted, enumeration
from braid.presentation.table import Column, Row, Table
from braid.qualitative import BetweenCohorts, ThemeBetween

SAID = {
    "new": "New",
    "gone": "Gone",
    "more": "More prevalent",
    "less": "Less prevalent",
    "no clear difference": "No clear difference",
    "in neither": "Voiced in neither",
    "not shown": "Not shown",
    "added code": "Code added",
    "dropped code": "Code dropped",
}


def description(found: BetweenCohorts) -> list[Markdown]:
    """What differs, in sentences that claim no more than the intervals allow, and the cautions that go with them."""
    first, second = (markdown(name) for name in found.names)
    said: list[Markdown] = []
    if new := found.having("new"):
        named = enumeration([_with_count(theme.label, theme.second) for theme in new])
        said.append(Markdown(f"Voiced in {second} and not in {first}: {named}."))
    if gone := found.having("gone"):
        named = enumeration([_with_count(theme.label, theme.first) for theme in gone])
        said.append(Markdown(f"Voiced in {first} and not in {second}: {named}."))
    for theme in (*found.having("more"), *found.having("less")):
        word = "more" if theme.status == "more" else "less"
        sentence = Markdown(
            f"{_capital(markdown(theme.label))} was {word} prevalent in {second} ({_of(theme.second)}) than in {first} "
            f"({_of(theme.first)}; difference in percentage points {_percent(theme, brackets=False)})."
        )
        said.append(Markdown(str(sentences.guard(sentence, theme.low, theme.high))))
    same = found.having("no clear difference")
    if same:
        which = "other " if said else ""
        n = f"{numbers.whole(len(same))} " if len(same) > 1 else ""
        noun = "sub-themes" if len(same) > 1 else "sub-theme"
        said.append(Markdown(f"On the {which}{n}{noun} voiced in both, no difference was clear."))
    hidden = found.having("not shown")
    if hidden:
        said.append(Markdown(f"{counted(len(hidden), 'sub-theme')} cannot be compared without showing small numbers."))
    for themes, name in ((found.having("added code"), second), (found.having("dropped code"), first)):
        if themes:
            names = enumeration([markdown(theme.label).lower() for theme in themes])
            verb = "stands" if len(themes) == 1 else "stand"
            said.append(Markdown(f"{_capital(names)} {verb} only in the codebook of {name}, and cannot be compared."))
    return [*said, *(Markdown(caution) for caution in found.cautions)]


def table(found: BetweenCohorts) -> Table:
    """Each theme: participants in both cohorts, the difference of shares, and what it comes to."""
    columns = [Column("Theme")]
    columns += [
        Column(lines(name, f"(n = {numbers.whole(n)})"), "number", under="Participants, n (%)")
        for name, n in zip(found.names, found.n, strict=True)
    ]
    columns += [Column("Difference [95% CI], points", "number"), Column("Comparison")]
    rows = []
    for theme in found.themes:
        cells = (theme.label, _cell(theme.first), _cell(theme.second), _percent(theme), SAID[theme.status])
        rows.append(Row(cells, indent=theme.depth, strong=theme.depth == 0))
    notes = [
        "Difference of the shares of participants, second minus first, with Newcombe's interval; not adjusted for the "
        "number of themes.",
        *found.cautions,
    ]
    if any(theme.status == "not shown" for theme in found.themes):
        notes.append("A dash stands where a number may not be shown.")
    return Table(columns, rows, notes=notes)


def _cell(count: tuple[int | None, int] | None) -> str:
    return "not coded" if count is None else numbers.count_percent(count[0], count[1], 0)


def _percent(theme: ThemeBetween, *, brackets: bool = True) -> str:
    if theme.difference is None or theme.low is None or theme.high is None:
        return numbers.MISSING
    return numbers.estimate_ci(100 * theme.difference, 100 * theme.low, 100 * theme.high, 1, brackets=brackets)


def _of(count: tuple[int | None, int] | None) -> str:
    return f"{count[0]} of {count[1]}" if count is not None else numbers.MISSING


def _with_count(label: str, count: tuple[int | None, int] | None) -> str:
    return f"{markdown(label).lower()} ({_of(count)})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
