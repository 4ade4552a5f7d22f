"""Where a zone's inhabitants are: shared out by addresses, squares or area, as shapely does it on the ellipsoid."""

import csv
import functools
import gzip
import json
import subprocess

import pyproj
import pytest
import shapely
from shapely.geometry import shape

import addresses
import geodata
from oracle import EARTH, Circle, Communes, Perimeter
from test_coverage import square_metres, surveyed

RODEZ = "population/filosofi2010-200m-rodez12"
# A town centre, cut out of Rodez and its neighbours.
ZONE = shapely.box(2.555, 44.335, 2.595, 44.365)


def some_communes(tocsin, wanted: str) -> dict[str, dict]:
    """Imports a department of the national file, arrondissements included; the features by code."""
    path = tocsin.folder / "department.ndjson"
    found = {}
    with gzip.open(geodata.file("communes/cog2024/france.ndjson.gz"), "rt", encoding="utf-8") as lines, \
            open(path, "w", encoding="utf-8") as kept:
        for line in lines:
            if f'"departement":"{wanted}"' in line.replace('": "', '":"'):
                kept.write(line)
                feature = json.loads(line)
                found[feature["properties"]["type"] + feature["properties"]["code"]] = feature
    tocsin.ok("import", "communes", path, "--vintage", "2024")
    return found


def ground(feature: dict) -> shapely.Geometry:
    return shapely.make_valid(shape(feature["geometry"]))


def share(part: shapely.Geometry, whole: shapely.Geometry) -> float:
    return square_metres(part.intersection(whole)) / square_metres(whole)


TO_DEGREES = pyproj.Transformer.from_crs("EPSG:3035", "EPSG:4326", always_xy=True).transform


@functools.cache
def square(identifier: str) -> shapely.Geometry:
    """The square on the ground, from its identifier alone."""
    south, west = (float(number) for number in identifier.split("mN")[1].split("E"))
    corners = [(west, south), (west + 200, south), (west + 200, south + 200), (west, south + 200)]
    return shapely.Polygon([TO_DEGREES(*corner) for corner in corners])


@functools.cache
def squares() -> dict[str, float]:
    """People by square; the file leaves some squares unnamed, which their middle names."""
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True).transform
    found = {}
    for feature in geodata.features(geodata.file(f"{RODEZ}/grid-200m-wgs84.geojson")):
        east, north = to_metres(*shape(feature["geometry"]).centroid.coords[0])
        identifier = f"CRS3035RES200mN{int(north // 200) * 200}E{int(east // 200) * 200}"
        assert feature["properties"]["id_car2010"] in (None, identifier)
        found[identifier] = feature["properties"]["ind"]
    return found


def grid_share(commune: shapely.Geometry, part: shapely.Geometry) -> float | None:
    total = inside = 0.0
    for identifier, people in squares().items():
        cell = square(identifier)
        if cell.intersects(commune):
            total += people * square_metres(cell.intersection(commune)) / square_metres(cell)
            inside += people * square_metres(cell.intersection(commune).intersection(part)) / square_metres(cell)
    return inside / total if total else None


def zone_file(tocsin, area: shapely.Geometry) -> Perimeter:
    return Perimeter(geodata.write(tocsin.folder / "zone.geojson", shapely.geometry.mapping(area)), area)


def squares_csv(path, separator=",") -> str:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(["Idcar_200m", "lcog_geo", "ind"])
        writer.writerows([identifier, "12202", people] for identifier, people in squares().items())
    return path


def geopackage(path) -> str:
    subprocess.run(
        ["ogr2ogr", "-q", "-f", "GPKG", path, geodata.file(f"{RODEZ}/population.shp")], check=True, timeout=60)
    return path


