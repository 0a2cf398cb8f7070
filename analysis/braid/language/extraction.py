"""Every text of a report that can be translated, found where it stands: code, notebooks, sections, checklists."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from braid.errors import UserError
from braid.language.blocks import texts

KEYWORDS = {"tr": 1, "ntr": 2, "N_": 1}
_OPTION = re.compile(r"^#\|\s*(?:tbl-cap|fig-cap|fig-alt):\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Word:
    """A text for the catalogue: singular, plural or None, context or None, and where it stands."""

    text: str
    plural: str | None
    context: str | None
    file: str
    line: int


def extracted(root: Path) -> list[Word]:
    """All texts of the project at root, in the order of files. Raises UserError for a text that is put together."""
    library, reports = root / "analysis" / "braid", root / "reports"
    found: list[Word] = []
    for path in sorted(library.rglob("*.py")):
        found += _of_code(path, root)
    for path in sorted((root / "analysis").glob("*.ipynb")):
        found += _of_notebook(path, root)
    sections = [*sorted(reports.glob("*.qmd")), *sorted((reports / "sections").rglob("*.qmd"))]
    for path in sections:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        found += [Word(text, None, None, _name(path, root), number) for number, text in texts(lines)]
    for path in sorted((library / "integration" / "checklists").glob("*.yml")):
        found += _of_checklist(path, root)
    return found


def _of_code(path: Path, root: Path) -> Iterator[Word]:
    code = path.read_text(encoding="utf-8")
    counts = "braid.presentation.prose import" in code
    for node in ast.walk(ast.parse(code)):
        name = _called(node)
        if name == "counted" and counts:
            yield from _counted(node, _name(path, root))
        if not isinstance(node, ast.Call) or name not in KEYWORDS:
            continue
        literals = [one.value for one in node.args[: KEYWORDS[name]] if isinstance(one, ast.Constant)]
        if len(literals) < KEYWORDS[name]:
            wrong = next(one for one in node.args[: KEYWORDS[name]] if not isinstance(one, ast.Constant))
            if isinstance(wrong, ast.JoinedStr | ast.BinOp):
                raise UserError(
                    "a text that is put together cannot be translated",
                    place=f"{_name(path, root)}: line {node.lineno}",
                    todo='write it whole, with named fields: tr("from {low} to {high}", low=low, high=high)',
                )
            continue
        context = next((key.value for key in node.keywords if key.arg == "context"), None)
        told = str(context.value) if isinstance(context, ast.Constant) else None
        if literals[0] and all(isinstance(one, str) for one in literals):
            plural = str(literals[1]) if len(literals) > 1 else None
            yield Word(str(literals[0]), plural, told, _name(path, root), node.lineno)


def _counted(node: ast.AST, file: str) -> Iterator[Word]:
    """The text of `counted(n, "person", "people")`: the count with its noun."""
    if isinstance(node, ast.Call):
        nouns = [one.value for one in node.args[1:3] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if nouns:
            many = nouns[1] if len(nouns) > 1 else f"{nouns[0]}s"
            yield Word(f"{{n}} {nouns[0]}", f"{{n}} {many}", None, file, node.lineno)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _of_notebook(path: Path, root: Path) -> Iterator[Word]:
    import yaml

    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        if cell["cell_type"] == "code":
            for option in _OPTION.findall(source):
                yield Word(str(yaml.safe_load(option)), None, None, _name(path, root), number)


def _of_checklist(path: Path, root: Path) -> Iterator[Word]:
    import yaml

    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    name = _name(path, root)
    yield Word(content["title"], None, None, name, 1)
    for item in content["items"]:
        yield Word(item["name"], None, None, name, 1)
        yield Word(item["asks"], None, None, name, 1)
        for place in item["where"]:
            if not re.fullmatch(r"(sec|tbl|fig)-[\w-]+", place):
                yield Word(place, None, None, name, 1)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
