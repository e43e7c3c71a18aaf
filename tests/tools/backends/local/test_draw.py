from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.support.image_requests import MARA, image_request, noise_picture
from tools.backends.bases import BaseCatalog
from tools.backends.local import draw
from tools.backends.local.draw import LocalBackend
from tools.backends.local.pipelines import LoadedBase, load_base
from tools.contracts.bases import BaseRow
from tools.contracts.images import ImageRequest, ImageResult, Purpose
from tools.contracts.model import Size
from tools.errors import (
    AnchorMissing,
    BadInput,
    BaseUnavailable,
    Cancelled,
    UnknownName,
)
from tools.language.prompt.anchor import same_anchor
from tools.store.files import FileStore

BASES = ["sdxl", "flux-schnell", "micro", "flux-dev", "flux2-klein-4b", "flux2-klein-base-4b"]
MODES = ["text", "image", "inpaint"]


@pytest.fixture(scope="module")
def backends(catalog: BaseCatalog, files: FileStore) -> dict[str, LocalBackend]:
    return {
        name: LocalBackend(catalog, files.path, device="cpu", threads=1, batch_size=3)
        for name in BASES
    }


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory, files: FileStore) -> str:
    path = noise_picture(tmp_path_factory.mktemp("start") / "start.png", 7)
    return files.put_file(path).digest


@pytest.fixture(scope="module")
def mask(tmp_path_factory: pytest.TempPathFactory, files: FileStore) -> str:
    path = tmp_path_factory.mktemp("mask") / "mask.png"
    picture = Image.new("L", (64, 64))
    picture.paste(255, (16, 16, 48, 48))
    picture.save(path)
    return files.put_file(path).digest


def fields_of(mode: str, start: str, mask: str) -> dict[str, object]:
    fields: dict[str, object] = {}
    if mode != "text":
        fields |= {"init_image": start, "strength": 0.6}
    if mode == "inpaint":
        fields |= {"mask": mask}
    return fields


