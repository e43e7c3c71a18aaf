"""`list_versions`: a character's LoRA versions with their scores."""

from __future__ import annotations

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import (
    base_name,
    score_words,
)
from agent.toolkit.tool import ChatTool
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.language.text import plural
from tools.workflows.lora.versions import VersionLine, version_lines


class ListVersions(Contract):
    """List a character's LoRA versions with their scores."""

    character: Name


def list_versions(arguments: ListVersions, context: ChatContext, _watch: ProgressSink) -> Answer:
    """List the versions, oldest first.

    Raises:
        UnknownName: no such character.
    """
    name = arguments.character
    lines = version_lines(context.services, context.production, name, base_name(context))
    if not lines:
        return Answer(
            text=f"{name} has no LoRA version yet; train one on a set that passes the gate."
        )
    said = [f"{name} has {plural(len(lines), 'LoRA version')}.", *map(_line, lines)]
    return Answer(text="\n".join(said))


def _line(line: VersionLine) -> str:
    lora = line.lora
    used = ", in use" if line.in_use else ""
    return (
        f"v{lora.version}: {score_words(lora)}, {lora.origin} ({lora.architecture}), "
        f"reference set v{line.set_version}{used}."
    )


TOOL = ChatTool("list_versions", ListVersions, list_versions)
