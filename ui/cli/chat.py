"""`samecast chat`: the agent in the terminal, for people and for scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import AsJson, number, print_json, print_table, progress_bars, say
from ui.cli.studio import Production, open_services, open_studio

if TYPE_CHECKING:
    from agent.chat_model import ChatSettings
    from agent.conversation.turns import ConversationRunner
    from agent.scoring import Score
    from tools.compose import Studio
    from ui.cli.chat_script import ScriptedTurn

SPEAKER = "director"
NEW = "new"


def chat(
    production: Production = "studio",
    sentences: Annotated[
        list[str] | None, typer.Option("--say", help="Say this; may come several times.")
    ] = None,
    script: Annotated[
        Path | None, typer.Option("--script", help="A file with one message a line.")
    ] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Approve what waits for approval at once.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what each sentence would do; do nothing.")
    ] = False,
    conversation: Annotated[
        str | None, typer.Option(help="A conversation's id, or new; default: the newest.")
    ] = None,
    score: Annotated[
        Path | None, typer.Option("--score", help="Measure the chat model on a sentence table.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Talk to the studio; with --say or --script, say that and wait for the work it starts."""
    if score is not None:
        _score(score, as_json)
        return
    messages = [*(sentences or []), *(_lines(script) if script else [])]
    if dry_run:
        _plan(production, conversation, messages, as_json)
        return
    studio = open_studio()
    runner = _runner(studio)
    conversation_id = _conversation(runner, production, conversation)
    if messages:
        _run_script(studio, runner, conversation_id, messages, approve=approve, as_json=as_json)
    else:
        from ui.cli.chat_screen import Screen

        Screen(studio, runner, conversation_id, SPEAKER, approve=approve).run()


def _lines(script: Path) -> list[str]:
    """The messages of a script; empty lines and those that begin with # say nothing."""
    from tools.textfiles import lines_of, read_text_file

    lines = (line.strip() for _, line in lines_of(read_text_file(script)))
    return [line for line in lines if not line.startswith("#")]


def _chat_settings() -> ChatSettings:
    """Read the environment and `.env`.

    Raises:
        BadInput: a variable whose value cannot be used; the value itself may be secret.
    """
    from pydantic import ValidationError

    from agent.chat_model import ChatSettings
    from tools.errors import BadInput

    try:
        return ChatSettings()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(f"SAMECAST_CHAT_{name}: {first['msg']}") from None


def _runner(studio: Studio) -> ConversationRunner:
    from agent.chat_model import build_model
    from agent.checkpoints import open_checkpoints
    from agent.conversation.turns import ConversationRunner

    settings = _chat_settings()
    return ConversationRunner(
        studio,
        build_model(settings),
        open_checkpoints(studio.services.settings.home),
        sees_images=settings.remote and settings.sees_images,
        local_files=lambda: True,
        works_here=True,
    )


def _conversation(runner: ConversationRunner, production: str, wanted: str | None) -> str:
    if wanted == NEW:
        return runner.start(production).id
    return runner.open(production, wanted).id


def _run_script(
    studio: Studio,
    runner: ConversationRunner,
    conversation_id: str,
    messages: list[str],
    *,
    approve: bool,
    as_json: bool,
) -> None:
    from ui.cli.chat_script import ScriptedTalk

    talk = ScriptedTalk(studio, runner, conversation_id, SPEAKER, approve=approve)
    failed = False
    for message in messages:
        with progress_bars() as watch:
            said = talk.say(message, watch)
        _print(said, as_json)
        failed = failed or talk.failed
    if failed:
        raise typer.Exit(1)


def _plan(production: str, conversation: str | None, messages: list[str], as_json: bool) -> None:
    from agent.chat_model import build_model
    from agent.conversation.dialogue import open_conversation
    from agent.planning import Planner, earlier_messages
    from tools.errors import BadInput
    from tools.store.conversation import list_messages
    from tools.workflows.digest import studio_digest
    from ui.cli.chat_script import ScriptedTurn

    if not messages:
        raise BadInput("--dry-run needs something to say: --say TEXT or --script FILE")
    services = open_services()
    wanted = None if conversation == NEW else conversation
    row = open_conversation(services, production, wanted)
    with services.database.reading() as session:
        rows = list_messages(session=session, conversation_id=row.id)
    digest = studio_digest(services, production, row.id)
    earlier = [] if conversation == NEW else earlier_messages(rows)
    planner = Planner(build_model(_chat_settings()), digest, earlier)
    for message in messages:
        plan = planner.plan(message)
        _print(ScriptedTurn(say=message, calls=plan.calls, reply=plan.reply), as_json)


def _print(said: ScriptedTurn, as_json: bool) -> None:
    if as_json:
        # One line a message, so that a script can read them as they come.
        say(said.model_dump_json())
        return
    say(f"> {said.say}")
    for call in said.calls:
        say(f"  {call.tool} {call.args}")
    say(said.reply)
    say()


def _score(path: Path, as_json: bool) -> None:
    from agent.chat_model import build_model
    from agent.prompts import system_message
    from agent.scoring import load_table, score
    from agent.tools import build_tools

    result = score(build_model(_chat_settings()), load_table(path), build_tools(), system_message)
    if as_json:
        print_json(result)
    else:
        _show_score(path, result)


def _show_score(path: Path, result: Score) -> None:
    if result.failures:
        print_table(
            f"not right, of {result.rows} sentences in {path.name}",
            ["row", "sentence", "expected", "got"],
            [[str(f.row), f.say, f.expected, f.got] for f in result.failures],
        )
    say(
        f"{result.rows} sentences: tools right {number(result.tool_accuracy)}, "
        f"tools and arguments right {number(result.accuracy)}"
    )
