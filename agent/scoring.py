"""A table of director sentences with the calls that each must give, and what a model makes of them.

Knows the table's form and how arguments are compared (the convention at the top of a table); must not know
which model answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import yaml
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.tools import BaseTool
from pydantic import Field, JsonValue, ValidationError

from agent.toolkit.registry import check_arguments
from tools.contracts.digest import StudioDigest
from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.language.lexicon import one_line

FREE_TEXT = frozenset(
    {"brief", "change", "style", "text", "note", "action", "place", "light", "lens", "angle"}
)
"""Arguments that are compared as words: without case, marks and articles."""

_MARKS = re.compile(r"[^\w\s]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


class EarlierMessage(Contract):
    """An earlier message of a row's conversation."""

    role: Literal["user", "assistant"]
    text: str = Field(min_length=1)


class ExpectedCall(Contract):
    """A call that a sentence must give."""

    tool: str
    args: dict[str, JsonValue] = Field(default_factory=dict)


class SentenceRow(Contract):
    """One sentence and what it means."""

    say: str = Field(min_length=1)
    studio: str
    after: tuple[EarlierMessage, ...] = ()
    calls: tuple[ExpectedCall, ...] = ()
    expect: Literal["calls", "question", "cannot", "help", "unclear", "chat"] = "calls"


class Table(Contract):
    """Sentences, and the studios that they are said in."""

    studios: dict[str, StudioDigest]
    rows: tuple[SentenceRow, ...] = Field(min_length=1)


class WrongRow(Contract):
    """A row that came out otherwise."""

    row: int
    """Counted from 1."""
    say: str
    expected: str
    got: str


class Score(Contract):
    """How much of a table a model got right."""

    rows: int = Field(ge=1)
    tools_right: int = Field(ge=0)
    """Rows with the right tools in the right order; none where none was expected."""
    arguments_right: int = Field(ge=0)
    """Those of them whose arguments are right too."""
    failures: tuple[WrongRow, ...] = ()

    @property
    def tool_accuracy(self) -> float:
        """Share of rows with the right tools, 0 to 1."""
        return self.tools_right / self.rows

    @property
    def accuracy(self) -> float:
        """Share of rows with the right tools and arguments, 0 to 1."""
        return self.arguments_right / self.rows


def load_table(path: Path) -> Table:
    """Read a sentence table.

    Raises:
        BadInput: unreadable, not the table's form, an unknown studio or tool, or arguments that
            the tool would refuse; the message names the row.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        table = Table.model_validate(raw)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"{path}: expected a YAML file with studios and rows; {error}") from error
    except ValidationError as error:
        raise BadInput(f"{path}: {one_line(error)}") from error
    for number, row in enumerate(table.rows, start=1):
        problem = _problem(row, table)
        if problem:
            raise BadInput(f"{path}, row {number} ({row.say!r}): {problem}")
    return table


def score(
    model: BaseChatModel,
    table: Table,
    tools: Sequence[BaseTool | type],
    system_message: Callable[[StudioDigest], SystemMessage],
) -> Score:
    """Say every sentence to a model and compare the calls of its first answer.

    Args:
        model: any chat model that can bind tools.
        table: the sentences.
        tools: what is bound to the model.
        system_message: renders a studio as the conversation's system message.
    """
    bound = model.bind_tools(tools)
    tools_right = 0
    failures: list[WrongRow] = []
    for number, row in enumerate(table.rows, start=1):
        answer = bound.invoke([system_message(table.studios[row.studio]), *_messages(row)])
        expected = [_settled(call.tool, call.args) for call in row.calls]
        got = [_settled(call["name"], call["args"]) for call in answer.tool_calls]
        tools_right += [tool for tool, _ in expected] == [tool for tool, _ in got]
        if expected != got:
            failures.append(_failure(number, row, expected, got, answer))
    rows = len(table.rows)
    return Score(
        rows=rows,
        tools_right=tools_right,
        arguments_right=rows - len(failures),
        failures=tuple(failures),
    )


def _messages(row: SentenceRow) -> list[BaseMessage]:
    kinds = {"user": HumanMessage, "assistant": AIMessage}
    earlier: list[BaseMessage] = [kinds[said.role](said.text) for said in row.after]
    return [*earlier, HumanMessage(row.say)]


def _problem(row: SentenceRow, table: Table) -> str | None:
    if row.studio not in table.studios:
        return f"no studio '{row.studio}'; there are {', '.join(sorted(table.studios))}"
    if (row.expect == "calls") != bool(row.calls):
        return "a row has calls, or says what to expect instead of them"
    for call in row.calls:
        try:
            check_arguments(call.tool, call.args)
        except BadInput as error:
            return str(error)
    return None


def _settled(tool: str, args: Mapping[str, JsonValue]) -> tuple[str, object]:
    """Return a call in the form in which two that mean the same are equal."""
    try:
        valid = check_arguments(tool, args)
    except BadInput as error:
        return tool, f"refused: {error}"
    return tool, _folded(valid.model_dump(mode="json", exclude_defaults=True), "")


def _folded(value: object, name: str) -> object:
    if isinstance(value, dict):
        return {key: _folded(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_folded(each, name) for each in value]
    if isinstance(value, str) and name in FREE_TEXT:
        return " ".join(_ARTICLES.sub(" ", _MARKS.sub(" ", value.lower())).split())
    return value


def _failure(
    number: int,
    row: SentenceRow,
    expected: Sequence[tuple[str, object]],
    got: Sequence[tuple[str, object]],
    answer: AIMessage,
) -> WrongRow:
    return WrongRow(
        row=number,
        say=row.say,
        expected=_shown(expected) or row.expect,
        got=_shown(got) or f"no call: {str(answer.text)[:200]}",
    )


def _shown(calls: Sequence[tuple[str, object]]) -> str:
    return "; ".join(f"{tool} {args}" for tool, args in calls)
