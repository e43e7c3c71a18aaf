from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes, trained
from tools.contracts.briefs import AspectRatio, LookBrief, ProductionStyle
from tools.contracts.casting import CandidateFace, Candidates, CastingRequest
from tools.contracts.digest import Shown, ShownKind, StudioDigest
from tools.contracts.photography import Framing
from tools.contracts.verdicts import Outcome
from tools.errors import UnknownName
from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.casting import set_casting, set_face
from tools.store.character import choose_lora
from tools.store.conversation import UploadCreate, add_upload, set_shown, start_conversation
from tools.store.job import JobState, get_job
from tools.store.model import canonical_json
from tools.store.production import set_aspect_ratio, set_base, set_style
from tools.store.shot import get_shot, omit_shot
from tools.store.take import pick_take
from tools.workflows.digest import production_row, studio_digest
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter


@contextmanager
def counted_queries(services: Services) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(services.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(services.database.engine, "before_cursor_execute", note)


def test_an_empty_production_is_started_and_has_nothing(services: Services) -> None:
    found = studio_digest(services, "The Long Night")
    assert found == StudioDigest(production="The Long Night")
    assert production_row(services, "The Long Night").name == "The Long Night"


def test_style_and_base_are_the_production_s_own(services: Services) -> None:
    owner = production_row(services, "studio").id
    with services.database.session() as session:
        style = ProductionStyle(film_stock="Kodak 5219", palette="muted blues", tone=("quiet",))
        set_style(session=session, production_id=owner, style=style)
        set_aspect_ratio(session=session, production_id=owner, aspect_ratio=AspectRatio.SCOPE)
        set_base(session=session, production_id=owner, base="sdxl")
    found = studio_digest(services, "studio")
    assert found.style == "Kodak 5219, muted blues, quiet"
    assert (found.aspect_ratio, found.base, found.bases) == ("2.39:1", "sdxl", ("maquette",))


def test_a_character_s_way_from_casting_to_version(
    services: Services, daro: LoadedCharacter
) -> None:
    store = JobStore(services.database)
    request = CastingRequest(production="studio", character="Daro", base="maquette", seed=1)
    job_id = store.enqueue(kind=Kind.CAST, payload=request, production_id=daro.production_id)
    with services.database.session() as session:
        set_casting(session=session, character_id=daro.id, job_id=job_id, seed=1)
    (line,) = studio_digest(services, "studio").jobs
    assert (line.kind, line.state, line.subject) == ("cast", "approved", "Daro")
    face = CandidateFace(number=1, sheet="a" * 64, portraits=(), distances=(), score=None)
    with services.database.session() as session:
        job = get_job(session=session, job_id=job_id)
        job.state = JobState.DONE
        faces = (face, face.model_copy(update={"number": 2}))
        job.result = canonical_json(Candidates(candidates=faces, suggested=None))
        set_face(session=session, character_id=daro.id, face=2)
    trained(services, base="maquette")
    trained(services, base="sdxl")
    found = studio_digest(services, "studio")
    assert not found.jobs
    (state,) = found.characters
    assert (state.candidates, state.chosen_face, state.references) == (2, 2, 1)
    assert state.gate is None
    assert (state.versions, state.version_in_use) == ((1, 2), 1), "the second is of another base"


def test_the_version_in_use_is_the_chosen_one_of_the_base(
    services: Services, daro: LoadedCharacter
) -> None:
    for _ in range(2):
        trained(services, base="maquette")
    with services.database.session() as session:
        choose_lora(session=session, character_id=daro.id, version=1)
    (state,) = studio_digest(services, "studio").characters
    assert (state.versions, state.version_in_use) == ((1, 2), 1)
    with services.database.session() as session:
        choose_lora(session=session, character_id=daro.id, version=None)
    assert studio_digest(services, "studio").characters[0].version_in_use == 2


def test_looks_of_the_brief_are_listed_behind_the_default(
    services: Services, make_character: Callable[..., LoadedCharacter]
) -> None:
    fight = LookBrief(name="after the fight", injuries=("split lip",))
    make_character(looks=(fight.model_dump(),))
    (state,) = studio_digest(services, "studio").characters
    assert state.looks == ("default", "after the fight")


def test_scenes_with_their_shots_takes_and_picks(services: Services, daro: LoadedCharacter) -> None:
    wide = shot("2A", framing=Framing.WIDE)
    plan(services, shot("12A"), shot("12B"), wide)
    stored = takes(services, shot("12A"), [REJECTED, PASSED])
    with services.database.session() as session:
        pick_take(session=session, take_id=stored[1].id)
        gone = get_shot(session=session, production_id=daro.production_id, slate="12B")
        omit_shot(session=session, shot_id=gone.id)
    second, twelfth = studio_digest(services, "studio").scenes
    assert (second.number, second.place, second.light) == (2, "a cafe", "soft window light")
    assert [each.slate for each in twelfth.shots] == ["12A"], "an omitted shot is not shown"
    assert (twelfth.shots[0].takes, twelfth.shots[0].picked) == (2, "12A T2")
    assert twelfth.shots[0].characters == ("Daro",)
    assert (second.shots[0].framing, second.shots[0].takes) == (Framing.WIDE, 0)


def test_what_a_conversation_showed_and_was_given(services: Services) -> None:
    owner = production_row(services, "studio").id
    shown = Shown(kind=ShownKind.TAKES, labels=("12A T1", "12A T2"))
    with services.database.session() as session:
        talk = start_conversation(session=session, production_id=owner)
        set_shown(session=session, conversation_id=talk.id, shown=shown)
        add_upload(
            session=session,
            upload=UploadCreate(conversation_id=talk.id, digest="b" * 64, file_name="me.png"),
        )
    found = studio_digest(services, "studio", talk.id)
    assert (found.shown, found.attachments) == (shown, 1)
    assert studio_digest(services, "studio").shown == Shown()
    with pytest.raises(UnknownName, match="no conversation nobody; start a new one"):
        studio_digest(services, "studio", "nobody")


def test_queries_do_not_grow_with_rows(services: Services, daro: LoadedCharacter) -> None:
    plan(services, shot("1A"))
    takes(services, shot("1A"), [PASSED])
    trained(services, base="maquette")
    with counted_queries(services) as few:
        studio_digest(services, "studio")
    plan(services, *(shot(f"{scene}{letter}") for scene in (2, 3, 4) for letter in "ABC"))
    takes(services, shot("2A"), [PASSED] * 20)
    trained(services, base="maquette")
    with counted_queries(services) as many:
        found = studio_digest(services, "studio")
    assert sum(each.takes for scene in found.scenes for each in scene.shots) == 21
    assert len(many) == len(few) <= 16
    assert {statement.split()[0] for statement in many} == {"PRAGMA", "BEGIN", "SELECT"}


def test_it_reads_back_from_its_own_json(services: Services, daro: LoadedCharacter) -> None:
    plan(services, shot("12A"))
    takes(services, shot("12A"), [REJECTED])
    found = studio_digest(services, "studio")
    assert StudioDigest.model_validate_json(found.model_dump_json()) == found
    assert REJECTED.outcome is Outcome.REJECT
