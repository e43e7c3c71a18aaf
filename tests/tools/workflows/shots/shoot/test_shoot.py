from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.support.filled_studio import plan, shot, trained
from tests.support.micro_studio import WELL_READ, frame
from tests.support.paid_parts import PaidBackend
from tests.support.several_sizes import SHAPES, with_several_sizes
from tools.compose import Studio
from tools.contracts.briefs import AspectRatio
from tools.contracts.photography import Layer
from tools.contracts.progress import Progress, ignore_progress
from tools.contracts.shooting import CharacterAdapter, ShootRequest, Taken
from tools.errors import BadInput, Cancelled
from tools.imaging.pictures import load_picture
from tools.services import Services
from tools.store.lora_version import LoraVersionCreate, add_lora_version
from tools.store.reference_set import Origin, ReferenceImageCreate, add_image, start_set
from tools.store.take import list_production_takes
from tools.workflows.digest import production_row
from tools.workflows.people.characters import load_character
from tools.workflows.shots.compare import compare
from tools.workflows.shots.decide.omit import omit
from tools.workflows.shots.shoot import shoot as verb
from tools.workflows.shots.shoot.shoot import shoot


@pytest.fixture
def services(noise_studio: Studio) -> Services:
    return noise_studio.services


def asked(services: Services, *, planned: bool) -> ShootRequest:
    """Shots 1A and 1B, as they stand in the shot table or in a list of the director's own."""
    version = trained(services, frames=[frame(2, number) for number in WELL_READ])
    adapter = CharacterAdapter(character="Daro", reference_set_id=version.reference_set_id)
    return ShootRequest(
        production="studio",
        base="micro",
        adapter=adapter,
        shots=(shot("1A"), shot("1B")),
        seed=5,
        max_tries=1,
        planned=planned,
    )


def test_a_shot_that_was_omitted_after_it_was_asked_for_is_passed_over(services: Services) -> None:
    plan(services, shot("1A"), shot("1B"))
    request = asked(services, planned=True)
    omit(services, "studio", ["1A"])
    assert [take.take for take in shoot(services, request, ignore_progress).takes] == ["1B T1"]
    omit(services, "studio", [], scene=1)
    again = request.model_copy(update={"seed": 6})
    assert shoot(services, again, ignore_progress).takes == ()


def test_a_shot_list_with_an_omitted_slate_is_refused(services: Services) -> None:
    request = asked(services, planned=False)
    shoot(services, request, ignore_progress)
    omit(services, "studio", ["1B"])
    with pytest.raises(BadInput, match="shot 1B was omitted; plan a new one, or bring it back"):
        shoot(services, request.model_copy(update={"seed": 6}), ignore_progress)


@pytest.mark.parametrize("ratio", SHAPES)
def test_takes_and_what_they_are_compared_with_have_the_productions_shape(
    services: Services, micro_home: Path, ratio: AspectRatio
) -> None:
    request = asked(services, planned=False)
    services = with_several_sizes(services, micro_home, ratio)
    for draw in (shoot, compare):
        for take in draw(services, request, ignore_progress).takes:
            picture = load_picture(services.files.path(str(take.digest)))
            assert picture.size == SHAPES[ratio]


@pytest.mark.parametrize("lineage", [None, "brought in from mara.safetensors"])
def test_only_an_adapter_that_learned_drawn_pictures_is_guided_less(
    lineage: str | None, services: Services, backend: PaidBackend
) -> None:
    request = asked(services, planned=False)
    with services.database.session() as session:
        made = start_set(session=session, character_id=_daro(services), origin=Origin.LAYERS)
        for number in WELL_READ:
            digest = services.files.put_file(frame(2, number)).digest
            image = ReferenceImageCreate(
                set_id=made.id, digest=digest, caption="Daro", layer=Layer.PORTRAIT
            )
            add_image(session=session, image=image)
        lora = LoraVersionCreate(
            character_id=made.character_id,
            reference_set_id=made.id,
            base="micro",
            architecture="sdxl",
            lineage=lineage,
            digest="b" * 64,
        )
        version = add_lora_version(session=session, lora=lora)
        adapter = CharacterAdapter(
            character="Daro", reference_set_id=made.id, lora_version_id=version.id
        )
    shoot(services, request.model_copy(update={"adapter": adapter}), ignore_progress)
    row = services.catalog.row("micro")
    assert row.guidance_of_drawn not in (None, row.guidance)
    wanted = row.guidance if lineage else row.guidance_of_drawn
    assert {each.guidance for each in backend.asked} == {wanted}


def _daro(services: Services) -> str:
    return load_character(services, "studio", "Daro").id


def test_on_a_card_a_batch_is_judged_while_the_next_one_is_drawn(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first verdict waits until the second drawing has begun: one after the other would hang."""
    second, honest = Event(), verb._judge_batch
    judged: list[str] = []

    def judge(job: verb.Shoot, batch: Sequence[verb.Setup], *rest: Any) -> list[Taken]:
        judged.extend(setup.shot.slate for setup in batch)
        assert judged != ["1A"] or second.wait(60)
        return honest(job, batch, *rest)

    def notice(progress: Progress) -> None:
        if judged == ["1A"] and "step" in progress.note:
            second.set()

    monkeypatch.setattr(verb, "_judge_batch", judge)
    monkeypatch.setattr(verb, "_draws_on_card", lambda _: True)
    small = services.settings.model_copy(update={"batch_size": 1})
    request = asked(services, planned=False)
    made = shoot(replace(services, settings=small), request, notice)
    assert [take.take for take in made.takes] == ["1A T1", "1B T1"]
    assert judged == ["1A", "1B"]
    assert second.is_set()


def test_what_was_drawn_is_judged_even_where_the_next_drawing_is_cancelled(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "_draws_on_card", lambda _: True)
    small = services.settings.model_copy(update={"batch_size": 1})
    request = asked(services, planned=False)
    begun: list[Progress] = []

    def cancel(progress: Progress) -> None:
        if "step" not in progress.note:
            begun.append(progress)
        elif begun:
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        shoot(replace(services, settings=small), request, cancel)
    owner = production_row(services, "studio").id
    with services.database.reading() as session:
        takes = list_production_takes(session=session, production_id=owner)
    kept = {take.slate: take.verdict is not None for take, _, _ in takes}
    assert kept["1A T1"]
    again = shoot(replace(services, settings=small), request, ignore_progress)
    assert [take.take for take in again.takes] == ["1A T1", "1B T1"]


def test_a_cpu_judges_before_it_draws_on(services: Services) -> None:
    told: list[Progress] = []
    small = services.settings.model_copy(update={"batch_size": 1})
    shoot(replace(services, settings=small), asked(services, planned=False), told.append)
    assert [each.done for each in told if "step" not in each.note] == [1, 2]
