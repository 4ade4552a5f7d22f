"""Foreign geodata, held against GDAL's own tools, PROJ and shapely: the same ground, whatever the format and system."""

import json
import shutil
import subprocess

import numpy
import pyproj
import pytest
import shapely

import geodata
from exchange import exchange  # noqa: F401  (a fixture)

SYSTEMS = {"76": 2154, "33": 2154, "974": 2975}
# A square of 4 km in each overseas department and collectivity, by its own projection.
OVERSEAS = {5490: (-61.5, 16.2), 2972: (-52.4, 4.9), 2975: (55.5, -21.1), 4471: (45.2, -12.8), 4467: (-56.2, 46.8)}


def ogr2ogr(target, source, *words, format="ESRI Shapefile"):
    subprocess.run(["ogr2ogr", "-f", format, target, source, *map(str, words)], check=True, capture_output=True)
    return target


@pytest.fixture(scope="module")
def communes(tmp_path_factory):
    """The communes of a department as GeoJSON, its attributes few and plain, and their areas by code."""
    folder = tmp_path_factory.mktemp("communes")
    made = {}

    def make(department):
        if department not in made:
            areas = geodata.boundaries(department)
            path = folder / f"{department}.geojson"
            features = [{"type": "Feature", "properties": {"INSEE_COM": code, "NOM": f"Œuilly-là-{code}", "POPULATION": n},
                         "geometry": shapely.geometry.mapping(area)} for n, (code, area) in enumerate(areas.items())]
            path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
            made[department] = (path, areas)
        return made[department]

    return make


def hold(answer, areas, code="INSEE_COM", tolerance=2e-7):
    """Every commune is there, once, its vertices in their place to two centimetres, and with its attributes.

    Between its vertices an edge is straight in the file's own plane: over kilometres that is a metre from straight in degrees.
    """
    assert len(answer.lines) == len(areas)
    for line, area in zip(answer.lines, answer.areas):
        wanted = areas[line["p"][code]]
        assert line["t"] == "MultiPolygon"
        vertices = shapely.points(shapely.get_coordinates(wanted))
        assert shapely.distance(vertices, area.boundary).max() < tolerance, line["p"][code]
        assert shapely.hausdorff_distance(area.boundary, wanted.boundary) < max(2e-5, tolerance), line["p"][code]
        assert line["p"].get("NOM", "").startswith("Œuilly-là-")


@pytest.mark.parametrize("department", SYSTEMS)
@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252"])
def test_a_shapefile_in_the_departments_projection(exchange, communes, tmp_path, department, encoding):
    path, areas = communes(department)
    ogr2ogr(tmp_path / "layer.shp", path, "-t_srs", f"EPSG:{SYSTEMS[department]}", "-lco", f"ENCODING={encoding}")
    answer = exchange.features("shp", tmp_path / "layer.shp")
    assert (answer.header["crs"], answer.header["assumed"]) == (f"EPSG:{SYSTEMS[department]}", False)
    hold(answer, areas)


@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252"])
def test_a_shapefile_that_does_not_state_its_encoding(exchange, communes, tmp_path, encoding):
    path, areas = communes("974")
    ogr2ogr(tmp_path / "layer.shp", path, "-lco", f"ENCODING={encoding}")
    (tmp_path / "layer.cpg").unlink()
    for language in (0x00, 0x57):  # The dBASE header's byte 29.
        table = bytearray((tmp_path / "layer.dbf").read_bytes())
        table[29] = language
        (tmp_path / "layer.dbf").write_bytes(table)
        hold(exchange.features("shp", tmp_path / "layer.shp"), areas)


@pytest.mark.parametrize("format,kind,name", [
    ("GPKG", "gpkg", "layer.gpkg"), ("FlatGeobuf", "fgb", "layer.fgb"), ("LIBKML", "kml", "layer.kml"),
    ("LIBKML", "zip", "layer.kmz"), ("MapInfo File", "tab", "layer.tab"), ("MapInfo File", "mif", "layer.mif")])
