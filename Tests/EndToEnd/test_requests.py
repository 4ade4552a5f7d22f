"""What lies beyond the territory is handed to whoever answers for it: on the command line, over HTTP and in Chromium."""

import dataclasses
import json
import re
import signal
import sqlite3
import uuid

import numpy as np
import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from shapely.geometry import Point, shape

import register
from cli import Tocsin, until
from console_page import ConsolePage
from console_server import ConsoleServer
from register import Person
from server import PASSWORD

TEXT = "Montez à l'étage, le barrage cède."
WORDS = ("--subject", "Crue", "--message", TEXT)


@dataclasses.dataclass
class Border:
    """Péronne (80620) and the neighbour it shares most of its border with; a circle over both sides of it."""

    tocsin: Tocsin
    communes: dict
    other: str
    centre: tuple[float, float]

    METRES = 800

    @property
    def words(self) -> tuple[str, str]:
        return "--circle", f"{self.centre[0]:.6f},{self.centre[1]:.6f},{self.METRES}"

    @property
    def zone(self) -> dict:
        return {"type": "circle", "longitude": round(self.centre[0], 6), "latitude": round(self.centre[1], 6), "metres": self.METRES}


@pytest.fixture
def towns(mailing_world):
    """The two under their prefecture, and one far away; six people of each close to the border."""
    world, tocsin = mailing_world, mailing_world.tocsin
    home = world.communes["80620"]
    shared = {code: home.boundary.intersection(area.boundary).length for code, area in world.communes.items()
              if code != "80620" and home.touches(area) or code != "80620" and home.distance(area) == 0}
    other = max(sorted(shared), key=shared.get)
    centre = home.boundary.intersection(world.communes[other].boundary).interpolate(0.5, normalized=True)
    far = max(sorted(world.communes), key=lambda code: home.distance(world.communes[code]))
    tocsin.ok("organisation", "create", "Préfecture 80", "--kind", "prefecture", "--code", "80")
    for name, code in (("Péronne", "80620"), ("Voisine", other), ("Loin", far)):
        tocsin.ok("organisation", "create", name, "--kind", "commune", "--code", code, "--under", "Préfecture 80")
        area = world.communes[code]
        spot = area.intersection(centre.buffer(0.003)).representative_point() if code != far else area.representative_point()
        people = [Person(f"{code}-{n}", spot.x, spot.y, code, email=f"{code}-{n}@example.org") for n in range(6)]
        tocsin.ok("import", "recipients", register.write(tocsin.folder / f"{code}.csv", people), "--organisation", name,
                  "--source", name)
    return Border(tocsin, world.communes, other, (centre.x, centre.y))


def account(tocsin, organisation: str, name: str, role: str):
    tocsin.ok("user", "reset-password", name, "--organisation", organisation)
    with sqlite3.connect(tocsin.database, timeout=10) as database:
        database.execute("UPDATE grants SET role = ? WHERE user_id = (SELECT id FROM users WHERE name = ?)", (role, name))
        database.execute("UPDATE users SET must_change_password = 0 WHERE name = ?", (name,))
    return tocsin.with_environment(TOCSIN_USER=name)


