from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from tests.tools.store.store_rows import add_rows
from tools.contracts.photography import Layer
from tools.store.board import confirmed_blocks, kept_images, newest_jobs, takes_of_slates
from tools.store.character import Character, Look
from tools.store.identity_block import IdentityBlockCreate, confirm_block, propose_block
from tools.store.job import Job, JobState
from tools.store.model import now
from tools.store.production import Production
from tools.store.reference_set import (
    Origin,
    ReferenceImageCreate,
    add_image,
    drop_image,
    start_set,
)


def test_blocks_are_the_confirmed_ones_with_their_looks(
    session: Session, production: Production, character: Character, look: Look
) -> None:
    for text in ("tan skin", "pale skin", "grey skin"):
        create = IdentityBlockCreate(
            character_id=character.id, look_id=look.id, vocabulary="maquette", text=text
        )
        block = propose_block(session=session, block=create)
        if text != "grey skin":
            confirm_block(session=session, block_id=block.id)
    found = confirmed_blocks(session=session, production_id=production.id)
    assert {
        owner: [(block.text, name) for block, name in blocks] for owner, blocks in found.items()
    } == {character.id: [("tan skin", look.name), ("pale skin", look.name)]}
    assert confirmed_blocks(session=session, production_id="0" * 32) == {}


def test_images_of_several_sets_are_read_at_once_without_dropped_ones(
    session: Session, character: Character
) -> None:
    sets = [
        start_set(session=session, character_id=character.id, origin=Origin.PHOTOS).id
        for _ in range(2)
    ]
    for set_id in sets:
        for letter in "ab":
            image = ReferenceImageCreate(
                set_id=set_id, digest=letter * 64, caption="Mara", layer=Layer.PHOTO
            )
            row = add_image(session=session, image=image)
    drop_image(session=session, image_id=row.id)
    found = kept_images(session=session, set_ids=sets)
    assert {key: [image.digest[0] for image in images] for key, images in found.items()} == {
        sets[0]: ["a", "b"],
        sets[1]: ["a"],
    }


def test_the_newest_jobs_come_first(session: Session, production: Production) -> None:
    for number in range(3):
        job = Job(
            key=f"{number}" * 64,
            kind="draw",
            payload=f"{number}",
            state=JobState.DONE,
            production_id=production.id,
            created_at=now() + timedelta(seconds=number),
        )
        session.add(job)
    session.flush()
    found = newest_jobs(session=session, production_id=production.id, limit=2)
    assert [job.payload for job in found] == ["2", "1"]


def test_takes_are_found_by_slate_in_their_own_production(session: Session) -> None:
    rows = add_rows(session)
    found = takes_of_slates(
        session=session, production_id=rows.production, slates=["12A T1", "12A T9"]
    )
    assert [take.id for take in found] == [rows.take]
    assert takes_of_slates(session=session, production_id=rows.production, slates=[]) == []
    assert takes_of_slates(session=session, production_id="0" * 32, slates=["12A T1"]) == []
