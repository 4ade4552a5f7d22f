"""A perimeter in every format an operator may have selects whom its GeoJSON selects. ogr2ogr writes the files."""

import json
import shutil
import subprocess
import zipfile

import numpy
import pyproj
import pytest
import shapely

import geodata
import register
from worlds import made

OGR = shutil.which("ogr2ogr")
needs_ogr = pytest.mark.skipif(not OGR, reason="ogr2ogr is not there (Debian package gdal-bin)")
POLYGONS = [shapely.box(2.30, 48.80, 2.34, 48.83).difference(shapely.box(2.315, 48.81, 2.325, 48.82)),
            shapely.Polygon([(2.4, 48.8), (2.4, 48.84), (2.36, 48.82)])]
AREA = shapely.MultiPolygon(POLYGONS)
POINTS = [(2.2905 + 0.0051 * x, 48.7903 + 0.0052 * y) for x in range(25) for y in range(12)]


@pytest.fixture(scope="module")
def town(binary, tmp_path_factory):
    from cli import Tocsin
    tocsin = Tocsin(binary, tmp_path_factory.mktemp("formats"))
    tocsin.ok("init")
    return made(tocsin, register.people_at("F", POINTS)).tocsin


@pytest.fixture(scope="module")
def geojson(tmp_path_factory):
    return geodata.write(tmp_path_factory.mktemp("source") / "zone.geojson", {
        "type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"nom": f"Secteur {number}"}, "geometry": shapely.geometry.mapping(polygon)}
            for number, polygon in enumerate(POLYGONS)]})


EXPECTED = [f"F-{number:05d}" for number, point in enumerate(POINTS) if AREA.covers(shapely.Point(point))]


def convert(source, target, *options):
    subprocess.run([OGR, *options, target, source], check=True, capture_output=True)
    return target


@needs_ogr
@pytest.mark.parametrize("name, options", [
    ("zone.kml", ["-f", "KML"]), ("zone.gpkg", ["-f", "GPKG"]), ("zone.fgb", ["-f", "FlatGeobuf"]),
    ("lambert.gpkg", ["-f", "GPKG", "-t_srs", "EPSG:2154"]), ("zone.mif", ["-f", "MapInfo File", "-dsco", "FORMAT=MIF"]),
    ("lambert.geojson", ["-f", "GeoJSON", "-t_srs", "EPSG:2154"]), ("z.gpkg", ["-f", "GPKG", "-dim", "XYZM"]),
])
def test_a_format_selects_as_its_geojson(town, geojson, tmp_path, name, options):
    path = convert(geojson, tmp_path / name, *options)
    assert town.ids("--perimeter", path) == EXPECTED != []
    assert town.ids("--circle", "2.35,48.82,30000", "--except", path) == sorted(
        set(town.ids("--circle", "2.35,48.82,30000")) - set(EXPECTED))


@needs_ogr
@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:2154", "EPSG:3857", "EPSG:3949"])
def test_a_zipped_shapefile_is_read_in_the_system_of_its_prj(town, geojson, tmp_path, system):
    convert(geojson, tmp_path / "zone.shp", "-f", "ESRI Shapefile", "-t_srs", system)
    archive = tmp_path / "zone.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for part in tmp_path.glob("zone.*"):
            if part.suffix != ".zip":
                file.write(part, part.name)
    assert town.ids("--perimeter", archive) == EXPECTED


@needs_ogr
def test_a_kmz_is_read(town, geojson, tmp_path):
    convert(geojson, tmp_path / "doc.kml", "-f", "KML")
    with zipfile.ZipFile(tmp_path / "zone.kmz", "w") as file:
        file.write(tmp_path / "doc.kml", "doc.kml")
    assert town.ids("--perimeter", tmp_path / "zone.kmz") == EXPECTED


@needs_ogr
def test_lambert_93_without_a_system_is_recognised_and_said(town, geojson, tmp_path):
    path = convert(geojson, tmp_path / "lambert.geojson", "-f", "GeoJSON", "-t_srs", "EPSG:2154")
    value = json.loads(path.read_text())
    value.pop("crs", None)
    result = town.ok("target", "--perimeter", geodata.write(tmp_path / "bare.geojson", value), "--format", "ids")
    assert result.lines == EXPECTED
    assert "Lambert-93" in result.err


