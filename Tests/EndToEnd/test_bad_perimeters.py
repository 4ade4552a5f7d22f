"""Every perimeter that cannot be judged is refused with its reason, or mended and said; none is an empty audience taken
for success."""

import gzip
import json
import random

import pytest
import shapely
from shapely.geometry import mapping, shape

import geodata
import register
from oracle import Perimeter
from worlds import made

SQUARE = [[0, 45], [1, 45], [1, 46], [0, 46], [0, 45]]
# Faults of another reader's trade, and none for whom a zone's surface is all that counts: the winding order, a
# missing `properties`, an altitude on one position only.
HARMLESS = {
    "invalid_exterior_not_ccw", "invalid_interior_not_cw", "invalid_feature_no_properties",
    "bad-polygon-interiorring-rhr", "polygon_winding_order", "different-first-size",
}


def suite(pattern: str) -> list:
    if not geodata.is_there():
        return [pytest.param(None, marks=pytest.mark.skip(reason=geodata.MISSING))]
    return sorted((geodata.FOLDER / "geojson-suites").glob(pattern))


def name(path) -> str:
    return path.stem if path else "missing"


CHRIEKE, MAPBOX = "chrieke-invalid-geometry/examples", "mapbox-geojsonhint/test/data"
INVALID = suite(f"{CHRIEKE}/invalid_*/*.geojson") + suite(f"{MAPBOX}/bad/*.geojson")
SOUND = [path for folder in (f"{CHRIEKE}/valid", f"{CHRIEKE}/problematic_*", f"{MAPBOX}/good")
         for path in suite(f"{folder}/*.geojson")]


@pytest.fixture(scope="module")
def empty(binary, tmp_path_factory):
    """A database with one recipient: whoever is refused never reads it."""
    from cli import Tocsin
    tocsin = Tocsin(binary, tmp_path_factory.mktemp("one"))
    tocsin.ok("init")
    return made(tocsin, register.people_at("P", [(2.3, 48.8)])).tocsin


@pytest.mark.parametrize("path", [path for path in INVALID if name(path) not in HARMLESS], ids=name)
def test_invalid_geojson_is_refused_or_mended(empty, path):
    result = empty.run("target", "--perimeter", path, "--format", "ids")
    if "was mended" in result.err:
        assert result.status == 0 and "ring" in result.err
    else:
        assert result.status != 0 and result.out == "" and path.name in result.err, str(result)


@pytest.mark.parametrize("path", [path for path in INVALID if name(path) in HARMLESS], ids=name)
def test_what_does_not_change_the_surface_is_accepted(empty, path):
    empty.ok("target", "--perimeter", path)


def flat(coordinates):
    """The same coordinates without altitudes or what else follows them."""
    if coordinates and not isinstance(coordinates[0], list):
        return coordinates[:2]
    return [flat(inner) for inner in coordinates]


def surfaces(value: dict) -> list[shapely.Geometry] | None:
    """The parts of a document when all of them are valid areas within range, else None."""
    if value["type"] == "FeatureCollection":
        parts = [surfaces(feature) for feature in value["features"]]
    elif value["type"] == "Feature":
        return surfaces(value["geometry"]) if value["geometry"] else None
    elif value["type"] == "GeometryCollection":
        parts = [surfaces(geometry) for geometry in value["geometries"]]
    else:
        geometry = shape(value | {"coordinates": flat(value["coordinates"])})
        if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
            return None
        parts = [[polygon] for polygon in geodata.polygons(geometry)]
        if not all(polygon.is_valid for [polygon] in parts):
            return None
        west, south, east, north = geometry.bounds
        if "crs" not in value and (west < -180 or east > 180 or south < -90 or north > 90):
            return None
    if not parts or any(part is None for part in parts):
        return None
    return [geometry for part in parts for geometry in part]


