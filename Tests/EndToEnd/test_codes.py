"""Codes of other years: the Somme's 782 of 2016 select the people of today's 772, and say what they were mapped to."""

import collections
import csv
import gzip
import json

import pytest
import shapely
from shapely.geometry import shape

import geodata
import register
from register import Person

ORDER = ["41", "20", "21", "30", "31", "33", "32", "34", "70", "71", "35", "50", "10"]
LISTS = {2016: "communes/cog2016/80-somme-782-communes.geojson.gz", 2018: "communes/cog2018/80-somme.geojson.gz"}


def listed(year) -> list[str]:
    """The Somme's codes of a year, by its boundary file."""
    return sorted(item["properties"]["code"] for item in geodata.features(geodata.file(LISTS[year])))


def rows(path, **how):
    with gzip.open(geodata.file(path), "rt", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream, **how))


@pytest.fixture(scope="session")
def lines():
    """INSEE's movements by day and kind, as sets of pairs: nothing of the product's own reading."""
    steps = collections.defaultdict(lambda: collections.defaultdict(set))
    for row in rows("cog/2024/mouvements-communes.csv.gz"):
        if row["COM_AV"]:
            steps[row["DATE_EFF"], ORDER.index(row["MOD"])][row["TYPECOM_AV"], row["COM_AV"]].add(
                (row["TYPECOM_AP"], row["COM_AP"]))
    for targets in steps.values():
        for (kind, code), after in targets.items():
            if kind == "COM" and all(other != "COM" for other, _ in after):
                after.add((kind, code))  # It got arrondissements or delegated communes, and stays.
    return sorted(steps.items())


@pytest.fixture(scope="session")
def today():
    return {row["COM"] for row in rows("cog/2024/communes.csv.gz") if row["TYPECOM"] == "COM"}


def replayed(lines, today, code, year) -> set[str]:
    """The communes of today that the lines lead to from a commune of a year."""
    nodes = {("COM", code)}
    for (day, _), targets in lines:
        if day > f"{year}-01-01":
            nodes = set().union(*(targets.get(node, {node}) for node in nodes))
    return {code for kind, code in nodes if kind == "COM"} & today


@pytest.fixture(scope="session")
def somme(template, tmp_path_factory):
    """Today's boundaries of the Somme, INSEE's tables, and a person for every code of 2016 and of today."""
    tocsin = template.copy(tmp_path_factory.mktemp("somme"))
    tocsin.ok("import", "communes", geodata.communes_file("80"), "--vintage", "2024")
    tocsin.ok("import", "cog", geodata.file("cog/2024/communes.csv.gz"), geodata.file("cog/2024/mouvements-communes.csv.gz"))
    codes = sorted(set(listed(2016)) | set(geodata.boundaries("80")))
    people = [Person(f"P{code}", code=code, phones=["0639980001"]) for code in codes]
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", people))
    return tocsin


def code_file(tocsin, codes, name="codes.txt"):
    path = tocsin.folder / name
    path.write_text("\n".join(codes) + "\n")
    return f"@{path}"


@pytest.mark.parametrize("year, count", [(2016, 782), (2018, 779)])
def test_every_code_of_an_old_list_is_one_of_todays(somme, lines, today, year, count):
    codes = listed(year)
    assert len(codes) == count
    answer = json.loads(somme.ok("territory", "resolve", code_file(somme, codes), "--format", "json").out)
    assert [item["code"] for item in answer] == codes
    found = {item["code"]: {place.split("/")[0] for place in item["places"]} for item in answer}
    assert found == {code: replayed(lines, today, code, year) for code in codes}
    assert set().union(*found.values()) == set(geodata.boundaries("80")) and len(geodata.boundaries("80")) == 772
    mapped = {item["code"] for item in answer if item["mapped"]}
    assert mapped == {code for code in codes if replayed(lines, today, code, year) != {code}}


