"""Geometries of the kinds that break GIS libraries, through `target`: an answer that loses nobody, or an error that says where.

The bounds are shapely's: whoever is inside by every rule must be found, and nobody who is outside by any rule. Between the
two stand only people whom a repair took in, which is said. By the even-odd rule ground gone around twice is outside, by the
nonzero rule inside; `make_valid` keeps one of them."""

import math
import random

import pytest
import shapely
from shapely.geometry import shape

import geodata
import register
from worlds import made

WEST, SOUTH = 2.0, 48.0
STEP = 0.0125


def points() -> list[tuple[float, float]]:
    """A lattice that lies on no round number."""
    return [(WEST + 0.00371 + STEP * x, SOUTH + 0.00291 + STEP * y) for x in range(40) for y in range(40)]


@pytest.fixture(scope="module")
def town(binary, tmp_path_factory):
    from cli import Tocsin
    tocsin = Tocsin(binary, tmp_path_factory.mktemp("hostile"))
    tocsin.ok("init")
    return made(tocsin, register.people_at("H", points()))


def at(*corners) -> list:
    """A ring in tenths of a degree from the lattice's corner, closed."""
    ring = [[WEST + x / 10, SOUTH + y / 10] for x, y in corners]
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def polygon(*rings) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def many(*polygons) -> dict:
    return {"type": "MultiPolygon", "coordinates": [value["coordinates"] for value in polygons]}


SQUARE = at((0.5, 0.5), (4, 0.5), (4, 4), (0.5, 4))
HOLE = at((1, 1), (2, 1), (2, 2), (1, 2))
STAR = at(*[(2.4 + 1.9 * x, 2.4 + 1.9 * y) for x, y in [(0, 1), (0.59, -0.81), (-0.95, 0.31), (0.95, 0.31), (-0.59, -0.81)]])

# Each with what is inside by every rule and what is by any: rings' own areas, put together by hand where it matters.
MENDABLE = {
    "bow-tie": polygon(at((0.5, 0.5), (4, 4), (4, 0.5), (0.5, 4))),
    "bow-tie on a vertex": polygon(at((0.5, 0.5), (2, 2), (4, 0.5), (4, 4), (2, 2), (0.5, 4))),
    "star": polygon(STAR),
    "spike": polygon(at((0.5, 0.5), (4, 0.5), (4, 4), (2, 4), (2, 4.9), (2, 4), (0.5, 4))),
    "spike inward": polygon(at((0.5, 0.5), (4, 0.5), (4, 4), (2, 4), (2, 1), (2, 4), (0.5, 4))),
    "repeated vertices": polygon([point for point in SQUARE for _ in range(3)]),
    "ring gone around twice": polygon(SQUARE + SQUARE[1:]),
    "twice, the other way back": polygon(SQUARE + HOLE + [SQUARE[0]]),
    "the same ring twice": many(polygon(SQUARE), polygon(SQUARE)),
    "shell in a shell": many(polygon(SQUARE), polygon(HOLE)),
    "shell in a hole": many(polygon(SQUARE, HOLE), polygon(at((1.3, 1.3), (1.7, 1.3), (1.7, 1.7), (1.3, 1.7)))),
    "shells that overlap": many(polygon(SQUARE), polygon(at((3, 3), (4.8, 3), (4.8, 4.8), (3, 4.8)))),
    "shells that share an edge": many(polygon(SQUARE), polygon(at((4, 0.5), (4.8, 0.5), (4.8, 4), (4, 4)))),
    "hole outside": polygon(SQUARE, at((4.3, 4.3), (4.8, 4.3), (4.8, 4.8))),
    "hole across": polygon(SQUARE, at((3, 3), (4.7, 3), (4.7, 3.5), (3, 3.5))),
    "hole twice": polygon(SQUARE, HOLE, HOLE),
    "hole in a hole": polygon(SQUARE, at((1, 1), (3.5, 1), (3.5, 3.5), (1, 3.5)), at((1.5, 1.5), (2.5, 1.5), (2.5, 2.5), (1.5, 2.5))),
    "holes that cross": polygon(SQUARE, HOLE, at((1.5, 1.5), (3, 1.5), (3, 3), (1.5, 3))),
    "hole along the shell": polygon(SQUARE, at((0.5, 1), (2, 1), (2, 2), (0.5, 2))),
    "holes that cut it in two": polygon(SQUARE, at((0.5, 2), (2.25, 2.4), (0.5, 2.8)), at((4, 2), (2.25, 2.4), (4, 2.8))),
    "hole as large as the shell": polygon(SQUARE, SQUARE),
    "Z": polygon([[x, y, 12.5] for x, y in SQUARE], [[x, y, -3] for x, y in HOLE]),
    "Z and M": polygon([[x, y, 12.5, 7] for x, y in SQUARE]),
    "the wrong way round": polygon(SQUARE[::-1], HOLE),
}


