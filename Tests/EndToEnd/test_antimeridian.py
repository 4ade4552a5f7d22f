"""Perimeters over the antimeridian, near which France has Wallis-et-Futuna: shapely says who is inside, by longitudes that
go on beyond 180."""

import random

import pytest
import shapely
from shapely import affinity

import geodata
import register
from worlds import made


@pytest.fixture(scope="module")
def islands(binary, tmp_path_factory):
    from cli import Tocsin
    tocsin = Tocsin(binary, tmp_path_factory.mktemp("islands"))
    tocsin.ok("init")
    dice = random.Random(180)
    points = [(dice.uniform(174, 186), dice.uniform(-17, -12)) for _ in range(600)] + [(180, -14), (180, -15.5), (179, -14)]
    people = register.people_at("W", [(x if x <= 180 else x - 360, y) for x, y in points])
    return made(tocsin, people), points


def wrapped(ring) -> list:
    return [[x if x <= 180 else x - 360, y] for x, y in ring.coords]


SHAPES = {
    "a box": shapely.box(178, -16, 182.5, -13),
    "a disc": shapely.Point(180.3, -14.2).buffer(2.1, quad_segs=40),
    "a hole over it": shapely.box(176, -16.5, 184, -12.5).difference(shapely.box(179.5, -15, 181, -14)),
    "two horns": shapely.Polygon([(177, -16), (183, -16), (183, -15.4), (178, -15.2), (183, -14.6), (177, -13)]),
    "two parts": shapely.MultiPolygon([shapely.box(178, -16, 182, -15), shapely.box(175, -14.5, 177, -13.5)]),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("reverse", [False, True])
def test_whoever_is_inside_the_short_way_round_is_found(islands, tmp_path, name, reverse):
    world, points = islands
    area = SHAPES[name]
    if reverse:
        area = affinity.scale(area, yfact=1).reverse()
    value = {"type": "MultiPolygon", "coordinates": [
        [wrapped(ring) for ring in (part.exterior, *part.interiors)] for part in geodata.polygons(area)]}
    expected = sorted(person.id for person, point in zip(world.people, points, strict=True)
                      if area.intersects(shapely.Point(point)))
    assert 20 < len(expected) < 500
    for path in (geodata.write(tmp_path / "zone.geojson", value), tmp_path / "zone.wkt"):
        if path.suffix == ".wkt":
            path.write_text(shapely.to_wkt(shapely.MultiPolygon(
                [shapely.Polygon(rings[0], rings[1:]) for rings in value["coordinates"]]), rounding_precision=-1))
        done = world.tocsin.ok("target", "--perimeter", path, "--format", "ids")
        assert done.lines == expected
        assert "antimeridian" in done.err and "cut there" in done.err


def test_what_is_cut_already_is_taken_as_it_is(islands, tmp_path):
    world, points = islands
    area = SHAPES["a box"]
    halves = shapely.MultiPolygon([
        area.intersection(shapely.box(-180, -90, 180, 90)),
        affinity.translate(area.intersection(shapely.box(180, -90, 540, 90)), -360)])
    done = world.tocsin.ok(
        "target", "--perimeter", geodata.write(tmp_path / "cut.geojson", shapely.geometry.mapping(halves)), "--format", "ids")
    assert done.lines == sorted(
        person.id for person, point in zip(world.people, points, strict=True) if area.intersects(shapely.Point(point)))
    assert "antimeridian" not in done.err