def drawn(backend: LocalBackend, *requests: ImageRequest) -> list[ImageResult]:
    return list(backend.draw(requests))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures in levels of 255."""
    pair = [np.asarray(picture, np.int16) for picture in (one, other)]
    return float(np.abs(pair[0] - pair[1]).mean())


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize("mode", MODES)
def test_the_same_ordered_batch_gives_the_same_bytes(
    backends: dict[str, LocalBackend], name: str, mode: str, start: str, mask: str
) -> None:
    fields = fields_of(mode, start, mask)
    requests = [image_request(name, seed=seed, **fields) for seed in (1, 2, 3, 4)]
    first, second = drawn(backends[name], *requests), drawn(backends[name], *requests)
    for one, other, request in zip(first, second, requests, strict=True):
        assert one.image.tobytes() == other.image.tobytes()
        assert one.request is request
        assert one.seed == request.seed
        assert (one.image.mode, one.image.size) == ("RGB", (64, 64))
        assert one.cost == 0
        assert one.seconds > 0
    for one, other in pairwise(first):
        assert difference(one.image, other.image) > 1


@pytest.mark.parametrize("name", BASES)
def test_a_picture_does_not_depend_on_its_neighbours(
    backends: dict[str, LocalBackend], name: str
) -> None:
    wanted = image_request(name, seed=5)
    alone = drawn(backends[name], wanted)[0].image
    others = [image_request(name, seed=seed) for seed in (8, 9)]
    beside = drawn(backends[name], others[0], wanted, others[1])[1].image
    strangers = drawn(backends[name], others[0])[0].image
    assert difference(alone, beside) < 0.1 * difference(alone, strangers)


def test_results_come_in_the_order_asked_for(backends: dict[str, LocalBackend]) -> None:
    wide = Size(width=128, height=64)
    requests = [
        image_request("sdxl", seed=1),
        image_request("sdxl", seed=2, size=wide),
        image_request("sdxl", seed=3),
        image_request("sdxl", seed=4, size=wide),
    ]
    results = drawn(backends["sdxl"], *requests)
    assert [result.request for result in results] == requests
    assert [result.image.size for result in results] == [(64, 64), (128, 64)] * 2


def test_pictures_are_handed_on_as_they_are_ready(backends: dict[str, LocalBackend]) -> None:
    steps: list[int] = []
    requests = [image_request("sdxl", seed=seed) for seed in range(6)]
    results = backends["sdxl"].draw(requests, lambda done, _: steps.append(done))
    next(results)
    assert max(steps) == 4
    assert len(list(results)) == 5
    assert max(steps) == 8


def test_prompts_of_any_length_are_drawn_together(backends: dict[str, LocalBackend]) -> None:
    scene = ", ".join(["grey studio backdrop"] * 12)
    long = f"{scene}, {same_anchor([MARA])}"
    results = drawn(
        backends["sdxl"], image_request("sdxl"), image_request("sdxl", prompt=long, seed=1)
    )
    assert difference(results[0].image, results[1].image) > 0


@pytest.mark.parametrize("name", ["sdxl", "micro", "flux2-klein-base-4b"])
def test_the_negative_prompt_counts(backends: dict[str, LocalBackend], name: str) -> None:
    plain, unwanted = drawn(
        backends[name],
        image_request(name, guidance=3.0),
        image_request(name, guidance=3.0, negative_prompt="red hat, forest"),
    )
    assert difference(plain.image, unwanted.image) > 0


@pytest.mark.parametrize(
    ("name", "guidance"), [("flux-schnell", 0.0), ("sdxl", 1.0), ("flux2-klein-4b", 4.0)]
)
def test_a_negative_prompt_without_effect_is_refused(
    backends: dict[str, LocalBackend], name: str, guidance: float
) -> None:
    request = image_request(name, negative_prompt="hat", guidance=guidance)
    with pytest.raises(BadInput, match=f"no effect on {name} at guidance {guidance}"):
        drawn(backends[name], request)


@pytest.mark.parametrize("name", BASES)
def test_what_the_mask_leaves_black_is_untouched(
    backends: dict[str, LocalBackend], name: str, start: str, mask: str, files: FileStore
) -> None:
    result = drawn(backends[name], image_request(name, **fields_of("inpaint", start, mask)))[0]
    before, after = np.asarray(Image.open(files.path(start))), np.asarray(result.image)
    inside = np.asarray(Image.open(files.path(mask))) > 0
    assert (before[~inside] == after[~inside]).all()
    assert (before[inside] != after[inside]).any(axis=-1).mean() > 0.9


@pytest.mark.parametrize("name", BASES)
def test_more_strength_leaves_less_of_the_start(
    backends: dict[str, LocalBackend], name: str, start: str
) -> None:
    def spread(strength: float) -> float:
        fields = {"init_image": start, "strength": strength, "steps": 3}
        one, other = (image_request(name, seed=seed, **fields) for seed in (1, 2))
        results = drawn(backends[name], one, other)
        return difference(results[0].image, results[1].image)

    assert spread(0.03) < 0.8 * spread(1.0)


@pytest.mark.parametrize("name", BASES)
def test_cancelling_stops_within_a_step_and_leaves_no_trace(
    backends: dict[str, LocalBackend], name: str
) -> None:
    request = image_request(name, steps=6)
    before = drawn(backends[name], request)[0].image.tobytes()
    told: list[int] = []

    def cancel(done: int, total: int) -> None:
        told.append(done)
        if done == 2:
            raise Cancelled("cancelled by the director")

    with pytest.raises(Cancelled, match="by the director"):
        list(backends[name].draw([request], cancel))
    assert told[-1] == 2
    assert drawn(backends[name], request)[0].image.tobytes() == before


@pytest.mark.parametrize("strength", [0.35, 0.6, 1.0])
def test_a_masked_step_of_turbo_is_one_evaluation_and_counts_as_one(
    backends: dict[str, LocalBackend], strength: float, start: str, mask: str
) -> None:
    def told(mode: str) -> list[int]:
        found: list[int] = []
        fields = fields_of(mode, start, mask)
        fields |= {"strength": strength} if mode != "text" else {}
        list(
            backends["sdxl"].draw(
                [image_request("sdxl", **fields)], lambda *it: found.append(it[0])
            )
        )
        return found

    assert told("inpaint") == [1, 2, 3, 4]
    assert told("image") == told("text") == [1, 2, 2, 3, 3, 4, 4]


def test_no_anchor_no_picture(backends: dict[str, LocalBackend]) -> None:
    lawful = image_request("sdxl")
    for unlawful in (
        image_request("sdxl", prompt="close-up photo of a woman"),
        image_request("sdxl", prompt=f"{lawful.prompt}, and a dog"),
        image_request("sdxl", cast=()),
    ):
        with pytest.raises(AnchorMissing):
            backends["sdxl"].draw([lawful, unlawful])


def test_a_layout_may_have_an_empty_cast(backends: dict[str, LocalBackend]) -> None:
    request = image_request("sdxl", cast=(), prompt="a forest", purpose=Purpose.LAYOUT)
    assert len(drawn(backends["sdxl"], request)) == 1


@pytest.mark.parametrize(
    ("name", "size", "step"), [("sdxl", (68, 64), 8), ("flux-schnell", (64, 72), 16)]
)
def test_a_size_between_the_steps_is_refused(
    backends: dict[str, LocalBackend], name: str, size: tuple[int, int], step: int
) -> None:
    request = image_request(name, size=Size(width=size[0], height=size[1]))
    with pytest.raises(BadInput, match=f"{name} draws sizes in steps of {step} pixels"):
        drawn(backends[name], request)


def test_pictures_of_another_size_are_refused_before_anything_is_drawn(
    backends: dict[str, LocalBackend], tmp_path: Path, start: str, files: FileStore
) -> None:
    small = files.put_file(noise_picture(tmp_path / "small.png", 1, (32, 64))).digest
    told: list[int] = []
    cases: list[tuple[str, dict[str, object]]] = [
        ("start picture", {"init_image": small, "strength": 0.5}),
        ("mask", {"init_image": start, "strength": 0.5, "mask": small}),
    ]
    for which, fields in cases:
        requests = [image_request("sdxl"), image_request("sdxl", **fields)]
        with pytest.raises(BadInput, match=f"the {which} is 32×64 where the request says 64×64"):
            list(backends["sdxl"].draw(requests, lambda done, _: told.append(done)))
    assert not told


def test_an_unknown_or_missing_base_says_so(
    backends: dict[str, LocalBackend], tmp_path: Path, files: FileStore
) -> None:
    with pytest.raises(UnknownName, match="known: maquette"):
        drawn(backends["sdxl"], image_request("dalle"))
    empty = LocalBackend(BaseCatalog(tmp_path), files.path, device="cpu")
    with pytest.raises(BaseUnavailable, match="samecast base add sdxl"):
        drawn(empty, image_request("sdxl"))


def test_a_digest_that_is_not_stored_is_named_before_anything_is_drawn(
    backends: dict[str, LocalBackend],
) -> None:
    request = image_request("sdxl", init_image="a" * 64, strength=0.5)
    with pytest.raises(UnknownName, match="no stored file aaaaaaaaaaaa…"):
        drawn(backends["sdxl"], image_request("sdxl"), request)


def test_bases_can_be_mixed_in_one_call(catalog: BaseCatalog, files: FileStore) -> None:
    names = ["sdxl", "flux-schnell", "sdxl", "flux-schnell"]
    backend = LocalBackend(catalog, files.path, device="cpu", batch_size=2)
    results = drawn(backend, *[image_request(name) for name in names])
    assert [result.request.base for result in results] == names


def test_a_base_is_loaded_once_and_survives_a_wrong_name(
    catalog: BaseCatalog, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def counted(row: BaseRow, folder: Path, device: torch.device, *, batch: int) -> LoadedBase:
        loaded.append(row.name)
        return load_base(row, folder, device, batch=batch)

    monkeypatch.setattr(draw, "load_base", counted)
    backend = LocalBackend(catalog, files.path, device="cpu")
    assert loaded == []
    drawn(backend, image_request("micro"))
    with pytest.raises(UnknownName):
        drawn(backend, image_request("dalle"))
    drawn(backend, image_request("micro"))
    assert loaded == ["micro"]
    drawn(backend, image_request("flux-schnell"))
    assert loaded == ["micro", "flux-schnell"]


def test_nothing_to_draw_is_nothing(backends: dict[str, LocalBackend]) -> None:
    assert drawn(backends["sdxl"]) == []


def test_a_base_that_was_let_go_is_loaded_again(catalog: BaseCatalog, files: FileStore) -> None:
    backend = LocalBackend(catalog, files.path, device="cpu")
    first = drawn(backend, image_request("micro"))[0]
    backend.release()
    assert backend._desk is None
    again = drawn(backend, image_request("micro"))[0]
    assert again.image.tobytes() == first.image.tobytes()


def test_cuda_is_refused_where_there_is_none(
    catalog: BaseCatalog, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(BadInput, match="set SAMECAST_DEVICE=cpu"):
        LocalBackend(catalog, files.path, device="cuda")


def test_embedded_guidance_changes_the_picture_and_distilled_weights_ignore_it(
    backends: dict[str, LocalBackend],
) -> None:
    for name, counts in (("flux-dev", True), ("flux2-klein-4b", False), ("flux-schnell", False)):
        weak, strong = (
            drawn(backends[name], image_request(name, guidance=value))[0].image
            for value in (1.0, 4.0)
        )
        assert (difference(weak, strong) > 0) is counts, name


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory, files: FileStore) -> tuple[str, ...]:
    """Reference pictures of several sizes."""
    folder = tmp_path_factory.mktemp("people")
    sizes = [(64, 64), (96, 64), (64, 128), (64, 64), (64, 64)]
    return tuple(
        files.put_file(noise_picture(folder / f"{seed}.png", seed, size)).digest
        for seed, size in enumerate(sizes)
    )


@pytest.mark.parametrize("name", ["flux2-klein-4b", "flux2-klein-base-4b"])
@pytest.mark.parametrize("mode", MODES)
def test_references_count_and_so_does_their_order(
    backends: dict[str, LocalBackend],
    name: str,
    mode: str,
    start: str,
    mask: str,
    people: tuple[str, ...],
) -> None:
    fields = fields_of(mode, start, mask)
    one, two = people[:2], people[1::-1]
    requests = [
        image_request(name, **fields),
        image_request(name, **fields, references=one),
        image_request(name, **fields, references=two),
        image_request(name, **fields, references=one, seed=2),
    ]
    plain, first, swapped, other = (each.image for each in drawn(backends[name], *requests))
    assert difference(plain, first) > 0
    assert difference(first, swapped) > 0
    assert difference(first, other) > 0
    again = drawn(backends[name], requests[1])[0].image
    assert difference(first, again) < 0.1 * difference(first, other)
    assert first.size == (64, 64)


def test_a_base_says_how_many_references_it_takes(
    backends: dict[str, LocalBackend], people: tuple[str, ...]
) -> None:
    with pytest.raises(BadInput, match="flux2-klein-4b takes 4 reference pictures, not 5"):
        drawn(backends["flux2-klein-4b"], image_request("flux2-klein-4b", references=people))
    with pytest.raises(BadInput, match="sdxl takes no reference pictures, not 1"):
        drawn(backends["sdxl"], image_request("sdxl", references=people[:1]))
    with pytest.raises(UnknownName):
        drawn(backends["flux2-klein-4b"], image_request("flux2-klein-4b", references=("0" * 64,)))
