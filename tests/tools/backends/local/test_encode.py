from __future__ import annotations

import pytest
import torch

from tools.architectures.chunks import PromptText
from tools.backends.bases import BaseCatalog
from tools.backends.local.encode import PromptEncoder
from tools.backends.local.pipelines import LoadedBase, load_base
from tools.training.lora.learner import Conditioning

SCENE = ", ".join(["grey studio backdrop", "soft window light", "warm interior"] * 14)
ANCHOR = "SAME Mara: red bob haircut, green eyes, fair skin; lit by soft window light"
BASES = ["micro", "sdxl", "flux-schnell"]


@pytest.fixture(scope="module")
def loaded(catalog: BaseCatalog) -> dict[str, LoadedBase]:
    return {
        name: load_base(catalog.row(name), catalog.folder(name), torch.device("cpu"))
        for name in BASES
    }


def text_with(scene: str, anchor: str) -> PromptText:
    return PromptText(f"{scene}, {anchor}", len(scene) + 2)


@torch.inference_mode()
def encoded(base: LoadedBase, prompts: list[PromptText]) -> Conditioning:
    return PromptEncoder(base).encode(prompts, None, ())[0]


@torch.inference_mode()
def guided(
    base: LoadedBase, prompts: list[PromptText], negatives: list[str]
) -> tuple[Conditioning, Conditioning]:
    wanted, unwanted = PromptEncoder(base).encode(prompts, negatives, ())
    assert unwanted is not None
    return wanted, unwanted


@pytest.mark.parametrize("name", BASES)
def test_the_last_word_of_a_long_prompt_counts(loaded: dict[str, LoadedBase], name: str) -> None:
    base = loaded[name]
    light, dark = (
        encoded(base, [text_with(SCENE, f"SAME Mara: red hair; lit by {word}")])
        for word in ("moonlight", "candlelight")
    )
    tokens = base.pipeline.tokenizer(SCENE, verbose=False).input_ids
    assert len(tokens) > 150
    assert not light.sequence.equal(dark.sequence)
    assert not light.pooled.equal(dark.pooled)


@pytest.mark.parametrize("name", ["micro", "sdxl"])
def test_an_anchor_longer_than_a_window_is_encoded_whole(
    loaded: dict[str, LoadedBase], name: str
) -> None:
    base = loaded[name]
    anchors = [
        "SAME Mara: " + ", ".join([f"{first} hair", *["a scar on the cheek"] * 60, f"{last} hat"])
        for first, last in (("red", "brown"), ("red", "green"), ("grey", "brown"))
    ]
    one, other_end, other_start = (
        encoded(base, [text_with("photo of a woman", anchor)]) for anchor in anchors
    )
    assert not one.sequence.equal(other_end.sequence)
    assert not one.sequence.equal(other_start.sequence)
    assert not one.pooled.equal(other_start.pooled)


def test_a_short_prompt_is_encoded_as_the_pipeline_does(loaded: dict[str, LoadedBase]) -> None:
    for name in BASES:
        base = loaded[name]
        ours = encoded(base, [text_with("close-up photo of a woman", ANCHOR[:30])])
        text = f"close-up photo of a woman, {ANCHOR[:30]}"
        with torch.inference_mode():
            if name == "flux-schnell":
                sequence, pooled, _ = base.pipeline.encode_prompt(
                    text, None, max_sequence_length=256
                )
            else:
                sequence, _, pooled, _ = base.pipeline.encode_prompt(
                    text, do_classifier_free_guidance=False
                )
        assert torch.allclose(ours.sequence, sequence, atol=1e-5)
        assert torch.allclose(ours.pooled, pooled, atol=1e-5)


def test_the_pooled_vector_is_the_anchors(loaded: dict[str, LoadedBase]) -> None:
    base = loaded["micro"]
    scenes = (f"{SCENE}, snow field", f"{SCENE.replace('grey', 'red', 1)}, snow field")
    one, other = (encoded(base, [text_with(scene, ANCHOR)]) for scene in scenes)
    assert one.pooled.equal(other.pooled)
    assert not one.sequence.equal(other.sequence)


def test_an_empty_negative_is_as_the_base_was_trained(loaded: dict[str, LoadedBase]) -> None:
    prompt = [text_with("photo of a woman", ANCHOR)]
    assert not guided(loaded["sdxl"], prompt, [""])[1].sequence.any()
    assert guided(loaded["micro"], prompt, [""])[1].sequence.any()
    assert guided(loaded["sdxl"], prompt, ["blurry"])[1].sequence.any()


def test_a_negative_is_as_long_as_the_prompt(loaded: dict[str, LoadedBase]) -> None:
    for name in ("micro", "sdxl"):
        for prompts, negatives in (
            ([text_with(SCENE, ANCHOR)], ["blurry"]),
            ([text_with("photo", "SAME Mara: red hair; lit by moonlight")], [SCENE]),
        ):
            wanted, unwanted = guided(loaded[name], prompts, negatives)
            assert wanted.sequence.shape == unwanted.sequence.shape
            assert wanted.sequence.shape[1] % 77 == 0
            assert wanted.sequence.shape[1] > 77


class _Counted:
    """Counts how often a text encoder runs."""

    def __init__(self, module: torch.nn.Module) -> None:
        self.calls = 0
        self.handle = module.register_forward_hook(self._count)

    def _count(self, *_: object) -> None:
        self.calls += 1


def test_a_prompt_is_encoded_once_for_the_same_adapters(loaded: dict[str, LoadedBase]) -> None:
    base = loaded["micro"]
    counted = _Counted(base.pipeline.text_encoder)
    encoder = PromptEncoder(base, capacity=2)
    first, second, third = (
        PromptText(f"{word}, {ANCHOR}", len(word) + 2) for word in ("one", "two", "three")
    )
    with torch.inference_mode():
        encoder.encode([first, first], None, ())
        encoder.encode([first], None, ())
        assert counted.calls == 1
        encoder.encode([first], None, (("lora", 1.0),))
        assert counted.calls == 2
        encoder.encode([second, third, first], None, ())
        assert counted.calls == 5
    counted.handle.remove()
