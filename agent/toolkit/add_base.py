"""`add_base`: install a base so that it can draw; the approval was asked before."""

from __future__ import annotations

from agent.answer import Answer
from agent.arguments import AddBase
from agent.context import ChatContext
from tools.contracts.progress import Progress, ProgressSink
from tools.workflows.bases.install_base import install_base


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
