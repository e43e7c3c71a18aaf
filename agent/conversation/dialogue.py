"""The stored side of a conversation: who said what, what was decided, what has not been answered.

Knows the store's tables; must not know the graph. What a person sees after a restart is read here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from agent.answer import Answer, storable
from agent.approvals import Ruling, approve
from agent.events import Proposal
from agent.policy import MAX_LETTERS, ApprovalPolicy, KnownLook
from tools.contracts.digest import StudioDigest
from tools.contracts.model import Contract
from tools.errors import BadInput, UnknownName
from tools.services import Services
from tools.store.conversation import (
    Conversation,
    Message,
    MessageCreate,
    MessageRole,
    add_message,
    get_conversation,
    list_conversations,
    start_conversation,
)
from tools.store.conversation_ends import last_messages
from tools.store.database import Database
from tools.store.decision import Answered, Decision, DecisionCreate, find_decision, record_decision
from tools.store.production import Production
from tools.workflows.people.characters import ensure_production

ASSISTANT = "assistant"


class _Arguments(Contract, extra="allow"):
    """Arguments of a call as they were decided on."""


@dataclass(frozen=True)
class Place:
    """A conversation and its production, by the names that a turn needs."""

    conversation_id: str
    production: str


def open_conversation(
    services: Services, production: str, conversation_id: str | None
) -> Conversation:
    """Return a production's conversation: the given one, else the newest, else a first one.

    Raises:
        UnknownName: the production has no such conversation.
    """
    with services.database.session() as session:
        row = ensure_production(session, production)
        if conversation_id is None:
            known = list_conversations(session=session, production_id=row.id)
            return known[0] if known else start_conversation(session=session, production_id=row.id)
        found = get_conversation(session=session, conversation_id=conversation_id)
        if found.production_id != row.id:
            raise UnknownName(
                f"no conversation {conversation_id} in {production!r}; leave the id out for the newest"
            )
        return found


def new_conversation(services: Services, production: str, title: str = "") -> Conversation:
    """Begin another conversation about a production."""
    with services.database.session() as session:
        row = ensure_production(session, production)
        return start_conversation(session=session, production_id=row.id, title=title)


def find_place(database: Database, conversation_id: str) -> Place:
    """Return where a conversation is held.

    Raises:
        UnknownName: there is no such conversation.
    """
    with database.reading() as session:
        row = get_conversation(session=session, conversation_id=conversation_id)
        production = session.get_one(Production, row.production_id)
        return Place(conversation_id, production.name)


def checked_words(text: str) -> str:
    """Return a message as it is stored.

    Raises:
        BadInput: nothing was said, or more than fits.
    """
    words = text.strip()
    if not words:
        raise BadInput("an empty message; say what you would like to do")
    if len(words) > MAX_LETTERS:
        raise BadInput(f"a message of {len(words)} letters; at most {MAX_LETTERS} fit into one")
    if words != storable(words):
        raise BadInput("a message with half a letter in it, which cannot be kept; type it again")
    return words


def store_words(database: Database, conversation_id: str, speaker: str, text: str) -> int:
    """Store what a person said and return its position."""
    return _store(database, conversation_id, MessageRole.USER, speaker, Answer(text=text))


def store_reply(database: Database, conversation_id: str, answer: Answer) -> int:
    """Store what the assistant answered and return its position."""
    return _store(database, conversation_id, MessageRole.ASSISTANT, ASSISTANT, answer)


def unanswered(database: Database, conversation_id: str) -> Message | None:
    """Return the person's last message if the assistant has not answered it: a turn was cut."""
    with database.reading() as session:
        talk = last_messages(
            session=session,
            conversation_id=conversation_id,
            roles=[MessageRole.USER, MessageRole.ASSISTANT],
            limit=1,
        )
    return talk[0] if talk and talk[0].role is MessageRole.USER else None


def store_decision(
    database: Database, conversation_id: str, proposal: Proposal, ruling: Ruling, speaker: str
) -> bool:
    """Store a person's answer to a proposal; False when there is one already."""
    arguments = ruling.arguments if ruling.arguments is not None else proposal.arguments
    row = DecisionCreate.of(
        interrupt_id=proposal.interrupt_id,
        conversation_id=conversation_id,
        tool=proposal.tool,
        arguments=_Arguments.model_validate(dict(arguments)),
        decision=ruling.answered,
        by=speaker,
    )
    with database.session() as session:
        return record_decision(session=session, decision=row)


def stored_ruling(database: Database, proposal: Proposal) -> Ruling | None:
    """Return what was answered to a proposal, by whomever."""
    with database.reading() as session:
        row = find_decision(session=session, interrupt_id=proposal.interrupt_id)
    return None if row is None else _ruling(row, proposal)


def was_decided(database: Database, interrupt_id: str) -> bool:
    """Say whether a proposal has its answer."""
    with database.reading() as session:
        return find_decision(session=session, interrupt_id=interrupt_id) is not None


def policy_of(digest: StudioDigest, words: str) -> ApprovalPolicy:
    """Freeze what has to be asked before in the turn that these words begin."""
    looks = [
        KnownLook(character=person.name, look=look)
        for person in digest.characters
        for look in person.looks
    ]
    return ApprovalPolicy(
        ask_before_drawing=digest.ask_before_drawing, looks=tuple(looks), words=words
    )


def _ruling(row: Decision, proposal: Proposal) -> Ruling:
    if row.decision is not Answered.APPROVE:
        return Ruling(row.decision)
    arguments = json.loads(row.arguments)
    return approve(None if arguments == proposal.arguments else arguments)


def _store(
    database: Database, conversation_id: str, role: MessageRole, author: str, answer: Answer
) -> int:
    message = MessageCreate.of(
        conversation_id=conversation_id,
        role=role,
        author=author,
        text=answer.text,
        answer=None if role is MessageRole.USER else answer,
    )
    with database.session() as session:
        return add_message(session=session, message=message).position
