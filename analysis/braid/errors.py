"""Two kinds of failure: a user's mistake, told in words that mend it, and everything else, which is a bug."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Place(str):
    """Where something stands in a file: a text such as `survey.csv: row 12, column q3` that knows its parts."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None

    def __new__(
        cls, file: str, *, sheet: str | None = None, row: int | None = None, column: str | None = None
    ) -> Place:
        """sheet: of a workbook. row: as a spreadsheet counts it."""
        parts = (("sheet", sheet), ("row", row), ("column", column))
        inside = ", ".join(f"{name} {value}" for name, value in parts if value is not None)
        place = super().__new__(cls, f"{file}: {inside}" if inside else file)
        place.file, place.sheet, place.row, place.column = file, sheet, row, column
        return place


class UserError(Exception):
    """Something in the user's files or call is wrong, and a person can mend it.

    message: one sentence saying what is wrong.
    place: where, as `file`, `file: dotted.path` or `file: row 12, column scq03`.
    found, expected: what stands there, and what should.
    todo: the next step, in the imperative.
    The program ends with exit code 2 and has written nothing.
    """

    def __init__(
        self,
        message: str,
        *,
        place: str | None = None,
        found: str | None = None,
        expected: str | None = None,
        todo: str | None = None,
    ) -> None:
        self.message = message
        self.place = place
        self.found = found
        self.expected = expected
        self.todo = todo
        super().__init__(self.render())

    def render(self) -> str:
        """The whole message, one fact a line."""
        lines = [f"{self.place}: {self.message}" if self.place else self.message]
        for label, text in (("found", self.found), ("expected", self.expected), ("what to do", self.todo)):
            if text:
                lines.append(f"  {label}: {text}")
        return "\n".join(lines)


class UserErrors(UserError):
    """Several mistakes found in one reading, so that a person mends them in one go."""

    def __init__(self, errors: list[UserError]) -> None:
        self.errors = errors
        super().__init__("\n".join(error.render() for error in errors))


class Mistakes:
    """Gathers the mistakes of several steps, so that all are told at once.

    `with mistakes.gathered(): step()` goes on after a UserError; `stop_if_any()` raises what was gathered.
    """

    def __init__(self) -> None:
        self.errors: list[UserError] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the UserErrors of what is done inside; every other error goes its way."""
        try:
            yield
        except UserErrors as several:
            self.errors += several.errors
        except UserError as one:
            self.errors.append(one)

    def stop_if_any(self) -> None:
        """Raise UserErrors where something was gathered."""
        if self.errors:
            raise UserErrors(self.errors)


class RunError(Exception):
    """A run that could not be finished although the user's files are right; exit code 1."""
