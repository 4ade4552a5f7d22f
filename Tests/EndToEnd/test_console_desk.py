"""The pages of the desk: one head, two languages, two themes, a telephone; scenarios saved from the console; a right that ends."""

import http.client
import sqlite3
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from console_page import ConsolePage
from server import PASSWORD
from test_approvals import account
from test_approvals import session as session_of

PAGES = ["/scenarios", "/approbations", "/organismes", "/journal", "/compte", "/administration"]


@pytest.fixture
def console(chromium, server, session, tmp_path):
    page = ConsolePage(chromium, server, tmp_path, session)
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


def violations(console) -> list:
    return [(found["id"], found["nodes"][0]["html"][:200]) for found in Axe().run(console.page).response["violations"]]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(console, world, tmp_path, scheme, width):
    world.tocsin.ok("scenario", "save", "Crue", "--communes", "80620", "--subject", "Crue", "--message", "Crue à {lieu}.",
                    "--channels", "email", "--blank", "lieu=place")
    world.tocsin.ok("organisation", "quotas", "Préfecture", "--set", "month:segments=1000")
    world.tocsin.ok("organisation", "tariffs", "Préfecture", "--set", "sms=0.05 EUR/segment")
    console.page.emulate_media(color_scheme=scheme)
    console.page.set_viewport_size({"width": width, "height": 844})
    for path in PAGES:
        console.open(path)
        if path == "/organismes":
            # With an organisation's means in view.
            console.page.locator("[data-key^=means-]").first.click()
            console.wait("() => document.querySelector('#means table')", None)
        console.page.screenshot(path=tmp_path / f"{path[1:]}-{width}-{scheme}.png", full_page=True)
        assert violations(console) == [], path
        assert console.page.evaluate(f"document.documentElement.scrollWidth <= {width}"), path


def test_every_page_has_its_way_back_and_its_other_language(console):
    for path in PAGES:
        console.open(path)
        french = console.text("h1")
        assert console.page.get_attribute("a.desk-home", "href") == "/" and console.page.title().startswith(french)
        console.page.click("#language")
        console.wait("title => document.querySelector('h1')?.textContent && document.documentElement.lang === 'en' && document.body?.dataset.ready", None)
        console.page.click("#language")
        console.wait("() => document.documentElement.lang === 'fr' && document.body?.dataset.ready", None)
        assert console.text("h1") == french


def test_a_session_that_ended_leads_to_sign_in_from_each_page(console, server):
    console.expect_refusal(401)
    for path in PAGES[:4]:
        console.page.route("**/api/session", lambda route: route.fulfill(
            status=401, content_type="application/json",
            body='{"error": {"code": "session_required", "message": "x", "requestId": "x"}}'))
        console.page.goto(server.url + path)
        console.page.wait_for_url("**/connexion**")
        console.page.unroute("**/api/session")