@pytest.mark.parametrize("form", ["csv", "gpkg", "shp"])
def test_insee_squares_share_out_the_communes_that_a_zone_cuts(tocsin, form):
    communes = some_communes(tocsin, "12")
    path = {"csv": lambda: squares_csv(tocsin.folder / "squares.csv"),
            "gpkg": lambda: geopackage(tocsin.folder / "squares.gpkg"),
            "shp": lambda: geodata.file(f"{RODEZ}/population.shp")}[form]()
    said = tocsin.ok("import", "population", path).err
    assert f"{len(squares())} squares of 200 m, {int(sum(squares().values()) + 0.5)} people" in said
    again = tocsin.ok("import", "population", path).err
    assert f"0 added, 0 updated, {len(squares())} unchanged" in again

    document = surveyed(tocsin, zone_file(tocsin, ZONE))
    methods = {}
    for row in document["communes"]:
        commune = ground(communes["COM" + row["code"]])
        expected, method = grid_share(commune, ZONE), "grid"
        if expected is None:
            expected, method = share(ZONE, commune), "area"
        if share(ZONE, commune) > 0.999:
            expected, method = 1, "whole"
        assert list(row["population_method"]) == [method], row["name"]
        methods[method] = methods.get(method, 0) + 1
        assert row["population"] == pytest.approx(row["commune_population"] * expected, rel=0.002, abs=1), row["name"]
    assert document["population_method"] == methods and methods["grid"] >= 2
    assert document["population"] == pytest.approx(sum(row["population"] for row in document["communes"]), abs=1)
    # By the people, not by the ground: Rodez's centre is denser than its surroundings.
    rodez = next(row for row in document["communes"] if row["code"] == "12202")
    assert rodez["population"] / rodez["commune_population"] > rodez["area_share"] * 1.1
    assert "shared out by population squares" in tocsin.ok("coverage", "--perimeter", tocsin.folder / "zone.geojson").out


def test_cells_add_up_to_the_zone(tocsin):
    communes = some_communes(tocsin, "12")
    tocsin.ok("import", "population", squares_csv(tocsin.folder / "squares.csv", ";"))
    people = tocsin.folder / "people.csv"
    people.write_text("id;name;longitude;latitude;mobile\nA;Nomsecret;2.5751;44.3501;0639980001\n"
                      "B;Nomsecret;2.5751;44.3501;\nC;Nomsecret;2.5801;44.3551;\n", encoding="utf-8")
    tocsin.ok("import", "recipients", people)
    words = [*zone_file(tocsin, ZONE).arguments(), "--by", "cell"]
    document = json.loads(tocsin.ok("coverage", *words, "--format", "json").out)
    cells = {cell["code"]: cell for cell in document["cells"]}
    assert sum(cell["population"] for cell in cells.values()) == pytest.approx(document["population"], rel=1e-3)
    assert sum(cell["registered"] for cell in cells.values()) == 3 == document["registered"]
    home = next(cell for cell in cells.values() if cell["registered"] == 2)
    assert square(home["code"]).contains(shapely.Point(2.5751, 44.3501)) and home["reachable"]["sms"] == 1

    # One square wholly inside one commune: its people, as the commune's legal population has them.
    rodez = ground(communes["COM12202"])
    inner = [identifier for identifier in squares()
             if rodez.contains(square(identifier)) and ZONE.contains(square(identifier))]
    total = sum(people * share(rodez, square(identifier)) for identifier, people in squares().items()
                if square(identifier).intersects(rodez))
    assert len(inner) > 20
    for identifier in inner:
        expected = squares()[identifier] / total * communes["COM12202"]["properties"]["population"]
        assert cells[identifier]["population"] == pytest.approx(expected, rel=0.002, abs=0.1)

    features = json.loads(tocsin.ok("coverage", *words, "--format", "geojson").out)["features"]
    for feature in features:
        cell = square(feature["properties"]["code"])
        assert square_metres(shape(feature["geometry"]).symmetric_difference(cell)) < 10
    large = json.loads(tocsin.ok("coverage", *words, "--cell-metres", "1000", "--format", "json").out)["cells"]
    assert len(large) < len(cells) / 5 and all("RES1000m" in cell["code"] for cell in large)
    assert sum(cell["population"] for cell in large) == pytest.approx(document["population"], rel=1e-3)
    tocsin.refused("coverage", "--circle", "2.5,44.3,400000", "--by", "cell", "--cell-metres", "200")


