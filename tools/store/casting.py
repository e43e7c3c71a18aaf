"""What was cast last for a character, and which face was chosen.

Knows the table and its queries; must not know how candidates are drawn: they are the job's result.
"""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, Session

from tools.contracts.model import Seed
from tools.errors import UnknownName
from tools.store.model import StoreModel, insert_or_update


class Casting(StoreModel, table=True):
    """The last casting of a character."""

    __tablename__ = "casting"

    character_id: str = Field(primary_key=True, foreign_key="character.id", max_length=32)
    job_id: str = Field(foreign_key="job.id", max_length=32)
    """The job that drew the candidates, or cut the sheet that was brought."""
    face: int | None = Field(default=None, ge=1)
    """Number of the chosen candidate; None until one is chosen."""
    seed: Seed = Field(sa_type=BigInteger, nullable=False)


def set_casting(*, session: Session, character_id: str, job_id: str, seed: int) -> Casting:
    """Store a new casting in place of the last one; nobody is chosen yet."""
    insert_or_update(
        session,
        Casting,
        keys={"character_id": character_id},
        values={"job_id": job_id, "face": None, "seed": seed},
    )
    return session.get_one(Casting, character_id, populate_existing=True)


def find_casting(*, session: Session, character_id: str) -> Casting | None:
    """Return the character's last casting, if any."""
    return session.get(Casting, character_id)


def set_face(*, session: Session, character_id: str, face: int) -> Casting:
    """Store which candidate was chosen; whether there is one of this number, the caller knows.

    Raises:
        UnknownName: nothing was cast for this character.
    """
    casting = session.get(Casting, character_id, with_for_update=True)
    if casting is None:
        raise UnknownName("nothing was cast for this character yet; cast first, then choose a face")
    casting.face = face
    session.add(casting)
    session.flush()
    return casting