@pytest.mark.parametrize("path", SOUND, ids=name)
def test_sound_and_doubtful_geojson_is_accepted_if_and_only_if_it_is_an_area(empty, path):
    value = json.loads(path.read_text())
    areas = [None] if "crs" in value else surfaces(value)
    result = empty.run("target", "--perimeter", path)
    if "antimeridian" in result.err:
        assert path.name in result.err and (result.status == 0) == ("cut there" in result.err)
        return
    if "was mended" in result.err:
        assert result.status == 0 and not areas
        return
    if areas and areas != [None] and any(max(x2 - x, y2 - y) > 25 for x, y, x2, y2 in (area.bounds for area in areas)):
        # A continent is no perimeter.
        assert "suspiciously large" in result.err
    assert (result.status == 0) == bool(areas), str(result)
    assert areas or (result.out == "" and path.name in result.err), str(result)


@pytest.mark.parametrize("path", [path for path in SOUND if "multiple" in name(path) or "bbox" in name(path)], ids=name)
def test_nobody_out_of_an_accepted_suite_file_is_selected(empty, path):
    result = empty.run("target", "--perimeter", path, "--format", "ids")
    assert result.out == ""


def polygon(*rings) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


MENDED = {
    "bow-tie": (polygon([[0, 45], [1, 46], [1, 45], [0, 46], [0, 45]]), ["polygon 1", "ring 1", "vertex"]),
    "hole outside": (polygon(SQUARE, [[5, 45], [6, 45], [6, 46], [5, 45]]), ["ring 2"]),
    "hole across": (polygon(SQUARE, [[0.5, 45.5], [1.5, 45.5], [1.5, 45.6], [0.5, 45.6], [0.5, 45.5]]), ["ring"]),
    "hole in a hole": (
        polygon(SQUARE, [[0.1, 45.1], [0.1, 45.9], [0.9, 45.9], [0.9, 45.1], [0.1, 45.1]],
                [[0.3, 45.3], [0.3, 45.6], [0.6, 45.6], [0.6, 45.3], [0.3, 45.3]]), ["ring"]),
    "second polygon": (
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [[[3, 45], [4, 46], [4, 45], [3, 46], [3, 45]]]]},
        ["polygon 2", "ring 1", "vertex"]),
}


@pytest.mark.parametrize("fault", MENDED)
def test_what_can_be_mended_is_mended_and_said(empty, tmp_path, fault):
    value, words = MENDED[fault]
    result = empty.ok("target", "--perimeter", geodata.write(tmp_path / "zone.geojson", value), "--format", "ids")
    for word in [*words, "was mended", "m²"]:
        assert word in result.err, f"does not say “{word}”: {result.err}"


GEOMETRIC = {
    "unclosed ring": (polygon([[0, 45], [1, 45], [1, 46], [0, 46]]), ["ring 1", "vertex 4"]),
    "unclosed hole": (polygon(SQUARE, [[0.2, 45.2], [0.3, 45.2], [0.3, 45.3], [0.2, 45.3]]), ["ring 2", "vertex 4"]),
    "two vertices": (polygon([[0, 45], [1, 45], [0, 45]]), ["ring 1"]),
    "flat": (polygon([[0, 45], [1, 46], [2, 47], [0, 45]]), ["ring 1"]),
    "second feature": (
        {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {}, "geometry": polygon(SQUARE)},
            {"type": "Feature", "properties": {}, "geometry": polygon([[0, 45], [1, 45], [1, 46], [0, 46]])}]},
        ["feature 2", "ring 1", "vertex 4"]),
    "swapped axes": (polygon([[45, 0], [45, 1], [46, 1], [46, 0], [45, 0]]), ["ring 1", "vertex 1", "latitude"]),
    "swapped axes of La Réunion": (
        polygon([[-21.1, 55.4], [-21.1, 55.5], [-21.0, 55.5], [-21.1, 55.4]]), ["ring 1", "vertex 1", "latitude"]),
    "latitude out of range": (polygon([[0, 45], [1, 45], [1, 95], [0, 45]]), ["ring 1", "vertex 3"]),
    "longitude out of range": (polygon([[0, 45], [181, 45], [1, 46], [0, 45]]), ["ring 1", "vertex 2"]),
    "Web Mercator without a system": (
        polygon([[256000, 6250000], [266000, 6250000], [266000, 6260000], [256000, 6250000]]), ["ring 1", "vertex 1"]),
    "text for a number": (polygon([[0, 45], ["1", 45], [1, 46], [0, 45]]), ["ring 1", "vertex 2"]),
    "null for a position": (polygon([[0, 45], None, [1, 46], [0, 45]]), ["ring 1", "vertex 2"]),
}


