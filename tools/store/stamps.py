"""One short text that is another one as soon as a production's takes, or what people said, changed.

Knows the tables; must not know who compares it. A handful of counting queries, so that a page may ask
every second.
"""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from tools.store.conversation import Message
from tools.store.review import Comment, Vote
from tools.store.scene import Scene
from tools.store.shot import Shot
from tools.store.take import Take


def takes_stamp(*, session: Session, production_id: str) -> str:
    """Return the stamp of a production's takes, votes and comments."""
    shots = (
        select(Shot.id)
        .join(Scene, col(Scene.id) == Shot.scene_id)
        .where(Scene.production_id == production_id, col(Shot.omitted).is_(False))
    )
    takes = select(Take.id).where(col(Take.shot_id).in_(shots))
    said = session.exec(
        select(
            func.count(col(Take.verdict)),
            func.count(col(Take.picked_at)),
            func.count(col(Take.rejected_at)),
            func.max(col(Take.picked_at)),
        ).where(col(Take.shot_id).in_(shots))
    ).one()
    refused = select(func.max(Take.rejected_at)).where(col(Take.shot_id).in_(shots))
    votes = select(func.count(), func.max(Vote.at)).where(col(Vote.take_id).in_(takes))
    comments = select(func.count()).where(col(Comment.take_id).in_(takes))
    return str(
        (
            session.exec(select(func.count()).select_from(shots.subquery())).one(),
            session.exec(select(func.count()).select_from(takes.subquery())).one(),
            tuple(said),
            session.exec(refused).one(),
            tuple(session.exec(votes).one()),
            session.exec(comments).one(),
        )
    )


def chat_stamp(*, session: Session, conversation_id: str) -> str:
    """Return the stamp of a conversation's messages."""
    last = select(func.max(Message.position)).where(col(Message.conversation_id) == conversation_id)
    return f"{conversation_id}:{session.execute(last).scalar()}"
