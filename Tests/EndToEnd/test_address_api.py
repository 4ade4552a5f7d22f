"""Clients of the national geocoder against Tocsin unchanged: addok's recorded answers, geopy, curl."""

import csv
import io
import json
import socket
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from geopy.geocoders import BANFrance

import addresses
from cli import until
from server import Server

RECORDED = json.loads((Path(__file__).parent / "addok_bondy.json").read_text())


@pytest.fixture(scope="module")
def server(template, tmp_path_factory):
    tocsin = template.copy(tmp_path_factory.mktemp("bondy-api"))
    addresses.import_bondy(tocsin)
    with Server(tocsin) as server:
        yield server


def asked(server, path: str, parameters: dict):
    return server.client().get(f"{path}?{urlencode(parameters)}")


def name(recorded: dict) -> str:
    return " ".join(f"{key}={value[:30]}" for key, value in recorded["parameters"].items()) or recorded["path"]


def kind(value) -> str:
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


# Side by side with addok ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("recorded", RECORDED["answers"], ids=name)
def test_an_answer_is_addoks_member_by_member(server, recorded):
    answer = asked(server, recorded["path"], recorded["parameters"])
    assert answer.status == recorded["status"]
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    theirs, ours = recorded["answer"], answer.json
    assert list(ours) == list(theirs), "the collection's members, in their order"
    for member in set(theirs) - {"features"}:
        assert ours[member] == theirs[member], member
    assert bool(ours["features"]) == bool(theirs["features"])
    for their, our in zip(theirs["features"][:1], ours["features"]):
        assert list(our) == list(their)
        properties, expected = our["properties"], their["properties"]
        assert set(properties) == set(expected)
        assert {key: kind(value) for key, value in properties.items()} == {
            key: kind(value) for key, value in expected.items()}
        for key in set(expected) - {"score", "importance", "x", "y", "distance"}:
            assert properties[key] == expected[key], key
        assert 0 < properties["score"] <= 1 and abs(properties["score"] - expected["score"]) < 0.3
        assert 0 < properties["importance"] <= 1
        if expected["type"] == "housenumber":
            # Addok's street stands at one of its doors, ours in its middle.
            assert our["geometry"] == their["geometry"]
            assert properties["x"] == pytest.approx(expected["x"], abs=0.02)
            assert properties["y"] == pytest.approx(expected["y"], abs=0.02)
            assert abs(properties.get("distance", 0) - expected.get("distance", 0)) <= 1


@pytest.mark.parametrize("recorded", RECORDED["refusals"], ids=name)
def test_a_refusal_is_addoks_word_for_word(server, recorded):
    answer = asked(server, recorded["path"], recorded["parameters"])
    assert (answer.status, answer.json) == (recorded["status"], recorded["answer"])


@pytest.mark.parametrize("recorded", RECORDED["tables"], ids=lambda table: table["path"])
def test_a_table_is_addoks_column_by_column(server, recorded, tmp_path):
    answer = curl(server, recorded["path"], tmp_path, recorded["text"].encode(), *recorded["fields"]).decode()
    delimiter = ";" if ";" in recorded["text"] else ","
    theirs = list(csv.DictReader(io.StringIO(recorded["answer"]), delimiter=delimiter))
    ours = list(csv.DictReader(io.StringIO(answer), delimiter=delimiter))
    # The national service adds the status; addok itself does not.
    assert list(ours[0]) == [*theirs[0], "result_status"]
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs):
        assert our["result_status"] == ("ok" if their["result_label"] else our["result_status"])
        assert our["result_status"] in ("ok", "not-found", "skipped")
        # Addok leaves a house number's street empty, the national service does not; streets stand elsewhere.
        apart = {"result_street", "result_score", "result_score_next"} | (
            {"latitude", "longitude"} if their["result_type"] == "street" else set())
        for column in set(their) - apart:
            assert our[column] == their[column], column


# Clients as they are -------------------------------------------------------------------------------------------------

