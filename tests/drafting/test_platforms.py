"""Exports of survey platforms: their labels, events and codebooks go into the proposal."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from .small_files import STUDY, N, answers, codes, made, named

AGREE = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
ITEMS = ["I feel calm", "I know what to do", "I can ask for help", "I sleep well", "I like my team", "I take breaks"]
SHUFFLED = np.random.default_rng(3).permutation(N)


def write(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def worded(later: float = 0.0) -> pd.DataFrame:
    return answers(len(ITEMS), later=later).map(lambda number: AGREE[number - 1])


def qualtrics(path: Path, frame: pd.DataFrame, references: list[str], question: str) -> Path:
    own = ["Status", "IPAddress", "Progress", "Finished", "ResponseId", "ExternalReference", "DistributionChannel"]
    names = [*own, *(f"{question}_{number}" for number in range(1, len(ITEMS) + 1))]
    texts = [*own, *(f"How much do you agree? - {item}" for item in ITEMS)]
    marks = [json.dumps({"ImportId": name if name in own else f"QID_{name}"}) for name in names]
    rows = [
        [
            "Survey Preview" if not n else "IP Address",
            "10.0.0.1",
            "100",
            "True",
            f"R_{n}",
            references[n],
            "anonymous",
            *row,
        ]
        for n, row in enumerate(frame.to_numpy().tolist())
    ]
    return write(path, [names, texts, marks, *rows])


def test_a_qualtrics_export_before_and_after_under_another_question_number(tmp_path: Path) -> None:
    before = qualtrics(tmp_path / "Survey before.csv", worded(), codes(), "Q5")
    after = qualtrics(tmp_path / "Survey after.csv", worded(0.5).iloc[SHUFFLED], [codes()[n] for n in SHUFFLED], "Q31")
    found = made(tmp_path, {before.name: before, after.name: after})
    assert {how.format for how in found.spec.files.values()} == {"qualtrics"}
    assert [wave.key for wave in found.spec.waves.values()] == ["ExternalReference"] * 2
    assert [wave.column("Q5_2") for wave in found.spec.waves.values()] == ["Q5_2", "Q31_2"]
    assert found.says("1 row left out (preview and test responses)")
    assert list(found.study.scales["Q5"].responses.values()) == AGREE
    assert found.study.scales["Q5"].items["Q5_2"].endswith("I know what to do")
    assert len(found.cleaned().waves["post"]) == N - 1


def test_a_grid_of_a_google_form_is_a_scale(tmp_path: Path) -> None:
    grid = [f"How much do you agree?  [{item}]" for item in ITEMS]
    paths = {}
    for name, frame, order in (("Vorher", worded(), range(N)), ("Nachher", worded(0.5), SHUFFLED)):
        rows = [[f"{13 + n % 9}/02/2024 09:{n:02}:00", codes()[n], *frame.iloc[n]] for n in order]
        paths[f"{name}.csv"] = write(tmp_path / f"{name}.csv", [["Timestamp", "Your code", *grid], *rows])
    found = made(tmp_path, paths)
    (scale,) = found.study.scales.values()
    assert (list(scale.items.values()), scale.short) == (ITEMS, "How much do you agree?")
    assert [wave.key for wave in found.spec.waves.values()] == ["Your code", "Your code"]
    assert [len(frame) for frame in found.cleaned().waves.values()] == [N, N]


def test_events_of_a_redcap_export_are_waves_and_its_dictionary_has_the_labels(tmp_path: Path) -> None:
    header = [
        "field_name",
        "form_name",
        "section_header",
        "field_type",
        "field_label",
        "select_choices_or_calculations",
    ]
    often = "0, Never | 1, Almost never | 2, Sometimes | 3, Fairly often | 4, Very often | -99, Refused"
    fields = [
        ["record_id", "start", "", "text", "Record", ""],
        ["sex", "start", "", "radio", "Sex", "1, Female | 2, Male"],
        *([f"pss_{n}", "stress", "", "radio", f"How often {item}", often] for n, item in enumerate(ITEMS, start=1)),
    ]
    names = [field[0] for field in fields]
    before, after = answers(6, low=0, high=4), answers(6, low=0, high=4, later=0.5)
    rows: list[list[object]] = [["record_id", "redcap_event_name", *names[1:], "stress_complete"]]
    for n in range(N):
        rows.append([n + 1, "baseline_arm_1", 1 + n % 2, *before.iloc[n], 2])
        rows += [[n + 1, "month_3_arm_1", "", -99, *after.iloc[n, 1:], 2]] * (n % 4 > 0)
    paths = {
        "export.csv": write(tmp_path / "export.csv", rows),
        "dictionary.csv": write(tmp_path / "dictionary.csv", [header, *fields]),
    }
    found = made(tmp_path, paths)
    assert found.spec.files["export.csv"].dictionary == "dictionary.csv"
    assert list(found.spec.waves) == ["pre", "month3"]
    assert found.study.scales["pss"].responses == dict(
        enumerate(["Never", "Almost never", "Sometimes", "Fairly often", "Very often"])
    )
    assert found.study.characteristics["sex"].levels == {"female": "Female", "male": "Male"}
    data = found.cleaned()
    assert [len(frame) for frame in data.waves.values()] == [N, 30]
    assert data.waves["month3"]["pss_1"].isna().all()
    assert data.people["sex"].value_counts().to_dict() == {"female": 20, "male": 20}


def test_labels_of_an_spss_file_say_which_item_and_which_response_is_meant(tmp_path: Path) -> None:
    from braid.study import Study, read_model

    scale = read_model(STUDY, "study.yml", Study).scales["scq"]
    paths = {}
    for name, later in (("pre", 0.0), ("post", 0.5)):
        frame = named(answers(15, low=0, high=4, later=later), "v{n}", pid=codes())
        labels = {f"v{n}": dict(enumerate(scale.responses.values())) for n in range(1, 16)}
        paths[f"{name}.sav"] = tmp_path / f"{name}.sav"
        pyreadstat.write_sav(
            frame, paths[f"{name}.sav"], column_labels=["Code", *scale.items.values()], variable_value_labels=labels
        )
    found = made(tmp_path, paths, STUDY)
    assert [wave.columns for wave in found.spec.waves.values()] == ["v{number}", "v{number}"]
    assert found.spec.waves["pre"].answers == {"scq": {0: 1, 1: 2, 2: 3, 3: 4, 4: 5}}
    assert found.says("certain: 15 of 15 items: the questions are worded as in the study")
    assert found.cleaned().waves["pre"]["scq01"].max() <= 5


def test_one_sheet_of_a_workbook_is_read_and_the_others_are_asked_about(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    with pd.ExcelWriter(book, engine="xlsxwriter") as sheets:
        named(answers(6), "q{n}", code=codes()).to_excel(sheets, sheet_name="Before", index=False)
        named(answers(5), "q{n}", code=codes()).to_excel(sheets, sheet_name="After", index=False)
    found = made(tmp_path, {"book.xlsx": book})
    assert found.spec.files["book.xlsx"].sheet == "Before"
    assert found.asked("files.book.xlsx", "only the sheet 'Before' was read", "'After'")
