"""Names for participants that hold for one report and say nothing about the order they came in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from braid.language import tr


def mask_key(participants: Iterable[str], cohort: str) -> dict[str, str]:
    """The key: each participant's name in the report, `Participant 1` onwards, in the order of the numbers.

    The order is that of a hash of cohort and id, so it is the same in every run, differs between cohorts, and
    does not follow the ids, the groups or the rows. Who knows all ids and the cohort's name can rebuild it:
    the key belongs outside the outputs, and ids that are names belong outside the data.
    """
    shuffled = sorted(
        {str(participant) for participant in participants},
        key=lambda participant: hashlib.sha256(f"{cohort}\0{participant}".encode()).hexdigest(),
    )
    return {participant: tr("Participant {n}", n=number) for number, participant in enumerate(shuffled, start=1)}


def mask_text(text: str, key: Mapping[str, str]) -> str:
    """The text with every participant id in it replaced by its name in the report (whole ids only)."""
    if not key:
        return text
    ids = "|".join(re.escape(participant) for participant in sorted(key, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{ids})(?!\w)", lambda match: key[match.group()], text)
