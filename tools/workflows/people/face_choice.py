"""What was cast last for a character, and which face the director chose.

Knows the casting's row and its job; must not draw.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.contracts.casting import CandidateFace, Candidates
from tools.errors import BadInput, Refused
from tools.services import Services
from tools.store.casting import find_casting, set_casting, set_face
from tools.store.character import find_look
from tools.store.identity_block import block_in_force
from tools.store.job import Job, JobState, get_job
from tools.workflows.people.characters import LoadedCharacter, vocabulary_of

SEEDS_OF_A_BLOCK = 1000
"""Seeds of one version of the identity block: other faces count up, another block starts anew."""


@dataclass(frozen=True)
class LastCasting:
    """The last casting of a character."""

    job: Job
    candidates: Candidates | None
    """None while the job is not done."""
    face: int | None
    seed: int


def last_casting(services: Services, character_id: str) -> LastCasting | None:
    """Return what was cast last, if anything."""
    with services.database.reading() as session:
        row = find_casting(session=session, character_id=character_id)
        if row is None:
            return None
        job = get_job(session=session, job_id=row.job_id)
    done = job.state is JobState.DONE and job.result is not None
    found = Candidates.model_validate_json(job.result or "") if done else None
    return LastCasting(job, found, row.face, row.seed)


def block_version(services: Services, character: LoadedCharacter, base: str) -> int:
    """Return which version of the identity block is in force for a base; 1 before the first."""
    with services.database.reading() as session:
        look = find_look(session=session, character_id=character.id)
        block = look and block_in_force(
            session=session, look_id=look.id, vocabulary=vocabulary_of(services, base).name
        )
    return block.version if block else 1


def casting_seed(services: Services, character: LoadedCharacter, base: str, *, others: bool) -> int:
    """Return the seed to cast with: the last one, the next for others, a fresh one for a new block."""
    first = (block_version(services, character, base) - 1) * SEEDS_OF_A_BLOCK + 1
    last = last_casting(services, character.id)
    if last is None or last.seed < first:
        return first
    return last.seed + 1 if others else last.seed


def remember_casting(services: Services, character_id: str, job_id: str, seed: int) -> None:
    """Keep a casting as the last one; the very same job keeps the face that was chosen in it."""
    with services.database.session() as session:
        row = find_casting(session=session, character_id=character_id)
        if row is None or row.job_id != job_id:
            set_casting(session=session, character_id=character_id, job_id=job_id, seed=seed)


def take_face(services: Services, character: LoadedCharacter, number: int) -> CandidateFace:
    """Choose a candidate of the last casting.

    Raises:
        Refused: nothing was cast yet, or the faces are not drawn.
        BadInput: no candidate of that number; the message says how many there are.
    """
    face = choose_face(_drawn(services, character), number)
    with services.database.session() as session:
        set_face(session=session, character_id=character.id, face=face.number)
    return face


def chosen_face(services: Services, character: LoadedCharacter) -> CandidateFace:
    """Return the face that the director chose.

    Raises:
        Refused: none was chosen; the message says which agrees best.
    """
    found = _drawn(services, character)
    last = last_casting(services, character.id)
    if last is None or last.face is None:
        best = f" (face {found.suggested} agrees best)" if found.suggested else ""
        raise Refused(f"no face of {character.name} is chosen yet; choose one first{best}")
    return choose_face(found, last.face)


def ranked_faces(candidates: Candidates) -> list[int]:
    """Return the numbers of the candidates that have two readable portraits, the best agreement first."""
    scored = [
        (face.number != candidates.suggested, face.score, face.number)
        for face in candidates.candidates
        if face.score is not None
    ]
    return [number for _, _, number in sorted(scored)]


def face_if_chosen(services: Services, character: LoadedCharacter) -> CandidateFace | None:
    """Return the face that the director chose, or None before that."""
    last = last_casting(services, character.id)
    if last is None or last.candidates is None or last.face is None:
        return None
    return choose_face(last.candidates, last.face)


def choose_face(candidates: Candidates, number: int | None) -> CandidateFace:
    """Return the candidate that a person named, else the one whose portraits agree best.

    Raises:
        BadInput: no candidate of that number.
        Refused: none was named and no sheet has two readable faces.
    """
    wanted = number if number is not None else candidates.suggested
    if wanted is None:
        raise Refused("no sheet has two portraits with a readable face; cast with another seed")
    for face in candidates.candidates:
        if face.number == wanted:
            return face
    raise BadInput(f"no candidate {wanted}; there are 1 to {len(candidates.candidates)}")


def _drawn(services: Services, character: LoadedCharacter) -> Candidates:
    last = last_casting(services, character.id)
    if last is None:
        raise Refused(
            f"nothing was cast for {character.name} yet; cast faces first, or bring a sheet"
        )
    if last.candidates is not None:
        return last.candidates
    if last.job.state in (JobState.FAILED, JobState.CANCELLED):
        raise Refused(
            f"the last casting of {character.name} was {last.job.state}; cast again first"
        )
    raise Refused(f"the faces of {character.name} are not drawn yet; wait for them")
