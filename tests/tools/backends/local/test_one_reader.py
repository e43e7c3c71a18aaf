"""What a base is shown for a prompt is what its adapter learned from the same words as a caption."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.image_requests import image_request
from tools.architectures.chunks import read_prompt
from tools.architectures.registry import load_architecture
from tools.backends.bases import BaseCatalog
from tools.backends.local import draw
from tools.backends.local.draw import LocalBackend
from tools.backends.local.pipelines import LoadedBase, load_base
from tools.contracts.images import CastMember, ImageRequest
from tools.contracts.training import LoraConfig
from tools.errors import BadInput
from tools.language.prompt.anchor import same_anchor, with_anchor
from tools.store.files import FileStore
from tools.training.lora.learner import Conditioning

BASES = ["sdxl", "micro", "flux-schnell", "flux-dev", "flux2-klein-4b"]
WINDOWS = {"flux-schnell": 256, "flux-dev": 512}
"""T5 tokens of those with one window, the end mark included."""
PHRASES = [
    "close-up photo of a woman",
    "snow field",
    "she waits; nothing moves.",
    "the SAME house as before",
    "SAME Bo: grey beard; lit by dusk",
    "rain,, and wind",
    "Donaudampfschifffahrtsgesellschaftskapitän",
]
TRAITS = ["red hair", "green eyes", "a scar: on the left cheek", "wearing a teal coat; and boots"]
NAMES = st.sampled_from(["Mara", "O'Neil-Smith Jr.", "Æßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß"])
LISTS = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=14)
MEMBERS = st.builds(
    CastMember,
    name=NAMES,
    identity_block=st.lists(st.sampled_from(TRAITS), min_size=1, max_size=5).map(", ".join),
    light=st.sampled_from(["moonlight", "soft window light"]),
)
CASTS = st.lists(MEMBERS, min_size=1, max_size=2).map(tuple)


@pytest.fixture(scope="module")
def loaded(catalog: BaseCatalog) -> dict[str, LoadedBase]:
    return {
        name: load_base(catalog.row(name), catalog.folder(name), torch.device("cpu"))
        for name in BASES
    }


@pytest.fixture(scope="module")
def backend(
    catalog: BaseCatalog, files: FileStore, loaded: dict[str, LoadedBase]
) -> Iterator[LocalBackend]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draw, "load_base", lambda row, *_, **__: loaded[row.name])
        yield LocalBackend(catalog, files.path, device="cpu", threads=1)


@contextmanager
def watched(base: LoadedBase) -> Iterator[list[Conditioning]]:
    """What the denoiser is shown, picture by picture."""
    shown: list[Conditioning] = []

    def look(_: object, __: object, inputs: Mapping[str, Any]) -> None:
        sequence = inputs["encoder_hidden_states"].clone()
        pooled = inputs.get("pooled_projections", sequence.new_zeros(len(sequence), 0))
        pooled = inputs.get("added_cond_kwargs", {}).get("text_embeds", pooled)
        shown.append(Conditioning(sequence, pooled.clone()))

    hook = getattr(base.pipeline, base.architecture.draw.denoiser).register_forward_pre_hook(
        look, with_kwargs=True
    )
    try:
        yield shown
    finally:
        hook.remove()


def drawn_with(backend: LocalBackend, base: LoadedBase, request: ImageRequest) -> Conditioning:
    with watched(base) as shown:
        list(backend.draw([request]))
    return shown[0]


@torch.no_grad()
def learned_from(base: LoadedBase, *captions: str) -> list[Conditioning]:
    learner = load_architecture(base.row.architecture).learner(
        base.pipeline, base.row, LoraConfig(steps=1), captions
    )
    return [learner.encode_text([caption]) for caption in captions]


def asked(base: str, scene: list[str], cast: tuple[CastMember, ...]) -> ImageRequest:
    prompt = with_anchor(", ".join(scene), cast)
    return image_request(base, prompt=prompt, cast=cast, steps=1)


def assert_same(one: Conditioning, other: Conditioning) -> None:
    assert torch.equal(one.sequence, other.sequence)
    assert torch.equal(one.pooled, other.pooled)


@pytest.mark.parametrize("name", ["sdxl", "micro"])
@settings(
    max_examples=25,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(LISTS, CASTS)
def test_a_prompt_shows_what_its_words_taught_as_a_caption(
    backend: LocalBackend,
    loaded: dict[str, LoadedBase],
    name: str,
    scene: list[str],
    cast: tuple[CastMember, ...],
) -> None:
    request = asked(name, scene, cast)
    shown = drawn_with(backend, loaded[name], request)
    caption, empty = learned_from(loaded[name], request.prompt, "")
    assert_same(shown.rows([1]), caption)
    assert_same(shown.rows([0]), empty)


@settings(max_examples=10, phases=[Phase.generate], deadline=None)
@given(LISTS, CASTS)
def test_so_it_does_in_the_windows_of_klein(
    backend: LocalBackend,
    loaded: dict[str, LoadedBase],
    scene: list[str],
    cast: tuple[CastMember, ...],
) -> None:
    base, request = loaded["flux2-klein-4b"], asked("flux2-klein-4b", scene, cast)
    assert_same(drawn_with(backend, base, request), learned_from(base, request.prompt)[0])


@pytest.mark.parametrize("name", WINDOWS)
@settings(max_examples=30, phases=[Phase.generate], deadline=None)
@given(LISTS, CASTS)
def test_so_it_does_in_fluxs_one_window(
    backend: LocalBackend,
    loaded: dict[str, LoadedBase],
    name: str,
    scene: list[str],
    cast: tuple[CastMember, ...],
) -> None:
    base, request, window = loaded[name], asked(name, scene, cast), WINDOWS[name]
    whole = read_prompt(request.prompt)
    if tokens_of(base, whole.text[whole.anchor_start :]) > window:
        for read in (
            lambda: drawn_with(backend, base, request),
            lambda: learned_from(base, whole.text),
        ):
            with pytest.raises(BadInput, match="shorten the identity block"):
                read()
        return
    shown = drawn_with(backend, base, request)
    assert shown.sequence.shape[1] == window
    assert_same(shown, learned_from(base, request.prompt)[0])


@pytest.mark.parametrize("name", WINDOWS)
@given(LISTS, CASTS)
def test_the_window_of_flux_closes_with_the_whole_anchor(
    loaded: dict[str, LoadedBase], name: str, scene: list[str], cast: tuple[CastMember, ...]
) -> None:
    base, request, window = loaded[name], asked(name, scene, cast), WINDOWS[name]
    reader, whole = base.architecture.text(base.pipeline), read_prompt(request.prompt)
    front, anchor = whole.text[: whole.anchor_start], whole.text[whole.anchor_start :]
    assert anchor.endswith(same_anchor(cast))
    if tokens_of(base, anchor) > window:
        with pytest.raises(BadInput, match=f"tokens where the base reads {window - 1} at once"):
            reader.cut(whole)
        return
    chunks = reader.cut(whole)
    (text,) = chunks.texts
    assert text.endswith(anchor)
    assert tokens_of(base, text) <= window
    assert front.startswith(text.removesuffix(anchor).strip(", "))
    assert bool(chunks.left_out) == (text != request.prompt)


def tokens_of(base: LoadedBase, text: str) -> int:
    return len(base.pipeline.tokenizer_2(text, verbose=False).input_ids)


def test_what_flux_has_no_room_for_is_said_once(
    loaded: dict[str, LoadedBase], caplog: pytest.LogCaptureFixture
) -> None:
    base = loaded["flux-schnell"]
    cast = (CastMember(name="Mara", identity_block="red hair", light="moonlight"),)
    request = asked("flux-schnell", ["a woman", *["snow field"] * 25, "last words"], cast)
    reader = base.architecture.text(base.pipeline)
    with caplog.at_level(logging.WARNING), torch.no_grad():
        for _ in range(2):
            reader.encode([read_prompt(request.prompt)], 1)
    (said,) = caplog.messages
    assert said.startswith("no room in Flux's text window for: snow field")
    assert said.endswith("last words")
