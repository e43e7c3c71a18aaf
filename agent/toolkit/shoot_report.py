"""What came of a shoot: its takes or sketches numbered and shown, and what helps where none passed.

Knows stored takes and the conversation; must not draw. Shoots that one message asked for are numbered
on, so that a number means one take.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from agent.answer import LONGEST_TEXT, MOST_PICTURES, Answer
from agent.context import ChatContext
from agent.toolkit.common import badly_ended
from agent.toolkit.numbers import show_takes_as, shown_now
from agent.toolkit.take_pictures import take_pictures
from tools.contracts.digest import ShownKind
from tools.contracts.shooting import ShootRequest, ShootResult
from tools.contracts.verdicts import Outcome
from tools.jobs.local_worker import read_result
from tools.store.board import takes_by_key_start
from tools.store.conversation import MessageRole, list_jobs, list_messages
from tools.store.job import Job, JobState
from tools.store.take import Take
from tools.workflows.job_lines import job_subject
from tools.workflows.kinds import Kind
from tools.workflows.shots.cards.advice import advice
from tools.workflows.shots.cards.take_lines import count_words, take_line

OF_SKETCHES = (
    "Sketches are drawn without a LoRA and never delivered. Pick the one you like; when a LoRA is trained, "
    "“make it real” draws its shot as a take."
)
KEY_START = 16
"""Digits of a shoot's key with which the keys of its takes begin."""


def shoot_report(context: ChatContext, job: Job) -> Answer:
    """Tell of an ended shoot and number its takes; finished takes of a stopped one are shown too."""
    with context.services.database.reading() as session:
        takes = _takes_of(session, job)
        before = _numbered_before(context, session, job)
    what = "Sketching" if job.kind == Kind.SKETCH else "Drawing"
    ended = badly_ended(job, f"{what} {job_subject(job.payload)}")
    if not takes:
        return ended or Answer(text=f"{what} {job_subject(job.payload)} brought no picture.")
    shown = takes[:MOST_PICTURES]
    if len(before) + len(shown) > MOST_PICTURES:
        before = []
    show_takes_as(context, [*before, *(take.slate for take in shown)])
    lines = [
        f"{number}. {take_line(take)}" for number, take in enumerate(shown, start=len(before) + 1)
    ]
    after = [*_unsolved(job), *([OF_SKETCHES] if any(take.is_sketch for take in takes) else [])]
    text = "\n".join([_heading(job, ended, takes), *lines, *_apart(after)])
    return Answer(text=text[:LONGEST_TEXT], pictures=take_pictures(shown, first=len(before) + 1))


def _takes_of(session: Session, job: Job) -> list[Take]:
    rows = takes_by_key_start(session=session, start=f"{job.key[:KEY_START]}:")
    return [take for take, _ in rows if take.digest is not None]


def _numbered_before(context: ChatContext, session: Session, job: Job) -> list[str]:
    """Takes of shoots that the same message asked for, while they are what was shown last."""
    shown = shown_now(context)
    if shown.kind is not ShownKind.TAKES:
        return []
    jobs = list_jobs(session=session, conversation_id=context.conversation_id)
    messages = list_messages(session=session, conversation_id=context.conversation_id)
    asked = [each.created_at for each in messages if each.role is MessageRole.USER]
    together = [
        each
        for each in jobs
        if each.kind in (Kind.SHOOT, Kind.SKETCH)
        and each.id != job.id
        and _asked_by(asked, each) == _asked_by(asked, job)
    ]
    slates = {take.slate for each in together for take in _takes_of(session, each)}
    return list(shown.labels) if set(shown.labels) <= slates else []


def _asked_by(messages: Sequence[datetime], job: Job) -> int:
    """How many messages came before a job was asked for."""
    return sum(at <= job.created_at for at in messages)


def _heading(job: Job, ended: Answer | None, takes: Sequence[Take]) -> str:
    if ended is not None:
        was = "was" if len(takes) == 1 else "were"
        return f"{ended.text}\n{count_words(takes)} {was} drawn before:"
    name = ShootRequest.model_validate_json(job.payload).adapter.character
    return f"{count_words(takes)} of {name}:"


def _apart(lines: list[str]) -> list[str]:
    """Put an empty line in front, or they would be read as part of the last take."""
    return ["", *lines] if lines else []


def _unsolved(job: Job) -> list[str]:
    """A sentence for each shot of a done shoot of which nothing passed."""
    if job.state is not JobState.DONE:
        return []
    taken = read_result(job, ShootResult).takes
    lines = []
    request = ShootRequest.model_validate_json(job.payload)
    noun, sketched = ("sketch", True) if request.is_sketch else ("take", False)
    for shot in request.shots:
        verdicts = [each.verdict for each in taken if each.slate == shot.slate]
        if all(verdict.outcome is not Outcome.PASS for verdict in verdicts):
            help_with = advice(shot, verdicts, sketched=sketched)
            lines.append(f"No {noun} of {shot.slate} passed. What helps: {help_with}.")
    return lines
