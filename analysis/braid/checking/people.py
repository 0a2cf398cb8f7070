"""Keys and persons: is the key one, who has no counterpart in another wave, and who is spelled nearly alike?"""

from __future__ import annotations

import difflib
from itertools import pairwise

import pandas as pd

from braid.checking.finding import Finding
from braid.cleaning import CleanSurvey, RawTables
from braid.cleaning.people import SEPARATOR
from braid.study import Cohort
from braid.study.cohort import PersonTable

SHOWN = 5
FEW = 400
ALIKE = 0.8
ROW = ("#row",)


def people_look(cohort: Cohort, tables: RawTables, survey: CleanSurvey) -> list[Finding]:
    """Warnings on keys and persons."""
    if cohort.spec.pairing == "none":
        return _same_people_after_all(cohort, survey)
    return [*_counts_rows(cohort, tables), *_unmatched(cohort, survey), *_excluded_nobody(cohort, tables)]


def _counts_rows(cohort: Cohort, tables: RawTables) -> list[Finding]:
    """A key that only counts the rows of each file pairs people by chance."""
    waves = {wave: file for wave, file in cohort.spec.waves.items() if file.keys and file.keys != ROW}
    if len({(file.file, str(file.rows)) for file in waves.values()}) < 2:
        return []
    counting = [wave for wave, file in waves.items() if _is_a_count(tables.rows_of(file).frame, file)]
    if len(counting) < len(waves):
        return []
    files = ", ".join(dict.fromkeys(waves[wave].file for wave in counting))
    return [
        Finding(
            "warning",
            "the key only counts the rows of each file (1, 2, 3, ...), and then it pairs strangers",
            f"data_raw/{cohort.name}/cohort.yml",
            key=", ".join(f"waves.{wave}.key" for wave in counting),
            value=f"column {' / '.join(waves[counting[0]].keys)} of {files}",
            todo="make sure that row 1 of each file is the same person; if nobody knows, say `pairing: none`",
        )
    ]


def _is_a_count(frame: pd.DataFrame, file: PersonTable) -> bool:
    if len(file.keys) != 1 or len(frame) < 3:
        return False
    cells = list(frame[file.keys[0]])
    start = cells[0].lstrip("0") or "0"
    return start in ("0", "1") and [cell.lstrip("0") or "0" for cell in cells] == [
        str(number) for number in range(int(start), int(start) + len(cells))
    ]


def _unmatched(cohort: Cohort, survey: CleanSurvey) -> list[Finding]:
    """Who answered in one wave only, with those of the other wave who are spelled nearly alike."""
    found = []
    waves = list(survey.waves)
    for first, last in pairwise(waves):
        here, there = survey.waves[first].index, survey.waves[last].index
        alone = {first: here.difference(there), last: there.difference(here)}
        if not len(here.intersection(there)):
            found.append(
                Finding(
                    "warning",
                    f"nobody of wave {first} is found in wave {last}",
                    f"data_raw/{cohort.name}/cohort.yml",
                    key=f"waves.{last}.key",
                    value=f"{first}: {_some(here)}; {last}: {_some(there)}",
                    todo="check that both waves use the same key; if nothing pairs them, say `pairing: none`",
                )
            )
            continue
        alike = _alike(alone[first], alone[last])
        for wave, people in alone.items():
            if len(people):
                other = last if wave == first else first
                found.append(
                    Finding(
                        "warning",
                        f"{len(people)} of {len(survey.waves[wave])} people of wave {wave} are not in wave {other}",
                        f"data_raw/{cohort.name}/{cohort.spec.waves[wave].file}",
                        value=_some(people),
                        todo="nothing, if they only did not answer; else mend their key",
                    )
                )
        if alike:
            pairs = [f"{one} and {two}" for one, two in alike]
            found.append(
                Finding(
                    "warning",
                    f"keys of wave {first} and wave {last} without a counterpart are spelled nearly alike",
                    f"data_raw/{cohort.name}/{cohort.spec.waves[last].file}",
                    value="; ".join(pairs[:SHOWN]) + (" ..." if len(pairs) > SHOWN else ""),
                    todo="if they are the same person, mend the key in the file; nobody is paired by likeness",
                )
            )
    return found


def _alike(first: pd.Index, last: pd.Index) -> list[tuple[str, str]]:
    if len(first) > FEW or len(last) > FEW:
        return []
    pairs = []
    for person in last:
        close = [p for p in difflib.get_close_matches(person, list(first), n=1, cutoff=ALIKE) if _slip(p, person)]
        pairs += [(close[0], person)] if close else []
    return pairs


def _slip(one: str, two: str) -> bool:
    """Whether two keys differ as by a slip of the hand; keys whose numbers differ are two people."""
    digits = ["".join(c for c in key if c.isdigit()).lstrip("0") for key in (one, two)]
    return digits[0] == digits[1] or len(one) != len(two)


def _excluded_nobody(cohort: Cohort, tables: RawTables) -> list[Finding]:
    parts = [part for part in (cohort.spec.people, *cohort.spec.waves.values()) if part and part.keys != ROW]
    there: set[str] = set()
    for part in parts:
        frame = tables.rows_of(part).frame
        keys = zip(*(frame[key] for key in part.keys), strict=True)
        there |= {" ".join(SEPARATOR.join(cells).upper().split()) for cells in keys}
    return [
        Finding(
            "warning",
            "this person is in no file, so nobody is excluded",
            f"data_raw/{cohort.name}/cohort.yml",
            key=f"exclude.{place}.participant",
            value=str(exclusion.participant),
            todo="mend the key, or take the line out",
        )
        for place, exclusion in enumerate(cohort.spec.exclude)
        if str(exclusion.participant).strip().upper() not in there
    ]


def _same_people_after_all(cohort: Cohort, survey: CleanSurvey) -> list[Finding]:
    """`pairing: none` although the keys of the waves are largely the same."""
    keyed = [wave for wave in survey.waves if cohort.spec.waves[wave].keys]
    if len(keyed) < 2:
        return []
    first, last = (survey.waves[wave].index for wave in (keyed[0], keyed[-1]))
    both = len(first.intersection(last))
    if both < 0.5 * min(len(first), len(last)):
        return []
    return [
        Finding(
            "warning",
            "nobody is paired, although most keys of the waves are the same",
            f"data_raw/{cohort.name}/cohort.yml",
            key="pairing",
            value=f"{both} keys stand in both waves",
            todo="take `pairing: none` out if a key is the same person in each wave",
        )
    ]


def _some(people: pd.Index) -> str:
    return ", ".join(map(str, people[:SHOWN])) + (" ..." if len(people) > SHOWN else "")
