"""Two persons for what takes two: asked for and answered over HTTP, on a telephone and on the command line."""

import sqlite3
import uuid

import pytest

import register
from console_page import ConsolePage
from console_server import ConsoleServer
from relay import Relay
from server import PASSWORD, Client
from worlds import World

ZONE = {"type": "communes", "codes": ["80620"]}
PLAN = {"zone": ZONE, "message": {"subject": "Crue", "text": "Montez à l'étage, le pont est coupé."},
        "channels": ["email"], "mode": "real", "retries": 0}
REASON = "La rivière monte, personne ne répond"


@pytest.fixture(scope="module")
def relay():
    with Relay() as relay:
        yield relay


@pytest.fixture
def world(somme_original, relay, tmp_path):
    world = somme_original.copied(tmp_path)
    relayed = world.tocsin.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
    return World(relayed, world.people, world.communes)


@pytest.fixture
def server(world):
    server = ConsoleServer(world.tocsin).start(0)
    yield server
    server.stop()


def account(world, server, name: str, role: str) -> Client:
    """Another person of the organisation, with a password of their own."""
    once = world.tocsin.ok("user", "reset-password", name).out.split(": ")[1].strip()
    database = sqlite3.connect(world.tocsin.database, timeout=10)
    with database:
        database.execute("UPDATE grants SET role = ? WHERE user_id = (SELECT id FROM users WHERE name = ?)", (role, name))
    database.close()
    client = server.client()
    client.sign_in(once, name)
    assert client.post("/api/password", {"current": once, "new": PASSWORD}).status in (200, 204)
    client = server.client()
    assert client.sign_in(PASSWORD, name).status == 200
    return client


def clock(world, seconds: int) -> None:
    """The requests are older by so many seconds than they were."""
    database = sqlite3.connect(world.tocsin.database, timeout=10)
    with database:
        database.execute("UPDATE approvals SET asked_at = asked_at - ?1, break_glass_at = break_glass_at - ?1", (seconds * 1000,))
    database.close()


def body(client: Client, **change) -> dict:
    plan = PLAN | change
    preview = client.post("/api/campaigns/preview", plan).json
    return plan | {"audienceHash": preview["audienceHash"], "confirmation": preview["expectedNumber"],
                   "requestKey": str(uuid.uuid4()), "openedAt": preview["openedAt"]}


def campaigns(world) -> int:
    return len(world.tocsin.ok("campaign", "list").lines)


def test_free_text_takes_a_second_person(world, server, relay):
    anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    eve = account(world, server, "eve", "observer")
    preview = anne.post("/api/campaigns/preview", PLAN).json
    assert preview["lane"] == "second_person" and preview["approvers"] == 2, "paul and admin"
    launch = body(anne)
    assert anne.post("/api/campaigns", launch).code == "second_person_needed"
    assert anne.post("/api/campaigns", launch | {"acceptance": REASON}).code == "second_person_needed"
    asked = anne.post("/api/approvals", launch)
    assert asked.status == 201 and asked.json["state"] == "pending" and asked.json["isMine"]
    number = asked.json["id"]
    assert anne.post("/api/approvals", launch).json["id"] == number
    assert anne.post(f"/api/approvals/{number}/approve").code == "not_permitted", "an operator has not the right"
    assert eve.post(f"/api/approvals/{number}/approve").code == "not_permitted"
    assert paul.get(f"/api/approvals/{number + 1}").code == "not_found"
    early = anne.post(f"/api/approvals/{number}/break-glass", {"reason": REASON})
    assert early.code == "break_glass_too_early" and early.json["error"]["detail"]["retryAfterSeconds"] <= 180
    assert campaigns(world) == 0 and not relay.taken
    card = paul.get("/api/approvals").json["approvals"][0]
    assert card["mayApprove"] and card["recipients"] == preview["expectedNumber"] and card["askedBy"] == "anne"
    assert card["text"] == PLAN["message"]["text"] and card["communesTotal"] == 1
    campaign = paul.post(f"/api/approvals/{number}/approve").json["id"]
    assert paul.post(f"/api/approvals/{number}/approve").code == "approval_decided"
    world.tocsin.ok("campaign", "watch", campaign)
    shown = world.tocsin.ok("campaign", "show", campaign).table
    assert (shown["lane"], shown["approved_by"], shown["created_by"]) == ("second_person", "paul", "anne")
    assert float(shown["decision_seconds"]) >= 0 and relay.taken
    world.tocsin.ok("journal", "verify")


