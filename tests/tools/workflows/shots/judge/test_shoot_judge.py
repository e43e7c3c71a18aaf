"""Who judges what: takes by their set, sketches by set, portrait or head alone."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.support.filled_studio import trained
from tests.support.micro_studio import WELL_READ, frame
from tools.contracts.photography import Framing, View
from tools.contracts.shooting import CharacterAdapter
from tools.contracts.verdicts import Outcome
from tools.errors import Refused
from tools.imaging.pictures import encode_png
from tools.services import Services
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.judge.judging import Asked, Judge
from tools.workflows.shots.judge.shoot_judge import (
    BY_NOTHING,
    BY_PORTRAIT,
    HeadJudge,
    PortraitJudge,
    drawn_over,
    held_against,
    judge_of_shoot,
)

CLOSE_UP = Asked(Framing.CLOSE_UP, View.FRONTAL)
FRAMES = [frame(2, number) for number in WELL_READ]


def blank(services: Services) -> str:
    """A stored picture with nobody in it."""
    return services.files.put_bytes(encode_png(Image.new("RGB", (256, 256))), ".png").digest


def portraits(services: Services) -> tuple[str, ...]:
    return tuple(services.files.put_file(path).digest for path in FRAMES)


def test_a_sketch_is_held_against_the_set_where_there_is_one(
    services: Services, daro: LoadedCharacter
) -> None:
    version = trained(services, base="sdxl", frames=FRAMES)
    adapter = CharacterAdapter(
        character="Daro",
        reference_set_id=version.reference_set_id,
        portraits=(blank(services),),
    )
    judge = judge_of_shoot(services, adapter, "maquette", None)
    assert isinstance(judge, Judge)
    assert held_against(judge) == "the reference set"
    assert drawn_over(adapter) == "the chosen portrait"


def test_else_against_the_portraits_of_which_a_sketch_is_no_copy(
    services: Services, daro: LoadedCharacter
) -> None:
    adapter = CharacterAdapter(character="Daro", portraits=portraits(services))
    judge = judge_of_shoot(services, adapter, "maquette", None)
    assert isinstance(judge, PortraitJudge)
    own, other = (
        verdict
        for verdict, _ in judge.look(
            [Image.open(path).convert("RGB") for path in (FRAMES[0], frame(6, 0))],
            [CLOSE_UP, CLOSE_UP],
        )
    )
    assert (own.outcome, own.copy_of, own.nearest) == (Outcome.PASS, None, "own")
    assert own.reasons[-1] == BY_PORTRAIT
    assert other.nearest == "cast-6"
    assert held_against(judge) == "the chosen portrait"


def test_without_a_readable_picture_only_heads_are_counted_and_nothing_passes(
    services: Services, daro: LoadedCharacter
) -> None:
    adapter = CharacterAdapter(character="Daro", portraits=(blank(services),))
    row = services.catalog.row("maquette")
    judge = judge_of_shoot(services, adapter, "maquette", row)
    assert isinstance(judge, HeadJudge)
    head, nobody = judge.look(
        [Image.open(FRAMES[2]).convert("RGB"), Image.new("RGB", (256, 256))], [CLOSE_UP, CLOSE_UP]
    )
    assert (head[0].outcome, head[1]) == (Outcome.REVIEW, None)
    assert head[0].reasons == ("one face: look at it", BY_NOTHING)
    assert (nobody[0].outcome, nobody[0].malformed, nobody[0].faces) == (Outcome.REJECT, True, 0)
    assert held_against(judge) == "nothing"
    assert drawn_over(CharacterAdapter(character="Daro")) is None


def test_a_take_is_refused_where_its_set_has_no_face(
    services: Services, daro: LoadedCharacter
) -> None:
    version = trained(services, base="maquette")
    adapter = CharacterAdapter(
        character="Daro",
        reference_set_id=version.reference_set_id,
        lora_version_id=version.id,
    )
    with pytest.raises(Refused, match="no image of the reference set has a readable face"):
        judge_of_shoot(services, adapter, "maquette", None)
    alone = adapter.model_copy(update={"lora_version_id": None})
    assert isinstance(judge_of_shoot(services, alone, "maquette", None), HeadJudge)
