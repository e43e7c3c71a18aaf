from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tools.contracts.progress import Progress, ignore_progress
from tools.errors import BadInput, StorageFailed
from tools.training.faces import redrawn
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.redrawn import Redrawing, redraw
from tools.training.objective import Prediction, add_noise, target


def test_some_pictures_are_drawn_again_and_read_from_the_kept_file_after(
    corpus: FaceCorpus, micro_folder: Path, tmp_path: Path
) -> None:
    told: list[Progress] = []
    path = tmp_path / "redrawn.npy"
    what = Redrawing(micro_folder, count=9, device="cpu", seed=1)
    made = redraw(corpus.rows, corpus.pixels, what, path, told.append)
    assert len(made) == 9
    assert [(each.done, each.total) for each in told] == [(8, 9), (9, 9)]
    for index, (picture,) in made.items():
        assert picture.shape == (256, 256, 3)
        assert (picture != corpus.pixels[index]).any()
    nowhere = Redrawing(tmp_path / "nowhere", count=9, device="cpu", seed=1)
    again = redraw(corpus.rows, corpus.pixels, nowhere, path, told.append)
    assert len(told) == 2, "nothing was drawn"
    assert again.keys() == made.keys()
    assert all((again[index][0] == made[index][0]).all() for index in made)
    assert [each.name for each in tmp_path.iterdir()] == ["redrawn.npy"]


def test_the_seed_chooses_the_pictures(corpus: FaceCorpus, tmp_path: Path) -> None:
    path = tmp_path / "redrawn.npy"
    np.save(path, np.zeros((3, 256, 256, 3), np.uint8))
    chosen = [
        set(
            redraw(
                corpus.rows,
                corpus.pixels,
                Redrawing(tmp_path, 3, "cpu", seed),
                path,
                ignore_progress,
            )
        )
        for seed in (1, 1, 2)
    ]
    assert chosen[0] == chosen[1] != chosen[2]


@pytest.mark.parametrize("prediction", [Prediction.EPSILON, Prediction.V])
def test_a_denoiser_that_is_right_gives_the_latents_back(prediction: Prediction) -> None:
    generator = torch.Generator().manual_seed(0)
    latents, noise = (torch.randn(2, 4, 8, 8, generator=generator) for _ in range(2))
    signal = torch.tensor([0.9, 0.4])
    noisy = add_noise(latents, noise, signal)
    answer = target(latents, noise, signal, prediction)
    clean = redrawn._clean(noisy, answer, signal, prediction)
    assert torch.allclose(clean, latents, atol=1e-5)


def test_a_folder_that_is_no_base_and_a_place_that_takes_no_file_are_said(
    corpus: FaceCorpus, tmp_path: Path
) -> None:
    what = Redrawing(tmp_path, count=1, device="cpu", seed=1)
    with pytest.raises(BadInput, match="model_index"):
        redraw(corpus.rows, corpus.pixels, what, tmp_path / "redrawn.npy", ignore_progress)
    missing = tmp_path / "nowhere" / "redrawn.npy"
    with pytest.raises(StorageFailed, match=r"cannot write .*redrawn.npy: No such file"):
        redrawn._keep(corpus.pixels[:1], missing)
