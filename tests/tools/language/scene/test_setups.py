"""Setups gather the words that they cover; none is lost on the way."""

from __future__ import annotations

from tools.contracts.photography import Expression, Framing
from tools.contracts.shots import CharacterInShot
from tools.language.scene.setups import SetupDraft, Setups

MARA, JONAH = CharacterInShot(character="Mara"), CharacterInShot(character="Jonah")


def speech(
    words: str, member: CharacterInShot = MARA, expression: Expression | None = None
) -> SetupDraft:
    return SetupDraft(
        Framing.CLOSE_UP, (member,), expression=expression, is_speech=True, covers=[words]
    )


def covers(setups: Setups) -> list[list[str]]:
    return [setup.covers for setup in setups.made]


def test_the_next_setup_covers_what_waited() -> None:
    setups = Setups(listed_only=False)
    setups.cover_here("rain")
    setups.waiting.append("a door")
    setups.add(SetupDraft(Framing.WIDE, (), covers=["Mara enters"]))
    assert covers(setups) == [["rain", "a door", "Mara enters"]]
    setups.cover_here("the door falls shut")
    assert covers(setups) == [["rain", "a door", "Mara enters", "the door falls shut"]]


def test_the_same_speaker_with_the_same_face_needs_no_new_setup() -> None:
    setups = Setups(listed_only=False)
    setups.speech(speech("Where?"))
    setups.speech(speech("There.", JONAH))
    setups.waiting.append("(a noise)")
    setups.speech(speech("Now."))
    setups.speech(speech("Oh!", expression=Expression.SAD))
    assert covers(setups) == [["Where?", "(a noise)", "Now."], ["There."], ["Oh!"]]


def test_a_speech_and_an_action_are_never_one_setup() -> None:
    still = SetupDraft(Framing.CLOSE_UP, (MARA,))
    assert not speech("a").same_speech(still)
    assert not still.same_speech(speech("a"))


def test_at_the_end_open_frames_get_the_first_person_and_the_last_setup_the_rest() -> None:
    setups = Setups(listed_only=True)
    setups.add(SetupDraft(Framing.WIDE, (), is_open=True))
    setups.add(SetupDraft(Framing.WIDE, (JONAH,), is_open=True))
    setups.add(SetupDraft(Framing.WIDE, ()))
    setups.waiting.append("the end")
    setups.settle(MARA)
    assert [setup.cast for setup in setups.made] == [(MARA,), (JONAH,), ()]
    assert covers(setups) == [[], [], ["the end"]]
    assert setups.waiting == []


def test_without_any_setup_the_words_go_on_waiting() -> None:
    setups = Setups(listed_only=False, waiting=["nobody"])
    setups.settle(None)
    assert setups.waiting == ["nobody"]


def test_a_planned_shot_has_no_empty_phrase() -> None:
    made = SetupDraft(
        Framing.WIDE, (), place=" , ", light=" dusk. ", free=["rain,", "..."]
    ).planned()
    assert (made.place, made.light, made.free_words) == (None, "dusk", ("rain",))
    assert len(SetupDraft(Framing.WIDE, (), action="run " * 200).planned().action or "") <= 300