def test_handed_over_accepted_and_launched_on_the_command_line(towns):
    tocsin = towns.tocsin
    anne, bob = account(tocsin, "Péronne", "anne", "operator"), account(tocsin, "Voisine", "bob", "operator")
    paul, carl = account(tocsin, "Voisine", "paul", "manager"), account(tocsin, "Loin", "carl", "operator")
    found = [line.split("\t") for line in anne.ok("request", "send", *towns.words).lines]
    assert ["Voisine", "commune", "neighbour"] in [line[:3] for line in found]
    assert ["Préfecture 80", "prefecture", "parent"] in [line[:3] for line in found] and "Loin" not in [line[0] for line in found]
    # By shapely, in metres around the border: what of the circle is the neighbour's.
    x, y = towns.centre
    metres = shapely.transform(towns.communes[towns.other], lambda points: np.column_stack(
        [(points[:, 0] - x) * 111_320 * np.cos(np.radians(y)), (points[:, 1] - y) * 111_200]))
    theirs = metres.intersection(Point(0, 0).buffer(towns.METRES, 90)).area
    assert abs(next(int(line[3]) for line in found if line[0] == "Voisine") / theirs - 1) < 0.01
    for stranger in ("Loin", "Péronne", "Nulle part"):
        assert "none of the zone" in anne.refused("request", "send", *towns.words, "--to", stranger, *WORDS).err
    sent = anne.ok("request", "send", *towns.words, "--to", "Voisine", *WORDS, "--channels", "email", "--note", "Appelez-nous",
                   "--request-key", "k1")
    number = sent.table["request"].split("\t")[0]
    assert anne.ok("request", "send", *towns.words, "--to", "Voisine", *WORDS, "--channels", "email", "--note", "Appelez-nous",
                   "--request-key", "k1").table["request"].split("\t")[0] == number
    changed = anne.refused("request", "send", "--circle", f"{x},{y},900", "--to", "Voisine", *WORDS, "--channels", "email",
                           "--request-key", "k1")
    assert "another request" in changed.err
    # Ground alone travels; it is within the circle and a metre.
    zone = json.loads(bob.ok("request", "show", number, "--zone").out)
    assert "list" not in json.dumps(zone) and zone["type"] == "perimeter"
    part = shape(zone["geometry"])
    inside = towns.communes[towns.other].intersection(Point(x, y).buffer(0.003))
    assert part.covers(inside), "somebody of theirs is left out"
    assert part.intersection(towns.communes["80620"]).area < part.area / 100, "it reaches into the asker's own ground"
    # Somebody else's number is no number.
    other, nobody = carl.refused("request", "show", number), carl.refused("request", "show", "987654")
    assert other.err.replace(number, "") == nobody.err.replace("987654", "")
    for verb in (("accept",), ("withdraw",), ("refuse", "--reason", "Pas chez nous")):
        assert "there is no request" in carl.refused("request", verb[0], number, *verb[1:]).err
    assert "there is no request" in anne.refused("request", "accept", number).err
    # Nothing is launched before it is accepted, nor by accepting.
    assert "accept it first" in bob.refused("alert", "--handed", number, "--channels", "email", "--yes").err
    assert "nothing is launched" in bob.ok("request", "accept", number).err
    assert bob.ok("campaign", "list").lines == []
    assert anne.ok("request", "show", number).table["launched_at"] == ""
    # Their lane: free text takes their own second person.
    assert "--ask" in bob.refused("alert", "--handed", number, "--channels", "email", "--yes").err
    asked = bob.ok("alert", "--handed", number, "--channels", "email", "--yes", "--ask").table["approval"]
    assert anne.ok("request", "show", number).table["launched_at"] == ""
    campaign = paul.ok("approval", "approve", asked).table["campaign"]
    seen = anne.ok("request", "show", number).table
    assert re.match(r"\d{4}-", seen["launched_at"]) and seen["campaign"] == "" and seen["decided_by"] == ""
    assert bob.ok("request", "show", number).table["campaign"] == campaign
    again = bob.refused("alert", "--handed", number, "--channels", "email", "--yes", "--ask").err
    assert f"launched already, as campaign {campaign}" in again and "--handed" in again
    tocsin.ok("campaign", "watch", campaign)
    reached = {row.split(",")[0] for row in tocsin.ok("campaign", "report", campaign, "--format", "csv").lines[1:]}
    assert len([row for row in reached if f"{towns.other}-" in row]) == 6 and not any("80620-" in row for row in reached)
    journal = tocsin.ok("audit", "show", "--limit", "100").out
    for action in ("request.send", "request.accept"):
        assert journal.count(action) == 2, "in both journals"
    assert "barrage" not in journal
    tocsin.ok("audit", "verify")
    # Each of the two takes it along when it leaves; nobody else has anything of it.
    kept = {}
    for name in ("Péronne", "Voisine", "Loin"):
        tocsin.ok("organisation", "export", name, tocsin.folder / name)
        kept[name] = json.loads((tocsin.folder / name / "requests.json").read_text())
    assert kept["Péronne"] == kept["Voisine"] and kept["Loin"] == []
    assert shape(kept["Voisine"][0]["zone"]["geometry"]).equals(part) and kept["Voisine"][0]["message"]["text"] == TEXT


