"""A bundle for a journal: figures and tables as files of their own, results, citation, and what to check it with."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from braid.language import tr
from braid.records import Record
from braid.rendering.pieces import Piece, pieces
from braid.rendering.word_pictures import as_png
from braid.study import Cohort
from braid.study.model import Author
from braid.verification import Origin

RECORD_COLUMNS = ("id", "text", "estimate", "low", "high", "n", "unit", "method", "stage", "cell", "note")
VERSION = "https://codecheck.org.uk/spec/config/1.0/"


def write_bundle(cohort: Cohort, staged: Path, records: Iterable[Record], made: Origin, pictures: Path) -> Path:
    """Write `reports/<cohort>/bundle`, whole or not at all, from a staged report; returns the folder.

    figures/ (SVG as drawn, PNG at 300 dots an inch), tables/ (CSV each, and all in one Word file), results.csv and
    results.json, the references, CITATION.cff, codecheck.yml (what can be reproduced and how), and README.txt.
    """
    target = cohort.project.report(cohort.name) / "bundle"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".bundle-", dir=target.parent) as folder:
        fresh = Path(folder) / "bundle"
        fresh.mkdir()
        with pieces(staged) as found:
            listed = [line for piece in found.all for line in _write_piece(piece, fresh, pictures)]
            if any(piece.kind == "tbl" for piece in found.all):
                (fresh / "tables").mkdir(exist_ok=True)
                found.write_tables(fresh / "tables" / "tables.docx", pictures)
                listed.append(("tables/tables.docx", tr("All tables, to be edited")))
        ordered = sorted(records, key=lambda record: record.id)
        _write_results(ordered, fresh)
        listed += [
            ("results.csv", tr("Every number of the report, one a row")),
            ("results.json", tr("The same, whole")),
        ]
        for path in sorted(staged.glob("*.bib")):
            shutil.copyfile(path, fresh / path.name)
            listed.append((path.name, tr("The references")))
        _write_yaml(fresh / "CITATION.cff", citation(cohort))
        _write_yaml(fresh / "codecheck.yml", codecheck(cohort, made, listed))
        _write_readme(fresh / "README.txt", cohort, listed)
        if target.exists():
            target.rename(Path(folder) / "old")
        fresh.rename(target)
    return target


def citation(cohort: Cohort) -> dict[str, Any]:
    """The content of CITATION.cff (Citation File Format 1.2.0) for a cohort's report."""
    study = cohort.study
    return {
        "cff-version": "1.2.0",
        "message": tr("If you use this report, please cite it as below."),
        "type": "dataset",
        "title": f"{study.title}: {cohort.spec.title}",
        "abstract": " ".join(study.question.split()),
        "keywords": list(study.keywords),
        "authors": [_cited(author) for author in study.authors],
    }


def codecheck(cohort: Cohort, made: Origin, listed: list[tuple[str, str]]) -> dict[str, Any]:
    """The content of codecheck.yml: what somebody else can make again, from what, and with which commands."""
    study = cohort.study
    return {
        "version": VERSION,
        "paper": {
            "title": study.title,
            "authors": [{"name": author.name} for author in study.authors],
        },
        "manifest": [{"file": file, "comment": comment} for file, comment in listed],
        "summary": tr(
            "Made from data with the fingerprint {data}, {commit}, locked packages {lock}, by {versions}.",
            data=made.data,
            commit=made.commit_in_words,
            lock=made.lock,
            versions=", ".join(f"{name} {number}" for name, number in made.versions.items()),
        ),
        "commands": [
            "python analysis/set_up.py",
            f"braid run {cohort.name} --force --bundle",
            f"braid verify {cohort.name}",
        ],
    }


def _cited(author: Author) -> dict[str, str]:
    entry = {"name": author.name}
    return {**entry, "affiliation": author.affiliation} if author.affiliation else entry


def _write_piece(piece: Piece, folder: Path, pictures: Path) -> list[tuple[str, str]]:
    stem = f"{piece.kind.replace('tbl', 'table').replace('fig', 'figure')}-{piece.number:02d}-{piece.label[4:]}"
    if piece.kind == "tbl":
        path = folder / "tables" / f"{stem}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(piece.rows)
        note = "".join(f". {text}" for text in piece.notes)
        return [(f"tables/{path.name}", f"{piece.title}{note}")]
    if piece.picture is None:
        return []
    path = folder / "figures" / f"{stem}{piece.picture.suffix}"
    path.parent.mkdir(exist_ok=True)
    data = piece.picture.read_bytes()
    path.write_bytes(data)
    made = [(f"figures/{path.name}", piece.title)]
    if path.suffix == ".svg":
        path.with_suffix(".png").write_bytes(as_png(data, pictures))
        made.append((f"figures/{stem}.png", piece.title))
    return made


def _write_results(records: list[Record], folder: Path) -> None:
    rows = [asdict(record) for record in records]
    with (folder / "results.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, RECORD_COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")


def _write_yaml(path: Path, content: dict[str, Any]) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8")


def _write_readme(path: Path, cohort: Cohort, listed: list[tuple[str, str]]) -> None:
    synthetic = [tr("The data are synthetic: no person in them exists."), ""] if cohort.synthetic else []
    lines = [f"{cohort.study.title}: {cohort.spec.title}", "", *synthetic]
    lines += [f"{file}\n    {comment}" for file, comment in listed]
    lines.append(f"CITATION.cff\n    {tr('How to cite the report')}")
    lines.append(f"codecheck.yml\n    {tr('How to make all of it again')}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
