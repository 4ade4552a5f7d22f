"""Where boundaries do not fit: overlaps, gaps, the people between them; and the map drawn ahead."""

import csv
import gzip
import io
import math

import pyproj
import pytest
import shapely

import geodata
import oracle
import register
from server import Server
from worlds import World, made

EARTH = pyproj.Geod(ellps="WGS84")
# Square metres: smaller pieces are compared by nobody, since a rounded number may fall on either side of a limit.
CLEAR = 10.5


def surface(polygon: shapely.Polygon) -> float:
    return abs(EARTH.geometry_area_perimeter(polygon)[0])


def truth(communes: dict[str, shapely.Geometry]) -> tuple[list[tuple[str, ...]], list[float]]:
    """By shapely: the pair of communes of each clear overlap, and the surfaces of the clear holes in the union."""
    codes, areas = list(communes), list(communes.values())
    left, right = shapely.STRtree(areas).query(areas, predicate="intersects")
    overlaps = [
        (codes[a], codes[b]) for a, b in zip(left, right) if a < b
        for part in shapely.get_parts(shapely.intersection(areas[a], areas[b]))
        if part.geom_type == "Polygon" and surface(part) > CLEAR]
    holes = [surface(shapely.Polygon(ring)) for part in geodata.polygons(shapely.union_all(areas)) for ring in part.interiors]
    return sorted(tuple(sorted(pair)) for pair in overlaps), sorted(hole for hole in holes if hole > CLEAR)


def rows(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("department", ["33", "17", "31"])
def test_overlaps_and_gaps_are_those_shapely_finds(tocsin, tmp_path, department):
    report = tmp_path / "report.csv"
    tocsin.ok("import", "communes", geodata.communes_file(department), "--vintage", "2024", "--report", report)
    overlaps, gaps = truth(geodata.boundaries(department))
    for found in (rows(report.read_text()), rows(tocsin.ok("territory", "check", "--format", "boundaries").out)):
        clear = [row for row in found if row["finding"] in ("overlap", "gap") and float(row["square_metres"]) > CLEAR]
        assert sorted(tuple(row["communes"].split()) for row in clear if row["finding"] == "overlap") == overlaps
        assert sorted(float(row["square_metres"]) for row in clear if row["finding"] == "gap") == pytest.approx(
            gaps, rel=0.01, abs=1)
        for row in clear:
            place = shapely.Point(float(row["longitude"]), float(row["latitude"]))
            holders = [code for code, area in geodata.boundaries(department).items() if area.contains(place)]
            assert len(holders) == 0 if row["finding"] == "gap" else len(holders) >= 2


# Two towns with 72 m between them, a third over the edge of the second.
TOWNS = {"80001": shapely.box(2.0, 50.0, 2.1, 50.1), "80002": shapely.box(2.101, 50.0, 2.2, 50.1),
         "80003": shapely.box(2.19, 50.0, 2.3, 50.1)}
PEOPLE = {"sliver": (2.1004, 50.05), "overlap": (2.195, 50.05), "first": (2.05, 50.05), "shore": (2.15, 50.1015),
          "sea": (2.15, 50.11), "third": (2.25, 50.05)}


def towns(tocsin) -> World:
    features = [{"type": "Feature", "properties": {"code": code, "nom": code}, "geometry": shapely.geometry.mapping(box)}
                for code, box in TOWNS.items()]
    path = geodata.write(tocsin.folder / "towns.geojson", {"type": "FeatureCollection", "features": features})
    result = tocsin.ok("import", "communes", path, "--vintage", "2024")
    assert "1 overlap, the largest of" in result.err and "80002, 80003" in result.err
    people = [register.Person(name, *place) for name, place in PEOPLE.items()]
    people.append(register.Person("elsewhere", 2.25, 50.05, code="80001"))
    return made(tocsin, people, TOWNS)


def test_nobody_between_two_communes_goes_unnoticed(tocsin):
    world = towns(tocsin)
    for codes in (["80001"], ["80002"], ["80003"], ["80001", "80002"], ["80002", "80003"]):
        world.check(oracle.Communes(codes))
    world.check(oracle.Department("80"))
    assert tocsin.ids("--communes", "80001") == ["elsewhere", "first", "sliver"]
    assert tocsin.ids("--communes", "80001", "--certain") == ["elsewhere", "first"]
    assert "sliver" in tocsin.ids("--department", "80", "--except", "--communes", "80001")
    assert "in no commune" in tocsin.ok("explain", "sliver", "--communes", "80002").out


def test_the_check_lists_whose_point_and_commune_do_not_agree(tocsin):
    towns(tocsin)
    assert tocsin.ok("territory", "check").table == {
        "boundary_overlaps": "1", "boundary_gaps": "0", "sliver": "2", "overlap": "1", "nowhere": "1", "disagreement": "1"}
    ids = {kind: tocsin.ok("territory", "check", "--format", "ids", "--only", kind).lines
           for kind in ("sliver", "overlap", "nowhere", "disagreement")}
    assert ids == {"sliver": ["shore", "sliver"], "overlap": ["overlap"], "nowhere": ["sea"], "disagreement": ["elsewhere"]}
    table = {row["id"]: row for row in rows(tocsin.ok("territory", "check", "--format", "csv").out)}
    assert table["sliver"]["communes"] == "80001 80002"
    assert (table["elsewhere"]["commune_code"], table["elsewhere"]["communes"]) == ("80001", "80003")
    expected = EARTH.inv(2.1, 50.05, 2.25, 50.05)[2]
    assert abs(int(table["elsewhere"]["metres"]) - expected) < 20
    tocsin.refused("territory", "check", "--only", "everybody")


def test_the_map_is_drawn_ahead_and_again_after_an_import(seine_maritime):
    tocsin = seine_maritime.tocsin
    with Server(tocsin) as server:
        visitor = server.signed_in()
        north = 0.5 - math.asinh(math.tan(math.radians(49.44))) / math.tau
        paths = {zoom: f"/tiles/communes/{zoom}/{int(181.09 / 360 * 2 ** zoom)}/{int(north * 2 ** zoom)}.mvt"
                 for zoom in (5, 6, 7, 8, 9)}
        first = {zoom: visitor.get(path) for zoom, path in paths.items()}
        for zoom, tile in first.items():
            assert tile.status == 200 and tile.headers["content-encoding"] == "gzip", zoom
            assert "Rouen".encode() in gzip.decompress(tile.body), zoom
            assert visitor.get(paths[zoom], If_None_Match=tile.headers["etag"]).status == 304
        assert visitor.get("/tiles/communes/5/1/1.mvt").status == 204
        changed = {"type": "Feature", "properties": {"code": "76540", "nom": "Rouen-Neuve"},
                   "geometry": shapely.geometry.mapping(geodata.boundaries("76")["76540"])}
        tocsin.ok("import", "communes", geodata.write(tocsin.folder / "one.geojson", changed), "--vintage", "2024")
        for zoom, path in paths.items():
            again = visitor.get(path)
            assert again.headers["etag"] != first[zoom].headers["etag"]
            assert "Rouen-Neuve".encode() in gzip.decompress(again.body), zoom