@needs_ogr
def test_several_layers_are_named_and_one_is_chosen(town, geojson, tmp_path):
    path = convert(geojson, tmp_path / "two.gpkg", "-f", "GPKG", "-nln", "alea")
    subprocess.run([OGR, "-f", "GPKG", "-append", "-nln", "autre", path, geojson], check=True, capture_output=True)
    refused = town.refused("target", "--perimeter", path)
    assert "alea" in refused.err and "autre" in refused.err
    assert town.ids("--perimeter", f"{path}::alea") == EXPECTED


@pytest.mark.parametrize("text", [
    AREA.wkt, "SRID=4326;" + AREA.wkt, AREA.wkt.lower().replace(", ", " ,\n"),
    f"GEOMETRYCOLLECTION ({POLYGONS[0].wkt}, GEOMETRYCOLLECTION ({POLYGONS[1].wkt}))",
    shapely.to_wkt(shapely.force_3d(AREA, 12.5), output_dimension=3), shapely.MultiPolygon([p.reverse() for p in POLYGONS]).wkt,
])
def test_well_known_text_is_read(town, tmp_path, text):
    path = tmp_path / "zone.wkt"
    path.write_text(text)
    assert town.ids("--perimeter", path) == EXPECTED


GPX = """<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="48.8" lon="2.3"><name>p</name></wpt><trk><name>Tour</name>{}</trk></gpx>"""


def segment(points):
    return "<trkseg>" + "".join(f'<trkpt lat="{lat!r}" lon="{lon!r}"><ele>3</ele></trkpt>' for lon, lat in points) + "</trkseg>"


def test_a_closed_track_is_a_perimeter_and_an_open_one_is_refused(town, tmp_path):
    triangle = list(POLYGONS[1].exterior.coords)
    inside = [f"F-{number:05d}" for number, point in enumerate(POINTS) if POLYGONS[1].covers(shapely.Point(point))]
    path = tmp_path / "track.gpx"
    for body in (segment(triangle), segment(triangle[:2]) + segment(triangle[2:]),
                 segment(triangle[:-1] + [(triangle[0][0] + 0.0002, triangle[0][1])])):
        path.write_text(GPX.format(body))
        assert town.ids("--perimeter", path) == inside != []
    path.write_text(GPX.format(segment(triangle[:-1])))
    assert "ends do not meet" in town.refused("target", "--perimeter", path).err


@pytest.mark.parametrize("content, word", [
    (b"PK\x03\x04" + b"\0" * 60, ""), (b"<?xml version='1.0'?><kml><Document/></kml>", ""), (b"POINT(2 49)", "inside"),
    (b"SQLite format 3\0" + b"\0" * 200, ""), (b"\0\0\x27\x0a" + b"\0" * 96, ""),
])
def test_a_broken_file_is_refused(town, tmp_path, content, word):
    path = tmp_path / "broken"
    path.write_bytes(content)
    assert word in town.refused("target", "--perimeter", path).err


