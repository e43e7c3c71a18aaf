from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools.contracts.progress import Progress
from tools.errors import BadInput
from tools.training.faces.corpus import FaceCorpus, load_pixels
from tools.training.pretrain.rows import read_rows


def test_people_are_those_with_a_known_head(corpus: FaceCorpus) -> None:
    assert sorted(corpus.people()) == ["0", "1", "2", "3", "4"]
    assert all(len(indices) == 2 for indices in corpus.people().values())


def test_people_without_a_head_in_pairs_or_without_a_name_are_not_counted(
    corpus: FaceCorpus,
) -> None:
    rows = list(corpus.rows)
    rows[0] = replace(rows[0], kind="pair")
    rows[2] = replace(rows[2], person="")
    heads = [() if index == 4 else each for index, each in enumerate(corpus.heads)]
    people = replace(corpus, rows=tuple(rows), heads=tuple(heads)).people()
    assert people == {"0": [1], "1": [3], "2": [5], "3": [6, 7], "4": [8, 9]}


def test_a_picture_is_complete_when_everybodys_head_is_known(corpus: FaceCorpus) -> None:
    rows = list(corpus.rows)
    rows[0] = replace(rows[0], kind="pair")
    heads = list(corpus.heads)
    heads[1] = ()
    short = replace(corpus, rows=tuple(rows), heads=tuple(heads))
    assert short.all_complete.tolist() == list(range(2, 10))
    heads[0] = heads[0] * 2
    assert 0 in replace(short, heads=tuple(heads)).all_complete.tolist()
    chance = np.random.default_rng(0)
    assert {short.any_picture(chance) for _ in range(100)} == set(range(2, 10))


def test_a_profile_is_chosen_where_there_is_one(corpus: FaceCorpus) -> None:
    chance = np.random.default_rng(0)
    assert {corpus.any_profile(chance) for _ in range(60)} == {1, 3, 5, 7, 9}
    front = replace(corpus, rows=corpus.rows[:1], heads=corpus.heads[:1])
    assert front.any_profile(chance) == 0


def test_a_picture_is_now_and_then_what_the_base_made_of_it(corpus: FaceCorpus) -> None:
    chance = np.random.default_rng(0)
    bright = [bool((corpus.pixels_of(0, chance) == 255).all()) for _ in range(300)]
    assert 0.2 < np.mean(bright) < 0.4
    assert all((corpus.pixels_of(1, chance) == corpus.pixels[1]).all() for _ in range(20))


def test_pictures_are_read_in_the_order_of_their_rows(folder: Path) -> None:
    told: list[Progress] = []
    rows = read_rows(folder)
    pixels = load_pixels(folder, rows, told.append)
    assert pixels.shape == (10, 256, 256, 3)
    last = np.asarray(Image.open(folder / rows[-1].file_name))
    assert (pixels[-1] == last).all()
    assert [(each.done, each.total) for each in told] == [(10, 10)]


def test_no_pictures_and_pictures_of_another_size_are_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(BadInput, match="holds no pictures of one or two people"):
        load_pixels(tmp_path, [], lambda _: None)
    row = read_rows(folder)[0]
    Image.new("RGB", (128, 256)).save(tmp_path / row.file_name)
    with pytest.raises(
        BadInput, match=r"0_frontal.png: expected 256×256 pixels, found \(128, 256\)"
    ):
        load_pixels(tmp_path, [row], lambda _: None)
