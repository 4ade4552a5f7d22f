"""Saved perimeters as tiles to look at: where they belong, small whatever they are made of, each organisation's own, and exact
once one is added to a zone."""

import math

import pytest
import shapely
from shapely.geometry import mapping, shape

import vector_tile
from test_console_access import check as accessible
from tile_server import tile_at

UNITS = 4096
PARTS, CORNERS = 300, 334


def star(x: float, y: float, reach: float, corners: int, turn: int) -> shapely.Polygon:
    """An outline without a straight line in it, about a point."""
    return shapely.Polygon([
        (x + reach * (1 - 0.4 * ((at + turn) % 3) / 3) * math.cos(2 * math.pi * at / corners),
         y + 0.65 * reach * (1 - 0.4 * ((at + turn) % 3) / 3) * math.sin(2 * math.pi * at / corners)) for at in range(corners)])


# 100,200 corners in 300 parts, all over the department.
MANY = shapely.MultiPolygon([star(1.6 + 0.07 * (part % 20), 49.65 + 0.045 * (part // 20), 0.02, CORNERS, part)
                             for part in range(PARTS)])
BOX = shapely.box(2.2, 49.85, 2.4, 49.95)


@pytest.fixture(scope="module")
def saved(visitor) -> dict[str, int]:
    numbers = {}
    for name, area in (("PPRI de la Somme", BOX), ("Aléa entier", MANY)):
        answer = visitor.post("/api/perimeters", {"name": name, "geometry": mapping(area)})
        assert answer.status == 201, answer.text
        numbers[name] = answer.json["id"]
    return numbers


def tile(visitor, z: int, x: int, y: int):
    return visitor.get(f"/tiles/perimeters/{z}/{x}/{y}.mvt")


def in_units(area, z: int, x: int, y: int):
    """A geometry in the units of a tile, its y axis down, by the formula of the web's grid."""
    def moved(points):
        return [((longitude + 180) / 360 * 2 ** z * UNITS - x * UNITS,
                 (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2 ** z * UNITS - y * UNITS)
                for longitude, latitude in points]
    return shapely.transform(area, moved)


def test_a_tile_has_what_shapely_cuts(visitor, saved):
    for zoom in (6, 9, 11, 13):
        z, x, y = tile_at(2.21, 49.86, zoom)
        answer = tile(visitor, z, x, y)
        assert answer.status == 200
        found = {number: rings for number, _, rings in vector_tile.features(answer.body)}
        window = shapely.box(-64, -64, UNITS + 64, UNITS + 64)
        for name, area in (("PPRI de la Somme", BOX), ("Aléa entier", MANY)):
            wanted = shapely.intersection(in_units(area, z, x, y), window)
            drawn = vector_tile.surface(found[saved[name]]) if saved[name] in found else 0
            # Corners lie within a unit of where they belong: of the outline's length, at most.
            assert abs(drawn - wanted.area) <= wanted.length + 16 * PARTS, (zoom, name, drawn, wanted.area)


def test_tiles_are_small_whatever_the_perimeter_is_made_of(visitor, saved):
    whole = visitor.get(f"/api/perimeters/{saved['Aléa entier']}")
    assert shapely.get_num_coordinates(shape(whole.json["geometry"])) == PARTS * (CORNERS + 1)
    for zoom in range(5, 14):
        answer = tile(visitor, *tile_at(2.3, 49.9, zoom))
        assert answer.status in (200, 204) and len(answer.body) < 400_000, (zoom, len(answer.body))
    low = vector_tile.features(tile(visitor, *tile_at(2.3, 49.9, 5)).body)
    # The worst case: outlines that turn at each of their corners.
    assert sum(vector_tile.vertices(rings) for _, _, rings in low) < PARTS * CORNERS * 2 / 3, "what no screen shows is left out"


def test_names_come_without_geometry_and_with_a_version(visitor, saved):
    before = visitor.get("/api/perimeters?geometry=none").json
    assert {one["name"]: one["id"] for one in before["perimeters"]} == saved
    assert all(set(one) == {"id", "name"} for one in before["perimeters"])
    place = tile_at(2.3, 49.9, 9)
    tag = tile(visitor, *place).headers["etag"]
    assert visitor.get("/tiles/perimeters/9/{1}/{2}.mvt".format(*place), If_None_Match=tag).status == 304
    added = visitor.post("/api/perimeters", {"name": "Un de plus", "geometry": mapping(shapely.box(2.29, 49.89, 2.31, 49.91))})
    assert visitor.get("/api/perimeters?geometry=none").json["version"] != before["version"]
    later = tile(visitor, *place)
    assert later.headers["etag"] != tag and added.json["id"] in {one[0] for one in vector_tile.features(later.body)}
    assert visitor.call("DELETE", f"/api/perimeters/{added.json['id']}").status == 204
    assert visitor.get("/api/perimeters?geometry=none").json == before
    assert tile(visitor, *place).headers["etag"] == tag
    assert visitor.get("/api/perimeters?geometry=all").code == "invalid_parameter"


def test_it_is_named_on_the_map_and_added_exact(console, visitor, saved):
    if console.page.get_attribute("#legend", "open") is None:
        console.page.click("#legend > summary")
    with console.page.expect_response(lambda answer: "/tiles/perimeters/" in answer.url and answer.status == 200):
        console.page.check("[data-key=layer-saved]")
    asked = [one for one in console.requests if one.endswith("/api/perimeters")]
    assert not asked, "no geometry is fetched to look at"

    def over(position):
        x, y = console.pixel(*position)
        console.page.mouse.move(x - 3, y)
        console.page.mouse.move(x, y)
        return console.page.evaluate("window.tocsin.state.pointed")
    console.wait("() => document.querySelector('.map-name') !== null")
    for _ in range(100):
        if over((2.3, 49.87)) is not None:
            break
        console.page.wait_for_timeout(50)
    console.wait("() => !document.querySelector('.map-name').hidden")
    assert console.text(".map-name") in saved
    button = f"[data-key=saved-{saved['PPRI de la Somme']}]"
    console.page.focus(button)
    console.wait("id => window.tocsin.state.pointed === id", saved["PPRI de la Somme"])
    accessible(console, "overlays", night=True)
    console.page.focus(button)
    console.page.keyboard.press("Enter")
    console.counted(1)
    assert shape(console.items[0]["geometry"]).equals(BOX)