@pytest.mark.parametrize("fault", GEOMETRIC)
def test_a_fault_of_geometry_names_its_ring_and_vertex(empty, tmp_path, fault):
    value, words = GEOMETRIC[fault]
    result = empty.refused("target", "--perimeter", geodata.write(tmp_path / "zone.geojson", value), "--format", "ids")
    assert "zone.geojson" in result.err
    for word in words:
        assert word in result.err, f"does not say “{word}”: {result.err}"


@pytest.mark.parametrize("value", [
    polygon(), {"type": "MultiPolygon", "coordinates": []}, {"type": "FeatureCollection", "features": []},
    {"type": "GeometryCollection", "geometries": []}, {"type": "Feature", "properties": {}, "geometry": None},
    {"type": "Point", "coordinates": [2, 48]}, {"type": "LineString", "coordinates": [[2, 48], [3, 48]]},
    {"type": "MultiPoint", "coordinates": []}, {"type": "Topology", "objects": {}}, [], {}, None, 12, "Polygon",
    {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": polygon(SQUARE)},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [2, 48]}}]},
    {"type": "Polygon", "coordinates": [SQUARE], "crs": {"type": "name", "properties": {"name": "EPSG:99999"}}},
    {"type": "Polygon", "coordinates": [SQUARE], "crs": {"type": "name", "properties": {"name": "EPSG:2154"}}},
], ids=lambda value: json.dumps(value)[:60])
def test_what_has_no_surface_is_refused(empty, tmp_path, value):
    empty.refused("target", "--perimeter", geodata.write(tmp_path / "zone.geojson", value), "--format", "ids")


TEXTS = {
    "nothing": b"", "blanks": b" \n\t ", "binary": random.Random(1).randbytes(50_000), "nul": b"\0" * 1000,
    "half a file": json.dumps(polygon(SQUARE)).encode()[:40], "two documents": json.dumps(polygon(SQUARE)).encode() * 2,
    "trailing comma": b'{"type":"Polygon","coordinates":[[[0,45],[1,45],[1,46],[0,45],]]}',
    "NaN": b'{"type":"Polygon","coordinates":[[[0,45],[NaN,45],[1,46],[0,45]]]}',
    "infinite": b'{"type":"Polygon","coordinates":[[[0,45],[1e999,45],[1,46],[0,45]]]}',
    "deep arrays": b"[" * 200_000, "deep collections": b'{"type":"GeometryCollection","geometries":[' * 20_000,
    "deep features": b'{"type":"Feature","properties":{},"geometry":' * 20_000,
    "UTF-16": json.dumps(polygon(SQUARE)).encode("utf-16"), "gzip": gzip.compress(json.dumps(polygon(SQUARE)).encode()),
    "a page": b"<!doctype html><html><body>404</body></html>", "not UTF-8": b'{"type":"Polyg\xffon","coordinates":[]}',
    "a member twice": b'{"type":"Polygon","coordinates":[],"coordinates":[[[0,45],[1,45],[1,46],[0,45]]]}',
}


@pytest.mark.parametrize("fault", TEXTS)
def test_a_file_that_is_no_geojson_is_refused(empty, tmp_path, fault):
    path = tmp_path / "zone.geojson"
    path.write_bytes(TEXTS[fault])
    result = empty.run("target", "--perimeter", path, "--format", "ids")
    if fault == "gzip" and result.status == 0:
        return  # Reading it whole is as good.
    assert result.status != 0 and result.out == "" and "zone.geojson" in result.err, str(result)


def test_a_byte_order_mark_is_no_fault(empty, tmp_path):
    path = tmp_path / "zone.geojson"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(mapping(shapely.box(2, 48, 3, 49))).encode())
    assert empty.ids("--perimeter", path) == ["P-00000"]


