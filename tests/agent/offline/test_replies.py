"""What the offline director says itself, and what it leaves to the tools."""

from __future__ import annotations

import pytest

from agent.offline.calls import Call, Reading
from agent.offline.conversation import ToolResult
from agent.offline.dialogue_state import DialogueState
from agent.offline.replies import beside_calls, next_step, of_results, shortened, without_call
from agent.offline.understood import Understood
from tests.support.director_says import answer, studio
from tools.contracts.digest import CharacterState, StudioDigest


@pytest.mark.parametrize(
    ("say", "part"),
    [
        ("make a video of 12A", "cannot make moving pictures"),
        ("compose some music for the scene", "cannot make sound"),
        ("delete Lirien", "cannot delete, rename or copy people"),
        ("upload the takes to youtube", "cannot send or publish"),
        ("the wind has seven elbows", 'did not understand "the wind has seven elbows"'),
        ("what can you do?", "cast Mara"),
        ("hello", "Hello. In the cast: Lirien, Daro."),
        ("thank you!", "You're welcome."),
    ],
)
def test_words_where_nothing_is_called(say: str, part: str) -> None:
    reply = answer("board", say)
    assert reply.tool_calls == []
    assert part in str(reply.text)


def test_what_was_not_understood_is_said_beside_the_calls() -> None:
    reply = answer("pair", "Cast Lirien. The moon hums quietly.")
    assert [call["name"] for call in reply.tool_calls] == ["cast"]
    assert str(reply.text) == 'I did not understand "The moon hums quietly", so I left that out.'


def room(**state: object) -> DialogueState:
    mara = CharacterState.model_validate({"name": "Mara", **state})
    return DialogueState(StudioDigest(production="Harbour", characters=(mara,)))


def test_results_are_said_word_for_word_and_failures_are_said_to_be_some() -> None:
    said = of_results(
        [ToolResult("Passed.", False), ToolResult(" ", False), ToolResult("no", True)]
    )
    assert said == "Passed.\n\nThat did not work: no"
    assert of_results([]) == of_results([ToolResult(" ", False)]) != ""


def test_each_step_leads_to_the_next_one() -> None:
    steps = [
        next_step(DialogueState(studio("empty"))),
        next_step(room()),
        next_step(room(candidates=4)),
        next_step(room(candidates=4, chosen_face=1)),
        next_step(room(references=20)),
        next_step(room(versions=[1])),
    ]
    assert len(set(steps)) == len(steps)
    assert all("Mara" in step for step in steps[1:5])


def test_takes_that_wait_for_a_pick_come_before_new_shots() -> None:
    trained = room(versions=[1])
    assert next_step(DialogueState(studio("one_take"))) != next_step(trained)
    drawn = StudioDigest.model_validate(
        {
            "production": "Harbour",
            "characters": [{"name": "Mara", "versions": [1]}],
            "scenes": [
                {"number": 1, "shots": [{"slate": "1A", "framing": "close-up", "takes": 2}]}
            ],
        }
    )
    assert next_step(DialogueState(drawn)) != next_step(trained)


def test_what_went_into_no_call_is_said_unless_something_is_asked() -> None:
    left = Reading(Call("cast"), left=("longer hair",))
    assert "longer hair" in beside_calls(Understood([left]))
    assert beside_calls(Understood([left, Reading(Call("train"), missing="character")])) == ""
    assert "music or sound" in beside_calls(Understood([left], cannot=["music", "sound", "music"]))


def test_a_long_quotation_is_cut() -> None:
    assert shortened("a" * 120) == "a" * 120
    assert shortened("a" * 121) == "a" * 120 + " ..."


def test_meanings_come_first_where_nothing_is_called() -> None:
    understood = Understood(meanings=["A gate is a check.", "A gate is a check."], cannot=["music"])
    said = without_call(understood, "", room())
    assert said.startswith("A gate is a check. ")
    assert said.count("A gate") == 1
    assert "music" in said