def test_imported_addresses_come_before_squares_and_area(tocsin):
    communes = some_communes(tocsin, "93")
    with open(geodata.file(addresses.BAN), "rb") as source:
        (tocsin.folder / "ban.csv").write_bytes(source.read())
    tocsin.ok("import", "addresses", tocsin.folder / "ban.csv")
    bondy = ground(communes["COM93010"])
    west, south, east, north = bondy.bounds
    zone = shapely.box(west - 0.01, south - 0.01, (west + east) / 2, north + 0.01)
    doors = addresses.bondy_doors()
    inside = sum(zone.covers(shapely.Point(door.lon, door.lat)) for door in doors)
    row = next(row for row in surveyed(tocsin, zone_file(tocsin, zone))["communes"] if row["code"] == "93010")
    assert row["population_method"] == {"addresses": 1}
    assert row["population"] == pytest.approx(row["commune_population"] * inside / len(doors), rel=1e-3)
    assert row["population"] != pytest.approx(row["commune_population"] * row["area_share"], rel=0.02)


def test_a_few_addresses_of_a_town_are_no_list_of_it(tocsin):
    some_communes(tocsin, "93")
    with open(geodata.file(addresses.BAN), encoding="utf-8-sig") as source:
        lines = source.readlines()[:30]
    (tocsin.folder / "few.csv").write_text("".join(lines), encoding="utf-8")
    tocsin.ok("import", "addresses", tocsin.folder / "few.csv")
    rows = surveyed(tocsin, Circle(2.484, 48.905, 900))["communes"]
    assert all(row["population_method"] == {"area": 1} for row in rows)


def test_paris_is_shared_out_by_arrondissement(tocsin):
    communes = some_communes(tocsin, "75")
    zone = shapely.box(2.33, 48.85, 2.36, 48.875)
    document = surveyed(tocsin, zone_file(tocsin, zone))
    parts = [feature for key, feature in communes.items() if key.startswith("ARM")]
    assert len(parts) == 20
    expected = sum(part["properties"]["population"] * share(zone, ground(part)) for part in parts)
    scale = communes["COM75056"]["properties"]["population"] / sum(part["properties"]["population"] for part in parts)
    [paris] = document["communes"]
    assert paris["code"] == "75056" and paris["population"] == pytest.approx(expected * scale, rel=2e-3)
    assert paris["population"] != pytest.approx(paris["commune_population"] * paris["area_share"], rel=0.03)
    first = surveyed(tocsin, Communes(["75101"]))
    assert first["population"] == communes["ARM75101"]["properties"]["population"]


def test_communes_without_population_are_named_and_those_without_people_divide_nothing(tocsin):
    communes = some_communes(tocsin, "55")
    empty, known = "55189", "55545"
    assert communes["COM" + empty]["properties"]["population"] == 0
    document = surveyed(tocsin, Communes([empty]))
    assert document["population"] == 0 and document["share"] is None and document["reachable_share"] is None
    path = tocsin.folder / "unknown.geojson"
    feature = json.loads(json.dumps(communes["COM" + empty]))
    feature["properties"]["population"] = None
    tocsin.ok("import", "communes", geodata.write(path, {"type": "FeatureCollection", "features": [feature]}),
              "--vintage", "2024")
    document = surveyed(tocsin, Communes([empty, known]))
    assert document["population"] is None and document["communes_without_population"] == 1
    assert document["known_population"] == communes["COM" + known]["properties"]["population"]
    text = tocsin.ok("coverage", "--communes", f"{empty},{known}").out
    assert "No population is known for 1 of the communes: 55189 Fleury-devant-Douaumont" in text


def test_a_street_of_a_large_commune_has_people(tocsin):
    communes = some_communes(tocsin, "13")
    arles = communes["COM13004"]
    document = surveyed(tocsin, Circle(4.628, 43.677, 100))
    circle = shapely.Polygon([EARTH.fwd(4.628, 43.677, azimuth, 100)[:2] for azimuth in range(360)])
    assert document["population"] == pytest.approx(
        arles["properties"]["population"] * share(circle, ground(arles)), rel=0.02)


