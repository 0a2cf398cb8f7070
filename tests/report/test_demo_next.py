"""The dirty cohort: what it holds appears as it is, whom it must not show nowhere, and its numbers are right."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
import unicodedata
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from braid.records import Record
from scipy import stats

from tests.project_copy import REPOSITORY, Copy, copy_project

from .conftest import html_text, pdf_text, squeezed, word_text

pytestmark = pytest.mark.slow
READERS = {"html": html_text, "pdf": pdf_text, "docx": word_text}
RAW = REPOSITORY / "data_raw" / "demo-next"
SENTENCE = "مجھے لگتا ہے کہ مریض کی بات پوری سن لینا ہی آدھا علاج ہے"
LONG_WORD = "ناقابلبرداشتتنہائیوںکےدرمیان"
DANGEROUS = [
    "The handout said {{< env HOME >}} where",
    "a card that read <script>alert(1)</script>, we laughed",
    "hope is not $x$ in an equation",
    "signs his messages with @ref so that",
    "one line with a small [^1] behind it",
    "08:00 | 08:05 | 08:10, and the bars",
    "I am *tired* in a way",
]
ITEMS = [f"scq{number:02d}" for number in range(1, 16)]
WORDS = {
    "not competent at all": 1,
    "slightly competent": 2,
    "moderately competent": 3,
    "competent": 4,
    "very competent": 5,
    "strongly disagree": 1,
    "disagree": 2,
    "neutral": 3,
    "agree": 4,
    "strongly agree": 5,
}
OUT = {"TEST", "P049"}
NEAR = 1e-9


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose path can be told from everything else."""
    return tmp_path_factory.mktemp("home-that-nobody-may-see")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Copy:
    """A project in which `braid run demo-next` was called once, at that home."""
    copy = copy_project(tmp_path_factory.mktemp("project"), "demo-next")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLCONFIGDIR", matplotlib.get_cachedir())  # fonts are searched once, not for each home
        patch.setenv("HOME", str(home))
        done = copy.braid("run", "demo-next", "--without-quarto")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture(scope="module")
def texts(project: Copy) -> dict[str, str]:
    """The words of the report in each format."""
    return {name: read(project.report("demo-next", f"report.{name}")) for name, read in READERS.items()}


@pytest.fixture(scope="module")
def published(project: Copy) -> dict[str, str]:
    """Everything that leaves the house as text, pictures left out: source, words, metadata, by the file's name."""
    import pypdf

    folder, staged = project.report("demo-next"), project.root / "data_processed" / "demo-next" / "report"
    found = {
        "report.html": re.sub(r"data:[a-z/+-]+;base64,[A-Za-z0-9+/=]+", "", _text(folder / "report.html")),
        "report.pdf": pdf_text(folder / "report.pdf"),
        "report.pdf, metadata": str(pypdf.PdfReader(folder / "report.pdf").metadata),
        "manifest.json": _text(folder / "manifest.json"),
    }
    with zipfile.ZipFile(folder / "report.docx") as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                found[f"report.docx, {name}"] = archive.read(name).decode("utf-8")
    for path in [*(folder / "notebooks").glob("*.ipynb"), *(staged / "notebooks").glob("*.ipynb")]:
        found[path.relative_to(project.root).as_posix()] = json.dumps(_without_pictures(path), ensure_ascii=False)
    for path in [*staged.rglob("*.qmd"), *staged.glob("*.yml")]:
        found[path.relative_to(project.root).as_posix()] = _text(path)
    assert len(found) > 30
    return found


@pytest.fixture(scope="module")
def records(project: Copy) -> dict[str, Record]:
    return project.records("demo-next")


@pytest.mark.parametrize("words", DANGEROUS)
@pytest.mark.parametrize("name", list(READERS))
def test_what_breaks_careless_programs_appears_as_it_was_said(texts: dict[str, str], name: str, words: str) -> None:
    assert words in texts[name]


@pytest.mark.parametrize("name", ["html", "docx"])
def test_urdu_appears_as_it_was_said(texts: dict[str, str], name: str) -> None:
    assert f"My patient said {SENTENCE} and then a single word, {LONG_WORD}, that I could not" in texts[name]


