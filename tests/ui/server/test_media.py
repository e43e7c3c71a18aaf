from __future__ import annotations

import io
import stat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from tests.support.filled_studio import picture
from tests.support.served_page import House
from tests.ui.server.conftest import Browsers
from tools.errors import StorageFailed
from tools.imaging.pictures import encode_png
from tools.imaging.provenance import is_sketch, sketch_text
from tools.store.take import list_production_takes
from ui.server.media import MediaLinks
from ui.server.secret import read_secret
from ui.server.thumbnails import Thumbnails


@pytest.fixture(scope="session")
def links(house: House) -> MediaLinks:
    """The running server's own addresses, by the secret that lies in its home."""
    return MediaLinks(read_secret(house.studio.services.settings.home))


def digest_of(house: House, production_id: str) -> str:
    with house.studio.services.database.reading() as session:
        take = list_production_takes(session=session, production_id=production_id)[0][0]
    assert take.digest is not None
    return take.digest


def test_a_picture_comes_as_it_is_stored_and_small(
    house: House, browsers: Browsers, links: MediaLinks, harbour: str
) -> None:
    digest = digest_of(house, harbour)
    whole = browsers.rosa.get(links.url(harbour, digest))
    assert whole.headers["content-type"] == "image/png"
    assert whole.content == house.studio.services.files.read(digest)
    for size, side in ((256, 256), (512, 512), (1024, 600)):
        small = browsers.rosa.get(links.url(harbour, digest, size))  # type: ignore[arg-type]
        assert small.headers["content-type"] == "image/webp"
        assert Image.open(io.BytesIO(small.content)).size == (side, side)


def test_a_picture_may_be_kept_by_the_browser_and_by_nobody_between(
    house: House, browsers: Browsers, links: MediaLinks, harbour: str
) -> None:
    answer = browsers.ida.get(links.url(harbour, digest_of(house, harbour), 256))
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_picture_needs_a_login_that_may_see_the_production(
    house: House, browsers: Browsers, links: MediaLinks, harbour: str, desert: str
) -> None:
    digest = digest_of(house, harbour)
    address = links.url(harbour, digest)
    assert browsers.stranger.get(address).status_code == 401
    assert browsers.dan.get(address).status_code == 404
    assert browsers.rosa.get(address).status_code == 200
    signed_for_another = parse_qs(urlsplit(links.url(desert, digest)).query)["sig"][0]
    moved = f"/media/{harbour}/{digest}.png?size=0&sig={signed_for_another}"
    assert browsers.rosa.get(moved).status_code == 404
    into_own = links.url(harbour, digest).replace(harbour, desert)
    assert browsers.dan.get(into_own).status_code == 404


def test_an_address_that_was_changed_opens_nothing(
    house: House, browsers: Browsers, links: MediaLinks, harbour: str
) -> None:
    digest, other = digest_of(house, harbour), picture(house.studio.services, "other", 9)
    good = links.url(harbour, digest, 256)
    signature = parse_qs(urlsplit(good).query)["sig"][0]
    changed = [
        good.replace("size=256", "size=512"),
        good.replace("size=256", "size=0").replace(".webp", ".png"),
        good.replace(".webp", ".png"),
        good.replace(digest, other),
        good.replace(signature, ""),
        good.replace(signature, signature[:-1]),
        good.replace(signature, "0" * len(signature)),
        good.replace(signature, "é"),
        good.partition("?")[0],
        links.url(harbour, digest, 300),  # type: ignore[arg-type]
        links.url(harbour, "../secret.key"),
        links.url(harbour, "0" * 64),
    ]
    assert [browsers.ida.get(each).status_code for each in changed] == [404] * len(changed)
    assert browsers.ida.get(good.replace("size=256", "size=big")).status_code == 400


def test_a_file_that_is_no_picture_is_not_served(
    house: House, browsers: Browsers, links: MediaLinks, harbour: str
) -> None:
    stored = house.studio.services.files.put_bytes(b"weights", ".safetensors")
    for size in (0, 256):
        answer = browsers.ida.get(links.url(harbour, stored.digest, size))
        assert answer.status_code == 404


def test_a_thumbnail_is_made_once(house: House, tmp_path: Path) -> None:
    services = house.studio.services
    thumbnails = Thumbnails(tmp_path / "thumbs", services.files)
    digest = picture(services, "once", 1, side=400)
    path = thumbnails.path(digest, 256)
    assert path.relative_to(tmp_path).as_posix() == f"thumbs/{digest[:2]}/{digest}-256.webp"
    path.write_bytes(b"kept")
    assert thumbnails.path(digest, 256).read_bytes() == b"kept"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_every_studio_has_a_secret_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    secret = read_secret(one)
    assert len(secret) == 32
    assert secret == read_secret(one) != read_secret(two)
    assert stat.S_IMODE((one / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in one.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("content", ["", "abcd", "no hexadecimal digits"])
def test_a_damaged_secret_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret.key").write_text(content)
    with pytest.raises(StorageFailed, match="delete it to make a new one"):
        read_secret(tmp_path)


def test_a_link_of_another_studio_opens_nothing(
    house: House, browsers: Browsers, harbour: str
) -> None:
    foreign = MediaLinks(b"\x00" * 32).url(harbour, digest_of(house, harbour))
    assert browsers.ida.get(foreign).status_code == 404


def test_the_files_of_the_home_are_no_addresses(house: House, browsers: Browsers) -> None:
    for path in ("/secret.key", "/samecast.db", "/media/secret.key", "/thumbs/x", "/objects/x"):
        assert browsers.ida.get(path).status_code == 404


def test_a_sketch_saved_from_the_page_still_says_what_it_is(house: House, tmp_path: Path) -> None:
    files = house.studio.services.files
    drawn = Image.new("RGB", (300, 300), (9, 8, 7))
    sketch = files.put_bytes(encode_png(drawn, sketch_text("Harbour 12A T1", "x")), ".png").digest
    take = files.put_bytes(encode_png(drawn), ".png").digest
    small = Thumbnails(tmp_path, files)
    assert is_sketch(small.path(sketch, 256).read_bytes())
    assert not is_sketch(small.path(take, 256).read_bytes())
