"""The files of a cohort as they came, each read once and in the way that its cohort.yml says."""

from __future__ import annotations

from dataclasses import replace

from braid.cleaning.values import fold, folded_cells
from braid.errors import Place, UserError
from braid.intake import RawTable, read_file
from braid.study import Cohort, FileReading
from braid.study.cohort import PersonTable


class RawTables:
    """The tables that a cohort names, read when they are first asked for.

    all_of_them: whether to hold each that was read; else only the last, so that of large files no two are held at
    a time (parts that share a file follow one another). reading: how each file was read, in words, by its name.
    """

    def __init__(self, cohort: Cohort, *, all_of_them: bool = False) -> None:
        self.cohort = cohort
        self.all_of_them = all_of_them
        self.held: dict[tuple[str, str | None], RawTable] = {}
        self.reading: dict[str, str] = {}

    def __getitem__(self, file: str) -> RawTable:
        """The whole file. Raises UserError where it cannot be read."""
        return self._table(file, None)

    def _table(self, file: str, sheet: str | None) -> RawTable:
        if (file, sheet) not in self.held:
            if not self.all_of_them:
                self.held.clear()
            how = self.cohort.spec.files.get(file)
            if sheet is not None:
                how = (how or FileReading()).model_copy(update={"sheet": sheet})
            name = f"data_raw/{self.cohort.name}/{file}"
            table = read_file(self.cohort.raw(file), name, how, companions=self.cohort.raw)
            self.held[file, sheet] = table if sheet is None else replace(table, name=f"{name}, sheet {sheet}")
            self.reading[self.held[file, sheet].name] = table.reading
        return self.held[file, sheet]

    def rows_of(self, part: PersonTable) -> RawTable:
        """The rows of a file that cohort.yml chooses for one of its tables. Raises UserError where there are none."""
        table = self._table(part.file, part.sheet)
        frame = table.frame
        for column, cells in part.rows.items():
            wanted = folded_cells(cells if isinstance(cells, list) else [cells])
            there = table.column(column).loc[frame.index]
            frame = frame[there.map(fold).isin(wanted)]
            if frame.empty:
                raise UserError(
                    "no row of this file is chosen",
                    place=Place(table.name, column=column),
                    found=", ".join(list(dict.fromkeys(there))[:8]),
                    expected=", ".join(sorted(wanted)),
                    todo="mend `rows` in cohort.yml",
                )
        return replace(table, frame=frame)
