"""A whole production at one glance: a handful of queries over all of its rows, never one a row.

Knows how the tables hang together; must not know what a board or a conversation shows of them.
Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from tools.store.casting import Casting
from tools.store.character import Character, Look, list_characters
from tools.store.identity_block import IdentityBlock
from tools.store.job import Job, JobState
from tools.store.lora_version import LoraVersion
from tools.store.reference_set import ReferenceImage, ReferenceSet
from tools.store.scene import Scene, list_scenes
from tools.store.shot import Shot
from tools.store.take import Take

OPEN = frozenset(
    {
        JobState.PROPOSED,
        JobState.APPROVED,
        JobState.CLAIMED,
        JobState.SUBMITTED,
        JobState.UNKNOWN,
    }
)
"""States of a job that waits, runs, or wants a person."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class CharacterRows:
    """A character with what was made for it."""

    character: Character
    newest_set: ReferenceSet | None
    references: int
    """Kept images of the newest set."""
    versions: tuple[LoraVersion, ...]
    """Oldest first."""
    casting: Casting | None
    candidates: str | None
    """Result JSON of the job that cast last; None while it is not done."""


class TakeCounts(NamedTuple):
    """What was drawn of a shot; a sketch counts as no take."""

    takes: int = 0
    picked: str | None = None
    """Slate of the picked take."""
    sketches: int = 0
    liked: str | None = None
    """Slate of the picked sketch."""
    newest_take: int | None = None
    """Number of the newest take."""


@dataclass(frozen=True)
class ShotRows:
    """A shot with what was drawn of it; the fields are those of `TakeCounts`."""

    shot: Shot
    takes: int
    picked: str | None
    sketches: int = 0
    liked: str | None = None
    newest_take: int | None = None


def production_characters(*, session: Session, production_id: str) -> list[CharacterRows]:
    """Return the production's characters by name, in five queries."""
    characters = list_characters(session=session, production_id=production_id)
    ids = [character.id for character in characters]
    sets = _newest_sets(session, ids)
    counts = _image_counts(session, [each.id for each in sets.values()])
    versions = _versions(session, ids)
    castings = _castings(session, ids)
    return [
        CharacterRows(
            character=character,
            newest_set=sets.get(character.id),
            references=counts.get(sets[character.id].id, 0) if character.id in sets else 0,
            versions=tuple(versions.get(character.id, ())),
            casting=castings[character.id][0] if character.id in castings else None,
            candidates=castings[character.id][1] if character.id in castings else None,
        )
        for character in characters
    ]


def production_scenes(
    *, session: Session, production_id: str, with_omitted: bool = False
) -> list[tuple[Scene, list[ShotRows]]]:
    """Return scenes and their shots in slate order, in three queries."""
    scenes = list_scenes(session=session, production_id=production_id, with_omitted=with_omitted)
    takes = _take_counts(session, production_id)
    query = (
        select(Shot)
        .join(Scene, col(Scene.id) == Shot.scene_id)
        .where(Scene.production_id == production_id)
        .order_by(col(Shot.ordinal))
    )
    if not with_omitted:
        query = query.where(col(Shot.omitted).is_(False))
    rows = [ShotRows(shot, *takes.get(shot.id, TakeCounts())) for shot in session.exec(query)]
    by_scene = _grouped((row.shot.scene_id, row) for row in rows)
    return [(scene, by_scene.get(scene.id, [])) for scene in scenes]


def takes_by_key_start(*, session: Session, start: str) -> list[tuple[Take, Shot]]:
    """Return the takes whose keys begin so, with their shots, in slate order."""
    query = (
        select(Take, Shot)
        .join(Shot, col(Shot.id) == Take.shot_id)
        .join(Scene, col(Scene.id) == Shot.scene_id)
        .where(col(Take.key).startswith(start))
        .order_by(col(Scene.number), col(Shot.ordinal), col(Take.number))
    )
    return list(session.exec(query))


def takes_of_slates(*, session: Session, production_id: str, slates: Collection[str]) -> list[Take]:
    """Return the production's takes of these slates (`12A T3`), in no order."""
    if not slates:
        return []
    query = (
        select(Take)
        .join(Shot, col(Shot.id) == Take.shot_id)
        .join(Scene, col(Scene.id) == Shot.scene_id)
        .where(Scene.production_id == production_id, col(Take.slate).in_(slates))
    )
    return list(session.exec(query))


