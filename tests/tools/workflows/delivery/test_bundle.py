from __future__ import annotations

import contextlib
import hashlib
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlmodel import select

from tests.conftest import FinishedDemo
from tools.contracts.bundle import BundleCharacter, BundleFile, BundleTake, Manifest
from tools.errors import BadInput
from tools.language.prompt.vocabulary import load_vocabulary
from tools.services import Services
from tools.store.character import Character
from tools.store.identity_block import IdentityBlock
from tools.store.lora_version import LoraVersion
from tools.store.production import Production
from tools.store.reference_set import ReferenceImage, ReferenceSet, list_images
from tools.store.take import Take
from tools.workflows.delivery.bundle import open_bundle
from tools.workflows.delivery.bundle_zip import read_members
from tools.workflows.lora.adapters import adapter_of
from tools.workflows.people.characters import load_character, newest_reference_set, person_in_frame

Members = dict[str, bytes]


def unpacked(bundle: Path) -> Members:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def packed(members: Mapping[str, bytes], target: Path, extra: Mapping[str, bytes] = {}) -> Path:
    """A bundle whose manifest is right about `members` and says nothing of `extra`."""
    files = [
        BundleFile(path=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        for name, data in members.items()
    ]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", Manifest(files=tuple(files)).model_dump_json())
        for name, data in {**members, **extra}.items():
            archive.writestr(name, data)
    return target


def require_untouched(services: Services) -> None:
    with services.database.reading() as session:
        for table in (Production, Character, ReferenceSet, ReferenceImage, LoraVersion, Take):
            assert session.exec(select(table)).all() == [], table


def require_refused(services: Services, bundle: Path, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        open_bundle(services, bundle)
    assert "\n" not in str(caught.value)
    require_untouched(services)


def test_a_bundle_opens_in_another_studio(services: Services, finished_demo: FinishedDemo) -> None:
    opened = open_bundle(services, finished_demo.bundle)
    assert (opened.name, opened.references, opened.lora_version, opened.takes) == ("Daro", 6, 1, 3)

    contents = unpacked(finished_demo.bundle)
    character = BundleCharacter.model_validate_json(contents["character.json"])
    loaded = load_character(services, "studio", "Daro")
    assert loaded.brief == character.brief

    person = person_in_frame(services, loaded, load_vocabulary("maquette"))
    assert [look.identity_block for look in character.looks] == [person.block.text]

    found = newest_reference_set(services, "studio", "Daro")
    assert found.verdict == character.gate.verdict
    with services.database.reading() as session:
        images = list_images(session=session, set_id=found.id)
        (take, *others) = session.exec(select(Take).order_by(Take.slate)).all()
        (lora,) = session.exec(select(LoraVersion)).all()
    rows = [json.loads(line) for line in contents["references/metadata.jsonl"].splitlines()]
    assert [image.caption for image in images] == [row["text"] for row in rows]
    assert [image.csfd for image in images] == [line.csfd for line in character.gate.images]
    for image, row in zip(images, rows, strict=True):
        assert services.files.read(image.digest) == contents[f"references/{row['file_name']}"]

    assert services.files.read(lora.digest) == contents["lora/daro_v1.safetensors"]
    assert services.files.read(str(lora.kohya_digest)) == contents["lora/daro_v1_kohya.safetensors"]
    assert adapter_of(services, "studio", "Daro", "micro").lora_version_id == lora.id

    assert [take.slate, *(other.slate for other in others)] == ["1A T1", "1A T2", "2A T1"]
    line = BundleTake.model_validate_json(contents["takes/1A_T1.json"])
    assert (take.seed, take.prompt, take.verdict) == (
        line.taken.seed,
        line.taken.prompt,
        line.taken.verdict.outcome,
    )
    assert services.files.read(str(take.digest)) == contents["takes/1A_T1.png"]


def test_the_identity_block_is_kept_although_this_studio_would_write_another(
    services: Services, finished_demo: FinishedDemo, tmp_path: Path
) -> None:
    members = unpacked(finished_demo.bundle)
    character = json.loads(members["character.json"])
    character["looks"][0]["identity_block"] = "a block in older words"
    members["character.json"] = json.dumps(character).encode()
    open_bundle(services, packed(members, tmp_path / "older.zip"))
    loaded = load_character(services, "studio", "Daro")
    person = person_in_frame(services, loaded, load_vocabulary("maquette"))
    assert person.block.text == "a block in older words"


def test_a_bundle_opens_once_in_a_production(
    services: Services, finished_demo: FinishedDemo
) -> None:
    open_bundle(services, finished_demo.bundle)
    with pytest.raises(BadInput, match="a character named 'Daro' exists; choose another name"):
        open_bundle(services, finished_demo.bundle)
    open_bundle(services, finished_demo.bundle, production="another film")
    with services.database.reading() as session:
        assert len(session.exec(select(Character)).all()) == 2
        assert len(session.exec(select(IdentityBlock)).all()) == 2


def test_a_slate_that_holds_another_shot_is_named_with_the_way_out(
    services: Services, finished_demo: FinishedDemo, tmp_path: Path
) -> None:
    open_bundle(services, finished_demo.bundle)
    members = unpacked(finished_demo.bundle)
    character = json.loads(members["character.json"])
    character["brief"]["name"] = "Mara"
    members["character.json"] = json.dumps(character).encode()
    take = json.loads(members["takes/1A_T1.json"])
    take["shot"]["place"] = "forest"
    members["takes/1A_T1.json"] = json.dumps(take).encode()
    with pytest.raises(
        BadInput, match=r"shot 1A of this production is another one; .*--production"
    ):
        open_bundle(services, packed(members, tmp_path / "other.zip"))
    with services.database.reading() as session:
        assert [row.name for row in session.exec(select(Character))] == ["Daro"]


def test_one_changed_byte_anywhere_is_noticed_or_changes_nothing(
    services: Services, finished_demo: FinishedDemo, tmp_path: Path
) -> None:
    """Any flipped bit: refused in one line, unless it stands where a zip keeps only remarks."""
    whole = finished_demo.bundle.read_bytes()
    chance = random.Random(4)
    target = tmp_path / "flipped.zip"
    refused = 0
    for _ in range(60):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        target.write_bytes(flipped)
        with contextlib.suppress(BadInput):
            assert read_members(target) == unpacked(finished_demo.bundle)
            continue
        refused += 1
        with pytest.raises(BadInput, match=r"^flipped\.zip: [^\n]*$"):
            open_bundle(services, target)
    assert refused > 50
    require_untouched(services)


def test_a_picture_that_is_not_the_manifests_is_refused(
    services: Services, finished_demo: FinishedDemo, tmp_path: Path
) -> None:
    members = unpacked(finished_demo.bundle)
    target = packed(members, tmp_path / "tampered.zip")
    swapped = tmp_path / "swapped.zip"
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(swapped, "w") as new:
        for name in old.namelist():
            data = old.read("references/02.png" if name == "references/01.png" else name)
            new.writestr(name, data)
    said = r"swapped\.zip: references/01\.png is not what the manifest says; copy it again"
    require_refused(services, swapped, said)


@pytest.mark.parametrize("name", ["evil.py", "../evil", "/etc/evil", "takes/../../evil"])
def test_a_member_that_the_manifest_does_not_name_is_refused(
    services: Services, finished_demo: FinishedDemo, tmp_path: Path, name: str
) -> None:
    members = unpacked(finished_demo.bundle)
    bundle = packed(members, tmp_path / "extra.zip", extra={name: b"evil"})
    require_refused(services, bundle, "files that the manifest does not name: '.*evil")
    assert list(tmp_path.rglob("evil*")) == []


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "takes/../../evil", "..\\evil", "a/./b"])
def test_a_manifest_that_names_a_path_outside_is_damaged(
    services: Services, finished_demo: FinishedDemo, tmp_path: Path, name: str
) -> None:
    members = unpacked(finished_demo.bundle)
    manifest = {"version": 1, "files": [{"path": name, "sha256": "0" * 64, "bytes": 4}]}
    bundle = tmp_path / "outside.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr(name, b"evil")
        archive.writestr("character.json", members["character.json"])
    require_refused(services, bundle, r"outside\.zip: its manifest is damaged")


