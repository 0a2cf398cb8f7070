"""Words of direction in the analyst's prose, held against the results that the same sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from braid.errors import UserError
from braid.language import N_, tr
from braid.prose.sentences import Sentence
from braid.records import Record
from braid.study import Study

UPWARDS = N_(r"\b(rose|ris(?:en|es|ing)|increas\w*|grew|grown|gained|went up)\b", context="claims")
DOWNWARDS = N_(r"\b(fell|fallen|decreas\w*|declin\w*|dropped|went down)\b", context="claims")
BETTER = N_(r"\b(improv\w*|better|benefit\w*)\b", context="claims")
WORSE = N_(r"\b(worse\w*|deteriorat\w*|harmed)\b", context="claims")
WORDS = (UPWARDS, DOWNWARDS, BETTER, WORSE)


def unsupported_claims(prose: Iterable[Sentence], records: Mapping[str, Record], study: Study) -> list[UserError]:
    """Each sentence that names a change and says of it what its interval does not.

    A sentence is judged by the results it names (`{{< var change.scq.overall.text >}}`): a word of direction beside
    an interval that holds zero, or beside one that lies on the other side. "Did not improve" is refused as well,
    since an interval that holds zero does not show that either: write "no clear change".
    """
    return [
        error
        for sentence in prose
        for record in _named(sentence, records)
        if (error := _judged(sentence, record, study)) is not None
    ]


def unsupported_sentences(prose: Iterable[Sentence], records: Mapping[str, Record], study: Study) -> list[UserError]:
    """Each sentence that names a scale by its words alone, and says of its change what the overall result does not.

    It may speak of an aim or of somebody else's findings, so that a person has to look.
    """
    found = []
    for sentence in prose:
        if _named(sentence, records):
            continue
        for name, scale in study.scales.items():
            record = records.get(f"change.{name.lower()}.overall")
            words = {scale.short.casefold(), scale.label.casefold()}
            if record is not None and any(word in sentence.text.casefold() for word in words):
                error = _judged(sentence, record, study)
                found += [error] if error is not None else []
    return found


def _named(sentence: Sentence, records: Mapping[str, Record]) -> list[Record]:
    """The changes that a sentence names, each once; what is generated as a whole sentence needs no judging."""
    found: dict[str, Record] = {}
    for name in sentence.names:
        stem, _, part = name.rpartition(".")
        record = records.get(stem)
        if record is not None and part != "sentence" and record.id.startswith("change.") and _is_change(record.id):
            found[record.id] = record
    return list(found.values())


def _is_change(name: str) -> bool:
    return len(name.split(".")) > 2 and name.split(".")[2] in ("overall", "item", "by", "arm", "wave")


def _judged(sentence: Sentence, record: Record, study: Study) -> UserError | None:
    said = [re.search(tr(pattern, context="claims"), sentence.text, re.IGNORECASE) for pattern in WORDS]
    if not any(said):
        return None
    scale = {name.lower(): scale for name, scale in study.scales.items()}.get(record.id.split(".")[1])
    if scale is None:
        return None
    if record.low is None or record.high is None or record.low <= 0 <= record.high:
        allowed: tuple[bool, ...] = (False, False, False, False)
        instead = "no clear change"
    else:
        up = record.low > 0
        better = up == (scale.higher_is == "better")
        allowed = (up, not up, better, not better)
        instead = f"{'rose' if up else 'fell'}, {'improved' if better else 'worsened'}"
    wrong = next((word for word, fits in zip(said, allowed, strict=True) if word and not fits), None)
    if wrong is None:
        return None
    return UserError(
        "this sentence says more than the result does, or something else",
        place=sentence.place,
        found=f"{wrong[0]!r}, while {record.id} is {record.text}",
        expected=f"words that this result supports: {instead}",
        todo="change the sentence, or let it be written: {{< var "
        + f"{record.id.rsplit('.', 1)[0]}.overall.sentence"
        + " >}}",
    )
