"""What detector and embedder saw in a picture, kept so that none is looked at twice.

Knows one table keyed by the picture's digest and the two models' names; must not know how faces are
found nor what their distances mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Engine
from sqlmodel import Field

from tools.contracts.faces import Face
from tools.store.model import StoreModel, insert_or_ignore, now
from tools.store.sessions import session_scope


class FaceRecord(StoreModel, table=True):
    """The faces of one picture as one detector and one embedder saw them."""

    __tablename__ = "face_record"

    picture: str = Field(primary_key=True, max_length=64)
    """`tools.imaging.pictures.picture_digest` of the pixels."""
    embedder: str = Field(primary_key=True, max_length=80)
    detector: str = Field(primary_key=True, max_length=80)
    faces: str
    """JSON list of `Face`; an empty list means looked at, none found."""
    created_at: datetime = Field(default_factory=now)


class FaceCache:
    """Faces by picture digest, embedder and detector."""

    def __init__(self, engine: Engine) -> None:
        """Use a database whose tables exist (`tools.store.database.open_database`)."""
        self._engine = engine
        self._faces = TypeAdapter(tuple[Face, ...])

    def get(self, *, picture: str, embedder: str, detector: str) -> list[Face] | None:
        """Return the stored faces; None when this picture was not looked at in this way."""
        with session_scope(self._engine, read_only=True) as session:
            record = session.get(FaceRecord, (picture, embedder, detector))
            return None if record is None else list(self._faces.validate_json(record.faces))

    def put(self, *, picture: str, embedder: str, detector: str, faces: Sequence[Face]) -> None:
        """Store the faces of a picture; what was stored first stays."""
        values = {
            "picture": picture,
            "embedder": embedder,
            "detector": detector,
            "faces": self._faces.dump_json(tuple(faces)).decode(),
            "created_at": now(),
        }
        with session_scope(self._engine) as session:
            insert_or_ignore(session, FaceRecord, values)