def bounds(value: dict) -> tuple[shapely.Geometry, shapely.Geometry]:
    """What every rule takes, and what any does."""
    polygons = [value["coordinates"]] if value["type"] == "Polygon" else value["coordinates"]
    surely, possibly = [], []
    for rings in polygons:
        faces = [face for ring in rings for face in faces_of(ring)]
        shells = [shapely.union_all([face for face, odd, wound in faces_of(rings[0]) if rule(odd, wound)])
                  for rule in (lambda odd, wound: odd and wound, lambda odd, wound: odd or wound)]
        holes = [[shapely.union_all([face for face, odd, wound in faces_of(ring) if rule(odd, wound)]) for ring in rings[1:]]
                 for rule in (lambda odd, wound: odd or wound, lambda odd, wound: odd and wound)]
        assert faces
        surely.append(shapely.difference(shells[0], shapely.union_all(holes[0])))
        # A hole may be none, and what of it lies outside its shell is inside by the even-odd rule over all rings.
        possibly += [shells[1], *[face for ring in rings[1:] for face, _, _ in faces_of(ring)]]
    return shapely.union_all(surely), shapely.union_all(possibly)


def flat(ring: list) -> list:
    return [tuple(position[:2]) for position in ring]


def faces_of(ring: list) -> list[tuple[shapely.Geometry, bool, bool]]:
    """The faces that a ring's edges cut the plane into: each with the verdict of the even-odd and of the nonzero rule."""
    corners = flat(ring)
    lines = shapely.node(shapely.LineString(corners))
    found = []
    for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))):
        inner = face.representative_point()
        crossings = winding = 0
        for (x1, y1), (x2, y2) in zip(corners, corners[1:]):
            if (y1 > inner.y) != (y2 > inner.y) and inner.x < x1 + (inner.y - y1) * (x2 - x1) / (y2 - y1):
                crossings += 1
                winding += 1 if y2 > y1 else -1
        found.append((face, crossings % 2 == 1, winding != 0))
    return found


@pytest.mark.parametrize("name", MENDABLE)
def test_nobody_inside_by_every_rule_is_lost_nor_found_outside_by_any(town, tmp_path, name):
    value = MENDABLE[name]
    path = geodata.write(tmp_path / "zone.geojson", value)
    result = town.tocsin.run("target", "--perimeter", path, "--format", "ids")
    surely, possibly = bounds(value)
    if result.status != 0:
        assert surely.area < 1e-12 and "polygon 1" in result.err, str(result)
        return
    ids = set(result.lines)
    inside = {person.id for person in town.people if surely.covers(shapely.Point(person.lon, person.lat))}
    around = {person.id for person in town.people if possibly.buffer(1e-6).covers(shapely.Point(person.lon, person.lat))}
    assert inside <= ids, f"{len(inside - ids)} of {len(inside)} are lost"
    assert ids <= around, f"{len(ids - around)} are wrongly in"
    assert len(ids) > 10
    valid = all(shapely.is_valid(shapely.Polygon(flat(rings[0]), [flat(ring) for ring in rings[1:]])) for rings in (
        [value["coordinates"]] if value["type"] == "Polygon" else value["coordinates"]))
    if valid:
        # Nothing to mend: just what shapely says.
        exactly = shapely.union_all([shapely.Polygon(flat(rings[0]), [flat(ring) for ring in rings[1:]]) for rings in (
            [value["coordinates"]] if value["type"] == "Polygon" else value["coordinates"])])
        assert ids == {person.id for person in town.people if exactly.covers(shapely.Point(person.lon, person.lat))}
    else:
        assert "was mended" in result.err and "ring" in result.err
        # The method that keeps holes: the other takes a hole that shares an edge with its shell for ground.
        mended = shapely.make_valid(shapely.force_2d(shape(value)), method="structure", keep_collapsed=False)
        made_valid = {person.id for person in town.people if mended.covers(shapely.Point(person.lon, person.lat))}
        assert made_valid <= ids, "somebody whom make_valid keeps is lost"
    # Excluded, only whoever is inside by every rule is taken away; where nobody is, it has to be drawn again.
    if surely.area < 1e-12 or name == "ring gone around twice":
        assert "draw it again" in town.tocsin.refused("target", "--circle", "2.2,48.2,9", "--except", "--perimeter", path).err
        return
    kept = set(town.tocsin.ids("--circle", f"{WEST + 0.25},{SOUTH + 0.25},60000", "--except", "--perimeter", path))
    everyone = {person.id for person in town.people}
    assert everyone - kept <= {person.id for person in town.people if surely.buffer(1e-6).covers(shapely.Point(person.lon, person.lat))}
    if valid:
        assert kept == everyone - ids