def confirmed_blocks(
    *, session: Session, production_id: str
) -> dict[str, list[tuple[IdentityBlock, str]]]:
    """Return the confirmed identity blocks with their looks' names by character id, oldest first."""
    rows = session.exec(
        select(IdentityBlock, Look.name)
        .join(Look, col(Look.id) == IdentityBlock.look_id)
        .join(Character, col(Character.id) == IdentityBlock.character_id)
        .where(
            Character.production_id == production_id,
            col(IdentityBlock.confirmed_at).is_not(None),
        )
        .order_by(col(IdentityBlock.version))
    )
    return _grouped((block.character_id, (block, look)) for block, look in rows)


def kept_images(*, session: Session, set_ids: Collection[str]) -> dict[str, list[ReferenceImage]]:
    """Return the images of these sets that were not dropped, by set id and in order."""
    rows = session.exec(
        select(ReferenceImage)
        .where(col(ReferenceImage.set_id).in_(set_ids), col(ReferenceImage.dropped).is_(False))
        .order_by(col(ReferenceImage.position))
    )
    return _grouped((row.set_id, row) for row in rows)


def newest_jobs(*, session: Session, production_id: str, limit: int) -> list[Job]:
    """Return the production's jobs that were asked for last, newest first."""
    return list(
        session.exec(
            select(Job)
            .where(Job.production_id == production_id)
            .order_by(col(Job.created_at).desc(), col(Job.id))
            .limit(limit)
        )
    )


def open_jobs(*, session: Session, production_id: str) -> list[Job]:
    """Return the production's jobs that wait, run or want a person, oldest first."""
    return list(
        session.exec(
            select(Job)
            .where(Job.production_id == production_id, col(Job.state).in_(OPEN))
            .order_by(col(Job.created_at), col(Job.id))
        )
    )


def _newest_sets(session: Session, ids: Collection[str]) -> dict[str, ReferenceSet]:
    newest = (
        select(ReferenceSet.character_id, func.max(ReferenceSet.version).label("version"))
        .where(col(ReferenceSet.character_id).in_(ids))
        .group_by(col(ReferenceSet.character_id))
        .subquery()
    )
    rows = session.exec(
        select(ReferenceSet).join(
            newest,
            (newest.c.character_id == ReferenceSet.character_id)
            & (newest.c.version == ReferenceSet.version),
        )
    )
    return {row.character_id: row for row in rows}


def _image_counts(session: Session, set_ids: Collection[str]) -> dict[str, int]:
    rows = session.exec(
        select(ReferenceImage.set_id, func.count())
        .where(col(ReferenceImage.set_id).in_(set_ids), col(ReferenceImage.dropped).is_(False))
        .group_by(col(ReferenceImage.set_id))
    )
    return dict(rows.all())


def _versions(session: Session, ids: Collection[str]) -> dict[str, list[LoraVersion]]:
    rows = session.exec(
        select(LoraVersion)
        .where(col(LoraVersion.character_id).in_(ids))
        .order_by(col(LoraVersion.version))
    )
    return _grouped((row.character_id, row) for row in rows)


def _castings(session: Session, ids: Collection[str]) -> Mapping[str, tuple[Casting, str | None]]:
    rows = session.exec(
        select(Casting, Job.result)
        .join(Job, col(Job.id) == Casting.job_id)
        .where(col(Casting.character_id).in_(ids))
    )
    return {casting.character_id: (casting, result) for casting, result in rows}


def _take_counts(session: Session, production_id: str) -> dict[str, TakeCounts]:
    sketch, picked = col(Take.is_sketch).is_(True), col(Take.picked_at).is_not(None)
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Take.shot_id,
            func.count(case((~sketch, 1))),
            func.max(case((picked & ~sketch, Take.slate))),
            func.count(case((sketch, 1))),
            func.max(case((picked & sketch, Take.slate))),
            func.max(case((~sketch, Take.number))),
        )
        .join(Shot, col(Shot.id) == Take.shot_id)
        .join(Scene, col(Scene.id) == Shot.scene_id)
        .where(Scene.production_id == production_id)
        .group_by(col(Take.shot_id))
    )
    return {shot_id: TakeCounts(*counts) for shot_id, *counts in rows}


def _grouped(pairs: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for key, row in pairs:
        groups.setdefault(key, []).append(row)
    return groups