def test_other_formats_hold_the_same_ground(exchange, communes, tmp_path, format, kind, name):
    path, areas = communes("974")
    words = {"gpkg": ["-t_srs", "EPSG:2975"], "mif": ["-dsco", "FORMAT=MIF"]}.get(kind, [])
    if kind in ("tab", "mif"):
        words += ["-lco", "ENCODING=UTF-8"]
    ogr2ogr(tmp_path / name, path, *words, format=format)
    # MapInfo keeps coordinates as integers over its bounds: a metre is all it promises.
    hold(exchange.features(kind, tmp_path / name), areas, tolerance=2e-5 if kind == "tab" else 2e-7)


def test_topojson_is_read_arc_by_arc(exchange, tmp_path):
    topology = {"type": "Topology", "transform": {"scale": [0.01, 0.01], "translate": [1, 49]},
                "objects": {"communes": {"type": "GeometryCollection", "geometries": [
                    {"type": "Polygon", "id": "80001", "properties": {"nom": "É"}, "arcs": [[0, 1]]},
                    {"type": "Polygon", "id": "80002", "properties": {"nom": "B"}, "arcs": [[2, ~0]]}]}},
                "arcs": [[[10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10], [10, 0]], [[10, 0], [10, 0], [0, 10], [-10, 0]]]}
    path = tmp_path / "layer.topojson"
    path.write_text(json.dumps(topology))
    answer = exchange.features("topojson", path)
    assert answer.header["assumed"] or answer.header["crs"] == "EPSG:4326"
    first, second = answer.areas
    assert first.equals(shapely.box(1, 49, 1.1, 49.1)) and second.equals(shapely.box(1.1, 49, 1.2, 49.1))
    assert [line["p"]["nom"] for line in answer.lines] == ["É", "B"]


def test_a_shapefile_in_a_zip_file_in_a_folder(exchange, communes, tmp_path):
    path, areas = communes("974")
    (tmp_path / "a" / "Données é").mkdir(parents=True)
    ogr2ogr(tmp_path / "a" / "Données é" / "COMMUNE.shp", path, "-t_srs", "EPSG:2975", "-lco", "ENCODING=UTF-8")
    shutil.make_archive(str(tmp_path / "layer"), "zip", tmp_path / "a")
    answer = exchange.features("zip", tmp_path / "layer.zip")
    assert answer.header["layer"] == "COMMUNE"
    hold(answer, areas)


@pytest.mark.parametrize("code", OVERSEAS)
def test_overseas_projections_come_out_where_proj_puts_them(exchange, tmp_path, code):
    there = pyproj.Transformer.from_crs(4326, code, always_xy=True)
    back = pyproj.Transformer.from_crs(code, 4326, always_xy=True)
    x, y = there.transform(*OVERSEAS[code])
    square = shapely.segmentize(shapely.box(x - 2000, y - 2000, x + 2000, y + 2000), 50)
    (tmp_path / "a.csv").write_text(f'WKT,INSEE_COM\n"{square.wkt}",97000\n')
    ogr2ogr(tmp_path / "layer.gpkg", tmp_path / "a.csv", "-a_srs", f"EPSG:{code}", "-oo", "GEOM_POSSIBLE_NAMES=WKT", format="GPKG")
    area, = exchange.features("gpkg", tmp_path / "layer.gpkg").areas
    wanted = shapely.transform(square, lambda points: numpy.column_stack(back.transform(*points.T)))
    assert shapely.hausdorff_distance(area.boundary, wanted.boundary) < 1e-8


def test_long_edges_stay_where_the_projection_draws_them(exchange, tmp_path):
    square = shapely.box(400_000, 6_400_000, 900_000, 6_900_000)
    (tmp_path / "a.csv").write_text(f'WKT,INSEE_COM\n"{square.wkt}",97000\n')
    ogr2ogr(tmp_path / "layer.gpkg", tmp_path / "a.csv", "-a_srs", "EPSG:2154", "-oo", "GEOM_POSSIBLE_NAMES=WKT", format="GPKG")
    area, = exchange.features("gpkg", tmp_path / "layer.gpkg").areas
    there = pyproj.Transformer.from_crs(4326, 2154, always_xy=True)
    dense = shapely.segmentize(area, 0.002)
    drawn = shapely.transform(dense, lambda points: numpy.column_stack(there.transform(*points.T)))
    assert shapely.hausdorff_distance(drawn.boundary, square.boundary) < 0.06


