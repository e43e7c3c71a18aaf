"""A tool as a value: when its calls wait, and what it says to arguments that do not fit."""

from __future__ import annotations

import pytest

from agent.answer import Answer
from agent.context import ChatContext
from agent.policy import ApprovalPolicy
from agent.toolkit.tool import ChatTool, always, plain_card
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.errors import BadInput

FREE = ApprovalPolicy()
ASKS = ApprovalPolicy(ask_before_drawing=True)


class Paint(Contract):
    """Paint a wall, or show the paint."""

    wall: str
    wet: bool = False


def paint(arguments: Paint, _context: ChatContext, _watch: ProgressSink) -> Answer:
    return Answer(text=f"{arguments.wall} is painted.")


def wet(arguments: Paint) -> bool:
    return arguments.wet


def not_said(arguments: Paint, policy: ApprovalPolicy) -> bool:
    return arguments.wall not in policy.words


def test_a_tool_waits_for_nobody_unless_it_says_so() -> None:
    tool = ChatTool("paint", Paint, paint)

    assert not tool.must_wait(Paint(wall="north", wet=True), ASKS)


def test_a_call_that_draws_waits_when_the_production_asks_before() -> None:
    tool = ChatTool("paint", Paint, paint, draws=wet)

    assert tool.must_wait(Paint(wall="north", wet=True), ASKS)
    assert not tool.must_wait(Paint(wall="north"), ASKS)
    assert not tool.must_wait(Paint(wall="north", wet=True), FREE)


def test_a_call_that_waits_waits_whatever_the_production_says() -> None:
    tool = ChatTool("paint", Paint, paint, waits=not_said, draws=wet)

    assert tool.must_wait(Paint(wall="north"), FREE)
    assert not tool.must_wait(Paint(wall="north"), ApprovalPolicy(words="the north one"))
    assert ChatTool("paint", Paint, paint, waits=always).must_wait(Paint(wall="north"), FREE)


def test_arguments_are_typed() -> None:
    assert ChatTool("paint", Paint, paint).checked({"wall": "north"}) == Paint(wall="north")


def test_every_argument_that_does_not_fit_is_named() -> None:
    with pytest.raises(BadInput) as caught:
        ChatTool("paint", Paint, paint).checked({"wet": "perhaps", "colour": "red"})

    text = str(caught.value)
    assert text.startswith("paint cannot be called like this: wall: Field required; wet: ")
    assert text.endswith("; colour: Extra inputs are not permitted")


def test_the_plain_card_is_the_call_as_it_is(context: ChatContext) -> None:
    assert plain_card(Paint(wall="north"), context) == 'Paint: {"wall":"north"}'
