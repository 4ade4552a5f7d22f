"""Two persons for what takes two: asked for and answered over HTTP, on a telephone and on the command line."""

import sqlite3
import uuid

import pytest

from axe_playwright_python.sync_playwright import Axe

import register
from cli import until
from console_page import ConsolePage
from console_server import ConsoleServer
from relay import Relay
from server import PASSWORD, Client

ZONE = {"type": "communes", "codes": ["80620"]}
PLAN = {"zone": ZONE, "message": {"subject": "Crue", "text": "Montez à l'étage, le pont est coupé."},
        "channels": ["email"], "mode": "real", "retries": 0}
REASON = "La rivière monte, personne ne répond"


@pytest.fixture
def world(mailing_world):
    return mailing_world


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


def under_way(world, anne, paul) -> str:
    """A real campaign as if it were still on its way: what is looked at here is who may change it."""
    number = anne.ok("alert", "--communes", "80620", "--subject", "Crue", "--message", "Montez.", "--channels", "email",
                     "--yes", "--ask").table["approval"]
    campaign = paul.ok("approval", "approve", number).table["campaign"]
    world.tocsin.ok("campaign", "watch", campaign)
    with sqlite3.connect(world.tocsin.database, timeout=10) as database:
        database.execute("UPDATE campaigns SET state = 'paused', ended_at = NULL WHERE id = ?", (campaign,))
    return campaign


def text_clock(world, seconds: int) -> None:
    with sqlite3.connect(world.tocsin.database, timeout=10) as database:
        database.execute("UPDATE amendment_requests SET break_glass_at = break_glass_at - ?", (seconds * 1000,))


def test_another_text_of_a_campaign_under_way_waits_for_a_second_person(world, server):
    account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    anne, paul = (world.tocsin.with_environment(TOCSIN_USER=name) for name in ("anne", "paul"))
    campaign = under_way(world, anne, paul)
    words = ["campaign", "amend", campaign, "--subject", "Crue", "--message", "Allez au gymnase."]
    assert "--ask" in anne.refused(*words).err and "--ask" in anne.refused(*words, "--accept", REASON).err
    asked = anne.ok(*words, "--ask", "--request-key", "t1")
    number = asked.table["approval"]
    assert number.startswith("A") and "pause" in asked.err
    assert anne.ok(*words, "--ask", "--request-key", "t1").table["approval"] == number
    assert "no request" in paul.refused("approval", "approve", "A987").err
    assert "a request's number" in paul.refused("approval", "approve", "Ax").err
    assert "reason" in paul.refused("approval", "refuse", number, "--reason", "non").err
    shown = paul.ok("approval", "show", number).table
    assert (shown["text_before"], shown["text"], shown["asked_by"]) == ("Montez.", "Allez au gymnase.", "anne")
    assert paul.ok("approval", "approve", number).table["version"] == "2"
    assert "already" in paul.refused("approval", "approve", number).err
    # Unanswered: alone, after the delay, and everybody is told.
    second = anne.ok(*words[:-1], "Allez à l'école.", "--ask").table["approval"]
    assert "more seconds" in anne.refused("approval", "break-glass", second, "--reason", REASON).err
    text_clock(world, 181)
    assert "only who asked" in paul.refused("approval", "break-glass", second, "--reason", REASON).err
    assert anne.ok("approval", "break-glass", second, "--reason", REASON).table["version"] == "3"
    desk = server.client()
    desk.sign_in(PASSWORD)
    told = desk.get("/api/approvals").json["alone"]
    assert [(one["campaign"], one["user"], one["change"], one["reason"]) for one in told] == [
        (int(campaign), "anne", "amend", REASON)]
    body = {"message": {"subject": "Crue", "text": "Allez à la mairie."}}
    assert desk.post(f"/api/campaigns/{campaign}/amend", body | {"acceptance": REASON}).code == "second_person_needed"
    ask = body | {"version": 3, "requestKey": str(uuid.uuid4())}
    card = desk.post(f"/api/campaigns/{campaign}/amendments", ask)
    assert card.status == 201 and card.json["before"] == "Allez à l'école." and card.json["isMine"]
    number = card.json["id"]
    assert desk.post(f"/api/campaigns/{campaign}/amendments", ask).json["id"] == number
    assert desk.post(f"/api/amendments/{number}/approve").code == "approval_own"
    # Changed meanwhile, what was asked is void; the machine's administrator is asked for nothing.
    assert "version 4" in world.tocsin.ok(*words).err
    assert paul.refused("approval", "approve", f"A{number}").err
    assert desk.get("/api/approvals").json["amendments"][0]["state"] == "void"
    assert world.tocsin.ok("audit", "show", "--limit", "100").out.count("launch.break_glass") == 1
    anne.ok("campaign", "stop", campaign)
    world.tocsin.ok("audit", "verify")


def test_where_nobody_else_may_approve_a_reason_is_due(world, server):
    admin = server.client()
    admin.sign_in(PASSWORD)
    launched = admin.post("/api/campaigns", body(admin) | {"acceptance": REASON}).json["id"]
    world.tocsin.ok("campaign", "watch", launched)
    with sqlite3.connect(world.tocsin.database, timeout=10) as database:
        database.execute("UPDATE campaigns SET state = 'paused', ended_at = NULL WHERE id = ?", (launched,))
    text = {"message": {"subject": "Crue", "text": "Allez à la mairie."}}
    assert admin.post(f"/api/campaigns/{launched}/amend", text).code == "reason_needed"
    assert admin.post(f"/api/campaigns/{launched}/amend", text | {"acceptance": REASON}).status == 200
    assert "nobody else may approve" in world.tocsin.with_environment(TOCSIN_USER="admin").ok("approval", "list").err


