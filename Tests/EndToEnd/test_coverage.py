"""Coverage: inhabitants and shares as shapely measures them on the ellipsoid, recipients as the oracle counts them."""

import csv
import gzip
import io
import json

import pytest
import shapely
from shapely.geometry import shape

import geodata
from oracle import EARTH, Circle, Combined, Communes, Department, Listed, Perimeter

# Below this share of a commune the product may take a sliver of simplified boundaries for nothing.
SLIVER = 0.001


def square_metres(geometry: shapely.Geometry) -> float:
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if part.geom_type in ("Polygon", "MultiPolygon")]
    return sum(abs(EARTH.geometry_area_perimeter(shapely.geometry.polygon.orient(polygon))[0])
               for part in parts for polygon in geodata.polygons(part))


def shares(area: shapely.Geometry, communes: dict) -> dict[str, float]:
    """The part of each commune's ground that lies in an area."""
    found = {}
    for code, commune in communes.items():
        if area.intersects(commune):
            found[code] = square_metres(area.intersection(commune)) / square_metres(commune)
    return {code: share for code, share in found.items() if share > 0}


def surveyed(tocsin, zone) -> dict:
    return json.loads(tocsin.ok("coverage", *zone.arguments(), "--format", "json").out)


def check_shares(rows: dict[str, dict], expected: dict[str, float]) -> None:
    for code, share in expected.items():
        if share > SLIVER * 1.1:
            assert rows[code]["area_share"] == pytest.approx(share, abs=0.0011), code
    for code, row in rows.items():
        if row["area_share"] is not None:
            assert expected.get(code, 0) > SLIVER * 0.9, f"{code} is not touched"


def outline(circle: Circle) -> shapely.Polygon:
    return shapely.Polygon([EARTH.fwd(circle.lon, circle.lat, azimuth / 4, circle.metres)[:2] for azimuth in range(1440)])


@pytest.mark.parametrize("kind", ["perimeter", "circle", "circle overseas"])
def test_shares_and_populations_are_those_of_the_ground_inside(france, kind):
    if kind == "perimeter":
        path = geodata.file("risk/n_perimetre_pprn_20120001_s_076.geojson")
        area = shape(geodata.features(path)[0]["geometry"])
        zone = Perimeter(path, area)
    else:
        zone = Circle(55.45, -21.05, 12_000) if kind == "circle overseas" else Circle(-0.58, 44.84, 9_000)
        area = outline(zone)
    document = surveyed(france.tocsin, zone)
    rows = {row["code"]: row for row in document["communes"]}
    expected = shares(area, france.communes)
    check_shares(rows, expected)
    populations = {
        code: count for department in geodata.DEPARTMENTS for code, count in geodata.populations(department).items()}
    inhabitants = sum(populations[code] * share for code, share in expected.items())
    assert document["population"] == pytest.approx(inhabitants, rel=0.005)
    for code, row in rows.items():
        # Somebody inside may carry a code that no territory knows.
        assert row["commune_population"] == populations.get(code)
        if row["area_share"] is not None:
            rounding = populations[code] * 1e-4 + 0.1
            assert row["population"] == pytest.approx(populations[code] * row["area_share"], abs=rounding)

    answer = france.answer(zone)
    counts = answer.counts
    assert document["registered"] == counts["recipients"] and document["not_located"] == counts["not_located"]
    assert document["reachable"] == {channel: counts[channel] for channel in ("sms", "voice", "email", "fax")}
    assert document["unreachable"] == sum(not answer.people[id].channels for id in answer.ids)
    assert sum(document["located"].values()) == counts["recipients"]
    assert document["located"]["given"] == sum(answer.people[id].has_point for id in answer.ids)
    for code, row in rows.items():
        assert row["registered"] == sum(answer.people[id].code == code for id in answer.ids), code


