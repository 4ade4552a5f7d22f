"""Reverse geocoding against looking at every door there is, with pyproj's distances."""

import csv
import io
import json
import random

import pytest
import shapely

import addresses
import geodata
from server import Server


@pytest.fixture(scope="module")
def bondy(template, tmp_path_factory):
    tocsin = template.copy(tmp_path_factory.mktemp("bondy-reverse"))
    addresses.import_bondy(tocsin)
    return tocsin


@pytest.fixture(scope="module")
def department(template, tmp_path_factory):
    """Invented addresses in all the communes of Seine-Maritime: some 100,000 doors."""
    tocsin = template.copy(tmp_path_factory.mktemp("department-reverse"))
    tocsin.ok("import", "communes", geodata.communes_file("76"), "--vintage", "2024")
    path = tocsin.folder / "invented.csv"
    doors = addresses.invent(path, "76", random.Random("department"), streets=11)
    tocsin.ok("import", "addresses", path)
    return tocsin, doors


def answered(tocsin, lon, lat, *options) -> list[dict]:
    return [json.loads(line) for line in tocsin.ok("geocode", "--reverse", f"{lon},{lat}", *options).lines]


def features(client, **parameters) -> list[dict]:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return [feature["properties"] | {"lon": feature["geometry"]["coordinates"][0], "lat": feature["geometry"]["coordinates"][1]}
            for feature in client.get(f"/reverse/?{query}").json["features"]]


def same(found: list[dict], expected: list[tuple[float, str]]) -> None:
    """The same doors in the same order; doors at one distance in any."""
    assert len(found) == len(expected)
    assert [answer["distance"] for answer in found] == [int(metres) for metres, _ in expected]
    groups: dict[float, set] = {}
    for metres, name in expected:
        groups.setdefault(round(metres, 6), set()).add(name)
    last = round(expected[-1][0], 6) if expected else None
    for answer, (metres, name) in zip(found, expected):
        # The last group may have been cut by the limit.
        assert answer["id"] in groups[round(metres, 6)] or round(metres, 6) == last, (answer["id"], name)


def test_every_real_door_is_found_at_its_own_place(bondy):
    """All of Bondy as a table: each door's own coordinates lead back to it, or to one at the very same place."""
    doors = addresses.bondy_doors()
    table = "ref,lat,lon\n" + "".join(f"{door.id},{door.lat},{door.lon}\n" for door in doors)
    at = {}
    for door in doors:
        at.setdefault((door.lon, door.lat), set()).add(door.id)
    with Server(bondy) as server:
        answer = upload(server, "/reverse/csv/", table)
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert [row["ref"] for row in rows] == [door.id for door in doors]
    wrong = [row for row, door in zip(rows, doors) if row["result_id"] not in at[door.lon, door.lat]]
    assert not wrong, wrong[:3]
    assert {row["result_distance"] for row in rows} == {"0"}


def upload(server, path: str, text: str) -> str:
    body = (f'--x\r\nContent-Disposition: form-data; name="data"; filename="t.csv"\r\n\r\n{text}\r\n--x--\r\n').encode()
    answer = server.client().call("POST", path, body=body, Content_Type="multipart/form-data; boundary=x")
    assert answer.status == 200, answer.text
    return answer.text


def test_around_real_doors_the_nearest_are_those_of_looking_at_all(bondy, dice):
    oracle = addresses.Nearest(addresses.bondy_doors())
    with Server(bondy, "--address-rate", "0") as server:
        client = server.client()
        for _ in range(60):
            lon, lat = dice.uniform(2.46, 2.51), dice.uniform(48.88, 48.92)
            same(features(client, lon=lon, lat=lat, type="housenumber", limit=12), oracle.doors_of(lon, lat, 12))
            same(features(client, lon=lon, lat=lat, type="street", limit=7), oracle.streets_of(lon, lat, 7))


