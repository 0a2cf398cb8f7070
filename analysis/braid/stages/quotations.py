"""Piece of stage `qualitative`: approved quotations by theme, under masked names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from braid.language import N_, labels_are_lowered, lowered, ntr, tr
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.qualitative import Quote, QuoteSelection, scan
from braid.stages.opening import needs

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

NONE = N_("No quotation has been approved.")
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
        heading = labels[path] if top == path else tr("{theme}: {part}", theme=labels[top], part=_inside(labels[path]))
        said = [
            tr("- “{quote}” ({who})", quote=markdown(quote.text), who=_attribution(quote, groups, attributes))
            for quote in found.quotes
            if quote.theme == path
        ]
        blocks += [Markdown(f"**{markdown(heading)}**"), Markdown("\n".join(said))]
    return Prose(*blocks)


def _inside(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}" if labels_are_lowered() else label


def _lead(found: QuoteSelection, labels: Mapping[str, str]) -> str:
    people = len({quote.participant for quote in found.quotes})
    fields = {"quotations": counted(len(found.quotes), "quotation"), "participants": counted(people, "participant")}
    if people < len(found.quotes):
        said = [tr("{quotations} from {participants}, no more than two of any one.", **fields)]
    else:
        said = [tr("{quotations} from {participants}.", **fields)]
    if any(quote.edited for quote in found.quotes):
        said.append(tr("Square brackets mark what was left out or changed."))
    if deviant := sum(quote.deviant for quote in found.quotes):
        said.append(
            ntr(
                "One speaks against what most said on the theme, and is marked so.",
                "{n} speak against what most said on the theme, and are marked so.",
                deviant,
                n=deviant,
            )
        )
    short = found.themes_short
    if 0 < len(short) <= SHORT:
        names = enumeration([f"*{markdown(labels.get(theme, theme))}*" for theme in short], "or")
        said.append(tr("Fewer than two voices could be quoted on {themes}, though more spoke of it.", themes=names))
    elif short:
        said.append(tr("On {n} themes fewer than two voices could be quoted, though more spoke of them.", n=len(short)))
    return " ".join(said)


def _attribution(quote: Quote, groups: Mapping[str, str], attributes: Collection[str]) -> str:
    parts = [markdown(quote.participant)]
    if quote.group in groups and not _tells(quote.text, attributes):
        parts.append(lowered(markdown(groups[quote.group])))
    said = ", ".join(parts)
    return tr("{who}; speaks against the others", who=said) if quote.deviant else said


def _tells(text: str, attributes: Collection[str]) -> bool:
    """Whether a text names something else that is known of its speaker."""
    return any(finding.kind == "deny-list" for finding in scan(text, attributes))
