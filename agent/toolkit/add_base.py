"""`add_base`: install a base so that it can draw; the approval was asked before."""

from __future__ import annotations

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.tool import ChatTool, always
from tools.contracts.model import Contract
from tools.contracts.progress import Progress, ProgressSink
from tools.workflows.bases.install_base import install_base


class AddBase(Contract):
    """Install a base (a diffusion model) so that it can draw; waits for approval."""

    base: str = Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


def add_base(arguments: AddBase, context: ChatContext, watch: ProgressSink) -> Answer:
    """Download a base of the table, or say that it is there.

    Raises:
        UnknownName: no such base; the message lists those there are.
        BaseUnavailable: the download failed.
    """
    watch(Progress(stage="base", done=0, total=1, note=arguments.base))
    installed = install_base(context.services, arguments.base)
    watch(Progress(stage="base", done=1, total=1, note=arguments.base))
    row = installed.row
    how = "is installed already" if installed.was_there else "is installed"
    return Answer(text=f"{row.name} {how}: {row.title}; licence: {row.licence}.")


def _card(arguments: AddBase, _context: ChatContext) -> str:
    return f"Install the base {arguments.base}; its weights are several gigabytes."


TOOL = ChatTool("add_base", AddBase, add_base, card=_card, waits=always)
