"""A decision holds for the results it was made on; where they change, a person is asked to decide again."""

from __future__ import annotations

from braid.integration import JointDisplayRow, in_words, joint_display, pairs_of, recommendations, strength_of
from braid.qualitative import ThemePrevalence
from braid.records import Record
from braid.study import Basis, Recommendation

from .test_joint_display import DECISION, RECORDS, THEMES, change, only, study, theme

GOOD = Basis(numbers="favourable", words="favourable", prominent=True)
WORSE = {
    **RECORDS,
    "change.care.overall": change("care", -0.5, -0.7, -0.3),
    "satisfaction.liked": Record("x", "2", 2.0),
}
DECIDED = {"first": DECISION.model_copy(update={"decided_from": GOOD})}


def row(records: dict[str, Record] = RECORDS, themes: list[ThemePrevalence] = THEMES) -> JointDisplayRow:
    return only(joint_display(study(), records, themes, decisions=DECIDED))


def test_a_decision_holds_while_the_strands_look_as_they_did() -> None:
    found = row()
    assert (found.changed, found.decided, strength_of(found)) == (None, True, "agreement")
    smaller = {**RECORDS, "change.care.overall": change("care", 0.3, 0.21, 0.39)}
    assert row(smaller).decided


def test_a_result_that_turned_round_asks_to_decide_again() -> None:
    found = row(WORSE)
    assert found.changed == GOOD
    assert (found.decided, found.proposed, strength_of(found)) == (False, "dissonance", "to decide again")
    assert found.basis == Basis(numbers="unfavourable", words="favourable", prominent=True)


def test_a_theme_that_hardly_anybody_voices_any_more_asks_to_decide_again() -> None:
    found = row(themes=[theme("peers", "facilitator", 1), *THEMES[:1]])
    assert found.changed == GOOD
    assert found.because == "numbers favourable, words favourable but not prominent"


def test_a_number_that_is_hidden_has_not_changed_for_that() -> None:
    hidden = [theme("peers", "facilitator", None), *THEMES[:1]]
    found = row(themes=hidden)
    assert (found.basis.prominent, found.changed, found.decided, found.differs) == (None, None, True, False)
    assert found.because == "numbers favourable, words favourable, by how many is not shown"
    assert row(WORSE, hidden).changed == GOOD


def test_a_decision_that_does_not_say_what_it_was_made_on_is_not_doubted() -> None:
    found = only(joint_display(study(), WORSE, THEMES, decisions={"first": DECISION}))
    assert (found.changed, found.decided, found.differs) == (None, True, True)


def test_a_recommendation_does_not_lean_on_a_decision_that_no_longer_holds() -> None:
    asked = [Recommendation(text="Do it.", follows_from=["first"], who="Heads")]
    (found,) = recommendations(study(), [row(WORSE)], THEMES, of_cohort=asked)
    assert (found.strength, found.sources[0].text) == ("to decide again", "")


def test_what_is_not_there_is_told_in_words() -> None:
    assert in_words(GOOD) == "numbers favourable, words favourable and prominent"
    assert in_words(GOOD.model_copy(update={"numbers": "nothing"})) == (
        "nothing was measured, words favourable and prominent"
    )
    silent = GOOD.model_copy(update={"words": "nothing"})
    assert in_words(silent) == "numbers favourable, no participant voiced a theme of this row"


def test_each_statistic_meets_each_theme_of_its_row_once() -> None:
    spec = study().joint_display["first"].model_dump()
    again = study(joint_display={"a": {**spec, "themes": ["peers", "time"]}, "b": spec})
    pairs = pairs_of(again, joint_display(again, RECORDS, THEMES, decisions={}))
    assert [(pair.statistic.id, pair.theme.theme, pair.convergence) for pair in pairs] == [
        ("change.care.overall", "peers", "agreement"),
        ("change.care.overall", "time", "dissonance"),
        ("satisfaction.liked", "peers", "agreement"),
        ("satisfaction.liked", "time", "dissonance"),
    ]
    assert pairs_of(again, joint_display(again, RECORDS, [], decisions={})) == []
