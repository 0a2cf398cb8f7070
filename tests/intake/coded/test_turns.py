"""Whose words a segment is, by the turns of a plain transcript."""

from braid.intake.coded import Speakers

TEXT = (
    "Interviewer: How is it?\n"
    "Speaker 1: Hard. There is no time.\nNote: the phone rings.\n"
    "Interviewer: And you?\n"
    "Speaker 2: It is fine.\nSpeaker 1: For you.\nSpeaker 2: Yes.\n"
)


def of(words: str, speakers: Speakers, text: str = TEXT) -> str:
    start = text.index(words)
    return speakers.of(start, start + len(words))


def test_a_segment_belongs_to_the_speaker_of_its_turn() -> None:
    speakers = Speakers("FGD_1", TEXT)
    assert of("There is no time.", speakers) == "FGD_1_Speaker_1"
    assert of("It is fine.", speakers) == "FGD_1_Speaker_2"
    assert of("How is it?", speakers) == ""


def test_a_segment_over_several_turns_belongs_to_the_participant_who_says_most_of_it() -> None:
    assert of("And you?\nSpeaker 2: It is fine.\nSpeaker 1: For", Speakers("FGD_1", TEXT)) == "FGD_1_Speaker_2"


def test_those_who_ask_and_a_word_before_a_colon_are_no_participants() -> None:
    assert Speakers("FGD_1", TEXT).participants == ["FGD_1_Speaker_1", "FGD_1_Speaker_2"]


def test_a_name_that_is_a_name_is_kept_in_every_source() -> None:
    text = "FGD_1_Speaker_3: One.\nModerator: Two?\nFGD_1_Speaker_3: Three.\n"
    assert Speakers("FGD_1", text).participants == ["FGD_1_Speaker_3"]


def test_the_only_one_who_answers_is_called_as_the_source() -> None:
    text = "I: How?\nR: So.\nI: Why?\nR: Because.\n"
    assert Speakers("Interview 7", text).participants == ["Interview 7"]


def test_listed_participants_are_found_by_their_name_or_by_source_and_name() -> None:
    known = frozenset({"FGD_1_Speaker_2"})
    speakers = Speakers("FGD_1", TEXT, known)
    assert speakers.participants == ["FGD_1_Speaker_2"]
    assert of("It is fine.", speakers) == "FGD_1_Speaker_2"
    assert of("There is no time.", speakers) == ""