def signed(server, tocsin, organisation: str, name: str, role: str):
    account(tocsin, organisation, name, role)
    once = tocsin.ok("user", "reset-password", name, "--organisation", organisation).out.split(": ")[1].strip()
    client = server.client()
    client.sign_in(once, name)
    assert client.post("/api/password", {"current": once, "new": PASSWORD}).status in (200, 204)
    client = server.client()
    assert client.sign_in(PASSWORD, name).status == 200
    return client


@pytest.fixture
def server(towns):
    server = ConsoleServer(towns.tocsin).start(0)
    yield server
    server.stop()


def handover(towns, client, to: list[str], **change) -> dict:
    found = {one["name"]: one["id"] for one in client.post("/api/requests/neighbours", {"zone": towns.zone}).json["neighbours"]}
    return {"zone": towns.zone, "message": {"subject": "Crue", "text": TEXT}, "channels": ["email"], "note": "",
            "to": [found[name] for name in to], "requestKey": str(uuid.uuid4())} | change


def test_a_kill_between_accepting_and_launching_leaves_it_to_be_launched(towns, server):
    anne = signed(server, towns.tocsin, "Péronne", "anne", "operator")
    bob = signed(server, towns.tocsin, "Voisine", "bob", "operator")
    number = anne.post("/api/requests", handover(towns, anne, ["Voisine"])).json["requests"][0]["id"]
    assert bob.get("/api/approvals").json["handed"] == 1 and anne.get("/api/approvals").json["handed"] == 0
    assert bob.post(f"/api/requests/{number}/accept").json["state"] == "accepted"
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    again = ConsoleServer(towns.tocsin).start(0)
    try:
        anne, bob = again.client(), again.client()
        anne.sign_in(PASSWORD, "anne"), bob.sign_in(PASSWORD, "bob")
        assert anne.get(f"/api/requests/{number}").json["launchedAt"] is None
        dossier = bob.get(f"/api/requests/{number}").json
        plan = {"zone": dossier["zone"], "message": dossier["message"], "channels": dossier["channels"], "mode": "real",
                "retries": 0}
        plan["message"].pop("version", None)
        preview = bob.post("/api/campaigns/preview", plan).json
        launch = plan | {"audienceHash": preview["audienceHash"], "confirmation": preview["expectedNumber"],
                         "requestKey": str(uuid.uuid4()), "openedAt": preview["openedAt"], "handed": number,
                         "acceptance": "Personne d'autre ici"}
        assert anne.post("/api/campaigns", launch).status >= 400, "not who asked"
        launched = bob.post("/api/campaigns", launch)
        assert launched.status == 201, launched.text
        assert bob.post("/api/campaigns", launch).json["id"] == launched.json["id"]
        told = anne.get("/api/requests").json["sent"][0]
        assert told["launchedAt"] and told["campaign"] is None and told["decidedBy"] is None
        assert str(preview["expectedNumber"]) not in re.sub(r'"(areaSquareMetres|id|askedAt|expiresAt|decidedAt|launchedAt)":[^,}]*', "", json.dumps(told, separators=(",", ":")))
    finally:
        again.stop()


def test_who_launches_there_is_written_to_and_nobody_else(towns, server, relay):
    tocsin = towns.tocsin
    anne = signed(server, tocsin, "Péronne", "anne", "operator")
    bob, eve = signed(server, tocsin, "Voisine", "bob", "operator"), signed(server, tocsin, "Voisine", "eve", "observer")
    assert bob.post("/api/account/notices", {"email": "pas une adresse"}).code == "invalid_parameter"
    for client, name in ((bob, "bob"), (eve, "eve"), (anne, "anne")):
        assert client.post("/api/account/notices", {"email": f"{name}@notices.example.org"}).status == 204
    assert bob.get("/api/account/notices").json == {"email": "bob@notices.example.org"}
    assert tocsin.ok("user", "notices", "eve", "--none", "--organisation", "Voisine").err
    before = len(relay.taken)
    anne.post("/api/requests", handover(towns, anne, ["Voisine"]))
    until(lambda: len(relay.taken) > before, what="the e-mail")
    mails = relay.taken[before:]
    assert [mail[1]["To"] for mail in mails] == ["bob@notices.example.org"]
    text = mails[0][1].get_body(("plain",)).get_content()
    assert "Voisine" in text and "/approbations" in text and "barrage" not in text and towns.other not in text
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
        until(lambda: database.execute("SELECT sent FROM notices WHERE settled_at IS NOT NULL").fetchall() == [(1,)],
              what="the notice to be settled")
    assert "notices.example" not in tocsin.ok("audit", "show", "--limit", "100").out


