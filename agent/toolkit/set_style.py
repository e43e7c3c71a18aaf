"""`set_style`: the production's locked style and its aspect ratio."""

from __future__ import annotations

from pydantic import Field, model_validator

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.tool import ChatTool, Words
from tools.contracts.briefs import AspectRatio, ProductionStyle
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.workflows.digest import style_words
from tools.workflows.people.production_style import change_style


class SetStyle(Contract):
    """Lock the production's style or its aspect ratio; only what the director asked to change."""

    style: Words | None = Field(
        default=None, description="Film stock, palette, lens family, tone, in the director's words."
    )
    aspect_ratio: AspectRatio | None = None

    @model_validator(mode="after")
    def _something(self) -> SetStyle:
        if self.style is None and self.aspect_ratio is None:
            raise ValueError("give a style or an aspect ratio")
        return self


def set_style(arguments: SetStyle, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Lock what was given; the rest stays.

    Raises:
        BadInput: the words are too long, or hold two aspect ratios.
    """
    change = change_style(
        context.services, context.production, arguments.style, arguments.aspect_ratio
    )
    if change.after == change.before:
        return Answer(text=f"It is so already: {_words(change.after)}, {_ratio(change.after)}.")
    said = []
    if style_words(change.after) != style_words(change.before):
        said.append(
            f"The style was {_words(change.before)}; it is locked as {_words(change.after)} now."
        )
    if change.after.aspect_ratio != change.before.aspect_ratio:
        said.append(
            f"The aspect ratio was {change.before.aspect_ratio}; "
            f"it is {change.after.aspect_ratio} now."
        )
    return Answer(text=" ".join([*said, "Takes that are drawn stay as they are."]))


def _words(style: ProductionStyle) -> str:
    words = style_words(style)
    return f"“{words}”" if words else "not set"


def _ratio(style: ProductionStyle) -> str:
    return f"aspect ratio {style.aspect_ratio}"


TOOL = ChatTool("set_style", SetStyle, set_style)