def test_geopy_finds_and_turns_back(server):
    client = BANFrance(domain=f"127.0.0.1:{server.port}", scheme="http", user_agent="suite")
    place = client.geocode("12 rue Fontaine, 93140 Bondy")
    assert place.address == "12 Rue Fontaine 93140 Bondy"
    assert (place.longitude, place.latitude) == (2.484087, 48.909303)
    assert place.raw["properties"]["citycode"] == "93010"
    again = client.reverse((place.latitude, place.longitude))
    assert again.address == place.address and again.raw["properties"]["distance"] == 0
    assert len(client.geocode("rue Fontaine Bondy", exactly_one=False, limit=2)) <= 2
    assert client.geocode("xyzzy introuvable") is None


def curl(server, path: str, folder: Path, data: bytes, *fields, file="essai.csv", options=(), ok=True) -> bytes:
    """What the national service's documentation writes: curl -X POST -F data=@file -F columns=…"""
    (folder / file).write_bytes(data)
    # A semicolon in a column's name is no type of its own.
    words = [word for field in fields for word in ("--form-string", "=".join(field))]
    done = subprocess.run(
        ["curl", "--silent", "--show-error", *(["--fail"] if ok else []), *options, "-X", "POST", "-F",
         f"data=@{folder / file}", *words, f"{server.url}{path}"],
        capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_curl_gets_its_file_back_in_its_own_encoding_separator_and_line_ends(server, tmp_path):
    text = 'réf;"rue; n°";ville\r\n1;"12 rue\nFontaine";Bondy\r\nœ2;"a ""b""";\r\n'
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        answer = curl(server, "/search/csv/", tmp_path, text.encode(encoding), ("columns", "rue; n°"),
                      ("columns", "ville"), ("result_columns", "result_citycode"), ("result_columns", "latitude"))
        assert answer.decode(encoding) == (
            'réf;"rue; n°";ville;latitude;result_citycode\r\n1;"12 rue\nFontaine";Bondy;48.909303;93010\r\n'
            'œ2;"a ""b""";;;\r\n')
        assert answer.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")


def test_filters_and_centres_come_from_columns(server, tmp_path):
    text = "rue,insee,cp,x,y\n12 rue Fontaine,93010,,,\n12 rue Fontaine,80021,,,\n12 rue Fontaine,,93140,2.48,48.9\n"
    answer = curl(server, "/search/csv", tmp_path, text.encode(), ("columns", "rue"), ("citycode", "insee"),
                  ("postcode", "cp"), ("lat", "y"), ("lon", "x")).decode()
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert [row["result_id"] for row in rows] == ["93010_3550_00012", "", "93010_3550_00012"]
    assert [row["result_status"] for row in rows] == ["ok", "not-found", "ok"]


def test_all_of_bondy_as_a_table_is_found_at_its_doors(server, tmp_path):
    with open(addresses.geodata.file(addresses.BAN), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["ref", "adresse", "ville"])
    writer.writerows([row["id"], f'{row["numero"]}{row["rep"]} {row["nom_voie"]}', "93140 Bondy"] for row in rows)
    answer = curl(server, "/search/csv/", tmp_path, table.getvalue().encode(), ("columns", "adresse"), ("columns", "ville"))
    found = list(csv.DictReader(io.StringIO(answer.decode())))
    assert [row["ref"] for row in found] == [row["id"] for row in rows]
    # Some doors are in the base twice, under two streets' keys.
    places = {row["id"]: (row["lon"], row["lat"]) for row in rows}
    right = sum(places.get(row["result_id"]) == places[row["ref"]] or
                row["result_housenumber"] and abs(float(row["latitude"]) - float(places[row["ref"]][1])) < 3e-4
                for row in found)
    assert right >= 0.995 * len(rows), f"{right} of {len(rows)}"


@pytest.mark.parametrize("data, fields, title", [
    (b"a;b\n1;2\n", [("columns", "c")], "Cannot found column 'c'"), (b"a;b\n1;2\n", [("citycode", "c")], "Cannot found"),
    (b"a;b\n1;2;3\n", [], "Malformed file"), (b"a;b\n\"1;2\n", [], "Malformed file"), (b"", [], "Empty file"),
    (b"a\n\xe9\n", [("encoding", "utf-8")], "Unable to decode"), (b"a\n1\n", [("encoding", "utf-16")], "Invalid parameter"),
    (b"a\n1\n", [("delimiter", "xx")], "Unable to detect delimiter"), (b"a\n1\n", [("result_columns", "x")], "Invalid parameter"),
    (b"PK\x03\x04\x00\x00\xff\xfe;\"", [], "Malformed file")])
def test_a_table_that_cannot_be_answered_is_refused_whole(server, tmp_path, data, fields, title):
    answer = json.loads(curl(server, "/search/csv/", tmp_path, data, *fields, ok=False))
    assert answer["title"].startswith(title)


# Protection ----------------------------------------------------------------------------------------------------------

def test_nothing_that_was_asked_is_in_the_log(server):
    client = server.client()
    client.get("/search/?q=Nomsecret+rue+Cachee&limit=x")
    client.get("/search/?q=Nomsecret+rue+Cachee")
    client.get("/reverse/?lon=2.4837654&lat=48.9054321")
    log = "".join(server.log)
    assert "route=/search" in log and "route=/reverse" in log
    for secret in ("Nomsecret", "Cachee", "2.48376", "48.90543"):
        assert secret not in log


def test_a_file_over_the_limit_is_refused_and_memory_stays_bounded(server, tmp_path):
    row = b"x" * 9_000 + b"\n"
    large = b"adresse\n" + row * 5_700
    assert len(large) > 51_100_000
    status = curl(server, "/search/csv/", tmp_path, large, ok=False, options=["-o", str(tmp_path / "o"), "-w", "%{http_code}"])
    assert status == b"413"
    before = memory(server)
    answer = curl(server, "/search/csv/", tmp_path, b"adresse\n" + row * 2_000, ("result_columns", "result_status"))
    assert answer.count(b";error\n") == 2_000
    assert memory(server) - before < 200_000_000


def memory(server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024


def test_a_client_that_asks_too_often_must_wait_and_the_console_goes_on(server):
    statuses, retry = [], []
    client = server.client()
    for _ in range(400):
        answer = client.get("/search/?q=bondy")
        statuses.append(answer.status)
        if answer.status == 429:
            retry.append(answer.headers["retry-after"])
            assert answer.json["title"] == "Too many requests"
            assert client.get("/healthz").status == 200
            break
    assert statuses[:50] == [200] * 50 and 429 in statuses and int(retry[0]) >= 1


def test_tables_beyond_the_seats_are_told_to_come_again(server, tmp_path):
    """Two uploads that stay open take both seats; a third is refused at once; their end gives the seats back."""
    time.sleep(1)  # a client's whole allowance comes back in a second
    head = b"POST /search/csv HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x\r\n"
    held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(2)]
    try:
        for connection in held:
            connection.sendall(head)
        def refused():
            answer = json.loads(curl(server, "/search/csv", tmp_path, b"a;b\n1;2;3\n", ok=False))
            return answer["title"] == "Service unavailable"
        assert until(refused)
    finally:
        for connection in held:
            connection.close()
    until(lambda: json.loads(curl(server, "/search/csv", tmp_path, b"a;b\n1;2;3\n", ok=False))["title"] == "Malformed file")


def test_other_sites_pages_may_read_but_not_upload(server, tmp_path):
    client = server.client()
    foreign = {"Origin": "https://elsewhere.example", "Sec_Fetch_Site": "cross-site"}
    assert client.get("/search/?q=bondy", **foreign).headers["access-control-allow-origin"] == "*"
    assert client.call("POST", "/search/csv", body=b"", **foreign).code == "foreign_origin"
    assert client.get("/search/?q=bondy", Host="elsewhere.example").code == "host_refused"
    assert "access-control-allow-origin" not in client.get("/api/session").headers


def test_turned_off_there_is_nothing(tocsin):
    with Server(tocsin, "--no-address-api") as server:
        client = server.client()
        for path in ("/search/?q=bondy", "/reverse/?lon=2&lat=49"):
            assert client.get(path).code == "not_found"
        assert client.get("/healthz").status == 200


def test_many_at_once_are_all_answered_and_alike(server):
    """Threads that ask different things at once each get their own answer."""
    time.sleep(1)
    wrong = []

    def ask(number: int):
        answer = asked(server, "/search", {"q": f"{number} rue Fontaine 93140 Bondy", "limit": "1"})
        if answer.status == 200 and not answer.json["features"][0]["properties"]["label"].endswith("Rue Fontaine 93140 Bondy"):
            wrong.append(number)
        if answer.status == 200 and answer.json["query"] != f"{number} rue Fontaine 93140 Bondy":
            wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 41)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
