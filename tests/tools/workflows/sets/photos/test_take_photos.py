from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.support.micro_studio import ROOT, copy_frames, frame
from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.progress import ignore_progress
from tools.contracts.sets import LeftOut, PhotoSetRequest, ReferenceSetMade
from tools.errors import BadInput, Refused
from tools.imaging.pictures import encode_png
from tools.imaging.provenance import sketch_text
from tools.services import Services
from tools.store.reference_set import ReferenceImage, list_images
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.photos.take_photos import name_files, store_photos, take_photos


def take(
    services: Services, folder: Path, least: int = 1, base: str = "maquette"
) -> ReferenceSetMade:
    stored = store_photos(services, folder)
    request = PhotoSetRequest(
        production="studio",
        character="Daro",
        base=base,
        photos=stored.photos,
        left_out=stored.left_out,
        least_images=least,
    )
    return take_photos(services, request, ignore_progress)


def images_of(services: Services, made: ReferenceSetMade) -> list[ReferenceImage]:
    with services.database.reading() as session:
        return list_images(session=session, set_id=made.reference_set_id)


def label(folder: Path, *rows: dict[str, str]) -> Path:
    lines = [json.dumps(row) for row in rows]
    (folder / "metadata.jsonl").write_text("\n".join(lines))
    return folder