@pytest.mark.parametrize("year", [1968, 1990, 2010, 2016])
def test_the_whole_country_of_a_year_leads_where_the_lines_lead(somme, lines, today, year):
    # Communes that stood that year: their lines after it start with them.
    codes = sorted({code for (day, _), targets in lines if day > f"{year}-01-01" for kind, code in targets if kind == "COM"})
    done = somme.run("territory", "resolve", code_file(somme, codes), "--vintage", str(year), "--format", "json")
    answer = json.loads(done.out)
    assert len(answer) > 500
    for item in answer:
        communes = {place.split("/")[0] for place in item["places"]}
        assert communes and communes <= today
        # The lines forget whose part was whose, so they may lead further; never elsewhere.
        assert communes <= replayed(lines, today, item["code"], year), item


def test_all_codes_of_2016_select_the_department(somme):
    by_list = somme.ok("target", "--communes", code_file(somme, listed(2016)), "--format", "ids")
    by_department = somme.ok("target", "--department", "80", "--format", "ids")
    assert by_list.out == by_department.out and len(by_list.lines) == 782
    counts = somme.ok("target", "--communes", code_file(somme, listed(2016))).counts
    assert counts["certain"] == 782 and counts["possible"] == 0
    assert by_list.err.count("note: ") == 10 and "since 20" in by_list.err


def test_old_and_new_codes_meet(somme):
    # Méricourt-sur-Somme merged into Étinehem-Méricourt in 2017.
    def certain(*words):
        answer = json.loads(somme.ok("target", *words, "--format", "json").out)
        return {person["external_id"]: person["certainty"] for person in answer["recipients"]}, answer.get("mapped")

    assert certain("--communes", "80295") == ({"P80295": "certain", "P80532": "certain"}, None)
    people, mapped = certain("--communes", "80532")
    assert people == {"P80295": "possible", "P80532": "certain"}
    assert [(item["code"], item["to"][0]["code"], item["to"][0]["part"], item["since"]) for item in mapped] == [
        ("80532", "80295", True, "2017-01-01")]
    told = somme.ok("explain", "P80532", "--communes", "80295")
    assert "certain" in told.out and "2017-01-01" in told.out
    told = somme.ok("explain", "P80295", "--communes", "80532")
    assert "possible" in told.out and "note: 80532" in told.err
    covered = json.loads(somme.ok("coverage", "--communes", "80532,80295", "--format", "json").out)
    assert covered["registered"] == 2 and [item["code"] for item in covered["communes"]] == ["80295"]
    assert covered["population"] == geodata.populations("80")["80295"]


def test_a_part_is_judged_by_the_boundary_of_its_own_year(somme, tmp_path):
    tocsin = somme.copy(tmp_path)
    tocsin.ok("import", "communes", geodata.file(LISTS[2016]), "--vintage", "2016")
    old = next(shape(item["geometry"]) for item in geodata.features(geodata.file(LISTS[2016]))
               if item["properties"]["code"] == "80532")
    inside = old.representative_point()
    whole = geodata.boundaries("80")["80295"]
    away = next(point for point in (shapely.Point(x, y) for x, y in shapely.get_coordinates(whole.buffer(-0.003)))
                if old.distance(point) > 0.005)
    people = [Person("in", inside.x, inside.y, code="80295", phones=["0639980001"]),
              Person("away", away.x, away.y, code="80295", phones=["0639980001"]),
              Person("bare", inside.x, inside.y, phones=["0639980001"])]
    tocsin.ok("import", "recipients", register.write(tmp_path / "more.csv", people))
    answer = json.loads(tocsin.ok("target", "--communes", "80532", "--format", "json").out)
    assert {person["external_id"]: person["certainty"] for person in answer["recipients"]} == {
        "in": "certain", "bare": "certain", "P80532": "certain", "P80295": "possible"}


def certainties(tocsin, *words) -> dict[str, str]:
    answer = json.loads(tocsin.ok("target", *words, "--format", "json").out)
    return {person["external_id"]: person["certainty"] for person in answer["recipients"]}


