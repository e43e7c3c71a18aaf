from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.add_photos import AddPhotos, add_photos
from agent.toolkit.change_character import ChangeCharacter, change_character
from tests.support.micro_studio import WELL_READ, frame, twenty_photos
from tests.support.readable_faces import quick_studio
from tools.compose import Studio, build_studio
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, BadPicture, Refused
from tools.imaging.pictures import encode_png
from tools.settings import Settings
from tools.store.conversation import UploadCreate, add_upload, list_unused
from tools.store.job import Job
from tools.store.reference_set import list_images
from tools.workflows.people.characters import load_character
from tools.workflows.people.face_choice import last_casting
from tools.workflows.sets.review.set_review import newest_stored_set


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path) -> Studio:
    """The fresh studio, with eyes that are quick."""
    settings = Settings(home=tmp_path / "studio", device="cpu", threads=1, base="micro")
    return quick_studio(build_studio(settings, bases_home=micro_home))


@pytest.fixture
def at_home(context: ChatContext) -> ChatContext:
    return replace(context, local_files=True)


@pytest.fixture
def attach(context: ChatContext) -> Callable[[str, Path], str]:
    """Attach a picture to the conversation under a name, as an upload does; returns its digest."""

    def attach_one(name: str, path: Path) -> str:
        data = encode_png(Image.open(path).convert("RGB"))
        digest = context.services.files.put_bytes(data, ".png").digest
        upload = UploadCreate(
            conversation_id=context.conversation_id, digest=digest, file_name=name
        )
        with context.services.database.session() as session:
            add_upload(session=session, upload=upload)
        return digest

    return attach_one