def test_the_one_who_asks_cannot_answer_even_with_the_right(world, server):
    admin = server.client()
    admin.sign_in(PASSWORD)
    account(world, server, "paul", "manager")
    number = admin.post("/api/approvals", body(admin)).json["id"]
    assert admin.post(f"/api/approvals/{number}/approve").code == "approval_own"
    assert admin.post(f"/api/approvals/{number}/withdraw").json["state"] == "withdrawn"
    assert campaigns(world) == 0


def test_a_register_that_changes_in_between_voids_the_request(world, server):
    anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    number = anne.post("/api/approvals", body(anne)).json["id"]
    late = register.Person("tardif-9", 2.9348, 49.9295, "80620", email="tardif@example.org")
    world.tocsin.ok("import", "recipients", register.write(world.tocsin.folder / "tardif.csv", [late]))
    assert paul.post(f"/api/approvals/{number}/approve").code == "audience_changed"
    assert anne.get(f"/api/approvals/{number}").json["state"] == "void"
    assert campaigns(world) == 0


def test_the_glass_is_broken_after_the_delay_and_everybody_is_told(world, server):
    anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    number = anne.post("/api/approvals", body(anne)).json["id"]
    clock(world, 179)
    assert anne.post(f"/api/approvals/{number}/break-glass", {"reason": REASON}).code == "break_glass_too_early"
    clock(world, 2)
    assert anne.post(f"/api/approvals/{number}/break-glass", {"reason": "vite"}).code == "reason_needed"
    assert paul.post(f"/api/approvals/{number}/break-glass", {"reason": REASON}).code == "approval_not_asker"
    campaign = anne.post(f"/api/approvals/{number}/break-glass", {"reason": REASON}).json["id"]
    told = paul.get("/api/approvals").json["alone"]
    assert [(one["campaign"], one["user"], one["reason"]) for one in told] == [(campaign, "anne", REASON)]
    journal = world.tocsin.ok("journal", "show").out
    assert "launch.break_glass" in journal and "critical" in journal


def test_a_village_with_one_secretary_can_alert(world, server):
    admin = server.client()
    admin.sign_in(PASSWORD)
    preview = admin.post("/api/campaigns/preview", PLAN).json
    assert (preview["lane"], preview["approvers"]) == ("second_person", 0)
    assert admin.post("/api/campaigns", body(admin)).code == "second_person_needed"
    launched = admin.post("/api/campaigns", body(admin) | {"acceptance": REASON})
    assert launched.status == 201
    shown = world.tocsin.ok("campaign", "show", launched.json["id"]).table
    assert shown["alone_reason"] == REASON
    assert "no second person" in world.tocsin.ok("guards", "show").err


def test_asked_and_approved_on_the_command_line(world, server):
    account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    anne, paul = (world.tocsin.with_environment(TOCSIN_USER=name) for name in ("anne", "paul"))
    words = ["alert", "--communes", "80620", "--subject", "Crue", "--message", "Montez.", "--channels", "email", "--yes"]
    assert "--ask" in anne.refused(*words).err
    assert "--ask" in anne.refused(*words, "--accept", REASON).err, "a reason is no second person"
    number = anne.ok(*words, "--ask").table["approval"]
    assert "approve" in anne.refused("approval", "approve", number).err
    assert "reason" in paul.refused("approval", "refuse", number, "--reason", "non").err
    paul.ok("approval", "refuse", number, "--reason", "Mauvaise commune")
    shown = anne.ok("approval", "show", number).table
    assert (shown["state"], shown["reason"], shown["decided_by"]) == ("refused", "Mauvaise commune", "paul")
    second = anne.ok(*words, "--ask").table["approval"]
    campaign = paul.ok("approval", "approve", second).table["campaign"]
    assert [line.split("\t")[1] for line in anne.ok("approval", "list").lines] == ["approved", "refused"]
    assert paul.ok("campaign", "show", campaign).table["approved_by"] == "paul"


