"""The browser gets counts and cells, never people: every answer of the API is searched for the register."""

import json

import pytest

import somme
from console_page import ConsolePage
from oracle import Department
from test_approvals import account

ZONE = {"type": "department", "code": "80"}
PLAN = {"zone": ZONE, "message": {"subject": "Essai", "text": "Essai"}, "channels": ["sms", "email"], "mode": "exercise"}
# Some 800 m: a cell this large does not tell which house.
SMALLEST_CELL_DEGREES = 0.01


def test_the_search_would_find_someone():
    """Otherwise what follows proves nothing."""
    someone = next(row for row in somme.residents() if row["longitude"] and row["telephone_mobile"] and row["email"])
    for text in (someone["nom"], someone["telephone_mobile"], someone["email"],
                 f"[{someone['longitude']},{someone['latitude']}]",
                 f'"latitude":{someone["latitude"]}1,"longitude":{someone["longitude"]}'):
        assert somme.personal(json.dumps({"x": text}, ensure_ascii=False)), text


def test_the_watch_over_a_page_is_not_blind(chromium, server, session, tmp_path):
    """What every other test of the console rests on: errors, breaches, other origins and bodies are seen."""
    page = ConsolePage(chromium, server, tmp_path, session)
    page.open()
    page.circle("49.894, 2.295", "5")
    page.counted(1)
    page.page.evaluate("""() => {
      console.error('an error')
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.wrong = 1' }))
      return fetch('http://localhost:9/elsewhere').catch(() => 0)
    }""")
    assert page.page.evaluate("window.wrong") is None, "a script of the page itself ran"
    page.page.goto(server.url.replace("127.0.0.1", "localhost") + "/connexion")
    found = "\n".join(page.close())
    for words in ("an error", "content policy: script-src", "content policy: connect-src http://localhost:9/elsewhere",
                  f"asked elsewhere: GET http://localhost:{server.port}/connexion"):
        assert words in found, words
    bodies = dict(page.answers())
    assert '"recipients"' in bodies[server.url + "/api/zone/counts"]
    assert any("/tiles/communes/" in url and "Amiens" in text for url, text in bodies.items())


def test_no_answer_of_the_api_tells_who_lives_where(visitor, server, world):
    trainee = server.trainee()
    campaign = launched(trainee)
    # What commands show of people is in the journal, without them.
    someone = next(row for row in somme.residents() if row["telephone_mobile"])
    world.tocsin.ok("register", "search", someone["nom"])
    world.tocsin.ok("register", "search", someone["telephone_mobile"])
    world.tocsin.ok("register", "show", someone["identifiant"])
    # The one that goes by people's identifiers is not given where people train.
    assert trainee.get(f"/api/campaigns/{campaign}/report?format=csv").code == "not_permitted"
    for format in ("json", "geojson", "text"):
        answer = trainee.call("GET", f"/api/campaigns/{campaign}/report?format={format}")
        assert answer.status == 200 and somme.personal(answer.text) == [], format
        assert len(answer.text) > 500
    reads = ["session", "config", "communes?q=a&limit=50", "communes?q=ab", "communes/at?lon=2.3&lat=49.9",
             "communes?codes=80021,80001", "lists", "perimeters", "coverage/communes", "campaigns",
             "audit?limit=500", "audit/figures", "audit/export?format=jsonl", "audit/export?format=csv",
             "approvals", "openapi.json", "templates", "message/test", "tags"]
    for path in reads:
        answer = visitor.call("GET", f"/api/{path}")
        assert answer.status == 200 and somme.personal(answer.text) == [], path
    for path in ("session", "config", "campaigns", f"campaigns/{campaign}", "templates", "lists", "perimeters", "tags"):
        answer = trainee.get(f"/api/{path}")
        assert answer.status == 200 and somme.personal(answer.text) == [], path
    for path, body in {
        "zone/counts": {"zone": ZONE}, "zone/coverage": {"zone": ZONE}, "campaigns/preview": PLAN,
        "zone/counts ": {"zone": {"type": "list", "name": "Habitants de la Somme"}},
    }.items():
        answer = trainee.call("POST", f"/api/{path.strip()}", body)
        assert answer.status == 200 and somme.personal(answer.text) == [], path
    events = trainee.call("GET", f"/api/campaigns/{campaign}/events")
    assert events.status == 200 and "event: end" in events.text and somme.personal(events.text) == []
    assert somme.personal(visitor.call("GET", "/api/campaigns/9999").text) == []


