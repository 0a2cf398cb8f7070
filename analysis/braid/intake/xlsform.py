"""An XLSForm as a codebook: the questions of a Kobo or ODK form, their labels and choices (sheets survey, choices)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from braid.errors import UserError
from braid.intake.headers import plain
from braid.intake.leaving_out import listed
from braid.intake.table import RawTable


@dataclass(frozen=True)
class Question:
    """One question: its type, its label in the form's first language, and its choices by name."""

    name: str
    type: str
    label: str
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether several choices may be made."""
        return self.type == "select_multiple"


@dataclass(frozen=True)
class Form:
    """An XLSForm. name: of its file. questions: by name, groups and notes left out."""

    name: str
    questions: Mapping[str, Question]


def read_form(name: str, survey: RawTable, choices: RawTable | None) -> Form:
    """A form from its sheets. Raises UserError where `survey` has no types and names."""
    columns = list(survey.frame.columns)
    if not {"type", "name"} <= set(columns):
        raise UserError(
            "this is not an XLSForm",
            place=survey.name,
            found=f"columns {listed(columns)}",
            expected="a sheet `survey` with the columns type, name and label",
            todo="download the form as XLS in KoboToolbox (Form, Download XLS), and name it as `dictionary`",
        )
    lists: dict[str, dict[str, str]] = {}
    if choices is not None:
        lists = _lists(choices)
    questions: dict[str, Question] = {}
    for cells in survey.frame.to_dict("records"):
        kind, question = str(cells["type"]), str(cells["name"])
        base, _, rest = (
            kind.replace("select one", "select_one").replace("select multiple", "select_multiple").partition(" ")
        )
        if not question or base in {"begin_group", "end_group", "begin", "end", "begin_repeat", "end_repeat", "note"}:
            continue
        chosen = lists.get(rest.split(" ")[0], {}) if base in {"select_one", "select_multiple", "rank"} else {}
        questions[question] = Question(question, base, _label(survey, cells) or question, chosen)
    return Form(name.rsplit("/", 1)[-1], questions)


def _lists(choices: RawTable) -> dict[str, dict[str, str]]:
    """Choices by the name of their list."""
    columns = list(choices.frame.columns)
    key = next((column for column in ("list_name", "list name") if column in columns), None)
    if key is None or "name" not in columns:
        raise UserError(
            "the choices of this XLSForm have no list_name or name",
            place=choices.name,
            found=f"columns {listed(columns)}",
            expected="list_name, name and label",
        )
    lists: dict[str, dict[str, str]] = {}
    for cells in choices.frame.to_dict("records"):
        if cells["name"]:
            lists.setdefault(str(cells[key]), {})[str(cells["name"])] = _label(choices, cells) or str(cells["name"])
    return lists


def _label(table: RawTable, cells: Mapping[object, object] | Mapping[str, object]) -> str:
    """The label in the first language of the sheet."""
    column = next((c for c in table.frame.columns if c == "label" or str(c).startswith("label:")), None)
    return plain(str(dict(cells).get(column, ""))) if column is not None else ""
