from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from tests.support.image_requests import image_request
from tools.contracts.images import ImageRequest, LoraUse
from tools.store.model import canonical_json

START, MASK, LORA = "a" * 64, "b" * 64, "c" * 64


def test_a_request_is_the_same_on_every_machine() -> None:
    request = image_request(
        "sdxl",
        init_image=START,
        strength=0.5,
        mask=MASK,
        loras=(LoraUse(digest=LORA, weight=0.7),),
    )
    text = canonical_json(request)
    assert "/" not in text
    assert ImageRequest.model_validate_json(text) == request


def test_a_request_that_was_stored_with_paths_reads_as_one_with_digests() -> None:
    old = json.loads(canonical_json(image_request("sdxl")))
    folder = "/home/mara/.samecast/objects"
    old |= {
        "init_image": f"{folder}/aa/aa/{START}.png",
        "mask": f"{folder}/bb/bb/{MASK}.png",
        "strength": 0.5,
        "loras": [{"path": f"{folder}/cc/cc/{LORA}.safetensors", "weight": 0.7}],
    }
    request = ImageRequest.model_validate_json(json.dumps(old))
    assert (request.init_image, request.mask) == (START, MASK)
    assert request.loras == (LoraUse(digest=LORA, weight=0.7),)


@pytest.mark.parametrize("file", ["/home/mara/photo.png", "photo.png", ""])
def test_a_file_that_is_not_in_the_store_is_no_request(file: str) -> None:
    with pytest.raises(ValidationError, match="init_image"):
        image_request("sdxl", init_image=file, strength=0.5)
    with pytest.raises(ValidationError, match="digest"):
        LoraUse.model_validate({"path": file})