def test_a_scenario_is_saved_from_the_console_asked_about_approved_changed_and_removed(chromium, world, server, tmp_path):
    anne, paul = account(world, server, "anne", "operator"), account(world, server, "paul", "manager")
    desk = ConsolePage(chromium, server, tmp_path / "desk", session_of(server, anne))
    desk.expect_refusal(409, 422)
    desk.open()
    desk.search("peronne")
    desk.counted(1)
    desk.step("message")
    desk.page.fill("#subject", "Crue")
    desk.page.fill("#text", "Crue à {lieu} vers {quand} : montez.")
    desk.step("channels")
    desk.step("review")
    desk.page.click("text=Enregistrer comme scénario…")
    desk.page.wait_for_selector("[data-key=scenario-save]")
    assert violations(desk) == []
    desk.page.fill("[id^=scenario-name]", "Crue de la Somme")
    kinds = desk.page.query_selector_all("[id^=blank-]")
    assert len(kinds) == 2
    for select, kind in zip(kinds, ("place", "time")):
        select.select_option(kind)
    desk.page.click("[data-key=scenario-save]")
    desk.page.wait_for_selector("text=une seconde personne doit l’approuver")
    saved = world.tocsin.ok("scenario", "show", "Crue de la Somme").table
    assert (saved["blanks"], saved["saved_by"]) == ("lieu=place,quand=time", "anne")
    desk.open("/scenarios")
    card = "article:has-text('Crue de la Somme') "
    desk.page.click(card + "[data-key=ask]")
    desk.page.wait_for_selector(card + "p:has-text('Approbation demandée par anne')")
    phone = ConsolePage(chromium, server, tmp_path / "phone", session_of(server, paul))
    phone.page.set_viewport_size({"width": 390, "height": 844})
    phone.open("/")
    phone.page.wait_for_selector("#asked:not([hidden])")
    assert "scénario attend" in phone.text("#asked")
    phone.open("/scenarios")
    assert violations(phone) == []
    phone.page.click(card + "[data-key=approve]")
    phone.page.wait_for_selector(card + "p:has-text('Approuvé par paul')")
    # Changed: what was changed is what is read again.
    desk.open("/scenarios")
    desk.page.click(card + "a")
    desk.page.wait_for_selector("#text")
    desk.wait("() => window.tocsin.state.draft.scenario?.name === 'Crue de la Somme'")
    desk.page.fill("#text", "Crue à {lieu} vers {quand} : sortez.")
    desk.step("review")
    desk.page.click("text=Enregistrer comme scénario…")
    desk.page.wait_for_selector("[data-key=scenario-save]")
    assert desk.page.input_value("[id^=scenario-name]") == "Crue de la Somme"
    desk.page.click("[data-key=scenario-save]")
    desk.page.wait_for_selector("text=une seconde personne doit l’approuver")
    assert world.tocsin.ok("scenario", "show", "Crue de la Somme").table["blanks"] == "lieu=place,quand=time"
    world.tocsin.with_environment(TOCSIN_USER="anne").ok("scenario", "ask", "Crue de la Somme")
    phone.open("/scenarios")
    assert "sortez." in phone.text(card + ".request-changes ins") and "montez." in phone.text(card + ".request-changes del")
    assert phone.page.query_selector_all(card + ".request-changes li").__len__() == 1, "the zone, or what else, was changed on the way"
    phone.page.fill(card + "form input", "Sortir est plus dangereux")
    phone.page.click(card + "[data-key=refuse]")
    phone.page.wait_for_selector(card + ".notice:has-text('Sortir est plus dangereux')")
    desk.open("/scenarios")
    desk.page.click(card + "[data-key^=remove-]")
    desk.page.click("[data-confirm]")
    desk.page.wait_for_selector(card, state="detached")
    for page in (desk, phone):
        assert not page.close()


def test_a_right_that_is_withdrawn_ends_the_open_stream_within_a_second(world, server):
    account(world, server, "anne", "operator")
    anne = server.trainee("anne")
    campaign = world.tocsin.ok("alert", "--communes", "80620", "--subject", "Essai", "--message", "Essai", "--channels", "email",
                               "--exercise", "--yes", "--detach").table["campaign"]
    with sqlite3.connect(world.tocsin.database, timeout=10) as database:
        database.execute("UPDATE campaigns SET state = 'paused', ended_at = NULL WHERE id = ?", (campaign,))
    connection = http.client.HTTPConnection("127.0.0.1", anne.port, timeout=20)
    connection.request("GET", f"/api/campaigns/{campaign}/events", headers={"Cookie": anne.cookie})
    stream = connection.getresponse()
    assert stream.status == 200 and stream.readline()
    number = next(line.split("\t")[0] for line in world.tocsin.ok("grant", "list").lines if "anne" in line)
    world.tocsin.ok("grant", "withdraw", number)
    began = time.monotonic()
    while stream.readline():
        assert time.monotonic() - began < 15, "it goes on"
    # A second, and what a loaded machine needs besides.
    assert time.monotonic() - began < 3
    assert anne.get(f"/api/campaigns/{campaign}").status in (401, 403)
