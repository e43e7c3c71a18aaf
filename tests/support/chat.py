"""A studio to talk to, with tools that only write down that they were called."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage

from agent.answer import Answer
from agent.checkpoints import Checkpoints, open_checkpoints
from agent.context import ChatContext
from agent.conversation.turns import ConversationRunner
from agent.events import Event, TurnEnded, TurnFailed
from agent.toolkit.registry import tools_by_name
from agent.tools import ToolFunction
from tests.support.scripted_model import ScriptedModel
from tools.compose import Studio, build_studio
from tools.contracts.progress import Progress, ProgressSink
from tools.settings import Settings
from tools.store.conversation import Message, list_messages
from tools.store.database import open_database

PRODUCTION = "Northern Light"
SPEAKER = "director"


@dataclass
class Calls:
    """Tools that do nothing but tell in which order they were called."""

    made: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.made]

    def functions(self, **own: ToolFunction) -> Mapping[str, ToolFunction]:
        """Every tool of the studio by its name; `own` ones in place of the silent ones."""
        return {name: own.get(name, self._silent(name)) for name in tools_by_name()}

    def _silent(self, name: str) -> ToolFunction:
        def run(arguments: Any, context: ChatContext, watch: ProgressSink) -> Answer:
            with self._lock:
                self.made.append((name, arguments.model_dump(mode="json", exclude_defaults=True)))
            watch(Progress(stage=name, done=1, total=1))
            return Answer(text=f"{name} is done.")

        return run


@dataclass
class Chat:
    """One conversation, and all that stands behind it."""

    studio: Studio
    runner: ConversationRunner
    checkpoints: Checkpoints
    model: BaseChatModel
    calls: Calls
    id: str

    @property
    def home(self) -> Path:
        return self.studio.services.settings.home

    @property
    def rows(self) -> list[Message]:
        """What is stored of the conversation."""
        with self.studio.services.database.reading() as session:
            return list_messages(session=session, conversation_id=self.id)

    @property
    def asked(self) -> list[list[BaseMessage]]:
        """What the scripted model was asked with, call by call."""
        assert isinstance(self.model, ScriptedModel)
        return self.model.asked

    def say(self, text: str) -> list[Event]:
        """Say something and read all that happens."""
        return list(self.runner.say(self.id, text, SPEAKER))

    def ask(self, text: str) -> TurnEnded | TurnFailed:
        """Say something and return how the turn ended."""
        return ended(self.say(text))

    def history(self) -> list[Any]:
        """The graph's messages."""
        saved = self.checkpoints.get({"configurable": {"thread_id": self.id}})
        return [] if saved is None else list(saved["channel_values"]["messages"])


def ended(events: Sequence[Event] | Iterator[Event]) -> TurnEnded | TurnFailed:
    """The end of a turn."""
    last = list(events)[-1]
    assert isinstance(last, TurnEnded | TurnFailed), last
    return last


@cache
def _empty_database() -> bytes:
    """A database with all its tables; making them takes longer than most tests."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/empty.db")
        database.close()
        return (Path(folder) / "empty.db").read_bytes()


def open_chat(home: Path, model: BaseChatModel, **own: ToolFunction) -> Chat:
    """A studio in a folder, and a conversation in it: the newest if there is one."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "samecast.db").exists():
        (home / "samecast.db").write_bytes(_empty_database())
    studio = build_studio(Settings(home=home, device="cpu", threads=1, base="maquette"))
    checkpoints = open_checkpoints(home)
    calls = Calls()
    runner = ConversationRunner(
        studio, model, checkpoints, works_here=True, functions=calls.functions(**own)
    )
    return Chat(studio, runner, checkpoints, model, calls, runner.open(PRODUCTION).id)


ChatMaker = Callable[..., Chat]


def scripted(*script: Any) -> ScriptedModel:
    """A model that says these lines."""
    return ScriptedModel(script=list(script))
