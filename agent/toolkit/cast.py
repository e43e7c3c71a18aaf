"""`cast`: candidate faces side by side, and what is said when they are drawn."""

from __future__ import annotations

import json

from pydantic import Field

from agent.answer import Answer, AnswerPicture
from agent.context import ChatContext
from agent.toolkit.common import (
    ask_for,
    badly_ended,
    base_name,
    character_of,
)
from agent.toolkit.numbers import show
from agent.toolkit.tool import ChatTool, always
from tools.contracts.casting import CandidateFace, Candidates, CastingRequest
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.jobs.local_worker import read_result
from tools.language.text import plural
from tools.store.job import Job
from tools.workflows.bases.calibrations import calibration_name
from tools.workflows.kinds import Kind
from tools.workflows.people.face_choice import casting_seed, last_casting, remember_casting


class Cast(Contract):
    """Draw candidate faces side by side; `others` draws new ones instead of those shown before."""

    character: Name
    candidates: int = Field(default=4, ge=1, le=12)
    others: bool = False


def cast(arguments: Cast, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Start drawing candidate faces.

    Raises:
        UnknownName: no such character.
    """
    character, base = character_of(context, arguments.character), base_name(context)
    seed = casting_seed(context.services, character, base, others=arguments.others)
    request = CastingRequest(
        production=context.production,
        character=character.name,
        base=base,
        candidates=arguments.candidates,
        seed=seed,
        calibration=calibration_name(context.services, base, character.brief),
    )
    asked = ask_for(context, Kind.CAST, request)
    remember_casting(context.services, character.id, asked.job.id, seed)
    if asked.was_done:
        return _faces(
            context, asked.job, "These faces are there already; ask for others to see new ones."
        )
    how = "is being drawn already" if asked.was_waiting else "is started"
    return Answer(
        text=f"The casting of {character.name} {how}: {plural(arguments.candidates, 'face')}, "
        "one sheet of portraits each.",
        jobs=asked.jobs,
    )


def cast_report(context: ChatContext, job: Job) -> Answer:
    """Say which faces were drawn, or cut from a sheet, and show them."""
    name = json.loads(job.payload)["character"]
    return badly_ended(job, f"The casting of {name}") or _faces(context, job, "")


def _card(arguments: Cast, _context: ChatContext) -> str:
    return f"Draw {arguments.candidates} candidate faces of {arguments.character}."


def _faces(context: ChatContext, job: Job, before: str) -> Answer:
    name = json.loads(job.payload)["character"]
    found = read_result(job, Candidates)
    last = last_casting(context.services, character_of(context, name).id)
    is_newest = last is not None and last.job.id == job.id
    if is_newest:
        labels = tuple(str(face.number) for face in found.candidates)
        show(context, Shown(kind=ShownKind.FACES, character=name, labels=labels))
    pictures = tuple(_picture(face, name, numbered=is_newest) for face in found.candidates)
    there = f"{plural(len(pictures), 'face')} of {name}:"
    said = [before, there, *(f"{_agreement(face)}." for face in found.candidates), _best(found)]
    return Answer(text=" ".join(part for part in said if part), pictures=pictures)


def _picture(face: CandidateFace, name: str, *, numbered: bool) -> AnswerPicture:
    return AnswerPicture(
        digest=face.sheet,
        label=f"{name}, {_agreement(face)}",
        number=face.number if numbered else None,
    )


def _agreement(face: CandidateFace) -> str:
    if face.score is None:
        count = plural(len(face.distances), "portrait")
        return f"face {face.number}: a face is read in fewer than two of its {count}"
    read = sum(distance is not None for distance in face.distances)
    many = f"{read} of {plural(len(face.distances), 'portrait')} readable"
    return f"face {face.number}: {many}, mean distance {face.score:.3f}"


def _best(found: Candidates) -> str:
    if found.suggested is None:
        return "No sheet has two readable faces: ask for others, or choose by eye (“take face 2”)."
    if len(found.candidates) == 1:
        return "Choose it, ask for others, or bring a sheet or photos."
    return (
        f"Face {found.suggested}'s portraits agree best (smaller is nearer). "
        "Choose one, ask for others, or bring a sheet or photos."
    )


TOOL = ChatTool("cast", Cast, cast, card=_card, draws=always, reports={Kind.CAST: cast_report})
