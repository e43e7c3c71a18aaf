"""Everything that runs while a page is up, begun and ended in order.

Knows which parts there are: chat, page, worker, reports. Must not know the command line.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from agent.conversation.turns import ConversationRunner
from tools.compose import Studio
from tools.store.conversation import list_conversations
from tools.store.database import Database
from tools.store.production import list_productions
from ui.server.options import ServeOptions
from ui.server.reporter import Reporter
from ui.server.serving import serve
from ui.server.turns import LiveTurns
from ui.server.worker_keeper import WorkerKeeper, worker_command


def run_page(
    studio: Studio,
    opened: socket.socket,
    options: ServeOptions,
    *,
    with_worker: bool,
    started: Callable[[], None],
) -> None:
    """Serve a studio until the program is told to end.

    Args:
        studio: what is served.
        opened: from `listen`.
        options: how it is served.
        with_worker: whether a worker process runs beside it.
        started: called once the page answers.
    """
    from ui.page.layout import build_page, page_look
    from ui.server.app import build_app
    from ui.server.turns import LiveTurns

    runner = build_runner(studio, options)
    turns = LiveTurns()
    app = build_app(studio, runner, options, build_page, turns=turns, look=page_look())
    resume_cut_turns(studio.services.database, runner, turns)
    with _beside(runner, with_worker=with_worker):
        serve(app, opened, started)


def build_runner(studio: Studio, options: ServeOptions) -> ConversationRunner:
    """Return what runs the conversations, with the chat model of the settings.

    Folders of this computer may be named only where nobody else can speak, and only as long as that
    is so: the first account ends it while the page is up.
    """
    from agent.chat_model import ChatSettings, build_model
    from agent.checkpoints import open_checkpoints
    from agent.conversation.turns import ConversationRunner
    from tools.store.user import list_users

    def alone() -> bool:
        with studio.services.database.reading() as session:
            return options.is_local and not list_users(session=session)

    settings = ChatSettings()
    return ConversationRunner(
        studio,
        build_model(settings),
        open_checkpoints(studio.services.settings.home),
        sees_images=settings.remote and settings.sees_images,
        local_files=alone,
    )


def resume_cut_turns(database: Database, runner: ConversationRunner, turns: LiveTurns) -> None:
    """Go on, in the background, with turns that the last end of the program cut."""
    with database.reading() as session:
        found = [
            conversation.id
            for production in list_productions(session=session)
            for conversation in list_conversations(session=session, production_id=production.id)
        ]
    for conversation_id in found:
        turns.start(conversation_id, partial(runner.resume, conversation_id))


@contextmanager
def _beside(runner: ConversationRunner, *, with_worker: bool) -> Iterator[None]:
    reporter = Reporter(runner.report_ended_jobs)
    keeper = WorkerKeeper(worker_command()) if with_worker else None
    reporter.start()
    if keeper is not None:
        keeper.start()
    try:
        yield
    finally:
        reporter.stop()
        if keeper is not None:
            keeper.stop()
