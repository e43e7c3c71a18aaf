"""`choose_version`: which LoRA version draws a character from now on."""

from __future__ import annotations

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import base_name, score_words
from agent.toolkit.tool import ChatTool
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.workflows.lora.versions import use_version, version_lines


class ChooseVersion(Contract):
    """Draw with this LoRA version from now on."""

    character: Name
    version: int = Field(ge=1, le=9999)


def choose_version(arguments: ChooseVersion, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Keep the choice.

    Raises:
        UnknownName: no such character or version; the message lists those there are.
    """
    name, base = arguments.character, base_name(context)
    lines = version_lines(context.services, context.production, name, base)
    before = next((line.lora.version for line in lines if line.in_use), None)
    lora = use_version(context.services, context.production, name, arguments.version)
    score = score_words(lora)
    if not lora.draws_on(context.services.catalog.adapter_bases(base)):
        learned_on = lora.trained_on or lora.base
        return Answer(
            text=f"{name}'s LoRA v{lora.version} ({score}) is chosen, but it was trained on "
            f"{learned_on} and this production draws with {base}, which takes its own newest."
        )
    if before == lora.version:
        return Answer(text=f"{name} is drawn with LoRA v{lora.version} ({score}) as before.")
    return Answer(text=f"{name} is drawn with LoRA v{lora.version} ({score}) from now on.")


TOOL = ChatTool("choose_version", ChooseVersion, choose_version)
