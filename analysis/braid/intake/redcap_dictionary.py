"""The data dictionary of a REDCap project: its fields, what their codes mean, and which of them identify people."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from braid.errors import UserError
from braid.intake.headers import plain
from braid.intake.leaving_out import listed
from braid.intake.table import RawTable

HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("variablefieldname", "fieldname", "variable"),
    "form": ("formname", "form"),
    "type": ("fieldtype",),
    "label": ("fieldlabel",),
    "choices": ("choicescalculationsorsliderlabels", "choicesorcalculations", "selectchoicesorcalculations", "choices"),
    "validation": ("textvalidationtypeorshowslidernumber", "textvalidationtype", "textvalidation"),
    "identifier": ("identifier",),
    "annotation": ("fieldannotation",),
}
IMPLICIT: Mapping[str, Mapping[str, str]] = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
CHECKED = {"0": "Unchecked", "1": "Checked"}
COMPLETE = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}


@dataclass(frozen=True)
class Field:
    """One field of the form: its codes with their labels, in order (none for text, calculations and sliders)."""

    name: str
    form: str
    type: str
    label: str
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    validation: str = ""
    identifier: bool = False
    annotation: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """Columns of an export with their labels: one, or for a checkbox one a choice."""
        if self.type != "checkbox":
            return {self.name: self.label}
        return {checkbox_column(self.name, code): f"{self.label}: {label}" for code, label in self.choices.items()}

    @property
    def values(self) -> Mapping[str, str]:
        """What the cells of its columns mean in a raw export."""
        return CHECKED if self.type == "checkbox" else self.choices

    @property
    def contact(self) -> bool:
        """Whether its text is validated as an e-mail address or a telephone number."""
        return self.validation.startswith(("email", "phone"))

    @property
    def never_missing(self) -> bool:
        """Whether the project's missing data codes do not hold for it (@NOMISSING)."""
        return "@NOMISSING" in self.annotation.upper()


@dataclass(frozen=True)
class Dictionary:
    """A data dictionary. name: of its file. fields: in the order of the forms."""

    name: str
    fields: tuple[Field, ...]

    @property
    def record_id(self) -> str:
        """The first field names the record."""
        return self.fields[0].name

    @property
    def forms(self) -> list[str]:
        """The forms, in order."""
        return list(dict.fromkeys(each.form for each in self.fields))

    @cached_property
    def _by_column(self) -> dict[str, tuple[Field, str]]:
        return {column: (each, label) for each in self.fields for column, label in each.columns.items()}

    def field(self, column: str) -> Field | None:
        """The field whose column this is."""
        return self._by_column[column][0] if column in self._by_column else None

    def label_of(self, column: str) -> str:
        """What a column asks."""
        return self._by_column[column][1] if column in self._by_column else ""

    def values_of(self, column: str) -> Mapping[str, str]:
        """What a column's cells mean, by code."""
        return self._by_column[column][0].values if column in self._by_column else {}

    def is_status(self, column: str) -> bool:
        """Whether a column is the state or the time of a form."""
        return any(column in (f"{form}_complete", f"{form}_timestamp") for form in self.forms)


def checkbox_column(name: str, code: str) -> str:
    """The column of one choice: code -1 of `why` is `why____1`, code A is `why___a`."""
    return f"{name}___{re.sub(r'[^a-z0-9_]', '_', code.lower())}"


def read_dictionary(table: RawTable) -> Dictionary:
    """A data dictionary from its table (as downloaded from the Designer, or from the API).

    Raises UserError where the table has no names, types and labels of fields, or a choice has no code.
    """
    columns = {re.sub(r"[\W_]", "", str(column)).casefold(): str(column) for column in table.frame.columns}
    found: dict[str, str] = {}
    for part, spellings in HEADERS.items():
        for spelling in spellings:
            match = next((c for folded, c in columns.items() if folded == spelling), None)
            if match:
                found[part] = match
                break
    lacking = [part for part in ("name", "form", "type", "label") if part not in found]
    if lacking:
        raise UserError(
            "this is not a data dictionary of REDCap",
            place=table.name,
            found=f"columns {listed(table.frame.columns)}",
            expected="columns such as Variable / Field Name, Form Name, Field Type, Field Label",
            todo="download it in REDCap: Project Setup, Data Dictionary; name that file as `dictionary`",
        )
    fields = []
    for row, cells in table.frame.iterrows():
        said: dict[str, str] = {key: str(cells[column]) for key, column in found.items()}
        if not said["name"] or said["type"] == "descriptive":
            continue
        fields.append(
            Field(
                name=said["name"],
                form=said["form"],
                type=said["type"],
                label=plain(said["label"]) or said["name"],
                choices=_choices(said, f"{table.name}: row {row}"),
                validation=said.get("validation", ""),
                identifier=said.get("identifier", "").casefold() in {"y", "yes", "1"},
                annotation=said.get("annotation", ""),
            )
        )
    if not fields:
        raise UserError("this data dictionary has no field", place=table.name, todo="download it again in REDCap")
    return Dictionary(table.name.rsplit("/", 1)[-1], tuple(fields))


def _choices(part: Mapping[str, str], place: str) -> Mapping[str, str]:
    """`1, Yes | 2, No` as codes with labels; the labels and formulas of sliders and calculations are no codes."""
    if part["type"] in IMPLICIT:
        return IMPLICIT[part["type"]]
    if part["type"] not in ("radio", "dropdown", "checkbox"):
        return {}
    choices: dict[str, str] = {}
    for choice in re.split(r"\s*[|\n]\s*", part.get("choices", "").strip(" |\n")):
        code, comma, label = choice.partition(",")
        if not choice:
            continue
        if not comma:
            raise UserError(
                "this choice has no code",
                place=f"{place}, field {part['name']}",
                found=repr(choice),
                expected="a code, a comma and a label, as in `1, Yes | 2, No`",
                todo="mend the data dictionary, or download it again",
            )
        choices[code.strip()] = plain(label) or code.strip()
    return choices
