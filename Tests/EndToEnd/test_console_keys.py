"""Security keys in a real Chromium, with its own virtual authenticator: added, asked for at sign-in, shown before rights change."""

import contextlib
import sqlite3

import pytest
from axe_playwright_python.sync_playwright import Axe

from console_page import READY, ConsolePage
from server import PASSWORD

OPTIONS = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
           "isUserVerified": True, "automaticPresenceSimulation": True}


class ByName:
    """The server as browsers reach it under its name: keys sign for no address."""

    def __init__(self, server):
        self.server = server

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.port}"


class KeyPage(ConsolePage):
    def __init__(self, *words):
        super().__init__(*words)
        self.cdp = self.context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        self.key = self.plug()

    def plug(self, **other) -> str:
        return self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS | other})["authenticatorId"]

    def enter(self) -> None:
        self.page.goto(self.server.url + "/connexion")
        self.sign_in("admin", PASSWORD)

    def add_key(self, name: str) -> None:
        self.page.fill("[data-key=key-name]", name)
        self.page.fill("form:has([data-key=add-key]) input[type=password]", PASSWORD)
        self.page.click("[data-key=add-key]")


@pytest.fixture
def console(chromium, server, world, tmp_path):
    world.tocsin.ok("user", "reset-factors", "admin")
    page = KeyPage(chromium, ByName(server), tmp_path)
    page.expect_refusal(401, 403)
    page.enter()
    page.wait(READY)
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


def violations(console) -> list:
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(console.page).response["violations"]]


def says(console, words: str) -> None:
    console.wait("words => document.getElementById('outcome').textContent.includes(words)", words)


def test_a_key_is_added_and_asked_for_at_sign_in_and_before_rights_change(console, world, tmp_path):
    console.open("/compte")
    console.add_key("Trousseau")
    console.page.wait_for_selector(".codes li:nth-child(10)")
    assert console.page.locator("td, th", has_text="Trousseau").count() == 1
    for scheme in ("light", "dark"):
        console.page.emulate_media(color_scheme=scheme)
        assert violations(console) == [], scheme

    console.context.clear_cookies()
    console.enter()
    console.page.wait_for_selector("#key-field:not([hidden])")
    assert violations(console) == []
    console.page.click("#key")
    console.wait(READY)

    # Five minutes later the administration asks who sits there.
    with contextlib.closing(sqlite3.connect(world.tocsin.database)) as database, database:
        database.execute("UPDATE sessions SET proved_at = proved_at - 301000")
    console.open("/administration")
    console.page.fill("[data-key=new-name]", "marthe")
    console.page.select_option("[data-key=new-role]", "observer")
    console.page.click("[data-key=create-person]")
    console.page.wait_for_selector("[data-key=proof-key]")
    assert violations(console) == []
    console.page.click("[data-key=proof-key]")
    says(console, "usage unique de marthe")


def test_a_key_that_does_not_answer_leaves_the_code(console):
    console.open("/compte")
    console.add_key("Trousseau")
    console.page.wait_for_selector(".codes li:nth-child(10)")
    code = console.page.inner_text(".codes li:first-child")
    # Another key than the account's.
    console.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": console.key})
    console.plug()
    console.context.clear_cookies()
    console.enter()
    console.page.click("#key")
    says(console, "La clé n’a pas répondu")
    console.page.fill("#code", code)
    console.page.click("#go")
    console.wait(READY)


def test_a_key_taken_away_is_asked_no_more(console):
    console.open("/compte")
    console.add_key("Trousseau")
    console.page.wait_for_selector(".codes li:nth-child(10)")
    console.page.click("text=Retirer la clé")
    says(console, "mot de passe")
    console.page.fill("form:has([data-key=add-key]) input[type=password]", PASSWORD)
    console.page.click("text=Retirer la clé")
    says(console, "Clé retirée")
    console.context.clear_cookies()
    console.enter()
    console.wait(READY)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_of_an_address_says_where_keys_work(chromium, server, session, tmp_path, width):
    page = ConsolePage(chromium, server, tmp_path, session)
    page.page.set_viewport_size({"width": width, "height": 800})
    page.open("/compte")
    assert "localhost" in page.page.inner_text("#content")
    assert violations(page) == []
    assert not page.close()