def test_urdu_is_in_the_pdf_as_letters(texts: dict[str, str]) -> None:
    quote = re.search(r"My patient said(.{40,400}?)that I could not", texts["pdf"])
    assert quote
    letters = [c for c in unicodedata.normalize("NFKC", quote[1]) if unicodedata.name(c, "").startswith("ARABIC")]
    wanted = [c for c in SENTENCE + LONG_WORD if unicodedata.name(c, "").startswith("ARABIC")]
    assert len(letters) >= 0.9 * len(wanted)
    assert len(set(wanted) & set(letters)) >= 0.9 * len(set(wanted))


def test_no_shortcode_is_followed_and_the_home_folder_appears_nowhere(published: dict[str, str], home: Path) -> None:
    for name, text in published.items():
        assert home.name not in text, name


def test_the_html_holds_no_script_but_the_template_s_own_and_no_handler(project: Copy) -> None:
    found: list[str] = []
    handlers: set[str] = set()

    class Elements(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append(tag)
            handlers.update(key for key, value in attrs if key.startswith("on") or "javascript:" in f"{value}")

    Elements().feed(_text(project.report("demo-next", "report.html")))
    assert {"table", "figure", "h1"} <= set(found)
    assert not {"iframe", "object", "embed", "form"} & set(found)
    own = (project.root / "reports" / "styles" / "script.html").read_text(encoding="utf-8").strip()
    assert found.count("script") == 1 and own in _text(project.report("demo-next", "report.html"))
    assert not handlers


def test_excluded_persons_appear_nowhere(published: dict[str, str]) -> None:
    for name, text in published.items():
        assert not re.search(r"\b(TEST|P049)\b", text), name


def test_the_ids_of_persons_and_speakers_appear_nowhere(published: dict[str, str]) -> None:
    for name, text in published.items():
        assert not re.findall(r"\bp0[0-5]\d\b|Speaker_\d|FGD_\d_", text, re.IGNORECASE), name


def test_a_quotation_that_was_not_approved_appears_nowhere(published: dict[str, str]) -> None:
    approvals = pd.read_csv(RAW / "quotes.csv")
    transcript = _text(RAW / "transcripts" / "FGD_1.txt")
    said = {row.approved: transcript[row.start : row.end] for row in approvals.itertuples()}
    refused = said["no"]
    assert refused.startswith("Tell the lady")
    segments = pd.read_csv(RAW / "segments.csv")
    allowed = {transcript[row.start : row.end] for row in approvals.itertuples() if row.approved == "yes"}
    silent = set(segments["quote"]) - allowed
    assert refused in silent
    for name, text in published.items():
        for words in silent:
            assert words not in squeezed(text), (name, words)


def test_every_rule_of_cleaning_stands_in_the_table(project: Copy, texts: dict[str, str]) -> None:
    rows = _table(project, "Rules applied in cleaning")
    log = list(csv.reader(io.StringIO(_text(project.root / "data_processed/demo-next/clean/log.csv"))))[1:]
    assert [row[:-1] for row in rows] == [
        [line[0].split("/")[-1], *(" ".join(w.split()) for w in line[1:5])] for line in log
    ]
    assert [row[-1] for row in rows] == [line[5] for line in log]
    assert f"Cleaning applied {len(rows)} rules" in texts["html"]
    done = {(row[0], row[1], row[2].casefold()) for row in rows}
    assert {
        ("participants.csv", "age", "n/a"),
        ("participants.csv", "age", "-999"),
        ("participants.csv", "gender", "f"),
        ("participants.csv", "gender", "m"),
        ("participants.csv", "gender", "male"),
        ("participants.csv", "language", "urdu"),
        ("participants.csv", "school", "na"),
        ("participants.csv", "participant", "excluded person"),
        ("participants.csv", "participant", "repeated person"),
        ("survey_before.csv", "participant", "excluded person"),
        ("survey_before.csv", "participant", "repeated person"),
        ("survey_before.csv", "participant", "small letters or white space inside"),
        ("survey_before.csv", "scq02", "n/a"),
        ("survey_before.csv", "scq03", "very competent"),
        ("survey_before.csv", "scq07", "-999"),
        ("survey_before.csv", "scq09", "55"),
        ("survey_after.csv", "participant", "small letters or white space inside"),
        ("survey_after.csv", "q_scq01", "-999"),
        ("survey_after.csv", "q_scq07", "slightly competent"),
        ("evaluation.csv", "interesting", "strongly agree"),
        ("evaluation.csv", "time_management", "neutral"),
        ("evaluation.csv", "hands_on", "n/a"),
        ("evaluation.csv", "recommend", "-999"),
    } <= done
    for name in ("pdf", "docx"):
        for rule in {row[4] for row in rows}:
            assert rule in texts[name], (name, rule)


def test_who_took_part_is_counted_as_by_hand(records: dict[str, Record], texts: dict[str, str]) -> None:
    people, before, after = _people(), _wave("before"), _wave("after")
    both = before.index.intersection(after.index)
    known = people.loc[before.index.union(after.index)]
    for name, number in (("n", len(known)), ("pre", len(before)), ("post", len(after)), ("paired", len(both))):
        assert records[f"participants.{name}"].n == number, name
    sentence = f"{len(before)} answered before and {len(after)} answered after; {len(both)} answered both times."
    for name, text in texts.items():
        assert sentence in text, name
    age = known["age"].dropna()
    assert records["participants.age"].estimate == pytest.approx(age.mean(), rel=NEAR)
    assert records["participants.age"].text == f"{_shown(age.mean())} ± {_shown(age.std(ddof=1))}"
    for column, level in (("gender", "female"), ("language", "urdu"), ("school", "private"), ("field", "surgical")):
        answered = known[column].dropna()
        record = records[f"participants.{column}.{level}"]
        assert (record.estimate, record.n) == ((answered == level).sum(), len(answered)), column


def test_the_change_of_the_score_is_that_of_an_independent_computation(
    records: dict[str, Record], texts: dict[str, str]
) -> None:
    before, after = _score(_wave("before")), _score(_wave("after"))
    pairs = before.dropna().index.intersection(after.dropna().index)
    expected = _paired(before[pairs], after[pairs])
    record = records["change.scq.overall"]
    assert record.n == expected["n"] == 44
    for key in ("estimate", "low", "high"):
        assert getattr(record, key) == pytest.approx(expected[key], rel=NEAR), key
    shown = f"{_shown(expected['estimate'])}, 95% CI {_shown(expected['low'])} to {_shown(expected['high'])}"
    assert record.text == shown
    assert record.parts["before"] == f"{_shown(before[pairs].mean())} ± {_shown(before[pairs].std())}"
    assert record.parts["after"] == f"{_shown(after[pairs].mean())} ± {_shown(after[pairs].std())}"
    assert record.parts["t"] == f"t({expected['n'] - 1}) = {_shown(expected['t'])}"
    assert record.parts["p"] == _p(expected["p"])
    assert record.parts["d-av"].split(",")[0] == f"{_shown(expected['d'])}"
    for name, text in texts.items():
        assert shown in text, name
        assert f"{record.parts['before']} → {record.parts['after']} (n = 44)" in text, name


def test_the_change_of_each_item_is_that_of_an_independent_computation(records: dict[str, Record]) -> None:
    before, after = _wave("before"), _wave("after")
    for item in ITEMS:
        pairs = before[item].dropna().index.intersection(after[item].dropna().index)
        expected = _paired(before.loc[pairs, item], after.loc[pairs, item])
        record = records[f"change.scq.item.{item}"]
        assert record.n == expected["n"], item
        for key in ("estimate", "low", "high"):
            assert getattr(record, key) == pytest.approx(expected[key], rel=NEAR), (item, key)
        assert record.parts["p"] == _p(expected["p"]), item
        assert record.parts["adjusted-p"] == _p(min(1.0, expected["p"] * len(ITEMS))), item


def test_the_first_wave_is_that_of_an_independent_computation(records: dict[str, Record]) -> None:
    wave, people = _wave("before"), _people()
    score = _score(wave).dropna()
    assert records["baseline.scq.overall"].n == len(score)
    assert records["baseline.scq.overall"].estimate == pytest.approx(score.mean(), rel=NEAR)
    assert records["baseline.scq.overall"].text == f"{_shown(score.mean())} ± {_shown(score.std())}"
    whole = wave[ITEMS].dropna()
    k = len(ITEMS)
    alpha = k / (k - 1) * (1 - whole.var(ddof=1).sum() / whole.sum(axis=1).var(ddof=1))
    assert records["baseline.scq.alpha"].estimate == pytest.approx(alpha, rel=NEAR)
    assert records["baseline.scq.alpha"].n == len(whole)
    levels = {"gender": ("female", "male"), "language": ("urdu", "other"), "school": ("government", "private")}
    for column, (one, two) in levels.items():
        member = people[column].reindex(score.index)
        test = stats.ttest_ind(score[member == one], score[member == two])
        record = records[f"baseline.scq.by.{column}"]
        interval = test.confidence_interval(0.95)
        assert record.estimate == pytest.approx(score[member == one].mean() - score[member == two].mean(), rel=NEAR)
        assert (record.low, record.high) == pytest.approx((interval.low, interval.high), rel=NEAR)
        assert record.text.startswith(f"t({test.df:.0f}) = {_shown(test.statistic)}")
        assert record.parts["p"] == _p(test.pvalue)
    age = people["age"].reindex(score.index).dropna()
    line = stats.linregress(age, score[age.index])
    assert records["baseline.scq.by.age"].estimate == pytest.approx(line.slope, rel=NEAR)
    assert records["baseline.scq.by.age"].parts["p"] == _p(line.pvalue)


def test_the_anonymous_form_is_counted_by_rows_and_stays_apart_from_persons(
    records: dict[str, Record], texts: dict[str, str], project: Copy
) -> None:
    form = _numbers(pd.read_csv(RAW / "evaluation.csv", dtype=str, keep_default_na=False))
    assert f"{len(form)} evaluation forms were returned" in texts["html"]
    for item in form.columns:
        answers = form[item].dropna()
        record = records[f"satisfaction.{item}"]
        assert record.n == len(answers), item
        assert record.estimate == pytest.approx(answers.mean(), rel=NEAR), item
        assert record.text == f"{_shown(answers.mean())} ± {_shown(answers.std())}", item
        agree = int((answers >= 4).sum())
        assert record.parts["agree"] == f"{agree} ({_shown(100 * agree / len(answers), 1)}%)", item
    kept = _text(project.root / "data_processed" / "demo-next" / "clean" / "satisfaction.csv")
    assert not re.search(r"\bP\d{3}\b", kept, re.IGNORECASE)


def test_themes_are_counted_by_participants_after_consensus(records: dict[str, Record]) -> None:
    segments, decisions = pd.read_csv(RAW / "segments.csv"), pd.read_csv(RAW / "consensus.csv")
    coders = segments.groupby(["source", "participant", "start", "end", "code_path"])["coder"].nunique().reset_index()
    settled = decisions.set_index(["source", "start", "end", "code_path"])["decision"].to_dict()
    voiced: dict[str, set[str]] = {}
    for row in coders.itertuples():
        decision = settled.get((row.source, row.start, row.end, row.code_path))
        if (decision == "applied") if decision else row.coder == 2:
            path = row.code_path.replace(" > ", ".")
            for theme in (path, path.partition(".")[0]):
                voiced.setdefault(theme, set()).add(row.participant)
    n = len(pd.read_csv(RAW / "focus_groups.csv"))
    themes = {name.removeprefix("theme."): record for name, record in records.items() if name.startswith("theme.")}
    assert set(voiced) == set(themes)
    for name, record in themes.items():
        k = len(voiced[name])
        exact = stats.binomtest(k, n).proportion_ci(0.95, method="exact")
        assert record.text == f"{k} of {n}", name
        assert (record.estimate, record.low, record.high) == pytest.approx((k / n, exact.low, exact.high), rel=NEAR), (
            name
        )


def test_edited_prose_runs_no_notebook_and_renders_the_new_words(project: Copy, tmp_path: Path) -> None:
    copy = Copy(tmp_path / "copy")
    shutil.copytree(project.root, copy.root)
    section = copy.root / "reports" / "sections" / "_introduction.qmd"
    section.write_text(_text(section) + "\nA sentence that was added.\n", encoding="utf-8")
    done = copy.braid("run", "demo-next", "--without-quarto", "--to", "html")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("unchanged") == 6
    assert re.search(r"report\.html +[\d.]+ s", done.stdout)
    assert "A sentence that was added." in html_text(copy.report("demo-next", "report.html"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _without_pictures(path: Path) -> Any:
    notebook = json.loads(_text(path))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/svg+xml", None)
    return notebook


def _table(project: Copy, caption: str) -> list[list[str]]:
    """The body of the table with this caption in the HTML, cell by cell."""
    import html

    source = _text(project.report("demo-next", "report.html"))
    tables = re.finditer(r"<table\b.*?</table>", source, re.DOTALL)
    place = source.index(caption)
    table = min(tables, key=lambda found: abs(found.start() - place))[0]
    body = re.findall(r"<tr\b[^>]*>(.*?)</tr>", table.partition("<tbody")[2], re.DOTALL)
    cells = [re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in body]
    return [[squeezed(html.unescape(re.sub(r"<[^>]+>", "", cell))) for cell in row] for row in cells]


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells as answers from 1 to 5; everything else is missing."""

    def one(cell: str) -> float:
        word = " ".join(cell.split()).casefold()
        value = WORDS.get(word)
        if value is None:
            try:
                value = float(word)
            except ValueError:
                return math.nan
        return float(value) if value in (1, 2, 3, 4, 5) else math.nan

    return frame.map(one)


def _by_person(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.set_index(frame.pop("participant").str.strip().str.upper())
    return frame[~frame.index.isin(OUT) & ~frame.index.duplicated(keep="first")].sort_index()


def _wave(name: str) -> pd.DataFrame:
    separator = {"before": ";", "after": ","}[name]
    raw = pd.read_csv(RAW / f"survey_{name}.csv", sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    raw = _by_person(raw.rename(columns=lambda column: column.removeprefix("q_")))
    answers = _numbers(raw[ITEMS])
    return answers[answers.notna().any(axis=1)]


def _score(wave: pd.DataFrame) -> pd.Series:
    """The mean of the answered items, where at least half of them are."""
    return wave[ITEMS].mean(axis=1).where(wave[ITEMS].notna().sum(axis=1) >= len(ITEMS) / 2)


def _people() -> pd.DataFrame:
    raw = _by_person(pd.read_csv(RAW / "participants.csv", dtype=str, keep_default_na=False))
    frame = raw.apply(lambda column: column.str.strip()).replace({"": None, "NA": None, "N/A": None, "-999": None})
    frame["age"] = frame["age"].astype(float)
    frame["gender"] = frame["gender"].str.lower().replace({"f": "female", "m": "male"})
    frame["language"] = frame["language"].str.lower()
    return frame


def _paired(before: pd.Series, after: pd.Series) -> dict[str, float]:
    change = after - before
    test = stats.ttest_rel(after, before)
    interval = test.confidence_interval(0.95)
    d = change.mean() / np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / 2)
    return {
        "n": len(change),
        "estimate": change.mean(),
        "low": interval.low,
        "high": interval.high,
        "t": test.statistic,
        "p": test.pvalue,
        "d": d,
    }


def _p(p: float) -> str:
    if p < 0.001:
        return "< .001"
    return "> .999" if p > 0.9995 else f"{_shown(p, 3)}".removeprefix("0")


def _shown(value: float, digits: int = 2) -> str:
    """A number as people round it, half away from zero, with a true minus sign."""
    number = Decimal(format(value, ".15g")).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{number:f}".replace("-", "−")
