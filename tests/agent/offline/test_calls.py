"""Tool calls as values: what is not said stays out, and what a tool would refuse is known before."""

from __future__ import annotations

import pytest

from agent.offline.calls import Call, Reading


def test_what_was_not_said_is_no_argument() -> None:
    call = Call.of("train", {"character": "Mara", "steps": None})
    assert call.args == {"character": "Mara"}
    longer = call.with_args(steps=800, preset=None)
    assert longer.args == {"character": "Mara", "steps": 800}
    assert call.args == {"character": "Mara"}


def test_a_reading_keeps_the_rest_of_it() -> None:
    reading = Reading(Call("train"), missing="character", choices=("Mara",))
    longer = reading.with_args(steps=800)
    assert (longer.call.args, longer.missing, longer.choices) == (
        {"steps": 800},
        "character",
        ("Mara",),
    )


@pytest.mark.parametrize(
    ("reading", "person"),
    [
        (Reading(Call("train", {"character": "Mara"})), "Mara"),
        (Reading(Call("create_character", {}), makes="Juno"), "Juno"),
        (Reading(Call("status")), None),
        (Reading(Call("shoot", {"character": ["Mara"]})), None),
    ],
)
def test_who_a_call_is_about(reading: Reading, person: str | None) -> None:
    assert reading.person == person


def test_a_call_says_why_its_tool_would_refuse_it() -> None:
    assert Call("cast", {"character": "Mara", "candidates": 4}).problem() is None
    problem = Call("cast", {"character": "Mara", "candidates": 400}).problem()
    assert problem is not None
    assert "candidates" in problem
