"""A message as a list of what it asks for."""

from __future__ import annotations

from agent.offline.dialogue_state import DialogueState
from agent.offline.message import cannot, understand
from tests.support.director_says import answer, studio
from tools.contracts.limits import LONGEST_TEXT


def test_more_than_a_turn_can_do_is_said() -> None:
    reply = answer("board", " ".join(f"Install base{number}." for number in range(15)))
    assert len(reply.tool_calls) == 12
    assert "first twelve" in str(reply.text)


PAIR, BOARD = DialogueState(studio("pair")), DialogueState(studio("board"))


def asked(say: str, room: DialogueState = PAIR) -> list[tuple[str, dict[str, object]]]:
    return [(each.call.tool, dict(each.call.args)) for each in understand(say, room).readings]


def test_small_talk_asks_for_nothing_and_is_known_as_such() -> None:
    found = understand("Hello! Thank you.", PAIR)
    assert (found.readings, found.chat, found.unclear) == ([], True, [])
    assert understand("what can you do?", PAIR).help


def test_what_no_command_takes_is_kept_as_it_was_said() -> None:
    found = understand("Cast Lirien. The Moon hums quietly.", PAIR)
    assert found.unclear == ["The Moon hums quietly"]
    assert found.last is not None
    assert found.last.call.tool == "cast"


def test_what_this_studio_cannot_do() -> None:
    assert cannot(PAIR.text("compose some music")) is not None
    assert cannot(PAIR.text("cast Lirien")) is None
    assert understand("compose some music", PAIR).cannot == [
        cannot(PAIR.text("compose some music"))
    ]


def test_words_are_meant_where_their_meaning_is_asked_for() -> None:
    found = understand("what is a LoRA?", PAIR)
    assert found.readings == []
    assert len(found.meanings) == 1


def test_what_is_behind_the_longest_message_is_not_read() -> None:
    say = f"cast Lirien. {'a ' * (LONGEST_TEXT // 2)} Train Daro."
    assert asked(say)[0] == ("cast", {"character": "Lirien"})
    assert ("train", {"character": "Daro"}) not in asked(say)