def test_codes_of_a_year_mean_the_ground_they_had_then(somme, lines, today, tmp_path):
    """The seats of later mergers: without a year the whole commune of today, with it what the commune was."""
    tocsin = somme.copy(tmp_path)
    tocsin.ok("import", "communes", geodata.file(LISTS[2016]), "--vintage", "2016")
    old = {item["properties"]["code"]: shape(item["geometry"]) for item in geodata.features(geodata.file(LISTS[2016]))}
    joined = collections.defaultdict(set)
    for code in old:
        for commune in replayed(lines, today, code, 2016):
            joined[commune].add(code)
    seats = sorted(code for code, parts in joined.items() if code in old and len(parts) > 1)
    assert len(seats) > 5
    people = []
    for seat in seats:
        others = shapely.union_all([old[code] for code in joined[seat] - {seat}])
        for name, ground in (("in", old[seat]), ("out", others)):
            # Far from the border, that two simplifications of it agree.
            point = shapely.maximum_inscribed_circle(ground).coords[0]
            people += [Person(f"{name}{seat}", *point, code=seat), Person(f"bare-{name}{seat}", *point)]
    tocsin.ok("import", "recipients", register.write(tmp_path / "more.csv", people))
    for seat in seats:
        expected = {f"P{seat}": "possible", f"in{seat}": "certain", f"bare-in{seat}": "certain"}
        told = tocsin.ok("target", "--communes", seat, "--codes-of", "2016", "--format", "json")
        assert {one["external_id"]: one["certainty"] for one in json.loads(told.out)["recipients"]} == expected
        assert f"note: {seat}" in told.err and f"part of {seat}" in told.err
        assert set(certainties(tocsin, "--communes", seat)) == set(expected) | {
            f"out{seat}", f"bare-out{seat}"} | {f"P{code}" for code in joined[seat]}
        # Taken away, what is only possibly inside stays.
        kept = certainties(tocsin, "--communes", seat, "--except", "--communes", seat, "--codes-of", "2016")
        assert f"in{seat}" not in kept and kept[f"P{seat}"] == "possible"


def test_a_whole_list_of_a_year_selects_the_department(somme):
    listed_codes = code_file(somme, listed(2016))
    everyone = somme.ok("target", "--communes", listed_codes, "--codes-of", "2016", "--format", "ids")
    assert everyone.out == somme.ok("target", "--department", "80", "--format", "ids").out


@pytest.mark.parametrize("codes, year, told", [
    ("80295", "2025", "2025"), ("80295", "1900", "a year"), ("80999", "2016", "80999"), ("80295", "two", "codes-of")])
def test_codes_that_cannot_be_told_are_refused(somme, codes, year, told):
    assert told in somme.refused("target", "--communes", codes, "--codes-of", year).err


def test_a_year_needs_codes_and_movements(somme, tocsin):
    assert "--communes" in somme.refused("target", "--department", "80", "--codes-of", "2016").err
    tocsin.ok("import", "communes", geodata.communes_file("80"), "--vintage", "2024")
    assert "movements" in tocsin.refused("target", "--communes", "80295", "--codes-of", "2016").err


def test_territory_shows_its_vintages_and_warns_when_they_differ(somme, tmp_path):
    shown = json.loads(somme.ok("territory", "show", "--format", "json").out)
    assert shown["current_vintage"] == 2024 and len(shown["departments"]) == 101
    assert {"vintage": 2024, "kind": "COM", "count": 34935, "with_boundary": 772} in shown["vintages"]
    assert "34935" in somme.ok("territory", "show").out
    mixed = somme.copy(tmp_path)
    mixed.ok("import", "communes", geodata.file("communes/cog2018/80-somme.geojson.gz"), "--vintage", "2025")
    assert "different vintages (2024, 2025)" in mixed.ok("territory", "show").err


def test_a_code_known_nowhere_is_an_error_that_names_it(somme):
    failed = somme.run("target", "--communes", "80021,80999")
    assert failed.status != 0 and "80999" in failed.err and "80021" not in failed.err
    assert somme.run("territory", "resolve", "80999").status != 0


def test_the_spreadsheet_of_intercommunalites_goes_in(tocsin):
    tocsin.ok("import", "cog", geodata.file("cog/2024/communes.csv.gz"))
    done = tocsin.ok("import", "cog", geodata.file("cog/2024/epcicom.xlsx"))
    assert "epci of 2024, as its columns say: 34931 rows, 34931 added" in done.err
    again = tocsin.ok("import", "cog", geodata.file("cog/2024/epcicom.xlsx"))
    assert "0 added, 0 removed, 34931 unchanged" in again.err