def test_intercommunalites_add_up_their_communes(tocsin):
    communes = some_communes(tocsin, "12")
    document = surveyed(tocsin, zone_file(tocsin, ZONE))
    expected = {}
    for row in document["communes"]:
        siren = communes["COM" + row["code"]]["properties"]["epci"] or ""
        expected[siren] = expected.get(siren, 0) + row["population"]
    found = {row["code"]: row["population"] for row in document["epcis"]}
    assert found == pytest.approx(expected, abs=1)
    rows = tocsin.ok("coverage", *zone_file(tocsin, ZONE).arguments(), "--by", "epci", "--format", "csv").lines
    assert len(rows) == len(expected) + 1 and rows[1].startswith("241200187,")


HOSTILE = {
    "id": "Idcar_200m,ind\nCRS9999RES200mN200E200,4\n", "off the grid": "Idcar_200m,ind\nCRS3035RES200mN201E200,4\n",
    "negative": "Idcar_200m,ind\nCRS3035RES200mN200E200,-4\n", "no number": "Idcar_200m,ind\nCRS3035RES200mN200E200,many\n",
    "twice": "Idcar_200m,ind\nCRS3035RES200mN200E200,4\nCRS3035RES200mN200E200,5\n", "columns": "a,b\n1,2\n",
    "header only": "Idcar_200m,ind\n", "short": "x,Idcar_200m,ind\n1,CRS3035RES200mN200E200\n",
    "huge": "Idcar_200m,ind\nCRS3035RES200mN99999999999E200,4\n", "nan": "Idcar_200m,ind\nCRS3035RES200mN200E200,nan\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_population_grid_is_refused_whole(tocsin, name):
    path = tocsin.folder / "bad.csv"
    path.write_text("" + HOSTILE[name], encoding="utf-8")
    result = tocsin.refused("import", "population", path)
    assert "bad.csv" in result.err
    path.write_text("Idcar_200m,ind\nCRS3035RES200mN200E200,4\n", encoding="utf-8")
    assert "1 added, 0 updated" in tocsin.ok("import", "population", path).err


REGISTER = """id;name;commune_code;household;confirmed_on;kind;mobile;email
A;Nomsecret;80021;H1;2026-10-01;person;0639980001;
B;Nomsecret;80021;H1;2020-01-01;person;;courriel-b@example.org
C;Nomsecret;80021;H2;;person;;
D;Nomsecret;80021;;;person;0639980004;
E;Nomsecret;80021;;;office;0639980005;
"""


def test_households_staleness_and_time(tocsin):
    tocsin.ok("import", "communes", geodata.communes_file("80"), "--vintage", "2024")
    path = tocsin.folder / "people.csv"
    path.write_text(REGISTER, encoding="utf-8")
    tocsin.ok("import", "recipients", path)
    words = ["coverage", "--communes", "80021", "--format", "json"]
    document = json.loads(tocsin.ok(*words, "--stale-months", "600").out)
    # H1 is one household, H2 another, D one of its own; an office is none.
    assert document["registered"] == 5 and document["households"] == 3
    assert (document["stale"], document["never_confirmed"]) == (3, 3)
    assert json.loads(tocsin.ok(*words, "--stale-months", "36").out)["stale"] == 4
    assert document["reachable_any"] == 4 and document["unreachable"] == 1
    assert document["reach_seconds"]["sms"] is None and document["reach_seconds"]["everyone"] is None
    rated = tocsin.with_environment(TOCSIN_RATES="sms=30/min,voice=1/s,email=7200/h")
    seconds = json.loads(rated.ok(*words).out)["reach_seconds"]
    reachable = document["reachable"]
    assert seconds == {"sms": reachable["sms"] * 2, "voice": reachable["voice"], "email": 1, "fax": 0,
                       "everyone": max(reachable["sms"] * 2, reachable["voice"], 1)}
    assert "unknown rate" in tocsin.ok("coverage", "--communes", "80021").out
    for bad in ("sms=30", "pigeon=1/s", "sms=0/s", "sms=1/week", "sms=1/s,sms=2/s"):
        tocsin.with_environment(TOCSIN_RATES=bad).refused(*words)
