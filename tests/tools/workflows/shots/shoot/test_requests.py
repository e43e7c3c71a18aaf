from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.tiny_models import build_tiny_flux
from tools.backends.tokens import count_tokens
from tools.contracts.bases import Remedy
from tools.contracts.briefs import AspectRatio, ProductionStyle
from tools.contracts.images import LoraUse, Purpose
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.errors import BadInput
from tools.imaging.matte import frame_size, parse_ratio
from tools.language.prompt.anchor import require_anchor, same_anchor
from tools.services import Services
from tools.store.reference_set import Origin, start_set
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.shoot.remedies import remedy_for
from tools.workflows.shots.shoot.requests import (
    MOST_ADAPTER_WEIGHT,
    StartLaidOut,
    compose_for,
    compose_take,
    frame_of,
    row_with_adapter,
    take_request,
)

LORA = "d" * 64


def shot(*names: str, light: str | None = None) -> ShotRequest:
    return ShotRequest(
        slate="3A",
        framing=Framing.CLOSE_UP,
        light="moonlight",
        cast=tuple(CharacterInShot(character=name, light=light) for name in names),
    )


def test_a_take_asks_for_the_bases_own_size_and_numbers(
    services: Services, daro: LoadedCharacter
) -> None:
    row = services.catalog.row("maquette")
    composed = compose_for(services, daro, shot("Daro"), row)
    request = take_request(
        composed,
        row,
        seed=5,
        steps=None,
        lora=LORA,
        weight=1.0,
        remedy=remedy_for(row, 1),
        size=row.sizes[0],
    )
    assert (request.size, request.steps, request.guidance) == (
        row.sizes[0],
        row.steps,
        row.guidance,
    )
    assert (request.seed, request.purpose, request.base) == (5, Purpose.TAKE, "maquette")
    assert request.loras == (LoraUse(digest=LORA, weight=1.0),)
    require_anchor(request)


@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        (AspectRatio.SQUARE, (1024, 1024)),
        (AspectRatio.FOUR_FIVE, (896, 1152)),
        (AspectRatio.WIDE, (1344, 768)),
        (AspectRatio.FLAT, (1344, 768)),
        (AspectRatio.SCOPE, (1536, 640)),
        (AspectRatio.UPRIGHT, (768, 1344)),
    ],
)
def test_shots_take_the_native_size_nearest_to_the_production_and_little_is_matted(
    services: Services, ratio: AspectRatio, size: tuple[int, int]
) -> None:
    style = ProductionStyle(aspect_ratio=ratio)
    for base in ("sdxl", "flux-schnell"):
        found = frame_of(services.catalog.row(base), style)
        assert (found.width, found.height) == size
    across, down = frame_size(*size, parse_ratio(ratio))
    assert across * down <= 1.06 * size[0] * size[1]
    maquette = services.catalog.row("maquette")
    assert frame_of(maquette, style) == maquette.sizes[0]


def test_remedies_change_the_request(services: Services, daro: LoadedCharacter) -> None:
    row = services.catalog.row("maquette")
    composed = compose_for(services, daro, shot("Daro"), row)
    remedy = Remedy(name="both", adapter_factor=1.5, guidance_added=2.0)
    request = take_request(
        composed, row, seed=5, steps=3, lora=LORA, weight=1.2, remedy=remedy, size=row.sizes[0]
    )
    assert request.loras[0].weight == pytest.approx(1.8)
    assert request.guidance == row.guidance + 2.0
    assert request.steps == 3
    stronger = take_request(
        composed, row, seed=5, steps=3, lora=LORA, weight=1.9, remedy=remedy, size=row.sizes[0]
    )
    assert stronger.loras[0].weight == MOST_ADAPTER_WEIGHT


def test_without_an_adapter_the_base_draws_alone(services: Services, daro: LoadedCharacter) -> None:
    row = services.catalog.row("maquette")
    composed = compose_for(services, daro, shot("Daro"), row)
    request = take_request(
        composed,
        row,
        seed=5,
        steps=None,
        lora=None,
        weight=1.0,
        remedy=remedy_for(row, 3),
        size=row.sizes[0],
    )
    assert request.loras == ()


def test_a_later_try_of_a_sketch_keeps_nearer_to_its_start_picture(
    services: Services, daro: LoadedCharacter
) -> None:
    row = services.catalog.row("maquette")
    composed = compose_for(services, daro, shot("Daro"), row)
    start = StartLaidOut("e" * 64, 0.7)
    tries = [
        take_request(
            composed,
            row,
            seed=5,
            steps=None,
            lora=None,
            weight=1.0,
            remedy=remedy,
            size=row.sizes[0],
            start=start,
        )
        for remedy in (remedy_for(row, 1), remedy_for(row, 3))
    ]
    assert [each.strength for each in tries] == [0.7, 0.595]
    assert {each.init_image for each in tries} == {"e" * 64}


