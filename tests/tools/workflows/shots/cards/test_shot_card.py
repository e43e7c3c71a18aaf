from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.filled_studio import shot, trained
from tools.contracts.shots import CharacterInShot
from tools.errors import UnknownName
from tools.services import Services
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.cards.shot_card import (
    ShotCard,
    card_lines,
    card_text,
    headline,
    shot_card,
    terms_line,
)


def card(services: Services, *people: str, takes: int | None = None) -> ShotCard:
    return shot_card(services, "studio", shot("12A", *people), takes)


def test_a_card_has_the_exact_prompt_the_version_and_the_terms(
    services: Services, daro: LoadedCharacter
) -> None:
    before = card(services)
    assert (before.lora_version, before.waits, before.is_sketch) == (None, None, True)
    assert terms_line(before) == (
        "maquette, a sketch without a LoRA, up to 3 sketches a shot, "
        "time unknown until a sketch was drawn, no cost."
    )
    assert before.takes == services.settings.max_tries
    trained(services, base="maquette")
    ready = card(services, takes=1)
    assert (ready.lora_version, ready.waits, ready.cost) == (1, None, Decimal(0))
    assert not ready.is_sketch
    assert shot_card(services, "studio", shot("12A"), as_sketch=True).is_sketch
    assert ready.prompt is not None
    assert ready.prompt.startswith("Daro, close-up")
    assert "SAME Daro: " in ready.prompt
    assert headline(ready) == "12A: close-up, Daro, soft window light"
    assert card_lines(ready)[1] == f"Prompt: {ready.prompt}"
    assert card_text(ready).endswith(terms_line(ready))
    assert terms_line(ready) == (
        "maquette, LoRA v1, 1 take a shot, time unknown until a take was drawn, no cost."
    )


def test_what_had_no_room_is_not_said_to_be_unknown(
    services: Services, daro: LoadedCharacter
) -> None:
    left_out = ("lens: 85mm", "no room: snow field")
    lines = card_lines(card(services).model_copy(update={"left_out": left_out, "replaced": ()}))
    assert "In maquette's words: no word for lens: 85mm; no room: snow field." in lines


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "about 1 s"), (89.0, "about 89 s"), (200.0, "about 3 min")]
)
def test_time_is_said_as_a_person_would(
    services: Services, daro: LoadedCharacter, seconds: float, said: str
) -> None:
    assert said in terms_line(card(services).model_copy(update={"seconds": seconds}))


def test_frames_that_cannot_be_drawn_yet_say_why(services: Services, daro: LoadedCharacter) -> None:
    nobody = shot("12A").model_copy(update={"cast": ()})
    empty = shot_card(services, "studio", nobody)
    assert (empty.prompt, empty.waits) == (None, "nobody of the cast is in frame")
    assert card_lines(empty)[-1] == "Waits: nobody of the cast is in frame."
    looks = (CharacterInShot(character="Daro", look="after the fight"),)
    with pytest.raises(UnknownName, match="after the fight"):
        shot_card(services, "studio", nobody.model_copy(update={"cast": looks}))
    with pytest.raises(UnknownName, match="no character named 'Mara'"):
        card(services, "Mara")
