from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.tools.store.store_rows import add_job
from tools.errors import UnknownName
from tools.store.casting import find_casting, set_casting, set_face
from tools.store.character import Character


def test_a_new_casting_takes_the_place_of_the_last_and_nobody_is_chosen(
    session: Session, character: Character
) -> None:
    assert find_casting(session=session, character_id=character.id) is None
    jobs = [add_job(session).id for _ in range(2)]
    set_casting(session=session, character_id=character.id, job_id=jobs[0], seed=7)
    assert set_face(session=session, character_id=character.id, face=3).face == 3
    again = set_casting(session=session, character_id=character.id, job_id=jobs[1], seed=2**32 - 1)
    assert (again.job_id, again.face, again.seed) == (jobs[1], None, 2**32 - 1)
    assert find_casting(session=session, character_id=character.id) == again


def test_a_face_is_chosen_after_casting_only(session: Session, character: Character) -> None:
    with pytest.raises(UnknownName, match="nothing was cast for this character yet; cast first"):
        set_face(session=session, character_id=character.id, face=1)