@pytest.mark.parametrize("text, word", [
    ('{"type":"Polygon","coordinates":[[[NaN,48],[3,48],[3,49],[NaN,48]]]}', ""),
    ('{"type":"Polygon","coordinates":[[[2,48],[Infinity,48],[3,49],[2,48]]]}', ""),
    ('{"type":"Polygon","coordinates":[[[2,48],[1e400,48],[3,49],[2,48]]]}', ""),
    ('{"type":"Polygon","coordinates":[[[2,48],[1e300,48],[3,49],[2,48]]]}', "vertex 2"),
    ('{"type":"Polygon","coordinates":[[[2,48],[3,48],[3,-1e308],[2,48]]]}', "vertex 3"),
    ('{"type":"Polygon","coordinates":[[]]}', "ring 1"), ('{"type":"MultiPolygon","coordinates":[[]]}', ""),
    ('{"type":"MultiPolygon","coordinates":[[[]],[]]}', ""), ('{"type":"GeometryCollection","geometries":[]}', ""),
    ('{"type":"Polygon","coordinates":[[[2,48],[2,48],[2,48],[2,48]]]}', "ring 1"),
    ('{"type":"Polygon","coordinates":[[[2,48],[3,48],[2,48],[2,48]]]}', "ring 1"),
    ('{"type":"Polygon","coordinates":[[[2],[3],[3],[2]]]}', "vertex 1"),
    ('{"type":"Polygon","coordinates":[[[2,48,1,2,3],[3,48],[3,49],[2,48]]]}', "vertex 1"),
    ("POLYGON EMPTY", ""), ("MULTIPOLYGON(((2 48, 3 48, 3 49, 2 48)), EMPTY)", ""), ("POLYGON((2 48, 3 nan, 3 49, 2 48))", ""),
    ("MULTIPOLYGON EMPTY", ""), ("POLYGON((2 48, 3 48, 3 49))", "ring 1"), ("POLYGON((2 48))", "ring"),
])
def test_what_encloses_nothing_or_is_no_number_is_refused(town, tmp_path, text, word):
    path = tmp_path / "zone.txt"
    path.write_text(text)
    assert word in town.tocsin.refused("target", "--perimeter", path).err


def test_a_million_vertices_are_judged_as_shapely_does(town, tmp_path):
    dice = random.Random(6)
    count = 999_990
    ring = []
    for number in range(count):
        angle, radius = 2 * math.pi * number / count, 0.2 + 1e-7 * dice.random()
        ring.append([round(WEST + 0.25 + radius * math.cos(angle), 12), round(SOUTH + 0.25 + radius * math.sin(angle), 12)])
    area = shapely.Polygon(ring)
    assert area.is_valid
    ids = town.tocsin.ids("--perimeter", geodata.write(tmp_path / "million.geojson", polygon([*ring, ring[0]])))
    shapely.prepare(area)
    assert ids == sorted(person.id for person in town.people if area.covers(shapely.Point(person.lon, person.lat)))
    assert len(ids) > 100
    over = geodata.write(tmp_path / "over.geojson", polygon([[2, 48], [3, 48], [3, 49]] * 400_000 + [[2, 48]]))
    assert "vertices" in town.tocsin.refused("target", "--perimeter", over).err
