"""Piece of stage `qualitative`: approved quotations by theme, under masked names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.qualitative import Quote, QuoteSelection, scan
from braid.stages.opening import needs

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

NONE = "No quotation has been approved."
SHORT = 4


@needs(lambda stage: stage.quotes and stage.quotes.quotes, NONE)
def quotations(stage: Interviews) -> Prose:
    """The quotations, theme by theme.

    Never two attributes of one person: a group is named where it is not too small, and where the words themselves tell
    nothing else that is known of people, such as a site or a department.
    """
    found, coding = stage.quotes, stage.coding
    assert found is not None
    sizes = {count.group: count.n for count in stage.themes[0].by_group}
    groups = {group: label for group, label in coding.groups.items() if sizes.get(group, 0) >= stage.smallest}
    attributes = [label for known in stage.cohort.study.characteristics.values() for label in known.levels.values()]
    attributes += [count.label for count in (*stage.themes[0].by_site, *stage.themes[0].by_occasion)]
    labels = {path: theme.label for path, theme in coding.paths().items()}
    blocks = [Markdown(_lead(found, labels))]
    for path in dict.fromkeys(quote.theme for quote in found.quotes):
        top = path.partition(".")[0]
        heading = labels[path] if top == path else f"{labels[top]}: {labels[path][0].lower()}{labels[path][1:]}"
        said = [
            f"- “{markdown(quote.text)}” ({_attribution(quote, groups, attributes)})"
            for quote in found.quotes
            if quote.theme == path
        ]
        blocks += [Markdown(f"**{markdown(heading)}**"), Markdown("\n".join(said))]
    return Prose(*blocks)


def _lead(found: QuoteSelection, labels: Mapping[str, str]) -> str:
    people = len({quote.participant for quote in found.quotes})
    text = f"{counted(len(found.quotes), 'quotation')} from {counted(people, 'participant')}"
    text += ", no more than two of any one." if people < len(found.quotes) else "."
    if any(quote.edited for quote in found.quotes):
        text += " Square brackets mark what was left out or changed."
    deviant = sum(quote.deviant for quote in found.quotes)
    if deviant:
        which = "One speaks" if deviant == 1 else f"{deviant} speak"
        text += f" {which} against what most said on the theme, and {'is' if deviant == 1 else 'are'} marked so."
    if 0 < len(found.themes_short) <= SHORT:
        names = [f"*{markdown(labels.get(theme, theme))}*" for theme in found.themes_short]
        text += f" Fewer than two voices could be quoted on {enumeration(names, 'or')}, though more spoke of it."
    elif found.themes_short:
        text += (
            f" On {len(found.themes_short)} themes fewer than two voices could be quoted, though more spoke of them."
        )
    return text


def _attribution(quote: Quote, groups: Mapping[str, str], attributes: Collection[str]) -> str:
    parts = [markdown(quote.participant)]
    if quote.group in groups and not _tells(quote.text, attributes):
        parts.append(markdown(groups[quote.group]).lower())
    said = ", ".join(parts)
    return f"{said}; speaks against the others" if quote.deviant else said


def _tells(text: str, attributes: Collection[str]) -> bool:
    """Whether a text names something else that is known of its speaker."""
    return any(finding.kind == "deny-list" for finding in scan(text, attributes))
