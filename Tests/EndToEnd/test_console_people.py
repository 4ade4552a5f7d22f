"""The account's page and the administration, in a real Chromium: an administrator and a second one, a telephone, a PIN."""

import contextlib
import sqlite3

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe

from console_page import READY, ConsolePage
from server import PASSWORD


@pytest.fixture
def console(chromium, server, session, tmp_path):
    page = ConsolePage(chromium, server, tmp_path, session)
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


def violations(console) -> list:
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(console.page).response["violations"]]


def says(console, words: str) -> None:
    console.wait("words => document.getElementById('outcome').textContent.includes(words)", words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_either_page(console, scheme):
    console.page.emulate_media(color_scheme=scheme)
    for path in ("/compte", "/administration"):
        console.open(path)
        assert violations(console) == [], path


def test_an_account_is_made_and_its_right_waits_for_somebody_else(console, world, server):
    console.open("/administration")
    console.page.fill("[data-key=new-name]", "odile")
    console.page.select_option("[data-key=new-role]", "operator")
    console.page.click("[data-key=create-person]")
    says(console, "usage unique de odile")
    says(console, "second administrateur")
    assert console.page.locator("[data-key^=confirm-]").count() == 0, "who asked may confirm"
    number = world.tocsin.ok("grant", "list", "--pending").out.split("\t")[0]
    world.tocsin.ok("grant", "refuse", number)
    # What the machine's administrator asked for, this one may confirm.
    world.tocsin.ok("grant", "add", "odile", "--role", "operator")
    console.open("/administration")
    console.page.click("[data-key^=confirm-]")
    says(console, "le droit vaut")
    assert "launch" in world.tocsin.ok("user", "show", "odile").out


def test_what_another_person_must_decide_cannot_be_pressed_and_says_why(console, world, server):
    """Whoever set somebody's password within the week is no second person beside them: the button says so before the press."""
    world.tocsin.ok("user", "create", "chef", "--role", "administrator")
    number = world.tocsin.ok("grant", "list", "--pending").out.split("\t")[0]
    world.tocsin.with_environment(TOCSIN_USER="admin").ok("grant", "confirm", number)
    with contextlib.closing(sqlite3.connect(world.tocsin.database)) as database, database:
        database.execute("UPDATE users SET reset_by = 'chef', reset_at = unixepoch() * 1000 WHERE name = 'admin'")
    world.tocsin.with_environment(TOCSIN_USER="chef").ok("user", "create", "luc", "--role", "operator")
    console.open("/administration")
    assert "Il faut une autre personne : chef" in console.page.inner_text("#content").replace("\u00a0", " ")
    assert console.page.locator(".closed-action button[disabled]").count() == 1
    assert console.page.locator("[data-key^=confirm-]").count() == 0
    assert violations(console) == []
    with contextlib.closing(sqlite3.connect(world.tocsin.database)) as database, database:
        database.execute("UPDATE users SET reset_at = 0 WHERE name = 'admin'")
    console.open("/administration")
    assert console.page.locator("[data-key^=confirm-]").count() == 1


def test_a_telephone_is_enrolled_and_asked_for_at_the_next_sign_in(console, world, server):
    console.open("/compte")
    console.page.fill("form:has([data-key=begin-codes]) input[type=password]", PASSWORD)
    console.page.click("[data-key=begin-codes]")
    console.page.wait_for_selector("svg.qr path")
    secret = console.page.inner_text(".secret").replace(" ", "")
    assert violations(console) == []
    console.page.fill("[data-key=code]", pyotp.TOTP(secret).now())
    console.page.click("[data-key=confirm-code]")
    console.page.wait_for_selector(".codes li:nth-child(10)")
    code = console.page.inner_text(".codes li:first-child")
    console.context.clear_cookies()
    console.expect_refusal(401)
    console.page.goto(server.url + "/connexion")
    console.sign_in("admin", PASSWORD)
    console.page.wait_for_selector("#code-field:not([hidden])")
    assert violations(console) == []
    console.page.fill("#code", code)
    console.page.click("#go")
    console.wait(READY)
    world.tocsin.ok("user", "reset-factors", "admin")
