from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.support.served_page import House
from tests.ui.server.conftest import Browsers
from tools.store.delivery import DeliveryCreate, add_delivery
from ui.server.deliveries import delivery_url


def deliver(house: House, production_id: str, path: Path | str) -> str:
    with house.studio.services.database.session() as session:
        create = DeliveryCreate(
            production_id=production_id, folder="x", zip=str(path), manifest="0" * 64
        )
        return delivery_url(add_delivery(session=session, delivery=create).id)


@pytest.fixture(scope="session")
def zipped(house: House) -> Path:
    path = house.studio.services.settings.home / "deliveries" / "harbour.zip"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("12A_T1.png", b"x")
    return path


def test_a_director_takes_a_delivery_home_and_nobody_else(
    house: House, browsers: Browsers, zipped: Path, harbour: str
) -> None:
    address = deliver(house, harbour, zipped)
    answer = browsers.ida.get(address)
    assert answer.content == zipped.read_bytes()
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="harbour.zip"'
    assert answer.headers["cache-control"] == "no-store"
    assert browsers.rosa.get(address).status_code == 403
    assert browsers.dan.get(address).status_code == 403
    assert browsers.stranger.get(address).status_code == 401
    assert browsers.ida.get(delivery_url("0" * 32)).status_code == 404


def test_a_delivery_is_found_from_the_home_folder(
    house: House, browsers: Browsers, zipped: Path, harbour: str
) -> None:
    assert browsers.ida.get(deliver(house, harbour, "deliveries/harbour.zip")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.zip", "samecast.db", "gone.zip", "deliveries"]
)
def test_a_row_that_names_another_file_gives_nothing(
    house: House, browsers: Browsers, harbour: str, path: str
) -> None:
    house.studio.services.settings.home.with_name("x.zip").write_bytes(b"outside")
    answer = browsers.ida.get(deliver(house, harbour, path))
    assert answer.status_code == 404
    assert answer.json() == {"error": "the files of this delivery are gone; deliver again"}