def without(name: str) -> Callable[[Members], Members]:
    return lambda members: {each: data for each, data in members.items() if each != name}


def instead(name: str, data: bytes) -> Callable[[Members], Members]:
    return lambda members: {**members, name: data}


def first_line_only(members: Members) -> Members:
    lines = members["references/metadata.jsonl"].splitlines()
    return {**members, "references/metadata.jsonl": lines[0]}


def as_sketch(members: Members) -> Members:
    """The take as if the base had drawn it alone."""
    line = json.loads(members["takes/1A_T1.json"])
    line["taken"]["is_sketch"] = True
    return {**members, "takes/1A_T1.json": json.dumps(line).encode()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (as_sketch, "the bundle's 1A T1 is a sketch; export it again without sketches"),
        (without("character.json"), r"the bundle has no character\.json; export it again"),
        (instead("character.json", b"{}"), r"character\.json: brief: Field required"),
        (instead("character.json", b"no json"), r"character\.json: Invalid JSON"),
        (without("references/metadata.jsonl"), "the bundle's reference set is not complete"),
        (instead("references/metadata.jsonl", b"{}"), r"metadata\.jsonl: not the lines of a set"),
        (instead("references/metadata.jsonl", b"[]"), r"metadata\.jsonl: not the lines of a set"),
        (instead("references/metadata.jsonl", b"\xff"), r"metadata\.jsonl: not the lines of a set"),
        (first_line_only, "the bundle's reference set is not complete"),
        (without("references/03.png"), "the bundle's reference set is not complete"),
        (
            instead("references/03.png", b"no picture"),
            r"references/03\.png: not a readable PNG, JPEG, HEIC",
        ),
        (without("takes/1A_T1.png"), r"the bundle has no takes/1A_T1\.png"),
        (instead("takes/1A_T1.png", b"text"), r"takes/1A_T1\.png: not a readable PNG"),
        (instead("takes/1A_T1.json", b"{}"), r"takes/1A_T1\.json: shot: Field required"),
        (without("lora/daro_v1.safetensors"), r"the bundle has no lora/daro_v1\.safetensors"),
        (without("lora/daro_v1_kohya.safetensors"), r"has no lora/daro_v1_kohya\.safetensors"),
        (
            instead("lora/daro_v1.safetensors", b"\x80\x04\x95 a pickle"),
            "holds a pickle, whatever its name",
        ),
    ],
)
def test_a_bundle_that_lacks_something_leaves_nothing_behind(
    services: Services,
    finished_demo: FinishedDemo,
    tmp_path: Path,
    change: Callable[[Members], Members],
    said: str,
) -> None:
    bundle = packed(change(unpacked(finished_demo.bundle)), tmp_path / "broken.zip")
    require_refused(services, bundle, said)


def test_an_adapter_that_is_a_pickle_by_name_is_refused(
    services: Services, finished_demo: FinishedDemo, tmp_path: Path
) -> None:
    members = unpacked(finished_demo.bundle)
    character = json.loads(members["character.json"])
    character["lora"]["file"] = "lora/daro.ckpt"
    members["character.json"] = json.dumps(character).encode()
    members["lora/daro.ckpt"] = members.pop("lora/daro_v1.safetensors")
    bundle = packed(members, tmp_path / "pickle.zip")
    require_refused(services, bundle, "pickled weights can run code and are never opened")