def test_approvers_are_written_to_when_something_waits_and_when_the_glass_is_broken(world, server, relay):
    anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    assert paul.post("/api/account/notices", {"email": "paul@notices.example.org"}).status == 204
    assert anne.post("/api/account/notices", {"email": "anne@notices.example.org"}).status == 204
    def mails():
        return [mail[1] for mail in relay.taken if "notices.example" in str(mail[1]["To"])]
    seen = len(mails())
    number = anne.post("/api/approvals", body(anne)).json["id"]
    until(lambda: len(mails()) == seen + 1, what="the e-mail to paul")
    text = mails()[-1].get_body(("plain",)).get_content()
    assert mails()[-1]["To"] == "paul@notices.example.org" and "anne" in text and f"{number}" in text
    assert "étage" not in text and "Péronne" not in text, "it tells of the alert"
    clock(world, 181)
    anne.post(f"/api/approvals/{number}/break-glass", {"reason": REASON})
    until(lambda: len(mails()) == seen + 2, what="the e-mail about the glass")
    assert mails()[-1]["To"] == "paul@notices.example.org" and REASON not in mails()[-1].get_body(("plain",)).get_content()


def test_an_email_that_may_have_arrived_is_not_written_again(world):
    with Relay(script=lambda relay, address, number: "drop after taking") as relay:
        tocsin = world.tocsin.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
        server = ConsoleServer(tocsin).start(0)
        try:
            anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
            paul.post("/api/account/notices", {"email": "paul@notices.example.org"})
            anne.post("/api/approvals", body(anne))
            with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
                until(lambda: database.execute("SELECT sent FROM notices WHERE settled_at IS NOT NULL").fetchall() == [(1,)],
                      what="the notice to be settled")
            assert relay.tries["paul@notices.example.org"] == 1
        finally:
            server.stop()


def test_an_email_that_hangs_holds_no_other_up(world):
    """The relay keeps the first message waiting: the second one is there before it."""
    with Relay(script=lambda relay, address, number: 25 if number == 1 else "250 2.0.0 taken") as relay:
        tocsin = world.tocsin.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
        server = ConsoleServer(tocsin).start(0)
        try:
            anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
            paul.post("/api/account/notices", {"email": "paul@notices.example.org"})
            first = anne.post("/api/approvals", body(anne)).json["id"]
            until(lambda: relay.tries["paul@notices.example.org"] == 1, what="the relay to have the first message")
            second = anne.post("/api/approvals", body(anne)).json["id"]
            until(lambda: relay.taken, what="the second message")
            text = relay.taken[0][1].get_body(("plain",)).get_content()
            assert f"n° {second}." in text and f"n° {first}." not in text
        finally:
            server.stop()


def test_a_relay_that_is_down_delays_no_launch(world):
    tocsin = world.tocsin.with_environment(TOCSIN_SMTP_URL="smtp://127.0.0.1:9", TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
    server = ConsoleServer(tocsin).start(0)
    try:
        anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
        paul.post("/api/account/notices", {"email": "paul@notices.example.org"})
        number = anne.post("/api/approvals", body(anne)).json["id"]
        assert paul.post(f"/api/approvals/{number}/approve").status == 200
    finally:
        server.stop()


def violations(page) -> list:
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page.page).response["violations"]]


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


def test_another_text_is_asked_for_at_the_desk_and_refused_on_a_telephone(chromium, world, server, tmp_path):
    anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    users = [world.tocsin.with_environment(TOCSIN_USER=name) for name in ("anne", "paul")]
    campaign = under_way(world, *users)
    desk = ConsolePage(chromium, server, tmp_path / "desk", session(server, anne))
    desk.expect_refusal(409)
    desk.open(f"/#/campagnes/{campaign}")
    desk.page.click("text=Modifier le texte…")
    desk.page.fill("#amend-text", "Allez au gymnase.")
    desk.page.click("[data-key=amend-send]")
    desk.page.click("[data-confirm]")
    desk.page.click("[data-key=amend-ask]")
    desk.page.wait_for_selector("[data-text][data-state=pending]")
    phone = ConsolePage(chromium, server, tmp_path / "phone", session(server, paul))
    phone.page.set_viewport_size({"width": 390, "height": 844})
    for scheme in ("light", "dark"):
        phone.page.emulate_media(color_scheme=scheme)
        phone.open("/approbations")
        assert violations(phone) == [], scheme
        assert phone.page.evaluate("document.documentElement.scrollWidth <= 390"), "it scrolls sideways"
    card = phone.text("[data-text]")
    assert "Montez." in card and "Allez au gymnase." in card and "anne" in card
    phone.page.fill("[data-text] input", "Le gymnase est inondé")
    phone.page.click("[data-text] [data-key=refuse]")
    phone.page.wait_for_selector("[data-text][data-state=refused]")
    desk.open("/")
    desk.page.wait_for_selector("#asked:not([hidden])")
    assert "Le gymnase est inondé" in desk.text("#asked")
    for page in (desk, phone):
        assert not page.close()
    assert anne.get(f"/api/campaigns/{campaign}").json["message"]["text"] == "Montez."


def test_who_has_no_second_person_is_told_at_sign_in_until_it_is_hidden(chromium, world, server, tmp_path):
    admin = server.client()
    admin.sign_in(PASSWORD)
    page = ConsolePage(chromium, server, tmp_path / "desk", session(server, admin))
    page.open("/")
    page.page.wait_for_selector("#asked:not([hidden])")
    assert "Personne d’autre ne peut approuver" in page.text("#asked")
    assert violations(page) == []
    page.page.click("#asked .button-link")
    page.page.wait_for_selector("#asked", state="hidden")
    page.reload()
    page.page.wait_for_timeout(500)
    assert not page.page.is_visible("#asked")
    assert not page.close()
