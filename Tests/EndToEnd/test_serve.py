"""`tocsin serve` and the command line tell and do the same over one database; nothing that is sent ends the server."""

import concurrent.futures
import json
import uuid

import pytest
import shapely
from shapely.geometry import Point, mapping, shape

import geodata
from campaigns import attempts, check_complete, shown, words
from cli import until
from oracle import EARTH, Circle, Communes, Department, Perimeter
from server import Server

CIRCLE = {"type": "circle", "longitude": 1.1, "latitude": 49.44, "metres": 15_000}
DEPARTMENT = {"type": "department", "code": "76"}
PLAN = {"zone": DEPARTMENT, "message": {"subject": "Essai", "text": "Essai du dispositif"},
        "channels": ["sms", "voice", "email", "fax"], "mode": "exercise", "retries": 0}


def perimeter(*rings: list) -> dict:
    return {"type": "perimeter", "name": "Essai", "geometry": {"type": "Polygon", "coordinates": list(rings)}}


@pytest.fixture
def console(seine_maritime):
    with Server(seine_maritime.tocsin) as server:
        yield server


def launched(client, plan=PLAN) -> int:
    preview = client.post("/api/campaigns/preview", plan).json
    answer = client.post("/api/campaigns", {
        **plan, "audienceHash": preview["audienceHash"], "confirmation": preview["expectedNumber"],
        "requestKey": str(uuid.uuid4())})
    assert answer.status == 201, answer.body
    return answer.json["id"]


@pytest.mark.parametrize("path", ["/static/../../../../etc/passwd", "/static/..%2f..%2fREADME.md", "/vendor/%2e%2e/index.html",
                                  "//etc/passwd", "/static/", "/tiles/communes/99/0/0.mvt", "/%00", "/static/js/console.js%00"])
def test_no_path_leads_out_of_the_pages(console, path):
    answer = console.client().get(path)
    assert answer.status in (301, 302, 400, 401, 404) and b"root:" not in answer.body


def test_counts_are_those_of_the_oracle(console, seine_maritime, tmp_path):
    client = console.signed_in()
    box = shapely.box(0.9, 49.3, 1.3, 49.6)
    zones = [
        (CIRCLE, Circle(1.1, 49.44, 15_000)), (DEPARTMENT, Department("76")),
        ({"type": "communes", "codes": ["76540", "76217"]}, Communes(["76540", "76217"])),
        ({"type": "perimeter", "name": "Carré", "geometry": mapping(box)}, Perimeter(None, box))]
    for document, zone in zones:
        counted = client.post("/api/zone/counts", {"zone": document}).json
        expected = seine_maritime.answer(zone).counts
        assert counted["recipients"] == expected["recipients"], document
        for key in ("certain", "possible"):
            assert counted[key] == expected[key]
        assert counted["notLocated"] == expected["not_located"]
        assert counted["channels"] == {channel: expected[channel] for channel in ("sms", "voice", "email", "fax")}


@pytest.mark.parametrize("zone, code", [
    ({"type": "union", "zones": []}, "empty_zone"), ({"type": "communes", "codes": []}, "empty_zone"),
    ({"type": "communes", "codes": ["99999"]}, "unknown_commune"), ({"type": "department", "code": "99"}, "unknown_department"),
    ({"type": "list", "name": "Aucune"}, "unknown_list"), ({"type": "circle", "longitude": 1.1, "latitude": 49.44}, "invalid_zone"),
    ({"type": "everyone"}, "invalid_zone"), ({}, "invalid_zone"), (None, "empty_zone"), ([], "invalid_zone"),
    ({"type": "circle", "longitude": 1.1, "latitude": 49.44, "metres": -1}, "invalid_zone"),
    (perimeter([[0, 45], [1, 46], [2, 47], [0, 45]]), "invalid_geometry"),
    (perimeter([[0, 45], [1, 45], [1, 46], [0, 46]]), "ring_not_closed"), (perimeter(), "empty_geometry"),
    (perimeter([[49, 1], [49.5, 1], [49.5, 1.5], [49, 1]]), "swapped_axes"),
], ids=lambda value: value if isinstance(value, str) else json.dumps(value)[:40])
def test_a_zone_that_cannot_be_judged_is_refused_with_its_code(console, zone, code):
    answer = console.signed_in().post("/api/zone/counts", {"zone": zone})
    assert 400 <= answer.status < 500 and answer.code == code, answer.body


def test_a_margin_is_drawn_where_it_reaches(console):
    client = console.signed_in()
    square = [[1.0, 49.4], [1.1, 49.4], [1.1, 49.5], [1.0, 49.5], [1.0, 49.4]]
    zone = {**perimeter(square), "margin": 2000}
    drawn = shape(client.post("/api/zone/shape", {"zone": zone}).json["geometry"])
    simple = shape(client.post("/api/zone/shape", {"zone": zone, "toleranceMetres": 100}).json["geometry"])
    assert simple.covers(drawn) and len(simple.exterior.coords) < len(drawn.exterior.coords)
    for lon, lat, azimuth in ((1.05, 49.5, 0), (1.05, 49.4, 180), (1.1, 49.5, 45), (1.0, 49.4, 225)):
        for metres, inside in ((1998, True), (2003, False)):
            reached = EARTH.fwd(lon, lat, azimuth, metres)
            assert drawn.covers(Point(reached[:2])) == inside, (lon, lat, metres)
    assert client.post("/api/zone/shape", {"zone": {"type": "list", "name": "x"}}).json["geometry"] is None


