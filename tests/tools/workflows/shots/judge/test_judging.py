from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.support.micro_studio import WELL_READ, frame
from tools.contracts.faces import Face
from tools.contracts.photography import Framing, Layer, View
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.contracts.verdicts import Outcome
from tools.errors import Refused, UnknownName
from tools.services import Services
from tools.store.reference_set import Origin, ReferenceImageCreate, add_image, start_set
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.judge.judging import Asked, asked_of, build_judge, reference_embeddings

CAST_FACES = Path(__file__).parents[4] / "data" / "cast_faces.json"
CLOSE_UP = Asked(Framing.CLOSE_UP, View.FRONTAL)


def store_set(services: Services, character: LoadedCharacter, files: list[Path]) -> str:
    digests = [services.files.put_file(file).digest for file in files]
    with services.database.session() as session:
        row = start_set(session=session, character_id=character.id, origin=Origin.PHOTOS)
        for digest in digests:
            image = ReferenceImageCreate(
                set_id=row.id, digest=digest, caption=character.name, layer=Layer.PHOTO
            )
            add_image(session=session, image=image)
    return row.id


def test_a_character_of_the_cast_is_no_stranger_to_itself(
    services: Services, daro: LoadedCharacter
) -> None:
    own = store_set(services, daro, [frame(2, number) for number in WELL_READ])
    judge = build_judge(services, own, "maquette")
    assert sorted(judge.strangers.centroids) == [f"cast-{n}" for n in (0, 1, 3, 4, 5, 6, 7)]
    assert sorted(judge.person.training_pictures) == [f"reference {n}" for n in range(1, 7)]

    pictures = [Image.open(path).convert("RGB") for path in (frame(2, 10), frame(6, 0))]
    (own_take, own_embedding), (other_take, _) = judge.look(pictures, [CLOSE_UP, CLOSE_UP])
    assert own_take.nearest == "own"
    assert own_take.csfd_own is not None
    assert own_take.csfd_other is not None
    assert own_take.csfd_own < own_take.csfd_other
    assert own_embedding is not None
    assert other_take.nearest == "cast-6"
    assert other_take.csfd_own is not None
    assert other_take.csfd_own > own_take.csfd_own


def test_somebody_new_has_all_eight_as_strangers(services: Services, daro: LoadedCharacter) -> None:
    mixed = store_set(services, daro, [frame(person, 0) for person in (0, 2, 4, 6)])
    assert len(build_judge(services, mixed, "maquette").strangers.centroids) == 8


def test_a_copy_of_a_reference_is_named(services: Services, daro: LoadedCharacter) -> None:
    own = store_set(services, daro, [frame(2, number) for number in WELL_READ])
    picture = Image.open(frame(2, WELL_READ[1])).convert("RGB")
    ((verdict, _),) = build_judge(services, own, "maquette").look([picture], [CLOSE_UP])
    assert verdict.copy_of == "reference 2"


def test_another_coat_than_the_looks_is_a_reject_with_its_colours(
    services: Services, daro: LoadedCharacter
) -> None:
    own = store_set(services, daro, [frame(2, number) for number in (10, 13, 14, 16)])
    judge = build_judge(services, own, "maquette", services.catalog.row("maquette"))
    assert judge.outfits["default"].garment == "white"
    meant = Asked(Framing.MEDIUM, View.FRONTAL)
    pictures = [Image.open(path).convert("RGB") for path in (frame(2, 13), frame(4, 15))]
    (mine, _), (other, _) = judge.look(pictures, [meant, meant])
    assert [figure.is_wrong for figure in mine.outfit] == [False, False]
    assert not any("Daro's is" in reason for reason in mine.reasons)
    assert other.outcome is Outcome.REJECT
    assert "the coat is red, Daro's is white" in other.reasons
    assert (
        judge.look(pictures[1:], [replace(meant, look="a look that nobody has")])[0][0].outfit == ()
    )
    plain = build_judge(services, own, "maquette")
    assert plain.look(pictures[1:], [meant])[0][0].outfit == (), "pictures from elsewhere"


def test_well_read_faces_alone_stand_for_a_set_where_there_are_any() -> None:
    rows = json.loads(CAST_FACES.read_text())
    good = Face.model_validate(rows["00002_00.webp"][0])
    turned = good.model_copy(update={"detector": "mmod", "embedding": (0.0, 1.0)})
    assert reference_embeddings([[good], [], [turned]]) == (good.embedding,)
    assert reference_embeddings([[turned], []]) == (turned.embedding,)
    with pytest.raises(Refused, match="no image of the reference set has a readable face"):
        reference_embeddings([[], []])


def test_an_unknown_set_or_calibration_says_what_there_is(
    services: Services, daro: LoadedCharacter
) -> None:
    own = store_set(services, daro, [frame(2, number) for number in WELL_READ])
    with pytest.raises(
        UnknownName, match="no calibration named 'mine'; shipped: drawn, maquette, photo"
    ):
        build_judge(services, own, "mine")


def test_what_a_shot_asks_for_decides_what_a_missing_face_means() -> None:
    shot = ShotRequest(
        slate="1A",
        framing=Framing.FULL,
        view=View.LEFT_PROFILE,
        cast=(CharacterInShot(character="Daro"),),
    )
    assert asked_of(shot) == Asked(Framing.FULL, View.LEFT_PROFILE)