@pytest.mark.parametrize("department,code", [("76", 2154), ("974", 2975), ("33", 4326)])
def test_without_a_prj_the_system_is_recognised_and_said(exchange, communes, tmp_path, department, code):
    path, areas = communes(department)
    ogr2ogr(tmp_path / "layer.shp", path, "-t_srs", f"EPSG:{code}", "-lco", "ENCODING=UTF-8")
    (tmp_path / "layer.prj").unlink()
    answer = exchange.features("shp", tmp_path / "layer.shp")
    assert (answer.header["crs"], answer.header["assumed"]) == (f"EPSG:{code}", True)
    hold(answer, areas)


# 27572 in Aude has the numbers of the Antilles; a plan in metres of its own has no place at all.
@pytest.mark.parametrize("x,y,codes", [
    (660_000, 1_800_000, [5490, 27572]), (574_000, 6_280_000, [2154, 3857]), (560_000, 5_190_000, [4467, 32630, 32631]),
    (5_000, 3_000, []), (10, 12, [])])
def test_without_a_prj_what_could_be_elsewhere_is_refused(exchange, tmp_path, x, y, codes):
    square = shapely.box(x, y, x + 1, y + 1)
    (tmp_path / "a.csv").write_text(f'WKT,INSEE_COM\n"{square.wkt}",97000\n')
    ogr2ogr(tmp_path / "layer.shp", tmp_path / "a.csv", "-oo", "GEOM_POSSIBLE_NAMES=WKT")
    (tmp_path / "layer.prj").unlink(missing_ok=True)
    answer = exchange.refuses("shp", tmp_path / "layer.shp")
    assert answer["error"] == ("ambiguous_system" if codes else "no_system")
    # The place that each system gives, as pyproj puts it: the parent chooses by it.
    for code, reading in zip(codes, answer.get("names", []), strict=True):
        name, box = reading.split(":")
        assert int(name) == code
        lon, lat = pyproj.Transformer.from_crs(code, 4326, always_xy=True).transform(x, y)
        west, south, east, north = map(float, box.split(","))
        assert west - 1e-6 <= lon <= east + 1e-6 and south - 1e-6 <= lat <= north + 1e-6 and east - west < 1e-4


def test_a_prj_as_esri_writes_it(exchange, communes, tmp_path):
    path, areas = communes("76")
    ogr2ogr(tmp_path / "layer.shp", path, "-t_srs", "EPSG:2154", "-lco", "ENCODING=UTF-8")
    (tmp_path / "layer.prj").write_text(
        'PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.257222101]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],'
        'PARAMETER["False_Easting",700000.0],PARAMETER["False_Northing",6600000.0],PARAMETER["Central_Meridian",3.0],'
        'PARAMETER["Standard_Parallel_1",44.0],PARAMETER["Standard_Parallel_2",49.0],PARAMETER["Latitude_Of_Origin",46.5],'
        'UNIT["Meter",1.0]]')
    hold(exchange.features("shp", tmp_path / "layer.shp"), areas)


def test_a_layer_is_chosen_by_name_when_there_are_several(exchange, communes, tmp_path):
    path, areas = communes("974")
    target = tmp_path / "layer.gpkg"
    ogr2ogr(target, path, "-nln", "COMMUNE", format="GPKG")
    ogr2ogr(target, path, "-nln", "CANTON", "-update", format="GPKG")
    ogr2ogr(target, path, "-nln", "notes", "-update", "-nlt", "NONE", format="GPKG")
    error = exchange.refuses("gpkg", target)
    assert error == {"error": "several_layers", "names": ["COMMUNE", "CANTON"]}
    hold(exchange.features("gpkg", target, "COMMUNE"), areas)
    assert exchange.refuses("gpkg", target, "REGION")["error"] == "unknown_layer"
    listed = exchange.run("list-layers", "gpkg", target)
    assert listed.header == {"layers": ["COMMUNE", "CANTON"]} and listed.last == {"end": 0}
    table = exchange.features("gpkg", target, "notes")
    assert len(table.lines) == len(areas) and not any("g" in line or "t" in line for line in table.lines)