def test_a_missing_file_and_a_folder_are_refused(empty, tmp_path):
    assert "nowhere.geojson" in empty.refused("target", "--perimeter", tmp_path / "nowhere.geojson").err
    assert str(tmp_path) in empty.refused("target", "--perimeter", tmp_path).err


def test_one_bad_perimeter_among_good_ones_refuses_all(empty, tmp_path):
    good = geodata.write(tmp_path / "good.geojson", mapping(shapely.box(2, 48, 3, 49)))
    bad = geodata.write(tmp_path / "bad.geojson", GEOMETRIC["flat"][0])
    for words in (["--perimeter", good, "--perimeter", bad], ["--perimeter", good, "--except", "--perimeter", bad],
                  ["--perimeter", good, "--within", bad]):
        assert "bad.geojson" in empty.refused("target", *words, "--format", "ids").err


@pytest.mark.parametrize("circle", [
    "2,48", "2,48,500,1", "2;48;500", "a,b,c", "2,48,0", "2,48,-5", "2,48,nan", "2,48,inf", "nan,48,500", "200,48,500",
    "2,95,500", "650000,6860000,500", "2,48,1e9", ",,", ""])
def test_a_circle_that_is_none_is_refused(empty, circle):
    empty.refused("target", "--circle", circle, "--format", "ids")


@pytest.mark.parametrize("circle", ["48.8,2.3,5000", "49.44,1.1,5000", "-21.1,55.5,5000", "14.6,-61,5000"])
def test_a_circle_with_its_axes_swapped_is_refused(empty, circle):
    assert "latitude" in empty.refused("target", "--circle", circle, "--format", "ids").err


def test_a_perimeter_in_lambert_93_that_says_so_is_the_same_as_in_degrees(tocsin, tmp_path):
    """The same real perimeter as published in degrees, reprojected here by PROJ."""
    import pyproj
    degrees = shape(geodata.features(geodata.file("risk/n_perimetre_pprn_20120001_s_076.geojson"))[0]["geometry"])
    to_lambert = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    metres = shapely.transform(degrees, to_lambert.transform, interleaved=False)
    # On its edges only a micrometre decides: keep to who is clear of them.
    points = [point for point in register.around(degrees, 400, seed=3)
              if degrees.boundary.distance(shapely.Point(point)) > 1e-6]
    world = made(tocsin, register.people_at("L", points))
    expected = world.check(Perimeter(geodata.write(tmp_path / "degrees.geojson", mapping(degrees)), degrees))
    for crs in ("urn:ogc:def:crs:EPSG::2154", "EPSG:2154", "urn:ogc:def:crs:EPSG:9.1:2154"):
        value = mapping(metres) | {"crs": {"type": "name", "properties": {"name": crs}}}
        assert tocsin.ids("--perimeter", geodata.write(tmp_path / "metres.geojson", value)) == expected.ids


def test_a_perimeter_of_most_of_the_world_is_stopped_before_a_launch(empty, tmp_path):
    whole = geodata.write(tmp_path / "world.geojson", mapping(shapely.box(-179, -89, 179, 89)))
    empty.refused(
        "alert", "--perimeter", whole, "--subject", "Essai", "--message", "Essai", "--channels", "sms", "--exercise",
        "--yes", "--retries", "0")
    assert empty.ok("campaign", "list").out == ""
