from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tools.contracts.bundle import MemberPath
from tools.workflows.delivery.delivery_folder import production_folder, take_file_name


def test_file_names_sort_as_a_cutting_room_does() -> None:
    assert take_file_name("Northern Light", "12A T3") == "NORTHERN_LIGHT_012A_T03.png"
    assert take_file_name("Salt", "7 T12") == "SALT_007_T12.png"
    assert take_file_name("../../etc", "1234ZZ T100") == "ETC_1234ZZ_T100.png"
    assert take_file_name("Фильм", "1A T1") == "PRODUCTION_001A_T01.png"


@given(st.text(min_size=1, max_size=80))
def test_any_name_gives_safe_files_and_folders(name: str) -> None:
    path = f"takes/{take_file_name(name, '12A T3')}"
    assert TypeAdapter(MemberPath).validate_python(path) == path
    folder = production_folder(name, "0123456789abcdef")
    assert folder.isascii()
    assert not set(folder) & set("/\\.")
    assert len(folder) <= 60


def test_productions_with_names_alike_have_folders_of_their_own() -> None:
    assert production_folder("Salt", "a" * 32) == "Salt"
    first, second = production_folder("A b", "a" * 32), production_folder("A-b!", "b" * 32)
    assert (first, second) == ("A_b-aaaaaaaa", "A_b-bbbbbbbb")