def test_the_locked_block_is_in_every_prompt_whatever_the_shot(
    services: Services, daro: LoadedCharacter
) -> None:
    row = services.catalog.row("maquette")
    texts = [
        compose_for(services, daro, each, row).text
        for each in (shot("Daro"), shot("Daro", light="golden hour"))
    ]
    anchors = [text.split("SAME Daro: ")[1].split("; lit by ") for text in texts]
    assert anchors[0][0] == anchors[1][0]
    assert [anchor[1] for anchor in anchors] == ["moonlight", "golden hour"]


def test_the_signature_light_wins_over_the_scene_and_loses_to_the_shots_own_word(
    services: Services, make_character: Callable[..., LoadedCharacter]
) -> None:
    row = services.catalog.row("maquette")
    daro = make_character(signature_light="candlelight")
    assert compose_for(services, daro, shot("Daro"), row).text.endswith("; lit by candlelight")
    own_word = compose_for(services, daro, shot("Daro", light="golden hour"), row)
    assert own_word.text.endswith("; lit by golden hour")


def test_somebody_else_in_frame_is_bad_input(services: Services, daro: LoadedCharacter) -> None:
    row = services.catalog.row("maquette")
    with pytest.raises(BadInput, match="shot 3A has Mara in frame; this shoot knows only Daro"):
        compose_for(services, daro, shot("Daro", "Mara"), row)


def test_a_crowded_scene_gives_way_to_the_anchor_on_a_small_base_and_is_said(
    services: Services, make_character: Callable[..., LoadedCharacter]
) -> None:
    row = services.catalog.row("maquette")
    name = "Evangeline"
    woman = make_character(
        name=name,
        eyes="green eyes",
        facial_hair="black stubble",
        marks=("a scar on the cheek", "freckles"),
        build="slim build",
        wardrobe=("white coat",),
    )
    crowded = shot(name).model_copy(
        update={
            "view": View.THREE_QUARTER_LEFT,
            "expression": Expression.SURPRISED,
            "place": "city street at night",
            "angle": "low angle",
        }
    )
    composed = compose_take(services, woman, crowded, row)
    folder = services.catalog.folder("maquette")
    assert count_tokens(folder, composed.text) <= 75
    assert composed.text.startswith(f"{name}, close-up")
    assert composed.text.endswith(same_anchor(composed.cast))
    assert any(words.startswith("no room: ") for words in composed.left_out)


def test_flux_reads_one_window_of_t5s_tokens_and_what_it_has_no_room_for_is_said(
    services: Services, make_character: Callable[..., LoadedCharacter], tmp_path: Path
) -> None:
    row = services.catalog.row("flux-schnell")
    daro = make_character(eyes="green eyes")
    words = tuple(f"a crow on wire number {number}" for number in range(1, 9))
    crowded = shot("Daro").model_copy(update={"free_words": words})
    unknown = compose_take(services, daro, crowded, row)
    assert not any(each.startswith("no room") for each in unknown.left_out)
    services.catalog.add("flux-schnell", str(build_tiny_flux(tmp_path / "flux")))

    composed = compose_take(services, daro, crowded, row)

    folder = services.catalog.folder("flux-schnell")
    assert count_tokens(folder, composed.text, part="tokenizer_2") <= 255
    assert composed.text.startswith("Daro, close-up")
    assert composed.text.endswith(same_anchor(composed.cast))
    (said,) = [each for each in composed.left_out if each.startswith("no room: ")]
    assert said.endswith(words[-1])
    assert composed.text in unknown.text.replace(said.removeprefix("no room: ") + ", ", "")


def test_takes_begin_with_the_trigger_as_captions_do(
    services: Services, daro: LoadedCharacter
) -> None:
    row = services.catalog.row("maquette")
    taken = compose_take(services, daro, shot("Daro"), row).text
    assert taken == f"Daro, {compose_for(services, daro, shot('Daro'), row).text}"


@pytest.mark.parametrize(
    ("origin", "base", "changed"),
    [
        (Origin.LAYERS, "maquette", True),
        (Origin.PHOTOS, "maquette", False),
        (Origin.LAYERS, "sdxl", False),
    ],
)
def test_what_was_guided_when_its_references_were_drawn_is_guided_less(
    services: Services, daro: LoadedCharacter, origin: Origin, base: str, changed: bool
) -> None:
    with services.database.session() as session:
        set_id = start_set(session=session, character_id=daro.id, origin=origin).id
    row = services.catalog.row(base)
    drawn = row_with_adapter(services, row, set_id)
    assert (drawn.guidance == row.guidance_of_drawn) is changed
    assert (drawn == row) is not changed