def session(client) -> dict:
    name, value = client.cookie.split("=", 1)
    return {"cookies": [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True,
                         "secure": False, "sameSite": "Strict"}], "origins": []}


def violations(console) -> list:
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(console.page).response["violations"]]


def test_from_the_review_to_the_neighbours_telephone(chromium, towns, server, tmp_path):
    anne = signed(server, towns.tocsin, "Péronne", "anne", "operator")
    bob = signed(server, towns.tocsin, "Voisine", "bob", "operator")
    desk = ConsolePage(chromium, server, tmp_path / "desk", session(anne))
    desk.open()
    desk.circle(f"{towns.centre[1]:.6f}, {towns.centre[0]:.6f}", "0.8")
    desk.counted(1)
    desk.step("message")
    desk.page.fill("#subject", "Crue")
    desk.page.fill("#text", TEXT)
    desk.step("review")
    desk.page.wait_for_selector("#handover")
    assert "Laissés de côté" in desk.text("#panel-review")
    desk.page.click("[data-key=handover]")
    desk.page.wait_for_selector("[data-neighbour=Voisine]")
    assert violations(desk) == []
    desk.page.check("[data-neighbour=Voisine]")
    desk.page.screenshot(path=tmp_path / "handover.png")
    desk.page.click("[data-key=handover-send]")
    desk.page.wait_for_selector("#handover .notice-success")
    assert "Voisine" in desk.text("#handover .notice-success")

    phone = ConsolePage(chromium, server, tmp_path / "phone", session(bob))
    phone.page.set_viewport_size({"width": 390, "height": 844})
    phone.open("/")
    phone.page.wait_for_selector("#asked:not([hidden])")
    assert "transmise" in phone.text("#asked")
    for scheme in ("light", "dark"):
        phone.page.emulate_media(color_scheme=scheme)
        phone.open("/approbations")
        phone.page.wait_for_selector("[data-handed][data-state=pending]")
        assert violations(phone) == [], scheme
        assert phone.page.evaluate("document.documentElement.scrollWidth <= 390"), "it scrolls sideways"
    card = phone.text("[data-handed]")
    assert "Péronne" in card and TEXT in card
    phone.page.screenshot(path=tmp_path / "handed-390.png", full_page=True)
    phone.page.click("[data-key=accept]")
    phone.page.wait_for_url(re.compile("/#/"))
    phone.page.wait_for_selector("#panel-review .sentence")
    assert "6 " in phone.text("#panel-review .sentence") and "Péronne" in phone.text("#panel-review")
    phone.page.set_viewport_size({"width": 1280, "height": 900})
    phone.page.screenshot(path=tmp_path / "handed-review.png")
    phone.step("launch")
    phone.page.check("#read-again")
    phone.page.fill("#acceptance", "Personne d'autre à la mairie cette nuit")
    if phone.page.query_selector("#confirmation"):
        phone.page.fill("#confirmation", "6")
    phone.page.click(".button-launch")
    phone.page.wait_for_url(re.compile("campagnes/"))
    desk.open("/approbations")
    desk.page.wait_for_selector("[data-sent][data-launched=yes]")
    assert "Lancée à" in desk.text("[data-sent]") and "6" not in re.sub(r"\d\d?[:h/ ]+\d\d|\d{4}|[\d,]+ (km²|ha)", "", desk.text("[data-sent] .request-state"))
    for page in (desk, phone):
        assert not page.close()
