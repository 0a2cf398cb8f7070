"""Rows resolve to what exists, say what is missing, and carry the rule's proposal beside the decision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from braid.errors import UserError, UserErrors
from braid.integration import (
    HIDDEN,
    NOT_HEARD,
    NOT_MEASURED,
    JointDisplayRow,
    data_source_triangulation,
    joint_display,
    propose,
    recommendations,
    researcher_triangulation,
)
from braid.qualitative import (
    AgreementTable,
    CodeAgreement,
    GroupCount,
    Quote,
    ThemePrevalence,
    coefficients,
)
from braid.records import Record
from braid.study import Decision, Recommendation, Study

DECISION = Decision.model_validate(
    {
        "convergence": "agreement",
        "fit": "confirmation",
        "meta_inference": "Both say it.",
        "decided_by": "R. Searcher",
        "decided_on": "2026-11-01",
    }
)
DECISIONS = {"first": DECISION}
RECOMMENDED = Recommendation(text="Do it.", follows_from=["first", "time"], who="Heads")


def study(**more: Any) -> Study:
    content: dict[str, Any] = {
        "title": "T",
        "authors": [{"name": "A"}],
        "question": "Q",
        "design": "D",
        "programme": {"name": "P", "participants": "people", "description": "words"},
        "waves": {"pre": "Before", "post": "After"},
        "scales": {
            "care": {
                "label": "Care",
                "short": "Care",
                "responses": {1: "low", 5: "high"},
                "items": {"c1": "One", "c2": "Two"},
            },
            "strain": {
                "label": "Strain",
                "short": "Strain",
                "score": "sum",
                "higher_is": "worse",
                "responses": {1: "low", 5: "high"},
                "items": {"s1": "One", "s2": "Two"},
            },
        },
        "satisfaction": {"label": "Form", "responses": {1: "no", 5: "yes"}, "items": {"liked": "Liked"}},
        "coding": {
            "groups": {"north": "North", "south": "South"},
            "themes": {
                "time": {"label": "Lack of time", "kind": "barrier"},
                "peers": {"label": "Peers", "kind": "facilitator"},
                "odd": {"label": "Odd"},
            },
        },
        "joint_display": {
            "first": {
                "question": "Did care change?",
                "statistics": ["change.care.overall", "satisfaction.liked"],
                "themes": ["peers"],
            },
        },
    }
    return Study.model_validate(content | more)


def theme(name: str, kind: str, k: int | None, n: int = 10, groups: tuple[int, int] | None = None) -> ThemePrevalence:
    share = None if k is None else k / n
    counts = (
        ()
        if groups is None
        else (GroupCount("north", "North", groups[0], 5), GroupCount("south", "South", groups[1], 5))
    )
    return ThemePrevalence(name, name, kind, 0, k, n, share, share, share, k, counts)


THEMES = [theme("time", "barrier", 3), theme("peers", "facilitator", 4), theme("odd", "", 4)]
RECORDS = {
    "change.care.overall": Record("change.care.overall", "0.5 points", 0.5, 0.3, 0.7),
    "change.strain.overall": Record("change.strain.overall", "-1 points", -1, -1.5, -0.5),
    "satisfaction.liked": Record("satisfaction.liked", "4.5", 4.5, 4.4, 4.6),
    "participants.n": Record("participants.n", "20", 20),
}
QUOTES = [
    Quote("peers", "Participant 2", "north", "They cover for me."),
    Quote("time", "Participant 1", "", "No minute."),
]


def only(rows: list[JointDisplayRow]) -> JointDisplayRow:
    (row,) = rows
    return row


def test_a_row_joins_numbers_words_a_quote_and_the_decision() -> None:
    row = only(joint_display(study(), RECORDS, THEMES, QUOTES, decisions=DECISIONS))
    assert [(one.id, one.text) for one in row.statistics] == [
        ("change.care.overall", "0.5 points"),
        ("satisfaction.liked", "4.5"),
    ]
    assert [(one.label, one.text) for one in row.themes] == [("Peers", "4 of 10 participants")]
    assert row.quote == QUOTES[0]
    assert (row.convergence, row.fit, row.proposed, row.differs) == ("agreement", "confirmation", "agreement", False)
    assert row.gaps == ""


def test_everything_unknown_is_told_at_once_with_its_place_and_a_suggestion() -> None:
    rows = {
        "first": {
            **study().joint_display["first"].model_dump(),
            "statistics": ["change.care.overal"],
            "themes": ["peer"],
        }
    }
    with pytest.raises(UserErrors) as raised:
        joint_display(study(joint_display=rows), RECORDS, THEMES, decisions=DECISIONS)
    assert [(one.place, one.found, one.todo) for one in raised.value.errors] == [
        ("study.yml: joint_display.first.statistics", "change.care.overal", "did you mean change.care.overall?"),
        ("study.yml: joint_display.first.themes", "peer", "did you mean peers?"),
    ]


def test_a_strand_that_is_not_in_the_cohort_is_told_apart_from_a_slip() -> None:
    without = {name: record for name, record in RECORDS.items() if not name.startswith("satisfaction")}
    row = only(joint_display(study(), without, THEMES, decisions=DECISIONS, absent={"satisfaction"}))
    assert row.statistics[1].text == NOT_MEASURED
    assert row.statistics[1].record is None
    assert row.gaps == "1 of 2 statistics of this row were not measured in this cohort."
    with pytest.raises(UserError, match="no such statistic"):
        joint_display(study(), without, THEMES, decisions=DECISIONS, absent={"satis", "change"})


def test_a_cohort_without_interviews_keeps_its_rows() -> None:
    row = only(joint_display(study(), RECORDS, [], decisions=DECISIONS))
    assert (row.themes[0].text, row.quote, row.proposed, row.differs) == (NOT_HEARD, None, "silence", True)
    assert "No interviews were held" in row.gaps


def test_a_hidden_count_is_neither_printed_nor_taken_for_silence() -> None:
    row = only(joint_display(study(), RECORDS, [*THEMES[:1], theme("peers", "facilitator", None)], decisions={}))
    assert row.themes[0].text == HIDDEN
    assert row.proposed is None, "agreement or partial agreement would tell whether the hidden number is small"


def test_rows_of_the_same_theme_show_different_quotes() -> None:
    first = study().joint_display["first"].model_dump()
    more = [*QUOTES, replace(QUOTES[0], participant="Participant 3", text="We talk.")]
    rows = joint_display(study(joint_display={"a": first, "b": first}), RECORDS, THEMES, more, decisions={})
    assert [row.quote for row in rows] == [more[0], more[2]]


def change(scale: str, estimate: float, low: float, high: float, unit: str = "points") -> Record:
    return Record(f"change.{scale}.overall", "", estimate, low, high, unit=unit)


BETTER, WORSE, UNCLEAR = change("care", 0.5, 0.2, 0.8), change("care", -0.5, -0.8, -0.2), change("care", 0.1, -0.2, 0.4)
BARRIER, HELP, ODD = theme("time", "barrier", 5), theme("peers", "facilitator", 5), theme("odd", "", 5)
RARE, UNHEARD = theme("time", "barrier", 1), theme("time", "barrier", 0)


@pytest.mark.parametrize(
    ("records", "themes", "expected"),
    [
        ([], [BARRIER], "silence"),
        ([BETTER], [], "silence"),
        ([BETTER], [UNHEARD], "silence"),
        ([BETTER], [HELP], "agreement"),
        ([WORSE], [BARRIER], "agreement"),
        ([BETTER], [BARRIER], "dissonance"),
        ([WORSE], [HELP], "dissonance"),
        ([BETTER], [RARE], "partial agreement"),
        ([WORSE], [RARE], "partial agreement"),
        ([UNCLEAR], [HELP], "partial agreement"),
        ([BETTER, WORSE], [HELP], "partial agreement"),
        ([BETTER], [HELP, BARRIER], "partial agreement"),
        ([BETTER], [HELP, UNHEARD], "agreement"),
        ([BETTER], [ODD], None),
        ([RECORDS["participants.n"]], [HELP], None),
        ([BETTER, RECORDS["participants.n"]], [HELP, ODD], "agreement"),
    ],
)
def test_the_written_rule(records: list[Record], themes: list[ThemePrevalence], expected: str | None) -> None:
    assert propose(study(), records, themes).convergence == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (change("strain", -1.0, -1.5, -0.5), "agreement"),  # less strain is better
        (change("strain", 1.0, 0.5, 1.5), "dissonance"),
        (change("strain", -0.3, -0.35, -0.25), "partial agreement"),  # under 5% of the range of a sum, 8 points
        (change("care", 0.1, 0.05, 0.15), "partial agreement"),  # under 5% of the range of a mean, 4 points
        (change("care", 0.19, 0.1, 0.28, "d"), "partial agreement"),
        (change("care", 0.21, 0.1, 0.32, "d"), "agreement"),
        (Record("change.care.overall", "not estimable"), "partial agreement"),
        (Record("satisfaction.liked", "", 4.5), "agreement"),
        (Record("satisfaction.liked", "", 3.5), "partial agreement"),
        (Record("satisfaction.liked", "", 3.0), "dissonance"),
        (Record("satisfaction.liked", "", 60, 45, 75, unit="%"), "partial agreement"),
        (Record("satisfaction.liked", "", 80, 70, 90, unit="%"), "agreement"),
    ],
)
def test_direction_and_size_of_a_statistic_beside_a_facilitator(record: Record, expected: str) -> None:
    assert propose(study(), [record], [HELP]).convergence == expected


def test_a_row_without_a_decision_keeps_the_proposal_and_decides_nothing() -> None:
    row = only(joint_display(study(), RECORDS, THEMES, QUOTES, decisions={}))
    assert (row.decided, row.convergence, row.fit, row.decided_on) == (False, None, None, None)
    assert (row.meta_inference, row.explanation, row.decided_by) == ("", "", "")
    assert (row.proposed, row.differs) == ("agreement", False)
    assert row.because == "numbers favourable, words favourable and prominent"


def test_recommendations_carry_the_strength_of_their_sources() -> None:
    rows = joint_display(study(), RECORDS, THEMES, decisions=DECISIONS)
    (found,) = recommendations(study(), rows, THEMES, of_cohort=[RECOMMENDED])
    assert found.strength == "agreement, interviews only"
    assert [(source.kind, source.label, source.text) for source in found.sources] == [
        ("row", "Did care change?", "Both say it."),
        ("theme", "Lack of time", "3 of 10 participants"),
    ]


def test_a_recommendation_from_an_undecided_row_says_so() -> None:
    rows = joint_display(study(), RECORDS, THEMES, decisions={})
    (found,) = recommendations(study(), rows, THEMES, of_cohort=[RECOMMENDED])
    assert found.strength == "not yet decided, interviews only"
    assert recommendations(study(), rows, THEMES, of_cohort=[]) == []


def test_a_recommendation_from_nothing_stops() -> None:
    loose = Recommendation(text="Do it.", follows_from=["frist"], who="Heads")
    with pytest.raises(UserError) as raised:
        recommendations(
            study(), joint_display(study(), RECORDS, THEMES, decisions=DECISIONS), THEMES, of_cohort=[loose]
        )
    assert (raised.value.place, raised.value.todo) == (
        "cohort.yml: recommendations.0.follows_from",
        "did you mean first?",
    )


def test_researchers_are_summed_up_over_codes_and_not_over_their_parents() -> None:
    codes = (
        CodeAgreement("a", "A", coefficients(0, 5, 5, 10)),
        CodeAgreement("a.x", "X", coefficients(3, 2, 2, 93)),
        CodeAgreement("a.y", "Y", coefficients(9, 0, 1, 90)),
        CodeAgreement("a.z", "Z", coefficients(0, 0, 0, 100)),
    )
    found = researcher_triangulation(AgreementTable("speaker turn", 100, ("S",), (), codes, None, None))
    assert found.lowest is not None and found.highest is not None
    assert (found.lowest.theme, found.highest.theme) == ("a.x", "a.y")
    assert (found.n_codes, found.n_estimable) == (3, 2)
    nothing = researcher_triangulation(AgreementTable("segment", 0, (), (), (), None, None, "one coder"))
    assert (nothing.lowest, nothing.reason) == (None, "one coder")


def test_themes_stand_beside_the_change_of_the_same_group() -> None:
    by_field = Record("change.care.by.field.north", "0.4", 0.4, 0.1, 0.7)
    themes = [theme("time", "barrier", 3, groups=(3, 0)), theme("peers", "facilitator", 4, groups=(2, 2))]
    found = data_source_triangulation(study(), themes, {by_field.id: by_field, **RECORDS})
    assert [(group.label, group.n, group.change) for group in found.groups] == [
        ("North", 5, (by_field,)),
        ("South", 5, ()),
    ]
    assert [row.only_in for row in found.themes] == ["North", ""]
    assert found.note == "Change was not measured separately for: South."
    mapped = study().model_dump()["coding"] | {"groups_in_survey": {"north": "ward.a", "south": "ward.b"}}
    ward = replace(by_field, id="change.care.by.ward.b")
    found = data_source_triangulation(study(coding=mapped), themes, {by_field.id: by_field, ward.id: ward})
    assert [group.change for group in found.groups] == [(), (ward,)]
    assert data_source_triangulation(study(), THEMES, RECORDS).groups == ()
