"""The chat's own cost: time to the first word, and what a tool call costs beside a bare loop.

Run as `python -m bench.chat`. Nothing is drawn: tools answer at once, so that only the agent's work is
timed (the queue, the lock, the checkpoint of every step, the stored messages).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool

from agent.answer import Answer
from agent.chat_model import ChatSettings, build_model
from agent.checkpoints import open_checkpoints
from agent.context import ChatContext
from agent.conversation.turns import ConversationRunner
from agent.events import Token, TurnEnded
from agent.offline.conversation import Heard, Line
from agent.offline.director import answer
from agent.scoring import load_table
from agent.toolkit.registry import tools_by_name
from tools.compose import Studio, build_studio
from tools.contracts.progress import ProgressSink
from tools.errors import FailedError
from tools.settings import Settings

CALLS = 8
ROUNDS = 5
SENTENCES = Path(__file__).parents[1] / "tests" / "agent" / "sentences" / "fourth.yaml"
QUESTIONS = ("What can you do?", "What's the status?", "What did it cost so far?")


@dataclass(frozen=True)
class ChatTimes:
    """Measured in one run on this machine."""

    first_token_s: float
    """Median from the message to the first word, offline director."""
    slowest_token_s: float
    reading_ms: float
    """Median that the offline director's rules take to read a sentence of the fourth table."""
    ours_ms: float
    """Per tool call, in milliseconds."""
    bare_ms: float
    """Per tool call of `create_agent` without checkpoints, middleware or a conversation."""

    @property
    def added_ms(self) -> float:
        """What the conversation's safety costs a tool call, in milliseconds."""
        return self.ours_ms - self.bare_ms


class CountingModel(BaseChatModel):
    """Asks for the tool `cost` a number of times, one call an answer, then says that it is done."""

    @property
    def _llm_type(self) -> str:
        return "counting"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        """Every tool is known to it."""
        return self.bind()

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        made = _calls_of_turn(messages)
        call = {"name": "cost", "args": {}, "id": f"call_{made}", "type": "tool_call"}
        words = "done" if made >= CALLS else ""
        message = AIMessage(words, tool_calls=[] if words else [call])
        return ChatResult(generations=[ChatGeneration(message=message)])


def _calls_of_turn(messages: list[BaseMessage]) -> int:
    spoken = max(at for at, each in enumerate(messages) if isinstance(each, HumanMessage))
    return sum(bool(getattr(each, "tool_calls", ())) for each in messages[spoken:])


def measure() -> ChatTimes:
    """Time both; each way is warm before."""
    with tempfile.TemporaryDirectory() as folder:
        studio = build_studio(Settings(home=Path(folder), database_url=None))
        words = [_first_token(studio, text) for text in QUESTIONS * ROUNDS]
        ours = _per_call(_our_turn(studio))
    return ChatTimes(median(words), max(words), _reading_ms(), ours, _per_call(_bare_turn()))


def _reading_ms() -> float:
    table = load_table(SENTENCES)
    took = []
    for row in table.rows:
        earlier = tuple(Line(each.role == "user", each.text) for each in row.after)
        heard = Heard(table.studios[row.studio], row.say, earlier)
        begun = time.perf_counter()
        answer(heard)
        took.append(time.perf_counter() - begun)
    return 1000 * median(took)


def _first_token(studio: Studio, text: str) -> float:
    checkpoints = open_checkpoints(studio.services.settings.home)
    runner = ConversationRunner(studio, build_model(ChatSettings(api_key=None)), checkpoints)
    conversation = runner.start("bench").id
    begun = time.perf_counter()
    for event in runner.say(conversation, text, "director"):
        if isinstance(event, Token):
            return time.perf_counter() - begun
    raise FailedError(f"no word came to {text!r}")


def _our_turn(studio: Studio) -> Callable[[], None]:
    functions = dict.fromkeys(tools_by_name(), _nothing)
    checkpoints = open_checkpoints(studio.services.settings.home)
    runner = ConversationRunner(studio, CountingModel(), checkpoints, functions=functions)
    conversation = runner.start("bench").id

    def turn() -> None:
        *_, last = runner.say(conversation, "count", "director")
        if not isinstance(last, TurnEnded) or len(last.calls) != CALLS:
            raise FailedError(f"expected {CALLS} calls, got {last}")

    return turn


def _nothing(arguments: object, context: ChatContext, watch: ProgressSink) -> Answer:
    return Answer(text="nothing")


def _bare_turn() -> Callable[[], None]:
    @tool
    def cost() -> str:
        """Nothing."""
        return "nothing"

    loop = create_agent(CountingModel(), [cost])

    def turn() -> None:
        loop.invoke({"messages": [HumanMessage("count")]}, {"recursion_limit": 40})

    return turn


def _per_call(turn: Callable[[], None]) -> float:
    turn()
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        turn()
        seconds.append(time.perf_counter() - begun)
    return 1000 * median(seconds) / CALLS


if __name__ == "__main__":
    times = measure()
    print(f"first word: {times.first_token_s:.3f} s, slowest {times.slowest_token_s:.3f} s")
    print(f"a sentence read: {times.reading_ms:.1f} ms")
    print(f"a tool call: {times.ours_ms:.1f} ms, bare {times.bare_ms:.1f} ms")
