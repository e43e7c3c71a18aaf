from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionXLPipeline
from PIL import Image
from safetensors.torch import load_file

from tools.errors import BadInput, Cancelled, TrainingFailed
from tools.training.pretrain.card import pictures_seen
from tools.training.pretrain.config import PretrainConfig, PretrainProgress
from tools.training.pretrain.loop import pretrain

QUICK = PretrainConfig(
    steps=8,
    batch=3,
    learning_rate=2e-3,
    warmup_steps=1,
    preview_prompts=("close-up photo of a young man", "photo of an old woman"),
    preview_steps=2,
    compile=False,
    device="cpu",
)


def run(micro: Path, pictures: Path, out: Path, config: PretrainConfig) -> list[PretrainProgress]:
    return list(pretrain(micro, pictures, out, config, pictures / "faces.json"))


def weights(out: Path) -> dict[str, torch.Tensor]:
    state = torch.load(out / "state.pt", weights_only=True)
    parts = {f"parts.{name}": value for name, value in state["parts"].items()}
    return parts | {f"average.{name}": value for name, value in state["average"].items()}


@pytest.fixture(scope="module")
def unbroken(micro: Path, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("unbroken")
    run(micro, pictures, out, QUICK)
    return out


def assert_equal_weights(first: Path, second: Path) -> None:
    expected, got = weights(first), weights(second)
    different = [name for name, value in expected.items() if not torch.equal(value, got[name])]
    assert not different


def test_the_loss_falls(micro: Path, pictures: Path, tmp_path: Path) -> None:
    config = QUICK.model_copy(update={"steps": 40, "crop_share": 0.0, "sheet_share": 0.0})
    losses = [item.loss for item in run(micro, pictures, tmp_path, config)][:-1]
    assert sum(losses[-8:]) < 0.8 * sum(losses[:8])


def test_a_stopped_run_ends_with_the_weights_of_an_unbroken_one(
    micro: Path, pictures: Path, tmp_path: Path, unbroken: Path
) -> None:
    first = pretrain(micro, pictures, tmp_path, QUICK, pictures / "faces.json")
    for _ in range(4):
        next(first)
    first.close()
    rest = run(micro, pictures, tmp_path, QUICK)
    assert [item.step for item in rest] == [5, 6, 7, 8, 8]
    assert_equal_weights(unbroken, tmp_path)


def test_a_run_goes_on_from_its_last_checkpoint_after_a_crash(
    micro: Path, pictures: Path, tmp_path: Path, unbroken: Path
) -> None:
    """What was done since the checkpoint is done again, to the same end."""
    eager = QUICK.model_copy(update={"checkpoint_every_s": 1e-6})
    first = pretrain(micro, pictures, tmp_path, eager, pictures / "faces.json")
    for _ in range(3):
        next(first)
    kept = (tmp_path / "state.pt").read_bytes()
    next(first)
    first.close()
    (tmp_path / "state.pt").write_bytes(kept)
    assert next(iter(run(micro, pictures, tmp_path, QUICK))).step == 4
    assert_equal_weights(unbroken, tmp_path)


def test_cancelling_stops_at_once_and_keeps_what_was_learned(
    micro: Path, pictures: Path, tmp_path: Path
) -> None:
    work = pretrain(micro, pictures, tmp_path, QUICK, pictures / "faces.json")
    next(work)
    with pytest.raises(Cancelled):
        work.throw(Cancelled("stop"))
    assert torch.load(tmp_path / "state.pt", weights_only=True)["counters"]["step"] == 1
    assert not (tmp_path / "pipeline").exists()


def test_a_second_call_goes_on_from_the_first(micro: Path, pictures: Path, tmp_path: Path) -> None:
    halves = [{"steps": 2, "end": 0.5}, {"steps": 3, "begin": 0.5}, {"steps": 3, "begin": 0.5}]
    last = [
        run(micro, pictures, tmp_path, QUICK.model_copy(update=half))[-1].step for half in halves
    ]
    assert last == [2, 5, 8]


def test_the_schedule_spans_calls(micro: Path, pictures: Path, tmp_path: Path) -> None:
    rates = [
        item.learning_rate
        for half in ({"steps": 2, "end": 0.5}, {"steps": 2, "begin": 0.5})
        for item in run(micro, pictures, tmp_path, QUICK.model_copy(update=half))[:-1]
    ]
    factors = [1.0, 1.0, 0.5 / 0.7, 0.25 / 0.7]
    assert rates == pytest.approx([2e-3 * factor for factor in factors])


def test_the_finished_folder_is_a_half_precision_pipeline_with_its_card(
    micro: Path, unbroken: Path
) -> None:
    pipeline = unbroken / "pipeline"
    for file in pipeline.glob("*/*.safetensors"):
        assert {value.dtype for value in load_file(file).values()} <= {torch.float16, torch.int64}
    drawn = load_file(pipeline / "unet" / "diffusion_pytorch_model.safetensors")
    average = weights(unbroken)["average.unet.conv_in.weight"]
    assert torch.equal(drawn["conv_in.weight"], average.half())
    assert pictures_seen(unbroken / "pipeline") > pictures_seen(micro)
    assert (
        "_attn_implementation" not in (unbroken / "pipeline/text_encoder/config.json").read_text()
    )
    files = {path.name for path in (unbroken / "pipeline").iterdir()}
    assert files == {path.name for path in micro.iterdir()}


def test_only_trained_parts_change(micro: Path, unbroken: Path) -> None:
    before = StableDiffusionXLPipeline.from_pretrained(micro, dtype=torch.float16)
    after = StableDiffusionXLPipeline.from_pretrained(unbroken / "pipeline", dtype=torch.float16)
    assert torch.equal(before.vae.encoder.conv_in.weight, after.vae.encoder.conv_in.weight)
    for part in ("unet", "text_encoder", "text_encoder_2"):
        old, new = getattr(before, part).state_dict(), getattr(after, part).state_dict()
        assert old.keys() == new.keys()
        assert any(not torch.equal(old[name], new[name]) for name in old)


def test_previews_are_written_while_it_runs(micro: Path, pictures: Path, tmp_path: Path) -> None:
    config = QUICK.model_copy(update={"steps": 2, "preview_every_s": 1e-6})
    items = list(
        pretrain(micro, pictures, tmp_path, config, pictures / "faces.json", held_out=pictures)
    )
    for item in items:
        assert item.preview is not None
        assert Image.open(item.preview).size == (128, 64)
        assert item.unseen is not None
        assert item.unseen.pictures == 4
    assert items[-1].pipeline == tmp_path / "pipeline"


def test_a_call_measured_in_seconds_ends(micro: Path, pictures: Path, tmp_path: Path) -> None:
    config = QUICK.model_copy(update={"steps": None, "seconds": 0.01})
    items = run(micro, pictures, tmp_path, config)
    assert items[-1].share == 1.0
    assert len(items) == 2


def test_crops_count_as_quarters_of_a_picture(micro: Path, pictures: Path, tmp_path: Path) -> None:
    crops = QUICK.model_copy(update={"steps": 1, "crop_share": 1.0})
    whole = QUICK.model_copy(update={"steps": 1, "crop_share": 0.0, "sheet_share": 0.0})
    assert run(micro, pictures, tmp_path / "crops", crops)[-1].pictures_seen == 2
    assert run(micro, pictures, tmp_path / "whole", whole)[-1].pictures_seen == 3


def test_faces_are_found_by_the_given_detector(micro: Path, pictures: Path, tmp_path: Path) -> None:
    config = QUICK.model_copy(update={"steps": 1})
    list(
        pretrain(micro, pictures, tmp_path, config, find_faces=lambda images: [[] for _ in images])
    )
    assert len(json.loads((tmp_path / "faces.json").read_text())) == 12


def test_a_loss_that_is_not_finite_stops_and_keeps_the_checkpoint(
    micro: Path, pictures: Path, tmp_path: Path
) -> None:
    run(micro, pictures, tmp_path, QUICK.model_copy(update={"steps": 1}))
    state = torch.load(tmp_path / "state.pt", weights_only=True)
    state["parts"]["unet.conv_in.weight"].fill_(float("nan"))
    torch.save(state, tmp_path / "state.pt")
    with pytest.raises(TrainingFailed, match=r"loss is nan at step 1; lower the learning rate"):
        run(micro, pictures, tmp_path, QUICK)
    assert torch.load(tmp_path / "state.pt", weights_only=True)["counters"]["step"] == 1


def test_a_damaged_checkpoint_is_named(micro: Path, pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "state.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(TrainingFailed, match=r"state.pt cannot be resumed"):
        run(micro, pictures, tmp_path, QUICK)


def test_a_folder_of_sheets_is_refused(micro: Path, pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "sheet_0.png").write_bytes((pictures / "sheet_0.png").read_bytes())
    (tmp_path / "metadata.jsonl").write_text(
        '{"file_name": "sheet_0.png", "text": "sheet", "kind": "sheet"}'
    )
    with pytest.raises(BadInput, match="holds sheets only"):
        list(pretrain(micro, tmp_path, tmp_path / "out", QUICK))
