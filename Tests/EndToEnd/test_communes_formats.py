"""Commune boundaries as IGN and others publish them: shapefile, GeoPackage, TopoJSON, in any projection.

The fixtures are made by ogr2ogr, and what was imported is compared with shapely's and pyproj's reading of the same.
"""

import gzip
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pyproj
import pytest
import shapely

import geodata
import stored

ADMIN_EXPRESS = {"code": "INSEE_COM", "nom": "NOM", "population": "POPULATION", "departement": "INSEE_DEP",
                 "epci": "SIREN_EPCI"}
ADMIN_EXPRESS_2025 = {"code": "code_insee", "nom": "nom_officiel", "population": "population",
                      "departement": "code_insee_du_departement", "epci": "codes_siren_des_epci"}
FRANCE_GEOJSON = {"code": "code", "nom": "nom"}
ETALAB = {"code": "code", "nom": "nom", "departement": "departement", "region": "region", "epci": "epci"}


def ogr2ogr(target: Path, source: Path, *options: str, layer: str = "") -> Path:
    if not shutil.which("ogr2ogr"):
        pytest.fail("ogr2ogr is not there: install gdal-bin (Scripts/bootstrap --tests)")
    done = subprocess.run(["ogr2ogr", *options, str(target), str(source), *([layer] if layer else [])],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


def whole(department: str) -> dict[str, dict]:
    """The features of whole communes by code."""
    return {feature["properties"]["code"]: feature for feature in geodata.features(geodata.communes_file(department))
            if feature["properties"]["type"] == "COM"}


def renamed(folder: Path, department: str, names: dict[str, str], keep=lambda code: True, name="in.geojson") -> Path:
    features = [
        {"type": "Feature", "geometry": feature["geometry"],
         "properties": {new: feature["properties"][old] for old, new in names.items()}}
        for code, feature in whole(department).items() if keep(code)]
    return geodata.write(folder / name, {"type": "FeatureCollection", "features": features})


def some(code: str) -> bool:
    """One commune in eight, the same each time."""
    return int(code[-3:]) % 8 == 1


def read_back(file: Path, folder: Path, code: str, layer: str = "") -> dict[str, shapely.Geometry]:
    """The file's own coordinates by ogr2ogr, brought to WGS 84 by pyproj."""
    plain = ogr2ogr(folder / "plain.geojson", file, "-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco",
                    "COORDINATE_PRECISION=15", layer=layer)
    value = json.loads(plain.read_bytes())
    named = value.get("crs", {}).get("properties", {}).get("name", "urn:ogc:def:crs:OGC:1.3:CRS84")
    change = pyproj.Transformer.from_crs(named, "OGC:CRS84", always_xy=True)
    result = {}
    for feature in value["features"]:
        # Straight in the file's system, so with a point every 20 m before it is bent.
        geometry = shapely.geometry.shape(feature["geometry"])
        if pyproj.CRS(named).is_projected:
            geometry = shapely.segmentize(geometry, 20)
        result[feature["properties"][code]] = shapely.transform(
            geometry, lambda xy: shapely.get_coordinates(shapely.points(*change.transform(xy[:, 0], xy[:, 1]))))
    return result


def compare(tocsin, expected: dict[str, shapely.Geometry]) -> dict[str, dict]:
    """The same communes with the same ground. Straight lines of a projection are bent in degrees: 5 cm are allowed."""
    found = stored.communes(tocsin.database)
    assert found.keys() == expected.keys()
    for code, geometry in expected.items():
        boundary = found[code]["boundary"]
        assert boundary.is_valid
        difference = shapely.symmetric_difference(shapely.make_valid(geometry), boundary).area
        assert difference <= geometry.length * 0.05 / 111_000 + 1e-12, code
    return found


SHAPEFILES = {
    "latin1": ["-lco", "ENCODING=ISO-8859-1"], "utf8": ["-lco", "ENCODING=UTF-8"],
}


@pytest.mark.parametrize("packed", [False, True], ids=["parts", "zip"])
@pytest.mark.parametrize("encoding", SHAPEFILES)
def test_admin_express_as_a_shapefile_in_lambert_93(tocsin, tmp_path, encoding, packed):
    source = renamed(tmp_path, "80", ADMIN_EXPRESS, some)
    file = ogr2ogr(tmp_path / "COMMUNE.shp", source, "-t_srs", "EPSG:2154", *SHAPEFILES[encoding])
    expected = read_back(file, tmp_path, "INSEE_COM")
    if packed:
        with zipfile.ZipFile(tmp_path / "ADMIN-EXPRESS.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for part in tmp_path.glob("COMMUNE.*"):
                archive.write(part, f"ADE/{part.name}")
        file = tmp_path / "ADMIN-EXPRESS.zip"
    result = tocsin.ok("import", "communes", file, "--vintage", "2024")
    assert f"{len(expected)} added" in result.err
    found = compare(tocsin, expected)
    for code, feature in whole("80").items():
        if code in found:
            properties = feature["properties"]
            assert found[code]["name"] == properties["nom"], "the accents"
            assert (found[code]["population"], found[code]["epci"]) == (properties["population"], properties["epci"])
    assert any(not row["name"].isascii() for row in found.values()), "no accent was tried"


def test_admin_express_of_2025_as_a_geopackage_of_la_reunion(tocsin, tmp_path):
    source = renamed(tmp_path, "974", ADMIN_EXPRESS_2025)
    file = ogr2ogr(tmp_path / "ADE.gpkg", source, "-t_srs", "EPSG:2975", "-nln", "commune", "-nlt", "MULTIPOLYGON")
    ogr2ogr(file, source, "-update", "-t_srs", "EPSG:2975", "-nln", "departement", "-nlt", "MULTIPOLYGON")
    expected = read_back(file, tmp_path, "code_insee", "commune")
    refused = tocsin.refused("import", "communes", file, "--vintage", "2025")
    assert "commune" in refused.err and "departement" in refused.err and "--layer" in refused.err
    assert "commune" in tocsin.refused("import", "communes", file, "--layer", "canton", "--vintage", "2025").err
    tocsin.ok("import", "communes", file, "--layer", "commune", "--vintage", "2025")
    found = compare(tocsin, expected)
    assert found["97411"]["name"] == "Saint-Denis" and found["97411"]["department"] == "974"
    assert tocsin.ids("--communes", "97411") == []


def topology(features: list[dict], quantized: bool) -> dict:
    """TopoJSON with an arc for each ring; as integers and differences when quantized."""
    arcs, geometries = [], []
    scale, translate = 1e-7, (-180, -90)
    for feature in features:
        polygons = []
        for polygon in geodata.polygons(shapely.geometry.shape(feature["geometry"])):
            rings = []
            for ring in [polygon.exterior, *polygon.interiors]:
                points = [list(point) for point in ring.coords]
                if quantized:
                    whole = [[round((x - translate[0]) / scale), round((y - translate[1]) / scale)] for x, y in points]
                    points = [whole[0]] + [[x - px, y - py] for (x, y), (px, py) in zip(whole[1:], whole)]
                rings.append([len(arcs)])
                arcs.append(points)
            polygons.append(rings)
        geometries.append({"type": "MultiPolygon", "arcs": polygons, "properties": {
            name: feature["properties"][name] for name in FRANCE_GEOJSON}})
    value = {"type": "Topology", "arcs": arcs,
             "objects": {"communes": {"type": "GeometryCollection", "geometries": geometries}}}
    return value | ({"transform": {"scale": [scale, scale], "translate": translate}} if quantized else {})


@pytest.mark.parametrize("quantized", [False, True], ids=["plain", "quantized"])
def test_topojson(tocsin, tmp_path, quantized):
    features = [feature for code, feature in whole("80").items() if some(code)]
    file = geodata.write(tmp_path / "communes.topojson", topology(features, quantized))
    tocsin.ok("import", "communes", file, "--vintage", "2024")
    compare(tocsin, {feature["properties"]["code"]: shapely.geometry.shape(feature["geometry"]) for feature in features})


@pytest.mark.parametrize("names", [FRANCE_GEOJSON, ETALAB], ids=["france-geojson", "Etalab"])
def test_geojson_is_kept_to_the_bit_and_a_geopackage_in_degrees_too(tocsin, tmp_path, names):
    source = renamed(tmp_path, "80", names, some)
    expected = {code: shapely.geometry.shape(feature["geometry"]) for code, feature in whole("80").items() if some(code)}
    tocsin.ok("import", "communes", source, "--vintage", "2024")
    for code, row in stored.communes(tocsin.database).items():
        assert shapely.equals_exact(shapely.MultiPolygon(geodata.polygons(expected[code])), row["boundary"]), code
    file = ogr2ogr(tmp_path / "degrees.gpkg", source)
    result = tocsin.ok("import", "communes", file, "--vintage", "2024")
    assert f"{len(expected)} unchanged" in result.err


def test_columns_of_no_known_publisher_are_mapped(tocsin, tmp_path):
    names = {"code": "cod", "nom": "official", "population": "pop"}
    file = ogr2ogr(tmp_path / "any.gpkg", renamed(tmp_path, "80", names, some))
    refused = tocsin.refused("import", "communes", file, "--vintage", "2024").err
    assert "feature 1" in refused and "official" in refused and "--map" in refused
    result = tocsin.ok("import", "communes", file, "--vintage", "2024", "--map", "cod=code", "--map", "official=nom",
                       "--map", "pop=population")
    assert "0 updated" in result.err
    found = stored.communes(tocsin.database)
    assert found["80001"]["name"] == "Abbeville" and found["80001"]["population"] == 22946
    unknown = tocsin.refused("import", "communes", file, "--map", "cod=code", "--map", "official=name").err
    assert "nom" in unknown and "commune_parent" in unknown, "the fields are not listed"
    assert "official" in tocsin.refused("import", "communes", file, "--map", "zzz=region", "--map", "cod=code", "--map",
                                        "official=nom").err
    tocsin.refused("import", "communes", file, "--map", "cod")


def labelled(folder: Path, source: Path, real: str, stated: str, name: str) -> Path:
    """A file in one system that says it is in another."""
    right = ogr2ogr(folder / f"right-{Path(name).stem}.gpkg", source, "-t_srs", real)
    return ogr2ogr(folder / name, right, "-a_srs", stated)


WRONG = {
    "Lambert-93 called WGS 84": ("80", "EPSG:2154", "EPSG:4326", "wrong.shp"),
    "Lambert-93 called WGS 84, geopackage": ("80", "EPSG:2154", "EPSG:4326", "wrong.gpkg"),
    "WGS 84 called Lambert-93": ("80", "EPSG:4326", "EPSG:2154", "wrong.shp"),
    "La Réunion's UTM called Lambert-93": ("974", "EPSG:2975", "EPSG:2154", "wrong.gpkg"),
    "Lambert-93 called Guadeloupe's UTM": ("80", "EPSG:2154", "EPSG:5490", "wrong.gpkg"),
    "La Réunion's UTM called Guadeloupe's": ("974", "EPSG:2975", "EPSG:5490", "wrong.gpkg"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_file_that_states_another_system_than_it_is_in_is_refused(tocsin, tmp_path, fault):
    department, real, stated, name = WRONG[fault]
    file = labelled(tmp_path, renamed(tmp_path, department, ETALAB, some), real, stated, name)
    result = tocsin.refused("import", "communes", file, "--vintage", "2024")
    assert name in result.err and "feature" in result.err and "system" in result.err, result.err
    assert stored.communes(tocsin.database) == {}


def cut(path: Path, keep: float = 0.6) -> Path:
    path.write_bytes(path.read_bytes()[:int(path.stat().st_size * keep)])
    return path


def test_files_cut_short_are_refused_whole(tocsin, tmp_path):
    source = renamed(tmp_path, "80", ETALAB, some)
    for name in ("cut.shp", "nodbf.shp", "cut.gpkg", "cut.topojson"):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        if name.endswith("topojson"):
            file = cut(geodata.write(folder / name, topology(list(whole("80").values())[:30], False)))
        else:
            file = ogr2ogr(folder / name, source)
            if name == "nodbf.shp":
                (folder / "nodbf.dbf").unlink()
            else:
                cut(file)
        result = tocsin.refused("import", "communes", file, "--vintage", "2024")
        assert name in result.err, name
        assert stored.communes(tocsin.database) == {}, name


def test_a_commune_in_several_features_is_refused_with_both(tocsin, tmp_path):
    source = renamed(tmp_path, "80", ETALAB, some)
    value = json.loads(source.read_bytes())
    value["features"].append(value["features"][0])
    twice = ogr2ogr(tmp_path / "twice.gpkg", geodata.write(tmp_path / "twice.geojson", value))
    result = tocsin.refused("import", "communes", twice, "--vintage", "2024")
    assert f"feature {len(value['features'])}" in result.err and "in feature 1" in result.err


def test_points_are_no_communes_and_layers_are_not_for_geojson(tocsin, tmp_path):
    point = {"type": "Feature", "properties": {"code": "80001", "nom": "A"},
             "geometry": {"type": "Point", "coordinates": [2, 50]}}
    source = geodata.write(tmp_path / "in.geojson", {"type": "FeatureCollection", "features": [point]})
    assert "Point" in tocsin.refused("import", "communes", ogr2ogr(tmp_path / "p.gpkg", source)).err
    assert "--layer" in tocsin.refused("import", "communes", source, "--layer", "communes").err


def test_a_foreign_boundary_that_is_invalid_is_repaired_outward_and_reported(tocsin, tmp_path):
    # A bow tie whose halves are both ground, and a hole that pokes out of its shell.
    bow = {"type": "Polygon", "coordinates": [[[2, 49.8], [2.1, 49.9], [2.1, 49.8], [2, 49.9], [2, 49.8]]]}
    hole = {"type": "Polygon", "coordinates": [
        [[2.2, 49.8], [2.3, 49.8], [2.3, 49.9], [2.2, 49.9], [2.2, 49.8]],
        [[2.25, 49.85], [2.35, 49.85], [2.35, 49.87], [2.25, 49.87], [2.25, 49.85]]]}
    features = [{"type": "Feature", "properties": {"code": code, "nom": code}, "geometry": geometry}
                for code, geometry in (("80001", bow), ("80002", hole))]
    source = geodata.write(tmp_path / "in.geojson", {"type": "FeatureCollection", "features": features})
    for file in (source, ogr2ogr(tmp_path / "bad.gpkg", source)):
        report = tmp_path / f"{file.suffix[1:]}.csv"
        result = tocsin.ok("import", "communes", file, "--vintage", "2024", "--report", report)
        assert "80001 (self_intersection at 2.050000, 49.850000" in result.err
        lines = [line.split(",") for line in report.read_text().splitlines()]
        assert lines[0][:4] == ["finding", "communes", "file", "feature"]
        rows = [dict(zip(lines[0], line)) for line in lines[1:] if line[0] == "repaired"]
        assert [(row["communes"], row["feature"], row["polygon"], row["ring"]) for row in rows][0] == ("80001", "1", "1", "1")
        assert [row["communes"] for row in rows] == ["80001", "80002"]
    for code, geometry in (("80001", bow), ("80002", hole)):
        expected = shapely.make_valid(shapely.geometry.shape(geometry), method="structure", keep_collapsed=False)
        assert shapely.equals(expected, stored.communes(tocsin.database)[code]["boundary"])


def test_a_gzipped_line_file_is_read_as_before(tocsin, tmp_path):
    features = [feature for code, feature in whole("974").items()]
    path = tmp_path / "lines.ndjson.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(feature) for feature in features).encode()))
    assert f"{len(features)} added" in tocsin.ok("import", "communes", path, "--vintage", "2024").err