def test_a_launch_is_followed_live_and_its_report_adds_up(console, seine_maritime):
    client = console.trainee()
    campaign = launched(client)
    events = client.events(campaign, lambda event: event["state"] == "completed")
    last = events[-1]["progress"]
    expected = seine_maritime.answer(Department("76"))
    assert last["recipients"] == len(expected.ids) and last["pending"] == 0
    assert sum(last[key] for key in ("acknowledged", "answered", "passed", "failed", "unreachable", "cancelled")) == len(expected.ids)
    check_complete(seine_maritime.tocsin, expected.ids, campaign)
    document = client.get(f"/api/campaigns/{campaign}/report?format=json").json
    assert document["recipients"] == len(expected.ids) and document["text"].startswith("EXERCICE")
    assert seine_maritime.tocsin.ok("journal", "verify").out


def test_a_button_pressed_twice_launches_once(console, seine_maritime):
    client = console.trainee()
    preview = client.post("/api/campaigns/preview", PLAN).json
    body = {**PLAN, "audienceHash": preview["audienceHash"], "confirmation": preview["expectedNumber"], "requestKey": str(uuid.uuid4())}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.post("/api/campaigns", body), range(4)))
    assert {answer.status for answer in answers} <= {200, 201} and {answer.json["id"] for answer in answers} == {1}
    assert len(client.get("/api/campaigns").json["campaigns"]) == 1


def test_pause_resume_and_stop(seine_maritime):
    with Server(seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="2")) as server:
        client = server.trainee()
        campaign = launched(client, {**PLAN, "channels": ["voice"]})
        path = f"/api/campaigns/{campaign}"
        for action, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
            assert client.post(f"{path}/{action}").status in (200, 204), action
            assert client.get(path).json["state"] == state
        assert client.post(f"{path}/resume").code == "not_allowed"
        assert client.post("/api/campaigns/77/stop").status == 404
    assert shown(seine_maritime.tocsin)["state"] == "stopped"


def test_the_server_takes_up_what_a_killed_command_left(seine_maritime):
    slow = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="1")
    process = slow.start(*words("--department", "76", channels="voice"))
    until(lambda: attempts(slow) > 0, what="the first attempt")
    process.kill()
    process.communicate()
    with Server(seine_maritime.tocsin) as server:
        client = server.trainee()
        client.events(1, lambda event: event["state"] == "completed")
    check_complete(seine_maritime.tocsin, seine_maritime.answer(Department("76")).ids)


def test_a_command_follows_what_the_server_carries(console, seine_maritime):
    tocsin = seine_maritime.tocsin
    tocsin.ok(*words("--department", "76"), "--detach")
    result = tocsin.ok("campaign", "watch", "1", timeout=60)
    assert result.table["state"] == "completed"


def test_a_file_is_read_by_the_server_and_faults_are_told_with_their_place(console):
    client = console.signed_in()
    path = geodata.file("risk/n_perimetre_pprn_20120001_s_076.geojson")
    answer = client.call("POST", "/api/perimeters/read", body=path.read_bytes(), Content_Type="application/geo+json")
    assert answer.status == 200, answer.body
    area = shape(geodata.features(path)[0]["geometry"])
    assert shape(answer.json["geometry"]).equals(area)
    assert answer.json["areaSquareMetres"] == pytest.approx(abs(EARTH.geometry_area_perimeter(area)[0]), rel=0.001)
    bow_tie = json.dumps({"type": "Polygon", "coordinates": [[[0, 45], [1, 46], [1, 45], [0, 46], [0, 45]]]}).encode()
    mended = client.call("POST", "/api/perimeters/read", body=bow_tie, Content_Type="application/octet-stream").json
    [warning] = mended["warnings"]
    assert warning["code"] == "mended" and "contour extérieur" in warning["message"] and "0.5, 45.5" in warning["message"]
    flat = json.dumps({"type": "Polygon", "coordinates": [[[0, 45], [1, 46], [2, 47], [0, 45]]]}).encode()
    for body, code in ((flat, "invalid_geometry"), (b"not json", None), (b"", None), (b"[" * 5000, None)):
        refused = client.call("POST", "/api/perimeters/read", body=body, Content_Type="application/geo+json")
        assert 400 <= refused.status < 500 and (code is None or refused.code == code)
    detail = client.call("POST", "/api/perimeters/read", body=flat, Content_Type="application/geo+json").json["error"]["detail"]
    # Counted from 0 for programs; the sentence counts from 1.
    assert (detail["polygon"], detail["ring"]) == (0, 0)


def test_bodies_that_are_no_question_are_refused(console):
    client = console.signed_in()
    for body in (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"zone":', b"{}" * 10):
        answer = client.call("POST", "/api/zone/counts", body=body, Content_Type="application/json")
        assert 400 <= answer.status < 500, body
    assert client.call("POST", "/api/zone/counts", body=b"zone=1", Content_Type="application/x-www-form-urlencoded").status in (400, 415)
    assert client.call("PUT", "/api/zone/counts", {}).status in (404, 405)
    big = {"zone": {"type": "communes", "codes": ["76540"] * 200_000}}
    assert 400 <= client.post("/api/zone/counts", big).status < 500
    assert client.get("/api/config").status == 200, "the server did not survive"


@pytest.mark.parametrize("options", [["--port", "99999"], ["--port", "x"], ["--host", "not an address"], ["--host", "0.0.0.0"], ["--public-folder", "/nowhere"]],
                         ids=lambda words: " ".join(words))
def test_a_server_that_cannot_start_says_why(tocsin, options):
    result = tocsin.run("serve", *(["--port", "0"] if "--port" not in options else []), *options, timeout=30)
    assert result.status != 0 and result.err.strip() and result.out == ""
