"""Piece of stage `qualitative`: was enough heard? Saturation with its cautions, and information power in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, tr
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted
from braid.presentation.saturation import saturation_curve
from braid.stages.opening import needs
from braid.study import Coding

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

ITEMS = {
    "aim": N_("Aim"),
    "specificity": N_("Specificity of the sample"),
    "theory": N_("Use of theory"),
    "dialogue": N_("Quality of the dialogue"),
    "analysis": N_("Strategy of analysis"),
}


def has_power(coding: Coding) -> bool:
    """Whether the team has written on any item."""
    return coding.information_power is not None and any(coding.information_power.model_dump().values())


@needs(lambda stage: stage.there and has_power(stage.coding), N_("Nothing is written on information power."))
def power(stage: Interviews) -> Prose:
    """The items of information power that the team has written on."""
    coding = stage.coding
    written = coding.information_power.model_dump() if coding.information_power else {}
    items = [f"- *{tr(name)}.* {markdown(written[key].strip())}" for key, name in ITEMS.items() if written.get(key)]
    lead = tr("Whether enough was heard was judged by information power [@malterud2016]:")
    return Prose(Markdown(lead), Markdown("\n".join(items)))


def saturation_text(stage: Interviews) -> str:
    """How the codes accumulated, and what may be said of saturation (ready markdown); empty where nothing is."""
    curve = stage.saturation
    if curve is None or not curve.points:
        return ""
    points = curve.points
    if not stage.has_saturation:
        return markdown(curve.caution)
    last = next(i for i, point in enumerate(points, 1) if point.cumulative == points[-1].cumulative)
    n, first = points[-1].cumulative, points[0].cumulative
    codes = counted(n, "code")
    if first == n:
        text = tr("All {codes} in use came up in the first transcript (@fig-saturation).", codes=codes)
    else:
        text = tr(
            "Of the {codes} in use, {first} came up in the first transcript, and all by transcript {last} of {n} "
            "(@fig-saturation).",
            codes=codes,
            first=first,
            last=last,
            n=len(points),
        )
    return f"{text} {markdown(curve.caution)}"


@needs(lambda stage: stage.has_saturation, N_("Saturation is not reported."))
def saturation_figure(stage: Interviews) -> Figure:
    """The cumulative curve; transcripts are numbered, as their names could tell who or where."""
    curve = stage.saturation
    assert curve is not None
    base = curve.base if curve.assessable else None
    return saturation_curve([point.cumulative for point in curve.points], event=stage.coding.collected, base=base)