def test_in_a_whole_department_too(department, dice):
    tocsin, doors = department
    assert len(doors) > 80_000
    oracle = addresses.Nearest(doors)
    with Server(tocsin, "--address-rate", "0") as server:
        client = server.client()
        for _ in range(40):
            # Land, coast and some sea.
            lon, lat = dice.uniform(-0.1, 1.9), dice.uniform(49.2, 50.2)
            limit = dice.choice([1, 5, 60])
            same(features(client, lon=lon, lat=lat, type="housenumber", limit=limit), oracle.doors_of(lon, lat, limit))
            same(features(client, lon=lon, lat=lat, type="street", limit=limit), oracle.streets_of(lon, lat, limit))


def test_the_commune_is_the_one_around_the_place(department, dice):
    tocsin, _ = department
    boundaries = geodata.boundaries("76")
    with Server(tocsin, "--address-rate", "0") as server:
        client = server.client()
        for code in dice.sample(sorted(boundaries), 25):
            # Inside, near the border: where the nearest town hall may be a neighbour's.
            west, south, east, north = boundaries[code].bounds
            for _ in range(200):
                point = shapely.Point(dice.uniform(west, east), dice.uniform(south, north))
                if boundaries[code].contains(point):
                    break
            around = [name for name, area in boundaries.items() if area.intersects(point)]
            found = features(client, lon=point.x, lat=point.y, type="municipality")
            assert [answer["citycode"] for answer in found] == sorted(around)[:1]


def test_at_sea_there_is_nothing_and_it_takes_no_time(department):
    tocsin, _ = department
    with Server(tocsin) as server:
        client = server.client()
        for lon, lat in ((-20, 40), (0, 0), (180, 89.9), (-180, -90)):
            answer = client.get(f"/reverse/?lon={lon}&lat={lat}&limit=100")
            assert answer.status == 200 and answer.json["features"] == []


def test_projected_coordinates_are_those_of_the_national_base(bondy):
    """The base's own x and y, which are not kept: they are computed again."""
    with Server(bondy, "--address-rate", "0") as server:
        client = server.client()
        for door in addresses.bondy_doors()[::40]:
            found = features(client, lon=door.lon, lat=door.lat, type="housenumber")[0]
            assert found["x"] == pytest.approx(door.x, abs=0.02) and found["y"] == pytest.approx(door.y, abs=0.02)


# The command line ---------------------------------------------------------------------------------------------------

def test_the_command_says_what_is_at_a_place(bondy):
    found = answered(bondy, 2.483334, 48.905722)
    assert [place["precision"] for place in found] == ["house_number", "street", "commune"]
    assert found[0] | {"distance_metres": 0} == found[0] and found[0]["id"] == "93010_z4f9f0_00001"
    assert found[2]["commune_code"] == "93010" and found[2]["distance_metres"] > 100
    doors = answered(bondy, 2.483334, 48.905722, "--type", "housenumber", "--limit", 4)
    assert len(doors) == 4 and doors[0] == found[0]
    distances = [door["distance_metres"] for door in doors]
    assert distances == sorted(distances)


@pytest.mark.parametrize("text, order", [
    ("48.9057 2.4833", "latitude,longitude"), ("2.4833, 48.9057", "longitude,latitude"),
    ("2,4833 ; 48,9057", "longitude,latitude"), ("48°54'20.5\"N 2°28'59.9\"E", "latitude,longitude")])
def test_a_pair_of_coordinates_is_a_place_and_its_order_is_said(bondy, text, order):
    result = bondy.ok("geocode", text)
    found = [json.loads(line) for line in result.lines]
    assert found[0]["id"] == "93010_z4f9f0_00001" and {place["read_as"] for place in found} == {order}
    assert order in result.err


@pytest.mark.parametrize("words", [
    ("--reverse", "48.9,2.48"), ("--reverse", "x,1"), ("--reverse", "2.48"), ("--reverse", "200,100"),
    ("--reverse", "2.4,48.9", "--type", "city"), ("--reverse", "2.4,48.9", "rue Fontaine"), ("rue Fontaine", "--type", "street")])
def test_a_wrong_place_is_refused_in_words(bondy, words):
    assert bondy.refused("geocode", *words).status == 64


def test_beyond_everything_the_command_says_so(bondy):
    result = bondy.ok("geocode", "--reverse", "-20,40")
    assert result.out == "" and "within 10 km" in result.err
