"""Cases, variables and sets of a REFI-QDA project: who spoke, and what is known of people and of sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from braid.intake.coded.project import Code, Span, whose
from braid.intake.coded.refi_sources import SOURCES, Reading
from braid.intake.coded.refi_xml import child, children, guid, local, target, words
from braid.intake.headers import unique

Values = dict[str, dict[str, str]]


def variables(root: Element) -> dict[str, str]:
    """The names of the project's variables, by their ids."""
    return {guid(v.get("guid")): v.get("name") or "" for v in children(child(root, "Variables"), "Variable")}


@dataclass(frozen=True)
class Cases:
    """values: the variables of each case, by its name. ambiguous: how many segments stand in several cases. codes: by
    their ids, those that stand for a case and are no themes."""

    values: Values
    ambiguous: int
    codes: frozenset[str]


def cases(root: Element, told: Mapping[str, str], read: Reading, by_id: Mapping[str, Code]) -> Cases:
    """The cases of a project; each row gets the case it stands in, and rows that only say whose words they are go.

    A case holds a segment where it names its very selection, or selections around it, or the whole source. NVivo
    writes a case as a code of the same id too, and its words as codings of that code. A case without a name, as MAXQDA
    and Quirkos write it, is what is known of a source.
    """
    found = [case for case in children(child(root, "Cases"), "Case") if (case.get("name") or "").strip()]
    named = unique([(case.get("name") or "").strip() for case in found])
    own: Values = {}
    direct: dict[str, list[str]] = {}
    spans: dict[str, list[Span]] = {}
    standing: dict[str, str] = {}

    def holds(name: str, selection: str) -> None:
        if name not in direct.setdefault(selection, []):
            direct[selection].append(name)
        source, start, end = read.places.get(selection, ("", None, None))
        if source and start is not None:
            spans.setdefault(source, []).append(Span(name, source, start, end))

    for name, case in zip(named, found, strict=True):
        own[name] = _values(case, told)
        standing |= dict.fromkeys(_own_codes(case, by_id), name)
        for reference in children(case, "SourceRef"):
            source = read.names.get(target(reference))
            if source is not None:
                spans.setdefault(source, []).append(Span(name, source))
        for reference in children(case, "SelectionRef"):
            holds(name, target(reference))
    for row in read.rows:
        if row["code"] in standing:
            holds(standing[row["code"]], row["selection"])
    read.rows = [row for row in read.rows if row["code"] not in standing]
    ambiguous = 0
    for row in read.rows:
        inside = whose(spans.get(row["source"], []), row.get("start"), row.get("end"))
        holders = direct.get(row["selection"]) or list(inside)
        # a source that several cases share tells nobody's words from another's
        shared = len(holders) > 1 and row["selection"] not in direct and _whole(spans[row["source"]], holders)
        row["participant"] = "" if shared or not holders else holders[0]
        ambiguous += len(holders) > 1 and not shared
    return Cases(own, ambiguous, frozenset(standing))


def _own_codes(case: Element, by_id: Mapping[str, Code]) -> list[str]:
    """The ids of the codes that are the case itself: of the same id, or named by it and called like it."""
    own = guid(case.get("guid"))
    name = (case.get("name") or "").strip()
    others = [target(reference) for reference in children(case, "CodeRef")]
    called = [other for other in others if other in by_id and by_id[other].path[-1].strip() == name]
    return [*([own] if own and own in by_id else []), *called]


def source_variables(root: Element, told: Mapping[str, str], read: Reading) -> Values:
    """The variables of each source, those of its nameless case among them, and its set under the name `Set`."""
    found: Values = {}
    for source in children(child(root, "Sources"), *SOURCES):
        found[read.names[guid(source.get("guid"))]] = _values(source, told)
    for case in children(child(root, "Cases"), "Case"):
        if not (case.get("name") or "").strip():
            for reference in children(case, "SourceRef"):
                if (source_name := read.names.get(target(reference))) is not None:
                    found[source_name] = {**found.get(source_name, {}), **_values(case, told)}
    sets: dict[str, list[str]] = {}
    for one in children(child(root, "Sets"), "Set"):
        for member in children(one, "MemberSource"):
            source_name = read.names.get(target(member))
            if source_name is not None:
                sets.setdefault(source_name, []).append(one.get("name") or "")
    for source_name, names in sets.items():
        if len(names) == 1:
            found.setdefault(source_name, {}).setdefault("Set", names[0])
    return found


def _values(element: Element, told: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for value in children(element, "VariableValue"):
        name = told.get(target(child(value, "VariableRef")), "")
        said = [words(part) for part in value if local(part) != "VariableRef"]
        if name and said:
            values[name] = said[0]
    return values


def _whole(spans: list[Span], holders: list[str]) -> bool:
    return all(span.start is None for span in spans if span.case in holders)
