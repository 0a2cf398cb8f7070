"""What a report says in English although its study speaks another language.

    python -m tests.language.untranslated demo                  every stage, and the sections
    python -m tests.language.untranslated demo change baseline  these stages
    python -m tests.language.untranslated compare demo demo-next    the comparison of cohorts

The cells of the notebooks are run in this process, in a made-up language and on a copy of the project; the words drawn
in figures are read as well. Each piece of text is listed that was not put through `tr` and that data, study and cohort
do not hold.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from braid import language
from braid.comparing import INDEX, NOTEBOOK, STAGE
from braid.integration.checklists import checklists
from braid.language.blocks import translated
from braid.pipeline import STAGES
from braid.presentation import style
from braid.records import read_records
from braid.study.comparison import comparison_name
from braid.study.joining import Basis

from tests.language.made_up import CODE, Known, Left, speak_it, write_catalogue
from tests.project_copy import REPOSITORY, copy_project

COMPARE = "compare"
BASIS = frozenset(Basis.model_fields)
"""Parts of a record that `braid check` reads, in the words of cohort.yml."""
SECTIONS = Path("reports", "sections")
LABEL = re.compile(r"#\|\s*label:\s*(\S+)")
OPTION = re.compile(r'^#\|\s*(tbl-cap|fig-cap|fig-alt):\s*"?(.+?)"?\s*$', re.MULTILINE)
DRAWN = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
PART = re.compile(r"</(?:p|li|th|td|caption)>")


def untranslated(cohort: str, stages: tuple[str, ...] = ()) -> list[Left]:
    """What is left to translate in a cohort's pieces and records; of all stages, with the sections, by default."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        copy_project(root, cohort)
        write_catalogue(root, REPOSITORY)
        own = root / "data_raw" / cohort / "study.yml"
        speak_it(root, own if own.is_file() else root / "analysis" / "study.yml")
        with _inside(root):
            return list(_left(root, cohort, stages))


def untranslated_between(cohorts: tuple[str, ...]) -> list[Left]:
    """What is left to translate in the comparison of cohorts, with its sections."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        copy_project(root, *cohorts)
        write_catalogue(root, REPOSITORY)
        own = [path for name in cohorts if (path := root / "data_raw" / name / "study.yml").is_file()]
        speak_it(root, *own, root / "analysis" / "study.yml")
        known = known_of(root, *cohorts)
        with _inside(root):
            for cohort in cohorts:  # the stages before are needed
                for stage in STAGES:
                    _of_notebook(root, cohort, stage.notebook, known)
            found = _of_notebook(root, list(cohorts), NOTEBOOK, known)
            name = comparison_name(cohorts)
            found += _of_records(root / "data_processed" / name / "results" / f"{STAGE}.json", known)
            return [
                *found,
                *_of_sections([root / "reports" / INDEX, *(root / SECTIONS / "compare").glob("*.qmd")], known),
            ]


def _left(root: Path, cohort: str, stages: tuple[str, ...]) -> Iterator[Left]:
    known = known_of(root, cohort)
    for stage in STAGES:
        # The stages before are needed, whether they are asked for or not.
        found = _of_notebook(root, cohort, stage.notebook, known)
        found += _of_records(root / "data_processed" / cohort / "results" / f"{stage.name}.json", known)
        if not stages or stage.name in stages:
            yield from (Left(f"{stage.name} {left.place}", left.text) for left in found)
    if not stages:
        yield from _of_sections((root / SECTIONS).glob("*.qmd"), known)


def known_of(root: Path, *cohorts: str) -> Known:
    """The words that the study, the cohorts and their data say."""
    files = [path for cohort in cohorts for path in (root / "data_raw" / cohort).rglob("*") if path.is_file()]
    files += [root / "analysis" / "study.yml", root / "analysis" / "literature.csv"]
    guidelines = (one.name for one in checklists())
    return Known(files, " . ".join([*(path.name for path in files), *guidelines]), " . ".join(cohorts))


def _of_records(path: Path, known: Known) -> list[Left]:
    found = []
    for record in read_records(path):
        if not record.id.startswith("has."):
            texts = {
                record.id: record.text,
                **{f"{record.id}.{key}": part for key, part in record.parts.items() if key not in BASIS},
            }
            found += [left for place, text in texts.items() for left in known.untranslated(place, str(text))]
    return found


def _of_sections(paths: Iterable[Path], known: Known) -> Iterator[Left]:
    for path in sorted(paths):
        comment = False
        for number, line in translated(path.read_text(encoding="utf-8").splitlines()):
            comment = comment or line.lstrip().startswith("<!--")
            if not comment and not re.match(r"\s*(:::|```|lang: en$)", line):
                yield from known.untranslated(f"{path.name}: line {number + 1}", line)
            comment = comment and "-->" not in line


def _of_notebook(root: Path, cohort: str | list[str], notebook: str, known: Known) -> list[Left]:
    names: dict[str, Any] = {"cohort": cohort, "cohorts": cohort}
    found: list[Left] = []
    for cell in json.loads((root / "analysis" / notebook).read_text(encoding="utf-8"))["cells"]:
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        if cell["cell_type"] != "code" or "parameters" in cell["metadata"].get("tags", []):
            continue
        *before, last = source.rstrip().splitlines()
        label = LABEL.search(source)
        with redirect_stdout(io.StringIO()):
            exec("\n".join(before) if label else source, names)
            if label is None:
                continue
            shown = eval(last, names)
        for place, text in _texts(shown, OPTION.findall(source)):
            found += known.untranslated(f"{label[1]} {place}".strip(), text)
    return found


def _texts(shown: Any, options: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What a published cell says: its markdown, what is drawn in its figure, caption and alternative text."""
    data, meta = shown._repr_mimebundle_()
    generated = meta.get("braid", {})
    for option, text in options:
        if not generated.get(option[4:]):
            yield option[4:], language.tr(text)
    yield from generated.items()
    for drawn in DRAWN.findall(data.get("image/svg+xml", "")):
        yield "drawn", TAG.sub("", drawn)
    if "image/svg+xml" not in data:
        yield from (("", TAG.sub("", part)) for part in PART.split(data["text/html"]))


@contextmanager
def _inside(root: Path) -> Iterator[None]:
    """A working folder, letters in figures that can be read, and English again when it is over."""
    before, settings = Path.cwd(), style._settings
    readable = {**settings(), "svg.fonttype": "none"}
    os.chdir(root)
    style._settings = lambda: readable
    try:
        with language.speaking(CODE, root):
            yield
    finally:
        style._settings = settings
        os.chdir(before)


def main(arguments: list[str]) -> int:
    """List what is left; 1 where anything is."""
    cohort, *stages = arguments or ["demo"]
    left = untranslated_between(tuple(stages)) if cohort == COMPARE else untranslated(cohort, tuple(stages))
    for place, text in dict.fromkeys((one.place, one.text) for one in left):
        print(f"{place}: {text}")
    print(f"{len(left)} pieces of text are not translated", file=sys.stderr)
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
