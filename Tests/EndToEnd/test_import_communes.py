"""Commune boundaries as they are published: formats, property names, vintages, and files whole or not at all."""

import gzip
import json

import pytest
import shapely
from shapely.geometry import mapping

import geodata
import register
from oracle import Circle, Communes, Department
from worlds import World, made

A, B = "76540", "76217"
# The middle of A's boundary, and of B's.
SQUARES = {A: shapely.box(1.0, 49.3, 1.2, 49.5), B: shapely.box(1.2, 49.3, 1.4, 49.5)}
POINTS = [(1.1, 49.4), (1.2, 49.4), (1.3, 49.4), (1.5, 49.4)]


def feature(code, geometry, **properties) -> dict:
    properties = {"code": code, "nom": f"Commune {code}"} | properties
    return {"type": "Feature", "properties": properties, "geometry": geometry and mapping(geometry)}


def collection(*features) -> dict:
    return {"type": "FeatureCollection", "features": list(features)}


TWO = collection(*[feature(code, square) for code, square in SQUARES.items()])


def save(tocsin, content, name="communes.geojson"):
    path = tocsin.folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def lines(features, newline="\n") -> bytes:
    return (newline.join(json.dumps(item) for item in features) + newline).encode()


FORMS = {
    "communes.geojson": json.dumps(TWO).encode(), "communes.json": json.dumps(TWO, indent=2).encode(),
    "communes.geojson.gz": gzip.compress(json.dumps(TWO).encode()), "communes.ndjson": lines(TWO["features"]),
    "crlf.ndjson": lines(TWO["features"], "\r\n"), "communes.ndjson.gz": gzip.compress(lines(TWO["features"])),
    "communes.geojsonl": lines(TWO["features"])[:-1], "mark.geojson": b"\xef\xbb\xbf" + json.dumps(TWO).encode(),
    "sequence.geojsons": b"".join(b"\x1e" + line + b"\n" for line in lines(TWO["features"]).splitlines()),
    "two-members.ndjson.gz": gzip.compress(lines(TWO["features"][:1])) + gzip.compress(lines(TWO["features"][1:])),
    "no-suffix": gzip.compress(json.dumps(TWO).encode()),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_file_gives_the_same_communes(tocsin, name):
    people = register.people_at("P", POINTS)
    made(tocsin, people)
    result = tocsin.ok("import", "communes", save(tocsin, FORMS[name], name), "--vintage", "2024")
    assert "2 added" in result.err
    World(tocsin, people, SQUARES).check(Communes([A]))
    World(tocsin, people, SQUARES).check(Department("76"))


PUBLISHERS = {
    "IGN ADMIN EXPRESS": {"ID": "COMMUNE_1", "INSEE_COM": A, "NOM": "Rouen", "NOM_M": "ROUEN", "POPULATION": 112321,
                          "INSEE_DEP": "76", "INSEE_REG": "28", "SIREN_EPCI": "200023414", "STATUT": "Préfecture"},
    "IGN, lower case": {"insee_com": A, "nom": "Rouen", "population": 112321, "insee_dep": "76", "insee_reg": "28"},
    "Etalab": {"code": A, "nom": "Rouen", "departement": "76", "region": "28", "epci": "200023414"},
    "france-geojson": {"code": A, "nom": "Rouen"},
    "OpenStreetMap": {"insee": A, "nom": "Rouen", "wikipedia": "fr:Rouen", "surf_ha": 2143},
}


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_property_names_of_the_publishers_are_recognised(tocsin, publisher):
    made(tocsin, register.people_at("P", POINTS))
    value = collection({"type": "Feature", "properties": PUBLISHERS[publisher], "geometry": mapping(SQUARES[A])})
    tocsin.ok("import", "communes", save(tocsin, value), "--vintage", "2024")
    assert tocsin.ids("--communes", A) == ["P-00000", "P-00001"]
    rows = json.loads(tocsin.ok("coverage", "--communes", A, "--format", "json").out)["communes"]
    assert [(row["code"], row["name"]) for row in rows] == [(A, "Rouen")]
    if any(name.lower() == "population" for name in PUBLISHERS[publisher]):
        assert rows[0]["commune_population"] == 112321


def test_a_real_department_is_read_from_every_publisher_here(tocsin):
    for path, vintage, count in (
        (geodata.file("communes/cog2018/76-seine-maritime.geojson.gz"), 2018, 711),
        (geodata.communes_file("76"), 2024, 755),
        (geodata.file("communes/cog2016/80-somme-782-communes.geojson.gz"), 2016, 782),
    ):
        result = tocsin.ok("import", "communes", path, "--vintage", vintage)
        assert f"{count} communes of {vintage}: {count} added" in result.err


def test_the_same_file_twice_changes_nothing(seine_maritime):
    tocsin = seine_maritime.tocsin
    zones = (["--department", "76"], ["--circle", "1.1,49.44,15000"], ["--communes", "76540,76217"])
    before = [tocsin.ok("target", *zone, "--format", "csv").out for zone in zones]
    coverage = tocsin.ok("coverage", *zones[1], "--format", "json").out
    result = tocsin.ok("import", "communes", geodata.communes_file("76"), "--vintage", "2024")
    assert "0 added, 0 updated, 755 unchanged" in result.err
    assert [tocsin.ok("target", *zone, "--format", "csv").out for zone in zones] == before
    assert tocsin.ok("coverage", *zones[1], "--format", "json").out == coverage


def test_a_boundary_that_changed_is_updated(tocsin):
    made(tocsin, register.people_at("P", POINTS))
    tocsin.ok("import", "communes", save(tocsin, TWO), "--vintage", "2024")
    wider = collection(feature(A, shapely.box(1.0, 49.3, 1.6, 49.5)), TWO["features"][1])
    result = tocsin.ok("import", "communes", save(tocsin, wider), "--vintage", "2024")
    assert "0 added, 1 updated, 1 unchanged" in result.err
    assert len(tocsin.ids("--communes", A)) == 4


def test_the_newest_vintage_counts_whatever_the_order_of_import(tocsin):
    people = register.people_at("P", POINTS) + [register.Person("old", code="76999"), register.Person("known", code=A)]
    made(tocsin, people)
    merged = collection(feature(A, shapely.union_all(list(SQUARES.values()))))
    former = collection(*TWO["features"], feature("76999", shapely.box(1.4, 49.3, 1.6, 49.5)))
    tocsin.ok("import", "communes", save(tocsin, merged), "--vintage", "2024")
    tocsin.ok("import", "communes", save(tocsin, former, "former.geojson"), "--vintage", "2018")
    assert tocsin.ids("--communes", A) == ["P-00000", "P-00001", "P-00002", "known"]
    # Whoever carries the code of a commune that is no more is not lost: its last boundary stands for it.
    assert tocsin.ids("--circle", "1.5,49.4,100") == ["P-00003", "old"]


def test_who_is_known_by_the_code_of_a_delegated_commune_belongs_to_the_whole_one(tocsin):
    value = collection(
        feature(A, shapely.union_all(list(SQUARES.values())), type="COM"),
        feature(A, SQUARES[A], type="COMD", commune_parent=A),
        feature("76999", SQUARES[B], type="COMD", commune_parent=A),
        feature("76998", shapely.box(1.3, 49.3, 1.4, 49.5), type="COMA", commune_parent=A),
        feature(B, shapely.box(2.0, 49.3, 2.1, 49.5), type="COM"))
    tocsin.ok("import", "communes", save(tocsin, value), "--vintage", "2024")
    made(tocsin, [register.Person("whole", code=A), register.Person("delegated", code="76999"),
                  register.Person("associated", 1.35, 49.4, code="76998"), register.Person("other", code=B)])
    assert tocsin.ids("--communes", A) == ["associated", "delegated", "whole"]
    # Who is known by the whole commune's code alone may live in the part.
    assert tocsin.ids("--communes", "76999") == ["delegated", "whole"]
    assert tocsin.ids("--communes", "76999", "--certain") == ["delegated"]
    assert tocsin.ids("--department", "76") == ["associated", "delegated", "other", "whole"]
    assert tocsin.ids("--department", "76", "--except", "--communes", A) == ["other"]


def test_who_is_known_by_an_arrondissement_belongs_to_the_city(tocsin):
    value = collection(
        feature("13055", shapely.box(5.3, 43.2, 5.5, 43.4), type="COM"),
        feature("13201", shapely.box(5.3, 43.2, 5.4, 43.4), type="ARM", commune_parent="13055"))
    tocsin.ok("import", "communes", save(tocsin, value), "--vintage", "2024")
    made(tocsin, [register.Person("city", code="13055"), register.Person("first", code="13201")])
    assert tocsin.ids("--communes", "13055") == ["city", "first"]


def test_people_imported_before_their_commune_are_judged_by_it_afterwards(tocsin):
    people = [register.Person("late", code=A), register.Person("stranger", code="76999")]
    made(tocsin, people)
    assert tocsin.ok("target", "--circle", "1.1,49.4,100").counts["not_located"] == 2
    tocsin.ok("import", "communes", save(tocsin, TWO), "--vintage", "2024")
    World(tocsin, people, SQUARES).check(Circle(1.1, 49.4, 100))


def test_an_invalid_boundary_is_repaired_and_named(tocsin):
    bow_tie = {"type": "Polygon", "coordinates": [[[1, 49], [2, 50], [2, 49], [1, 50], [1, 49]]]}
    value = {"type": "Feature", "properties": {"code": A, "nom": "Rouen"}, "geometry": bow_tie}
    made(tocsin, register.people_at("P", [(1.1, 49.5), (1.9, 49.5), (1.5, 49.1)]))
    result = tocsin.ok("import", "communes", save(tocsin, collection(value)), "--vintage", "2024")
    assert "repaired" in result.err and A in result.err
    assert tocsin.ids("--communes", A) == ["P-00000", "P-00001"]


def test_a_commune_without_a_boundary_is_named_and_kept(tocsin):
    result = tocsin.ok("import", "communes", save(tocsin, collection(*TWO["features"], feature("76999", None))),
                       "--vintage", "2024")
    assert "76999" in result.err and "3 added" in result.err


WHOLE = json.dumps(TWO).encode()
POINT, LINE = shapely.Point(1.1, 49.4), shapely.LineString([(1, 49), (2, 50)])
BAD = {
    "empty": b"", "blanks": b"  \n", "cut in the second feature": WHOLE[:-60], "cut before the end": WHOLE[:-1],
    "gzip cut short": gzip.compress(WHOLE * 20)[:-30], "gzip damaged": gzip.compress(WHOLE)[:40] + b"\0" * 60,
    "point": collection(feature(A, POINT)), "line": collection(feature(A, LINE)),
    "point after a good one": collection(TWO["features"][0], feature(B, POINT)),
    "no code": collection({"type": "Feature", "properties": {"nom": "Rouen"}, "geometry": mapping(SQUARES[A])}),
    "no name": collection({"type": "Feature", "properties": {"code": A}, "geometry": mapping(SQUARES[A])}),
    "bad code": collection(feature("ROUEN", SQUARES[A])), "no feature": collection(), "not GeoJSON": {"communes": []},
    "array": TWO["features"], "binary": bytes(range(256)) * 20, "CSV": b"code,nom\n76540,Rouen\n",
    "projected": collection(feature(A, shapely.box(560000, 6927000, 570000, 6937000))),
    "swapped": collection(feature(A, shapely.box(49.3, 1.0, 49.5, 1.2))),
    "unclosed ring": collection({"type": "Feature", "properties": {"code": A, "nom": "Rouen"}, "geometry": {
        "type": "Polygon", "coordinates": [[[1, 49], [2, 49], [2, 50], [1, 50]]]}}),
    "last line cut": lines(TWO["features"])[:-40], "junk between lines": lines(TWO["features"][:1]) + b"junk\n" + lines(TWO["features"][1:]),
    "same commune twice, differently": collection(TWO["features"][0], feature(A, SQUARES[B])),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_refused_whole(tocsin, fault):
    result = tocsin.refused("import", "communes", save(tocsin, BAD[fault], "bad.geojson"), "--vintage", "2024")
    assert "bad.geojson" in result.err, "the file is not named"
    # Neither its first commune nor another: both would have to be unknown for this to be refused by name.
    assert f"{A}, {B}" in tocsin.refused("target", "--communes", f"{A},{B}").err


def test_files_before_a_bad_one_stay_imported_and_it_is_named(tocsin):
    good, bad = save(tocsin, TWO, "good.geojson"), save(tocsin, WHOLE[:-60], "bad.geojson")
    result = tocsin.refused("import", "communes", good, bad, "--vintage", "2024")
    assert "bad.geojson" in result.err
    assert tocsin.ids("--communes", A) == []


@pytest.mark.parametrize("vintage", ["24", "abc", "-1", "3024", ""])
def test_a_vintage_is_a_year(tocsin, vintage):
    tocsin.refused("import", "communes", save(tocsin, TWO), f"--vintage={vintage}")


def test_without_a_vintage_the_features_or_a_default_tell_it(tocsin):
    dated = collection(*[feature(code, square, millesime=2023) for code, square in SQUARES.items()])
    assert "of 2023" in tocsin.ok("import", "communes", save(tocsin, dated, "dated.geojson")).err
    tocsin.ok("import", "communes", save(tocsin, TWO))


def test_a_file_that_unfolds_to_300_megabytes_is_refused(tocsin):
    path = tocsin.folder / "bomb.geojson.gz"
    with gzip.open(path, "wb", 9) as file:
        file.write(b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"01001","nom":"')
        for _ in range(300):
            file.write(b"a" * (1 << 20))
    result = tocsin.refused("import", "communes", path, "--vintage", "2024")
    assert "bomb.geojson.gz" in result.err and result.seconds < 60