def launched(visitor) -> str:
    plan = PLAN | {"zone": {"type": "communes", "codes": ["80001"]}, "retries": 0}
    preview = visitor.call("POST", "/api/campaigns/preview", plan).json
    request = {"audienceHash": preview["audienceHash"], "confirmation": preview["expectedNumber"],
               "requestKey": "5f0c4f0e-8d0a-4b5c-9d62-51a6a2c6c0aa"}
    answer = visitor.call("POST", "/api/campaigns", plan | request)
    assert answer.status == 201, answer.text
    campaign = answer.json["id"]
    # The stream ends with the campaign.
    assert "event: end" in visitor.call("GET", f"/api/campaigns/{campaign}/events").text
    return campaign


@pytest.mark.parametrize("zoom", [7, 10, 13, 16, 22])
def test_cells_count_everyone_and_show_nobody(visitor, world, zoom):
    answer = visitor.call("POST", "/api/cells", {"bounds": [1, 49, 4, 51], "zoom": zoom, "zone": ZONE})
    assert answer.status == 200, answer.text
    assert somme.personal(answer.text) == []
    cells = answer.json["cells"]
    located = [person for person in world.people if person.has_point]
    assert sum(cell["recipients"] for cell in cells) == len(located)
    inside = set(world.answer(Department("80")).ids)
    assert sum(cell["inside"] for cell in cells) == sum(person.id in inside for person in located)
    for axis in (0, 1):
        places = sorted({round(cell["position"][axis], 9) for cell in cells})
        steps = [after - before for before, after in zip(places, places[1:])]
        assert min(steps) > SMALLEST_CELL_DEGREES * (1 if axis == 0 else 0.6), "cells so small tell which house"


@pytest.mark.parametrize("zoom", [10, 13, 22])
def test_whoever_may_not_see_people_is_told_of_no_square_of_few(visitor, world, server, zoom):
    observer = account(world, server, f"olga-{zoom}", "observer")
    body = {"bounds": [1, 49, 4, 51], "zoom": zoom, "zone": ZONE}
    all_of_it, figures = (client.call("POST", "/api/cells", body).json["cells"] for client in (visitor, observer))
    for key in ("recipients", "inside"):
        assert sum(cell[key] for cell in figures) == sum(cell[key] for cell in all_of_it)
    # Fewer than five stand alone only where there is nobody else for kilometres.
    few = [cell["position"] for cell in figures if cell["recipients"] < 5]
    side = 16 * 360 / (4 * 2 ** min(zoom, 13))
    assert len(few) < sum(cell["recipients"] < 5 for cell in all_of_it)
    for one in few:
        assert all(abs(one[0] - cell["position"][0]) > side / 32 for cell in figures if cell["position"][1] == one[1] and cell["position"] != one)


def test_cells_at_the_edge_of_the_view_are_whole(visitor):
    """A cell tells the same number wherever the view ends: else moving the map would close in on a house."""
    whole = {tuple(cell["position"]): cell["recipients"] for cell in visitor.call(
        "POST", "/api/cells", {"bounds": [1, 49, 4, 51], "zoom": 13, "zone": None}).json["cells"]}
    home = next(row for row in somme.residents() if row["longitude"])
    lon, lat = float(home["longitude"]), float(home["latitude"])
    view = [lon - 0.0005, lat - 0.0005, lon + 0.0005, lat + 0.0005]
    seen = visitor.call("POST", "/api/cells", {"bounds": view, "zoom": 18, "zone": None}).json["cells"]
    assert seen
    for cell in seen:
        assert cell["recipients"] == whole[tuple(cell["position"])]