def test_labels_are_kept_and_written_into_the_caption(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = label(
        copy_frames(tmp_path / "photos", 2, [0]),
        {
            "file_name": "00002_00.webp",
            "shot": "medium close-up",
            "view": "three-quarter left",
            "expression": "sad",
            "light": "candlelight",
            "place": "stone hall",
        },
    )
    (image,) = images_of(services, take(services, folder))
    assert image.framing is Framing.MEDIUM_CLOSE_UP
    assert image.view is View.THREE_QUARTER_LEFT
    assert image.expression is Expression.SAD
    assert (image.light, image.place, image.layer) == ("candlelight", "stone hall", Layer.PHOTO)
    assert image.caption.startswith("Daro")
    for words in ("medium close-up", "three-quarter left view", "sad", "candlelight", "stone hall"):
        assert words in image.caption


def test_without_labels_framing_view_and_light_are_measured(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    (image,) = images_of(services, take(services, copy_frames(tmp_path / "photos", 2, [6])))
    assert image.framing is Framing.CLOSE_UP
    assert image.view is View.FRONTAL
    assert image.expression is None
    assert image.place is None
    assert image.light
    assert image.light in image.caption


def test_words_of_a_photos_own_caption_are_kept_where_nothing_says_what_they_mean(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.open(frame(2, 0)).resize((1024, 1024)).save(folder / "large.png")
    label(folder, {"file_name": "large.png", "text": "leaning on a green door"})
    (image,) = images_of(services, take(services, folder, base="sdxl"))
    assert "leaning on a green door" in image.caption.split(", SAME ")[0]


def test_a_photo_labelled_as_turned_away_may_have_no_readable_face(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = copy_frames(tmp_path / "photos", 2, [0])
    Image.new("RGB", (300, 260), "grey").save(folder / "back.png")
    label(folder, {"file_name": "back.png", "view": "left profile", "shot": "medium shot"})
    made = take(services, folder)
    assert made.count == 2
    assert [(each.file, each.flags) for each in made.flagged] == [
        ("back.png", ("no readable face",))
    ]


def test_no_face_and_two_faces_are_refused_together(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = copy_frames(tmp_path / "photos", 2, [0])
    Image.new("RGB", (300, 260), "grey").save(folder / "empty.png")
    two = Image.new("RGB", (512, 256))
    for at, person in enumerate((2, 6)):
        two.paste(Image.open(frame(person, 0)).convert("RGB"), (256 * at, 0))
    two.save(folder / "two.png")
    with pytest.raises(Refused, match=r"empty\.png \(no face\), two\.png \(2 faces\)"):
        take(services, folder)


def test_an_unlabelled_photo_of_a_turned_head_is_taken_and_flagged(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = copy_frames(tmp_path / "photos", 2, [0])
    shutil.copy(ROOT / "prompts" / "demo" / "photos" / "05.webp", folder / "profile.webp")
    by_dlib = services.settings.model_copy(update={"calibration": "maquette"})
    made = take(replace(services, settings=by_dlib), folder)
    assert made.count == 2
    assert [(image.file, image.flags) for image in made.flagged] == [
        ("profile.webp", ("no readable face",))
    ]


def test_too_few_and_too_small_photos_are_refused_by_name(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = copy_frames(tmp_path / "photos", 2, [0])
    with pytest.raises(Refused, match=r"at least 20 photos, got 1: 00002_00\.webp"):
        take(services, folder, least=20)
    Image.open(frame(2, 5)).resize((200, 200)).save(folder / "small.png")
    with pytest.raises(Refused, match=r"at least 256 pixels on each side: small\.png \(200×200\)"):
        take(services, folder)


def test_a_photo_that_nearly_equals_another_is_flagged(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = copy_frames(tmp_path / "photos", 2, [0])
    Image.open(frame(2, 0)).convert("RGB").save(folder / "twin.png")
    (flagged,) = take(services, folder).flagged
    assert flagged.file == "twin.png"
    assert flagged.flags == ("nearly equals 00002_00.webp",)


def spoil(folder: Path) -> Path:
    """Put two pictures that cannot be read and two files that are none into a folder."""
    (folder / "text.jpg").write_text("words")
    whole = frame(2, 5).read_bytes()
    (folder / "cut.webp").write_bytes(whole[: len(whole) // 2])
    (folder / "notes.txt").write_text("not of any photo")
    (folder / "IMG_7.CR2").write_bytes(b"raw")
    (folder / ".DS_Store").write_bytes(b"")
    return folder


def test_bad_files_are_all_named_and_the_good_ones_kept(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    made = take(services, spoil(copy_frames(tmp_path / "photos", 2, [0, 5])))
    assert made.count == 2
    said = {each.file: each.reason for each in made.left_out}
    assert sorted(said) == ["IMG_7.CR2", "cut.webp", "notes.txt", "text.jpg"]
    assert said["notes.txt"] == "no picture that can be read"
    assert said["text.jpg"].startswith("not a readable PNG, JPEG, HEIC")
    assert name_files(made.left_out).startswith("IMG_7.CR2 (no picture that can be read), ")


def test_a_refusal_names_what_was_left_out_before(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = spoil(copy_frames(tmp_path / "photos", 2, [0]))
    with pytest.raises(Refused, match=r"got 1: .*; left out: IMG_7\.CR2 .*cut\.webp .*text\.jpg"):
        take(services, folder, least=20)


def test_a_folder_of_bad_files_only_names_them(services: Services, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(BadInput, match=r"no photo can be read: .*cut\.webp .*, text\.jpg"):
        store_photos(services, spoil(tmp_path / "photos"))


def test_of_very_many_files_the_first_are_named() -> None:
    many = [LeftOut(file=f"{number}.xmp", reason="no picture") for number in range(200)]
    assert name_files(many).endswith("19.xmp (no picture), and 180 more")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"text": "x" * 4001}, r"00002_00\.webp: .*4000"),
        ({"light": "x" * 301}, r"00002_00\.webp: .*300"),
    ],
)
def test_words_that_are_too_long_are_bad_input(
    services: Services, tmp_path: Path, row: dict[str, str], message: str
) -> None:
    folder = label(copy_frames(tmp_path / "photos", 2, [0]), {"file_name": "00002_00.webp", **row})
    with pytest.raises(BadInput, match=message):
        store_photos(services, folder)


def test_more_photos_than_a_set_holds_are_bad_input(services: Services, tmp_path: Path) -> None:
    for number in range(201):
        (tmp_path / f"{number}.png").write_bytes(b"")
    with pytest.raises(BadInput, match="201 pictures; a set holds 200 at most"):
        store_photos(services, tmp_path)


def test_a_phones_photos_are_taken(services: Services, tmp_path: Path) -> None:
    folder = copy_frames(tmp_path / "photos", 2, [0])
    for path in (ROOT / "tests" / "data" / "phone").iterdir():
        shutil.copy(path, folder)
    Image.open(frame(2, 5)).convert("RGB").save(folder / "saved.jfif", "JPEG")
    stored = store_photos(services, folder)
    assert [photo.name for photo in stored.photos] == [
        "00002_00.webp",
        "IMG_0.HEIC",
        "IMG_1.HEIC",
        "saved.jfif",
    ]
    assert stored.left_out == ()


def test_a_caption_in_a_file_of_its_own_comes_with_its_photo(
    services: Services, tmp_path: Path
) -> None:
    folder = copy_frames(tmp_path / "photos", 2, [0, 5])
    (folder / "00002_00.txt").write_bytes("\ufeffstanding in a hall number 0".encode())
    stored = store_photos(services, folder)
    assert [photo.caption for photo in stored.photos] == ["standing in a hall number 0", None]
    assert stored.left_out == ()


def test_a_refused_set_leaves_no_set_behind(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = copy_frames(tmp_path / "photos", 2, [0])
    ImageDraw.Draw(blank := Image.new("RGB", (256, 256))).rectangle((9, 9, 99, 99), "white")
    blank.save(folder / "blank.png")
    with pytest.raises(Refused):
        take(services, folder)
    made = take(services, copy_frames(tmp_path / "others", 2, [0, 5]))
    assert made.version == 1


def test_a_sketch_is_no_reference(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    """However it is called: its file says what it is."""
    folder = copy_frames(tmp_path / "photos", 2, [0, 5])
    picture = Image.open(frame(2, 6)).convert("RGB")
    (folder / "holiday.png").write_bytes(encode_png(picture, sketch_text("studio 4A T1", "x")))
    with pytest.raises(Refused, match=r"holiday\.png: sketches are no references; leave them out"):
        take(services, folder)
