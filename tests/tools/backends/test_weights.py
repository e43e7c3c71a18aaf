from __future__ import annotations

import contextlib
import json
import pickle
import shutil
import struct
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from tools.backends.weights import check_folder, part_files, read_header, read_index
from tools.errors import BadInput


@pytest.fixture
def weight_file(tmp_path: Path) -> Path:
    path = tmp_path / "weights.safetensors"
    save_file({"a": torch.zeros(2, 3), "b": torch.ones(4)}, path, metadata={"made": "here"})
    return path


def test_a_header_tells_names_shapes_and_notes(weight_file: Path) -> None:
    header = read_header(weight_file)
    assert header.shapes == {"a": (2, 3), "b": (4,)}
    assert header.metadata == {"made": "here"}


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".pth", ".bin", ".CKPT"])
def test_a_pickle_is_refused_by_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"lora{suffix}"
    path.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(BadInput, match=r"never opened; give a \.safetensors file"):
        read_header(path)


def test_a_renamed_pickle_is_refused_by_content(tmp_path: Path) -> None:
    path = tmp_path / "lora.safetensors"
    torch.save({"lora_A.weight": torch.zeros(4)}, path)
    with pytest.raises(BadInput, match=r"lora\.safetensors: holds a pickle, whatever its name"):
        read_header(path)


def test_a_file_cut_short_is_refused(weight_file: Path) -> None:
    whole = weight_file.read_bytes()
    for length in (0, 4, 8, 20, len(whole) - 1):
        weight_file.write_bytes(whole[:length])
        with pytest.raises(BadInput, match=r"weights\.safetensors: .*again"):
            read_header(weight_file)


@pytest.mark.parametrize("text", ["[]", "77", '{"a": 1}', '{"a": {"dtype": "F32"}}', "{bad"])
def test_a_header_of_other_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text.encode())
    with pytest.raises(BadInput, match="not a safetensors file"):
        read_header(path)


@given(st.binary(max_size=64))
def test_any_bytes_give_a_header_or_bad_input(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.safetensors"
    path.write_bytes(data)
    with contextlib.suppress(BadInput):
        assert read_header(path).shapes is not None


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_header(tmp_path / "none.safetensors")


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "not readable as JSON"), ("[]", "names no pipeline class"), ("{}", "names no pipeline")],
)
def test_a_broken_model_index_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "model_index.json").write_text(text)
    with pytest.raises(BadInput, match=said):
        read_index(tmp_path)


def test_a_folder_without_model_index_is_no_base(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="give a diffusers folder"):
        read_index(tmp_path)


class TestFolder:
    @pytest.fixture
    def folder(self, tiny_folders: dict[str, Path], tmp_path: Path) -> Path:
        return Path(shutil.copytree(tiny_folders["sdxl"], tmp_path / "base"))

    def test_a_whole_folder_passes(self, folder: Path) -> None:
        check_folder(folder)

    def test_a_missing_part_is_named(self, folder: Path) -> None:
        shutil.rmtree(folder / "tokenizer_2")
        with pytest.raises(BadInput, match="part tokenizer_2 is missing"):
            check_folder(folder)

    def test_a_missing_weight_file_is_named(self, folder: Path) -> None:
        next((folder / "vae").glob("*.safetensors")).unlink()
        with pytest.raises(BadInput, match="vae: no weight file"):
            check_folder(folder)

    def test_pickled_weights_do_not_count(self, folder: Path) -> None:
        weights = next((folder / "unet").glob("*.safetensors"))
        weights.rename(weights.with_suffix(".bin"))
        with pytest.raises(BadInput, match=r"unet: only pickled weights \(.*\.bin\)"):
            check_folder(folder)

    def test_weights_cut_short_are_named(self, folder: Path) -> None:
        weights = next((folder / "text_encoder").glob("*.safetensors"))
        weights.write_bytes(weights.read_bytes()[:-5])
        with pytest.raises(BadInput, match="copy it again"):
            check_folder(folder)

    def test_a_missing_shard_is_named(self, folder: Path) -> None:
        weights = next((folder / "unet").glob("*.safetensors"))
        index = {
            "metadata": {"total_size": 1},
            "weight_map": {"a": weights.name, "b": "lost.safetensors"},
        }
        (folder / "unet" / "model.safetensors.index.json").write_text(json.dumps(index))
        with pytest.raises(BadInput, match=r"shard lost\.safetensors is missing"):
            part_files(folder / "unet")