def test_a_large_perimeter_with_hundreds_of_parts_is_read(town, tmp_path):
    parts = []
    for number in range(300):
        centre = shapely.Point(-1 + 0.02 * (number % 60), 44 + 0.02 * (number // 60))
        parts.append(centre.buffer(0.008, quad_segs=90))
    area = shapely.MultiPolygon(parts)
    assert shapely.get_num_coordinates(area) > 100_000
    path = geodata.write(tmp_path / "large.geojson", shapely.geometry.mapping(area))
    assert town.ids("--perimeter", path) == []


@needs_ogr
@pytest.mark.parametrize("system, place", [
    ("EPSG:5490", (-61.55, 16.2)), ("EPSG:4559", (-61.0, 14.6)), ("EPSG:2970", (-61.55, 16.2)), ("EPSG:2973", (-61.0, 14.6)),
    ("EPSG:2972", (-52.3, 4.9)), ("EPSG:2971", (-52.3, 4.9)), ("EPSG:4467", (-56.3, 46.9)), ("EPSG:27572", (2.4, 48.8)),
    *[(f"EPSG:{3900 + latitude}", (2.4, latitude)) for latitude in range(43, 51)], ("EPSG:3942", (9.1, 42.2)),
])
def test_every_french_system_is_read_by_its_prj_where_pyproj_puts_it(binary, tmp_path, system, place):
    from cli import Tocsin
    to, back = (pyproj.Transformer.from_crs(*pair, always_xy=True, allow_ballpark=False)
                for pair in ((4326, system), (system, 4326)))
    x, y = to.transform(*place)
    square = shapely.box(x, y, x + 1500, y + 1500)
    (tmp_path / "a.csv").write_text(f'WKT,nom\n"{square.wkt}",Zone\n')
    subprocess.run([OGR, "-f", "ESRI Shapefile", tmp_path / "zone.shp", tmp_path / "a.csv", "-a_srs", system,
                    "-oo", "GEOM_POSSIBLE_NAMES=WKT"], check=True, capture_output=True)
    archive = tmp_path / "zone.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for part in tmp_path.glob("zone.*"):
            if part.suffix != ".zip":
                file.write(part, part.name)
    tocsin = Tocsin(binary, tmp_path)
    tocsin.ok("init")
    tocsin.ok("perimeter", "save", "Zone", "--perimeter", archive)
    read = shapely.geometry.shape(json.loads(tocsin.ok("perimeter", "show", "Zone").out)["geometry"])
    edge = shapely.transform(shapely.segmentize(square, 20), lambda xy: numpy.column_stack(back.transform(*xy.T)))
    # A shapefile's old text of a system may lack what the EPSG's own has: PROJ's own accuracy for these is a few metres.
    tolerance = 1e-6 if system in ("EPSG:5490", "EPSG:2972", "EPSG:4467") or system.startswith("EPSG:39") else 1e-4
    assert shapely.hausdorff_distance(read.boundary, edge.boundary) < tolerance


@needs_ogr
@pytest.mark.parametrize("department, code, place, rival", [
    ("971", "EPSG:5490", (-61.55, 16.2), "EPSG:27572"), ("54", "EPSG:3857", (6.2, 48.7), "EPSG:2154"),
    ("31", "EPSG:2154", (1.44, 43.6), "EPSG:3857"),
])
def test_metres_without_a_system_are_read_by_the_territory_or_refused(binary, tmp_path, department, code, place, rival):
    """Near Nancy, Web Mercator was once taken for Lambert-93."""
    from cli import Tocsin
    to = pyproj.Transformer.from_crs(4326, code, always_xy=True)
    x, y = to.transform(*place)
    square = shapely.box(x, y, x + 900, y + 900)
    bare = geodata.write(tmp_path / "bare.geojson", shapely.geometry.mapping(square))
    subprocess.run([OGR, "-f", "ESRI Shapefile", tmp_path / "zone.shp", bare, "-a_srs", code], check=True, capture_output=True)
    (tmp_path / "zone.prj").unlink()
    tocsin = Tocsin(binary, tmp_path)
    tocsin.ok("init")
    for path in (bare, tmp_path / "zone.shp"):
        refused = tocsin.refused("perimeter", "save", "Zone", "--perimeter", path)
        assert code in refused.err and rival in refused.err
    box = shapely.box(place[0] - 0.3, place[1] - 0.3, place[0] + 0.3, place[1] + 0.3)
    tocsin.ok("import", "communes", geodata.write(tmp_path / "communes.geojson", {
        "type": "FeatureCollection", "features": [{
            "type": "Feature", "geometry": shapely.geometry.mapping(box),
            "properties": {"code": f"{department}01" if len(department) == 3 else f"{department}001", "nom": "Ici", "type": "COM"}}]}),
        "--vintage", "2024")
    back = pyproj.Transformer.from_crs(code, 4326, always_xy=True)
    for number, path in enumerate((bare, tmp_path / "zone.shp")):
        done = tocsin.ok("perimeter", "save", f"Zone {number}", "--perimeter", path)
        assert code in done.err
        read = shapely.geometry.shape(json.loads(tocsin.ok("perimeter", "show", f"Zone {number}").out)["geometry"])
        assert shapely.Point(back.transform(x, y)).distance(read) < 1e-6