def sheet_of(folder: Path, person: int = 2) -> Path:
    """Six portraits of one person in one picture, two rows of three."""
    folder.mkdir(parents=True, exist_ok=True)
    sheet = Image.new("RGB", (3 * 256, 2 * 256))
    for place, number in enumerate(WELL_READ):
        picture = Image.open(frame(person, number)).convert("RGB").resize((256, 256))
        sheet.paste(picture, (place % 3 * 256, place // 3 * 256))
    path = folder / "sheet.png"
    sheet.save(path)
    return path


def add(context: ChatContext, folder: Path | None = None, kind: str = "photos") -> Answer:
    arguments = AddPhotos.model_validate(
        {"character": "Daro", "kind": kind, "folder": str(folder) if folder else None}
    )
    return add_photos(arguments, context, ignore_progress)


def unused(context: ChatContext) -> int:
    with context.services.database.reading() as session:
        return len(list_unused(session=session, conversation_id=context.conversation_id))


def captions(context: ChatContext) -> list[str]:
    daro = load_character(context.services, "studio", "Daro")
    found = newest_stored_set(context.services, daro.id)
    assert found is not None
    with context.services.database.reading() as session:
        return [row.caption for row in list_images(session=session, set_id=found.row.id)]


def test_attached_photos_become_the_reference_set_and_are_used_up(
    context: ChatContext,
    daro: str,
    attach: Callable[[str, Path], str],
    tmp_path: Path,
    shown: Callable[[], Shown],
) -> None:
    for path in sorted(twenty_photos(tmp_path / "photos").iterdir()):
        attach("photo.png", path)
    answer = add(context)
    assert answer.text.startswith("20 photos are reference set v1 of Daro.")
    assert answer.text.endswith("Next: ask the gate.")
    assert [picture.number for picture in answer.pictures] == list(range(1, 21))
    assert unused(context) == 0
    labels = tuple(map(str, range(1, 21)))
    assert shown() == Shown(kind=ShownKind.REFERENCES, character="Daro", labels=labels)
    with pytest.raises(BadInput, match="no pictures are attached to this conversation"):
        add(context)


def test_repeated_and_mirrored_photos_are_said_in_pairs(
    at_home: ChatContext, daro: str, tmp_path: Path
) -> None:
    folder = twenty_photos(tmp_path / "photos")
    first = Image.open(folder / "00_a.png")
    first.save(folder / "first again.png")
    first.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "mirrored.png")
    (folder / "notes.txt").write_text("words")
    said = add(at_home, folder).text
    assert "first again.png: nearly equals 00_a.png." in said
    assert "mirrored.png: mirrors 00_a.png." in said
    assert "Left out: notes.txt (no picture that can be read)." in said


def test_the_same_folder_again_is_the_same_set_until_the_identity_changes(
    at_home: ChatContext, daro: str, tmp_path: Path
) -> None:
    folder = twenty_photos(tmp_path / "photos")
    add(at_home, folder)
    again = add(at_home, folder)
    assert again.text.startswith("20 photos are there already as reference set v1 of Daro.")
    assert "black hair" in captions(at_home)[0]
    change_character(ChangeCharacter(character=daro, change="red hair"), at_home, ignore_progress)
    assert add(at_home, folder).text.startswith("20 photos are reference set v2 of Daro.")
    assert "red hair" in captions(at_home)[0]


def test_a_folder_is_read_only_for_somebody_at_this_computer(
    context: ChatContext, daro: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="folders cannot be read from here; attach the pictures"):
        add(context, twenty_photos(tmp_path / "photos"))


@pytest.mark.parametrize(
    ("count", "error", "message"),
    [(0, BadInput, "no PNG, JPEG, HEIC"), (3, Refused, "20")],
)
def test_too_few_photos_are_refused_in_one_message_and_stay_attached(
    at_home: ChatContext,
    daro: str,
    attach: Callable[[str, Path], str],
    tmp_path: Path,
    count: int,
    error: type[Exception],
    message: str,
) -> None:
    folder = twenty_photos(tmp_path / "photos")
    for path in sorted(folder.iterdir())[count:]:
        path.unlink()
    with pytest.raises(error, match=message):
        add(at_home, folder)
    for path in folder.iterdir():
        attach(path.name, path)
    if count:
        with pytest.raises(Refused, match="20"):
            add(at_home)
        assert unused(at_home) == count


def test_captions_are_asked_for_and_are_one_line_of_data(
    context: ChatContext, daro: str, attach: Callable[[str, Path], str], tmp_path: Path
) -> None:
    paths = sorted(twenty_photos(tmp_path / "photos").iterdir())
    digests = [attach(path.name, path) for path in paths]
    asked: list[str] = []

    def caption(pictures: Sequence[str]) -> Mapping[str, str]:
        asked.extend(pictures)
        return {digests[0]: "a man\nat a desk\x00 " + "x" * 400}

    told = replace(context, caption=caption)
    add(told)
    assert sorted(asked) == sorted(digests)
    request = next(job for job in _jobs(told, "photos") if '"caption":"a man at a desk x' in job)
    assert "x" * 282 in request
    assert "x" * 285 not in request


def _jobs(context: ChatContext, kind: str) -> list[str]:
    with context.services.database.reading() as session:
        return [job.payload for job in session.exec(select(Job).where(Job.kind == kind))]


def test_a_sheet_is_the_only_candidate_and_chosen(
    at_home: ChatContext, daro: str, tmp_path: Path, shown: Callable[[], Shown]
) -> None:
    path = sheet_of(tmp_path / "sheet")
    answer = add(at_home, path, "sheet")
    assert answer.text == (
        "The sheet is Daro's casting, and its face is chosen. 6 portraits were cut from it, "
        "6 readable. Next: build the references from it."
    )
    assert len(answer.pictures) == 7
    assert shown().kind is ShownKind.FACES
    last = last_casting(at_home.services, load_character(at_home.services, "studio", daro).id)
    assert last is not None
    assert last.face == 1
    again = add(at_home, path.parent, "sheet")
    assert again.text.startswith("The sheet is Daro's casting again, and its face is chosen.")


def test_an_attached_sheet_is_used_up(
    context: ChatContext, daro: str, attach: Callable[[str, Path], str], tmp_path: Path
) -> None:
    attach("sheet.png", sheet_of(tmp_path))
    add(context, kind="sheet")
    assert unused(context) == 0


def test_what_is_no_sheet_is_said(at_home: ChatContext, daro: str, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    twenty_photos(folder)
    with pytest.raises(BadInput, match="expected one sheet, found 20 pictures"):
        add(at_home, folder, "sheet")
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(BadPicture, match=r"broken\.png"):
        add(at_home, broken, "sheet")


@pytest.mark.parametrize("kind", ["photos", "sheet"])
@pytest.mark.parametrize(
    "named", ["/dev/zero", "~nobody-of-this-name/x", "a\x00b", "/" + "a" * 900, "nowhere"]
)
def test_a_place_that_holds_no_pictures_is_refused_whatever_it_is(
    at_home: ChatContext, daro: str, named: str, kind: str
) -> None:
    arguments = AddPhotos.model_validate({"character": daro, "kind": kind, "folder": named})
    with pytest.raises(BadInput, match=r"no such folder|cannot be read"):
        add_photos(arguments, at_home, ignore_progress)


def test_a_file_too_large_for_a_picture_is_not_copied_into_the_studio(
    at_home: ChatContext, daro: str, tmp_path: Path
) -> None:
    folder = twenty_photos(tmp_path / "photos")
    with (folder / "huge.png").open("wb") as file:
        file.truncate(70_000_000)
    answer = add(at_home, folder)
    assert answer.text.startswith("20 photos are reference set v1")
    assert "Left out: huge.png (larger than 60 MB; export a smaller file)." in answer.text
    stored = at_home.services.settings.home.rglob("*.png")
    assert max((path.stat().st_size for path in stored), default=0) < 60_000_000