def test_a_campaign_under_way_takes_a_reason_to_say_something_else(world, server):
    account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    anne, paul = (world.tocsin.with_environment(TOCSIN_USER=name) for name in ("anne", "paul"))
    number = anne.ok("alert", "--communes", "80620", "--subject", "Crue", "--message", "Montez.", "--channels", "email",
                     "--yes", "--ask").table["approval"]
    campaign = paul.ok("approval", "approve", number).table["campaign"]
    # As if it were still on its way: what is looked at here is who may change it.
    world.tocsin.ok("campaign", "watch", campaign)
    with sqlite3.connect(world.tocsin.database, timeout=10) as database:
        database.execute("UPDATE campaigns SET state = 'paused', ended_at = NULL WHERE id = ?", (campaign,))
    words = ["campaign", "amend", campaign, "--subject", "Crue", "--message", "Allez au gymnase."]
    assert "--accept" in anne.refused(*words).err and "--accept" in anne.refused(*words, "--accept", "vite").err
    assert "version 2" in anne.ok(*words, "--accept", REASON).err
    desk = server.client()
    desk.sign_in(PASSWORD)
    told = desk.get("/api/approvals").json["alone"]
    assert [(one["campaign"], one["user"], one["change"], one["reason"]) for one in told] == [
        (int(campaign), "anne", "amend", REASON)]
    body = {"message": {"subject": "Crue", "text": "Allez à la mairie."}}
    assert desk.post(f"/api/campaigns/{campaign}/amend", body).code == "reason_needed"
    assert desk.post(f"/api/campaigns/{campaign}/amend", body | {"acceptance": REASON}).status == 200
    assert "version 4" in world.tocsin.ok(*words).err, "the machine's administrator is asked for nothing"
    assert world.tocsin.ok("journal", "show").out.count("launch.break_glass") == 2
    anne.ok("campaign", "stop", campaign)


def session(server, client: Client) -> dict:
    name, value = client.cookie.split("=", 1)
    return {"cookies": [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True,
                         "secure": False, "sameSite": "Strict"}], "origins": []}


def test_asked_at_a_desk_and_answered_on_a_telephone(chromium, world, server, relay, tmp_path):
    anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    desk = ConsolePage(chromium, server, tmp_path / "desk", session(server, anne))
    desk.open()
    desk.search("peronne")
    desk.counted(1)
    desk.step("channels")
    number = desk.prepare("Crue", "Montez à l'étage.")
    button = desk.text(".button-launch")
    assert "Demander l’approbation" in button and str(number) in button and "1 commune" in button
    desk.page.check("#read-again")
    if desk.page.query_selector("#confirmation"):
        desk.page.fill("#confirmation", str(number))
    desk.page.click(".button-launch")
    desk.page.wait_for_selector("[data-state=pending]")
    assert "vous pourrez lancer seul" in desk.text("[data-break-at]")

    phone = ConsolePage(chromium, server, tmp_path / "phone", session(server, paul))
    phone.page.set_viewport_size({"width": 390, "height": 844})
    phone.open("/approbations")
    card = phone.text("[data-state=pending]")
    assert "Envoyer réellement à" in card and "anne" in card and "Montez à l'étage." in card and "Péronne" in card
    assert phone.page.evaluate("document.documentElement.scrollWidth <= 390"), "it scrolls sideways"
    phone.page.screenshot(path=tmp_path / "approval-390.png")
    for target in phone.page.query_selector_all(".request-actions .button"):
        assert target.bounding_box()["height"] >= 44
    phone.page.click("[data-key=approve]")
    phone.page.wait_for_selector("[data-state=approved]")
    desk.page.wait_for_selector("[data-state=approved]")
    for page in (desk, phone):
        assert not page.close()