def test_what_is_no_polygon_is_named_and_curves_become_lines(exchange, tmp_path):
    shapes = {
        "Point": "POINT (2 49)", "LineString": "LINESTRING (2 49, 3 49)",
        "MultiPolygon": "POLYGON Z ((2 49 7, 3 49 7, 3 50 7, 2 49 7))",
        "Curve": "CURVEPOLYGON (CIRCULARSTRING (2 49, 2.5 49.5, 3 49, 2.5 48.5, 2 49))",
        "Collection": "GEOMETRYCOLLECTION (POLYGON ((2 49, 3 49, 3 50, 2 49)), POLYGON ((4 49, 5 49, 5 50, 4 49)))",
        "Mixed": "GEOMETRYCOLLECTION (POLYGON ((2 49, 3 49, 3 50, 2 49)), POINT (4 49))",
    }
    (tmp_path / "a.csv").write_text("WKT,kind\n" + "".join(f'"{wkt}",{kind}\n' for kind, wkt in shapes.items()) + ",None\n")
    ogr2ogr(tmp_path / "layer.gpkg", tmp_path / "a.csv", "-a_srs", "EPSG:4326", "-oo", "GEOM_POSSIBLE_NAMES=WKT", format="GPKG")
    answer = exchange.features("gpkg", tmp_path / "layer.gpkg")
    types = {line["p"]["kind"]: line.get("t") for line in answer.lines}
    areas = dict(zip(types, answer.areas))
    assert types == {"Point": "Point", "LineString": "LineString", "MultiPolygon": "MultiPolygon", "Curve": "MultiPolygon",
                     "Collection": "MultiPolygon", "Mixed": "GeometryCollection", "None": None}
    assert {kind for kind, area in areas.items() if area is not None} == {"MultiPolygon", "Curve", "Collection"}
    assert not areas["MultiPolygon"].has_z and areas["Collection"].area == pytest.approx(1)
    assert areas["Curve"].area == pytest.approx(numpy.pi / 4, rel=1e-3)


def test_the_risk_perimeters_of_the_state_agree_with_their_geojson(exchange):
    for name in ("n_perimetre_pprn_20120001_s_076", "pprt_69dreal20090005_perimetre_s", "pprt_69dreal20090005_zonereglementaireurba_s"):
        areas = exchange.features("gpkg", geodata.file(f"risk/{name}.l93.gpkg")).areas
        features = json.loads(geodata.file(f"risk/{name}.geojson").read_text())["features"]
        assert len(areas) == len(features)
        for area, feature in zip(areas, features):
            wanted = shapely.geometry.shape(feature["geometry"])
            assert shapely.distance(shapely.points(shapely.get_coordinates(wanted)), area.boundary).max() < 2e-7
            assert shapely.hausdorff_distance(area, wanted) < 2e-5


@pytest.mark.parametrize("part", ["shp", "shx", "dbf"])
def test_a_shapefile_cut_anywhere_is_refused(exchange, communes, tmp_path, part):
    path, _ = communes("974")
    ogr2ogr(tmp_path / "whole.shp", path, "-lco", "ENCODING=UTF-8")
    whole = {suffix: (tmp_path / f"whole.{suffix}").read_bytes() for suffix in ("shp", "shx", "dbf", "prj", "cpg")}
    for share in (0.0, 0.01, 0.3, 0.7, 0.999):
        for suffix, content in whole.items():
            (tmp_path / f"layer.{suffix}").write_bytes(content[:int(len(content) * share)] if suffix == part else content)
        assert exchange.refuses("shp", tmp_path / "layer.shp")["error"] == "damaged"
    (tmp_path / f"layer.{part}").unlink()
    if part != "shp":
        assert exchange.refuses("shp", tmp_path / "layer.shp") == {"error": "missing_part", "names": [f".{part}"]}


@pytest.mark.parametrize("format,kind,name", [
    ("GPKG", "gpkg", "layer.gpkg"), ("FlatGeobuf", "fgb", "layer.fgb"), ("LIBKML", "kml", "layer.kml"), ("LIBKML", "zip", "layer.kmz")])
def test_other_files_cut_anywhere_are_refused(exchange, communes, tmp_path, format, kind, name):
    path, _ = communes("974")
    ogr2ogr(tmp_path / f"whole-{name}", path, format=format)
    whole = (tmp_path / f"whole-{name}").read_bytes()
    for share in (0.0, 0.01, 0.3, 0.7, 0.999):
        (tmp_path / name).write_bytes(whole[:int(len(whole) * share)])
        assert exchange.refuses(kind, tmp_path / name)["error"]