@pytest.mark.parametrize("code", ["76", "974"])
def test_a_department_has_the_population_of_all_its_communes(france, code):
    document = surveyed(france.tocsin, Department(code))
    populations = geodata.populations(code)
    answer = france.answer(Department(code))
    assert document["registered"] == len(answer.ids)
    rows = {row["code"]: row for row in document["communes"]}
    assert set(populations) <= set(rows)
    for commune, population in populations.items():
        assert rows[commune]["population"] == population and rows[commune]["area_share"] == 1
    # Some registered there carry the code of a commune that is not known: then its sum is not known either.
    unknown = set(rows) - set(populations)
    assert document["population"] == (None if unknown else sum(populations.values()))


def test_commune_sets_combine(france):
    populations = geodata.populations("33")
    zone = Combined([Communes(["33063", "33281", "33522"])], without=[Communes(["33281"])])
    document = surveyed(france.tocsin, zone)
    assert document["population"] == populations["33063"] + populations["33522"]
    assert document["share"] == pytest.approx(document["registered"] / document["population"], abs=1e-4)


def test_a_list_has_no_population_and_its_members_are_counted(france):
    document = surveyed(france.tocsin, Listed("astreinte"))
    assert document["population"] is None and document["share"] is None
    assert document["registered"] == len(france.answer(Listed("astreinte")).ids)


def test_every_format_tells_the_same(france):
    zone = Circle(-0.58, 44.84, 9_000)
    document = surveyed(france.tocsin, zone)
    rows = list(csv.DictReader(io.StringIO(france.tocsin.ok("coverage", *zone.arguments(), "--format", "csv").out)))
    features = json.loads(france.tocsin.ok("coverage", *zone.arguments(), "--format", "geojson").out)["features"]
    text = france.tocsin.ok("coverage", *zone.arguments()).out
    codes = [row["code"] for row in document["communes"]]
    assert codes == sorted(codes) == [row["code"] for row in rows] == [feature["properties"]["code"] for feature in features]
    for row, cells, feature in zip(document["communes"], rows, features):
        assert int(cells["registered"]) == row["registered"] == feature["properties"]["registered"]
        assert float(cells["population_in_zone"]) == row["population"]
        assert int(cells["sms"]) == row["reachable"]["sms"] and int(cells["unreachable"]) == row["unreachable"]
        assert shape(feature["geometry"]).is_valid
        assert row["code"] in text and row["name"] in text
    assert str(document["registered"]) in text


ORACLES = [
    ("n_perimetre_pprn_20120001_s_076", 2024, "76"), ("n_perimetre_pprn_20120001_s_076", 2018, "76"),
    ("pprt_69dreal20090005_perimetre_s", 2024, "38")]


@pytest.mark.parametrize("name, vintage, department", ORACLES)
def test_communes_touched_are_those_of_the_published_computation(tocsin, name, vintage, department):
    """Shares computed beforehand in Lambert-93, by another program."""
    oracle = geodata.file(f"oracles/{name}.cog{vintage}.csv")
    if vintage == 2018:
        communes = geodata.file("communes/cog2018/76-seine-maritime.geojson.gz")
    elif department == "76":
        communes = geodata.communes_file("76")
    else:
        communes = tocsin.folder / "department.ndjson"
        with gzip.open(geodata.file("communes/cog2024/france.ndjson.gz"), "rt") as lines, open(communes, "w") as kept:
            kept.writelines(line for line in lines if f'"departement":"{department}"' in line.replace('": "', '":"'))
    tocsin.ok("import", "communes", communes, "--vintage", vintage)
    path = geodata.file(f"risk/{name}.geojson")
    rows = {row["code"]: row for row in surveyed(tocsin, Perimeter(path, None))["communes"]}
    with open(oracle, encoding="utf-8") as file:
        expected = {row["code"]: float(row["pct"]) / 100 for row in csv.DictReader(file)}
    check_shares(rows, expected)
    assert {code for code, share in expected.items() if share > 0.002} <= set(rows)


def test_a_zone_out_of_all_communes_covers_nobody(france):
    document = surveyed(france.tocsin, Circle(-4.0, 47.0, 500))
    assert document["registered"] == 0 and document["communes"] == []
