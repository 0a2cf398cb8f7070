"""Cases, variables and sets of a REFI-QDA project: who spoke, and what is known of people and of sources."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from braid.intake.coded.project import Span, whose
from braid.intake.coded.refi_sources import SOURCES, Reading
from braid.intake.coded.refi_xml import child, children, guid, local, target, words
from braid.intake.headers import unique

Values = dict[str, dict[str, str]]


def variables(root: Element) -> dict[str, str]:
    """The names of the project's variables, by their ids."""
    return {guid(v.get("guid")): v.get("name") or "" for v in children(child(root, "Variables"), "Variable")}


def cases(root: Element, told: Mapping[str, str], read: Reading) -> tuple[Values, int]:
    """The variables of each case, and how many segments stand in several; each row gets the case it stands in.

    A case holds a segment where it names its very selection, or selections around it, or the whole source.
    """
    found = children(child(root, "Cases"), "Case")
    named = unique([(case.get("name") or "").strip() for case in found])
    own: Values = {}
    direct: dict[str, list[str]] = {}
    spans: dict[str, list[Span]] = {}
    for name, case in zip(named, found, strict=True):
        own[name] = _values(case, told)
        for reference in children(case, "SourceRef"):
            source = read.names.get(target(reference))
            if source is not None:
                spans.setdefault(source, []).append(Span(name, source))
        for reference in children(case, "SelectionRef"):
            direct.setdefault(target(reference), []).append(name)
            source, start, end = read.places.get(target(reference), ("", None, None))
            if source and start is not None:
                spans.setdefault(source, []).append(Span(name, source, start, end))
    ambiguous = 0
    for row in read.rows:
        inside = whose(spans.get(row["source"], []), row.get("start"), row.get("end"))
        holders = direct.get(row["selection"]) or list(inside)
        # a source that several cases share tells nobody's words from another's
        shared = len(holders) > 1 and row["selection"] not in direct and _whole(spans[row["source"]], holders)
        row["participant"] = "" if shared or not holders else holders[0]
        ambiguous += len(holders) > 1 and not shared
    return own, ambiguous


def source_variables(root: Element, told: Mapping[str, str], read: Reading) -> Values:
    """The variables of each source, and the set it belongs to under the name `Set`."""
    found: Values = {}
    for source in children(child(root, "Sources"), *SOURCES):
        found[read.names[guid(source.get("guid"))]] = _values(source, told)
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
