from __future__ import annotations

from docs.draw_map import place_boxes
from docs.house import HOUSES, ROOT, floors, read_house


def test_every_room_of_the_tree_is_on_the_map() -> None:
    house = read_house()
    folders = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for name in HOUSES
        for path in (ROOT / name).rglob("__init__.py")
    }
    assert folders <= house.rooms.keys()
    boxes = place_boxes(house)
    empty = {name for name in folders if house.rooms[name].files == 1 and "." not in name}
    assert {house.rooms[name].box for name in folders - empty} <= boxes.keys()
    assert all(house.rooms[name].about for name in folders)


def test_every_floor_of_the_import_rules_has_a_room() -> None:
    house = read_house()
    assert {floor for row in floors() for floor in row} == {
        room.floor for name, room in house.rooms.items() if name != "tools"
    }


def test_arrows_are_the_imports_and_none_runs_up() -> None:
    house = read_house()
    order = {floor: height for height, row in enumerate(floors()) for floor in row}
    assert house.edges["tools.workflows.shots.shoot", "tools.services"] > 1
    for importer, imported in house.edges:
        floor, below = house.rooms[importer].floor, house.rooms[imported].floor
        assert floor == below or order[floor] < order[below], (importer, imported)
