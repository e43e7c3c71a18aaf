from __future__ import annotations

from tools.contracts.photography import Expression, Framing, View
from tools.services import Services
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.captions import Seen, caption_seen, class_caption, compose_seen

SEEN = Seen(
    framing=Framing.CLOSE_UP,
    view=View.FRONTAL,
    expression=Expression.SMILING,
    light="golden hour",
    place="brick wall",
)


def test_a_caption_opens_with_the_trigger_and_says_what_is_seen(
    services: Services, daro: LoadedCharacter
) -> None:
    caption = caption_seen(services, daro, services.catalog.row("maquette"), SEEN)
    assert caption.startswith("Daro")
    for words in ("close-up", "frontal view", "smiling", "golden hour", "brick wall"):
        assert words in caption


def test_a_caption_is_in_the_words_of_the_prompt(services: Services, daro: LoadedCharacter) -> None:
    row = services.catalog.row("maquette")
    assert compose_seen(services, daro, row, SEEN).text in caption_seen(services, daro, row, SEEN)


def test_what_is_unknown_stays_out(services: Services, daro: LoadedCharacter) -> None:
    row = services.catalog.row("maquette")
    caption = caption_seen(services, daro, row, Seen(framing=Framing.CLOSE_UP))
    assert "None" not in caption
    assert "view" not in caption
    assert "smiling" not in caption


def test_a_class_caption_has_the_class_in_place_of_the_person(
    services: Services, daro: LoadedCharacter
) -> None:
    row = services.catalog.row("maquette")
    caption = class_caption(services, daro, row, SEEN)
    for words in ("Daro", "SAME", "black hair", "green eyes", "tan skin", "white coat"):
        assert words not in caption
    for words in ("man", "close-up", "smiling", "golden hour", "brick wall"):
        assert words in caption
