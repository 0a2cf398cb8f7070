"""The XML of REFI-QDA, whatever the version of its namespace: elements by their local names, ids by their letters."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from braid.errors import UserError
from braid.intake.coded.project import Code

DEEPEST = 50


def parsed(content: bytes, name: str, root: tuple[str, ...]) -> Element:
    """The root element. root: the local names it may have. Raises UserError where this is not such XML."""
    if not content.strip():
        raise UserError("this file is empty", place=name, todo="export it again, and copy the whole file")
    try:
        element: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise UserError(
            "this file declares entities or a document type, which no coding program writes and attacks do",
            place=name,
            todo="make sure of where it comes from",
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise UserError(
            "this is not whole XML", place=name, found=str(error), todo="export it again, and copy the whole file"
        ) from None
    if local(element) not in root:
        raise UserError(
            "this XML is not REFI-QDA",
            place=name,
            found=f"the root <{local(element)}>",
            expected=" or ".join(f"<{one}>" for one in root),
            todo="export a project (.qdpx) or a codebook (.qdc) in the REFI-QDA format",
        )
    return element


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, *names: str) -> list[Element]:
    """The children of these local names; none where there is no element."""
    return [child for child in element if local(child) in names] if element is not None else []


def child(element: Element | None, name: str) -> Element | None:
    """The first child of this name."""
    return next(iter(children(element, name)), None)


def words(element: Element | None, name: str = "") -> str:
    """The text of an element, or of its first child of a name, without white space around it."""
    found = child(element, name) if name else element
    return "".join(found.itertext()).strip() if found is not None else ""


def guid(text: str | None) -> str:
    """An id in one spelling: case and braces differ between a program's files."""
    return (text or "").strip().strip("{}").casefold()


def target(element: Element | None) -> str:
    """The id that a reference points to."""
    return guid(element.get("targetGUID")) if element is not None else ""


def codes(book: Element | None, name: str) -> tuple[tuple[Code, ...], dict[str, Code]]:
    """The codes below a <CodeBook>, parents first, and by their ids. Raises UserError where they nest without end."""
    listed: list[Code] = []
    by_id: dict[str, Code] = {}
    for element, path in _walk(child(book, "Codes"), name):
        codable = (element.get("isCodable") or "true").casefold() not in ("false", "0")
        code = Code(path, words(element, "Description"), codable)
        listed.append(code)
        by_id[guid(element.get("guid"))] = code
    return tuple(listed), by_id


def _walk(codes: Element | None, name: str) -> Iterator[tuple[Element, tuple[str, ...]]]:
    waiting = [(element, ()) for element in reversed(children(codes, "Code"))]
    while waiting:
        element, above = waiting.pop()
        path: tuple[str, ...] = (*above, element.get("name") or "without a name")
        if len(path) > DEEPEST:
            raise UserError(f"codes of this file nest deeper than {DEEPEST} levels", place=name, found=path[0])
        yield element, path
        waiting += [(inner, path) for inner in reversed(children(element, "Code"))]  # type: ignore[misc]
