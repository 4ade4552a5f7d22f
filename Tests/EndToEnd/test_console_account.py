"""Signing in, choosing a password, and what the server refuses to strangers and to other sites' pages."""

import re

import pytest

from console_page import READY, ConsolePage
from console_server import ConsoleServer
from server import PASSWORD, Client
from test_console_access import violations

CHOSEN = "crue de la Somme 2001"
POLICY = ["default-src 'self'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "object-src 'none'",
          "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]
READS = ["session", "config", "communes?q=ab", "communes/at?lon=2.3&lat=49.9", "coverage/communes", "perimeters",
         "lists", "campaigns", "campaigns/1", "campaigns/1/events", "campaigns/1/report?format=json"]
WRITES = ["zone/counts", "zone/coverage", "cells", "perimeters", "perimeters/read", "message/measure",
          "campaigns/preview", "campaigns", "campaigns/1/pause", "campaigns/1/stop", "password"]


@pytest.fixture
def console(chromium, server, tmp_path):
    """Nobody is signed in."""
    page = ConsolePage(chromium, server, tmp_path)
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def visitor(server) -> Client:
    """With a session of their own, which may be ended."""
    visitor = server.client()
    assert visitor.sign_in(PASSWORD).status == 200
    return visitor


@pytest.fixture
def installation(chromium, bare, tmp_path):
    """One just made, with no commune and nobody in it: its one-time password, its server, and a page on it."""
    first = re.search(r"^one-time password: (\S+)$", bare.ok("init").out, re.MULTILINE)[1]
    server = ConsoleServer(bare).start()
    page = ConsolePage(chromium, server, tmp_path)
    yield first, server, page
    faults = page.close()
    server.stop()
    assert not faults, "\n".join(faults)


def test_the_one_time_password_opens_only_the_choice_of_a_password(installation, bare):
    first, server, console = installation
    assert first not in bare.ok("journal").out
    console.expect_refusal(401, 403, 422)
    console.page.goto(server.url + "/")
    assert console.page.url.startswith(server.url + "/connexion")
    console.sign_in("admin", first)
    console.page.wait_for_url("**/mot-de-passe")
    for path in READS[1:]:
        answer = console.page.request.get(f"{server.url}/api/{path}")
        assert answer.status == 403 and answer.json()["error"]["code"] == "password_change_required", path
    console.page.goto(server.url + "/")
    console.page.wait_for_url("**/mot-de-passe")

    def choose(current, new, again=None):
        for field, value in (("#current", current), ("#fresh", new), ("#again", again or new)):
            console.page.fill(field, value)
        console.page.click("button[type=submit]")

    console.page.wait_for_selector("#who:not(:empty)")
    for attempt, words in [((first, "court"), "au moins 12"), ((first, CHOSEN, CHOSEN + "!"), "diffèrent"),
                           ((first, first), "mot de passe"), (("autre", CHOSEN), "actuel")]:
        choose(*attempt)
        console.wait("words => document.getElementById('outcome').textContent.includes(words)", words)
        assert console.page.url.endswith("/mot-de-passe")
    choose(first, CHOSEN)
    console.wait(READY)
    assert console.state["config"]["recipients"]["count"] == 0
    assert server.client().sign_in(first).status == 401, "the one-time password served twice"

    console.page.click("#user-name")
    console.page.click("text=Se déconnecter")
    console.page.wait_for_url("**/connexion")
    console.page.goto(server.url + "/")
    assert "/connexion" in console.page.url


def test_a_wrong_password_is_refused_without_saying_whether_the_user_exists(console, server):
    console.expect_refusal(401)
    console.page.goto(server.url + "/connexion")
    said = []
    for user in ("admin", "personne"):
        console.sign_in(user, "un mot de passe quelconque")
        said.append(console.page.wait_for_selector("#outcome [role=alert]").inner_text())
        assert console.page.url == server.url + "/connexion"
        assert console.context.cookies() == []
        console.page.reload()
    assert "Identifiant ou mot de passe incorrect." in said[0] and said[0] == said[1]


def test_guessing_is_slowed(server):
    visitor = server.client()
    statuses = [visitor.sign_in(f"essai numéro {number}", "devineur").status for number in range(8)]
    assert statuses[:5] == [401] * 5 and 429 in statuses[5:]
    assert server.client().sign_in(PASSWORD).status == 200, "someone else's guesses shut the administrator out"


def test_the_session_cookie_is_out_of_reach(server):
    attributes = {part.strip() for part in server.client().sign_in(PASSWORD).headers["set-cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= attributes


def test_a_stranger_gets_nothing(server):
    stranger = server.client()
    for path in READS:
        answer = stranger.call("GET", f"/api/{path}")
        assert (answer.status, answer.code) == (401, "session_required"), path
    for path in WRITES:
        answer = stranger.call("POST", f"/api/{path}", {})
        assert (answer.status, answer.code) == (401, "session_required"), path
    assert stranger.call("GET", "/tiles/communes/8/129/87.mvt").status == 401
    home = stranger.call("GET", "/")
    assert (home.status, home.headers["location"]) == (302, "/connexion")


def test_a_session_ends_when_one_signs_out(visitor):
    cookie = visitor.cookie
    assert visitor.call("DELETE", "/api/session").status == 204
    visitor.cookie = cookie
    assert visitor.call("GET", "/api/config").status == 401


def test_a_forged_request_is_refused(visitor):
    """With the operator's cookie, as another site's page would send it."""
    own = f"http://127.0.0.1:{visitor.port}"
    for path in WRITES:
        answer = visitor.call("POST", f"/api/{path}", {}, X_Tocsin_CSRF=None)
        assert (answer.status, answer.code) == (403, "csrf_token"), path
        answer = visitor.call("POST", f"/api/{path}", {}, X_Tocsin_CSRF="0" * len(visitor.csrf))
        assert (answer.status, answer.code) == (403, "csrf_token"), path
        for headers in ({"Origin": "http://ailleurs.example"}, {"Origin": "null"}, {"Origin": own.replace("http", "https")},
                        {"Origin": f"http://127.0.0.1:{visitor.port + 1}"}, {"Sec_Fetch_Site": "cross-site"},
                        {"Sec_Fetch_Site": "same-site"}):
            answer = visitor.call("POST", f"/api/{path}", {}, **headers)
            assert (answer.status, answer.code) == (403, "foreign_origin"), (path, headers)
    assert visitor.call("DELETE", "/api/session", X_Tocsin_CSRF=None).status == 403
    zone = {"zone": {"type": "department", "code": "80"}}
    assert visitor.call("POST", "/api/zone/counts", zone, Origin=own, Sec_Fetch_Site="same-origin").status == 200


def test_another_name_for_this_address_is_refused(visitor):
    """A page elsewhere that makes its own name point here gets nothing."""
    for name in ("ailleurs.example", f"ailleurs.example:{visitor.port}", "127.0.0.1.ailleurs.example", "", "localhost@x"):
        for path in ("/", "/connexion", "/api/session", "/static/js/console.js"):
            answer = visitor.call("GET", path, Host=name)
            assert (answer.status, answer.code) == (403, "host_refused"), (name, path)
    assert visitor.call("GET", "/api/session", Host=f"localhost:{visitor.port}").status == 200


def test_every_answer_carries_the_policy(visitor):
    for path in ("/", "/connexion", "/mot-de-passe", "/static/js/console.js", "/api/config", "/api/nowhere", "/nowhere",
                 "/static/../Package.swift", "/static/%2e%2e/index.html", "/vendor/ol-10.9.0/ol.js"):
        answer = visitor.call("GET", path)
        policy = answer.headers["content-security-policy"]
        assert all(part in policy for part in POLICY) and "unsafe" not in policy, (path, policy)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert ".." not in path and "%2e" not in path or answer.status in (400, 404), path


def test_english_when_asked_for(console, server):
    console.expect_refusal(401)
    console.page.goto(server.url + "/connexion?lang=en")
    assert console.page.get_attribute("html", "lang") == "en"
    assert console.text("h1") == "Sign in"
    console.sign_in("admin", "wrong password")
    assert "password" in console.page.wait_for_selector("#outcome [role=alert]").inner_text()
    console.sign_in("admin", PASSWORD)
    console.wait(READY)
    assert console.page.get_attribute("html", "lang") == "en"
    console.circle("49.894, 2.295", "5")
    console.counted(1)
    assert "recipients" in console.text("#audience") and "destinataires" not in console.text("body")
    console.page.goto(server.url + "/?lang=fr")
    console.wait(READY)
    assert console.page.get_attribute("html", "lang") == "fr" and "destinataires" in console.text("#audience")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_the_account(console, server, session, scheme):
    console.expect_refusal(401)
    console.page.emulate_media(color_scheme=scheme)
    console.page.goto(server.url + "/connexion")
    console.sign_in("admin", "faux")
    console.page.wait_for_selector("#outcome [role=alert]")
    assert violations(console) == []
    console.context.add_cookies(session["cookies"])
    console.page.goto(server.url + "/mot-de-passe")
    console.page.wait_for_selector("#who:not(:empty)")
    assert violations(console) == []
