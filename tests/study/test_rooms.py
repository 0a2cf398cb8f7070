"""The rooms of the library import one another in one direction, the one that the README tells."""

from __future__ import annotations

import re

from tests.project_copy import REPOSITORY

LIBRARY = REPOSITORY / "analysis" / "braid"
IMPORT = re.compile(r"^\s*(?:from|import) braid\.(\w+)", re.MULTILINE)


def order() -> list[str]:
    """The rooms as the README lists them."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    found = re.search(r"the order in which its rooms may import one another:\n(.*?)\nanalysis/cluster", text, re.DOTALL)
    assert found is not None
    return [word.strip() for word in found[1].replace("\n", " ").split(",")]


def rooms() -> set[str]:
    """The packages and single modules that are there."""
    entries = [path for path in LIBRARY.iterdir() if not path.name.startswith(("_", "."))]
    return {path.stem for path in entries if path.suffix == ".py" or (path.is_dir() and list(path.glob("*.py")))}


def test_the_readme_lists_every_room_once() -> None:
    assert sorted(order()) == sorted(rooms())


def test_a_room_imports_only_from_those_before_it() -> None:
    places = {room: number for number, room in enumerate(order())}
    backwards = [
        f"{path.relative_to(LIBRARY)} imports {imported}"
        for path in sorted(LIBRARY.rglob("*.py"))
        if (room := path.relative_to(LIBRARY).parts[0].removesuffix(".py")) in places
        for imported in IMPORT.findall(path.read_text(encoding="utf-8"))
        if places[imported] > places[room]
    ]
    assert backwards == []
