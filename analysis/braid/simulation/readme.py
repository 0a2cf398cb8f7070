"""The README.md of a simulated cohort: that it is synthetic, where its figures come from, what was left out."""

from __future__ import annotations

from braid.simulation.dirt import Dirt
from braid.simulation.script import Script
from braid.simulation.targets import Targets
from braid.study import Cohort


def readme(
    cohort: Cohort, targets: Targets | None, dirt: Dirt | None, files: list[str], script: Script | None = None
) -> str:
    """Markdown, ending in a newline."""
    lines = [
        f"# {cohort.name}: synthetic data",
        "",
        "Everything in this folder is synthetic: no person, answer or sentence in it is real.",
        f"`braid simulate {cohort.name}` makes these files again, byte for byte, from the `.yml` files beside them:",
        "",
        *(f"- `{name}`" for name in sorted(files)),
    ]
    if targets is not None:
        what = "answers" if cohort.spec.waves else "files"
        lines += ["", "## Figures", "", f"The {what} reproduce the figures listed in `targets.yml`, to the digit."]
        lines += [f"Source of the figures: {targets.source}."]
        lines += ["They hold before the dirt below was put in."] if dirt is not None else []
    elif cohort.spec.waves:
        lines += ["", "The answers were drawn from the study file alone and carry no finding."]
    if script is not None and script.follows:
        lines += [
            "",
            "## Interviews",
            "",
            "Every word of the interviews is invented, and no sentence is a published one.",
        ]
        lines += [f"Their structure, that is sources, groups and themes, follows {script.follows}."]
    if targets is not None and targets.left_out:
        lines += ["", "## Figures left out", ""]
        lines += ["These printed figures cannot hold together with the others, so they are not reproduced.", ""]
        lines += [f"- `{e.target}`, printed {e.published}: {e.because}" for e in targets.left_out]
    if dirt is not None:
        lines += ["", "## Dirt put in on purpose", ""]
        for name, how in dirt.files.items():
            start = "a byte order mark and " if how.bom else ""
            lines.append(f"- `{name}`: {start}the separator `{how.separator}`")
        lines += [f"- `{change.file}`{_where(change.participant, change.row)}: {change.why}" for change in dirt.rows]
    return "\n".join(lines) + "\n"


def _where(participant: str, row: int | None) -> str:
    if participant:
        return f", {participant.strip()}"
    return f", row {row}" if row is not None else ""
