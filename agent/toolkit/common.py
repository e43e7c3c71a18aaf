"""What several tools need: the character, the base, jobs that are asked for, and how a failure is said.

Knows the context; must not know what a single tool does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import BaseModel

from agent.answer import Answer
from agent.context import ChatContext
from tools.contracts.bases import BaseRow
from tools.contracts.progress import ProgressSink
from tools.contracts.shots import Removal, Replacement
from tools.errors import Refused
from tools.jobs.keys import job_key
from tools.language.prompt.identity import replacement_words
from tools.store.job import Job, JobState, find_job
from tools.store.lora_version import LoraVersion
from tools.workflows.digest import base_of, production_row
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter, load_character
from tools.workflows.sets.review.set_review import StoredSet, newest_stored_set

_WAITING = frozenset({JobState.APPROVED, JobState.CLAIMED, JobState.SUBMITTED})


@dataclass(frozen=True)
class AskedJob:
    """A job that was asked for."""

    job: Job
    was_done: bool
    """Its result is there from an earlier time."""
    was_waiting: bool
    """It was asked for before and has not ended yet."""

    @property
    def jobs(self) -> tuple[str, ...]:
        """Its id, while it goes on."""
        return () if self.was_done else (self.job.id,)


def character_of(context: ChatContext, name: str) -> LoadedCharacter:
    """Return a character of this production.

    Raises:
        UnknownName: there is none; the message lists those there are.
    """
    return load_character(context.services, context.production, name)


def references_of(context: ChatContext, character: LoadedCharacter) -> StoredSet:
    """Return a character's newest reference set.

    Raises:
        Refused: there is none; the message says what makes one.
    """
    found = newest_stored_set(context.services, character.id)
    if found is None:
        raise Refused(
            f"{character.name} has no references yet; build them from a chosen face, or bring photos"
        )
    return found


def base_name(context: ChatContext) -> str:
    """Return the base that this production draws with."""
    return base_of(context.services, production_row(context.services, context.production))


def base_row(context: ChatContext) -> BaseRow:
    """Return the row of the base that this production draws with."""
    return context.services.catalog.row(base_name(context))


def ask_for(context: ChatContext, kind: Kind, payload: BaseModel) -> AskedJob:
    """Ask for a long job, and link it to the conversation while there is an end to report."""
    asked = _asked(context, kind, payload)
    if not asked.was_done:
        context.started(asked.job.id)
    return asked


def settle(context: ChatContext, kind: Kind, payload: BaseModel, watch: ProgressSink) -> AskedJob:
    """Ask for a short job and wait for it; its tool tells of it, so that no report is due.

    Raises:
        SamecastError: what the job raised.
    """
    asked = _asked(context, kind, payload)
    if asked.was_done:
        return asked
    return replace(asked, job=context.settle(asked.job.id, watch))


def _asked(context: ChatContext, kind: Kind, payload: BaseModel) -> AskedJob:
    with context.services.database.reading() as session:
        known = find_job(session=session, key=job_key(kind, payload))
    production = production_row(context.services, context.production)
    job_id = context.jobs.enqueue(kind=kind, payload=payload, production_id=production.id)
    job = context.jobs.jobs([job_id])[0]
    return AskedJob(
        job,
        was_done=job.state is JobState.DONE,
        was_waiting=known is not None and known.state in _WAITING,
    )


def badly_ended(job: Job, what: str) -> Answer | None:
    """Say how a job ended that is not done; None for one that is."""
    match job.state:
        case JobState.DONE:
            return None
        case JobState.FAILED:
            return Answer(text=f"{what} failed: {job.message or job.error or 'no reason is known'}")
        case JobState.CANCELLED:
            return Answer(text=f"{what} was cancelled; what was finished is kept.")
        case _:
            return Answer(text=f"{what} has not ended: it is {job.state.value}.")


def sketch_note(names: list[str], base: str) -> str:
    """Say why what is drawn of some people are sketches, and what makes takes of them."""
    who, one = listed(names), len(names) == 1
    return (
        f"{who} {'has' if one else 'have'} no LoRA for {base} yet, so what is drawn is a sketch: to look "
        f"at, never delivered. Once {who} {'is' if one else 'are'} trained (“train {names[0]}”), say: draw "
        "the sketches for real."
    )


def score_words(lora: LoraVersion) -> str:
    """Return a version's score: `identity score 0.031`."""
    return "no score" if lora.score is None else f"identity score {lora.score:.3f}"


def listed(items: list[str]) -> str:
    """Return items as a list in a sentence: `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def replaced_words(replaced: Iterable[Replacement]) -> list[str]:
    """Say which words the base does not know or draws otherwise, and what stands in their place."""
    return [f"{replacement_words(each)}." for each in replaced]


def taken_out(removed: Iterable[Removal]) -> list[str]:
    """Say what was taken out of somebody's words, with the reason, once for each reason."""
    reasons: dict[str, list[str]] = {}
    for each in removed:
        reasons.setdefault(each.reason, []).append(f"“{each.term}”")
    return [f"Taken out: {listed(terms)}; it {reason}." for reason, terms in reasons.items()]
