"""People and rights as administrators meet them: the command line, the JSON routes, and an outsider with each role."""

import contextlib
import re
import sqlite3
import time

import pyotp
import pytest

from server import PASSWORD, Client, Server

CAPABILITIES = {
    "administrator": {"prepare", "launch", "approve", "edit_register", "see_personal_data", "statistics", "administer"},
    "manager": {"prepare", "launch", "approve", "see_personal_data", "statistics"},
    "operator": {"prepare", "launch", "see_personal_data", "statistics"},
    "registrar": {"edit_register", "see_personal_data"},
    "observer": {"statistics"},
}
SECOND = "vélo bleu sous la pluie"


def confirmed(tocsin, number: str) -> None:
    """Another login of the machine is another person."""
    tocsin.with_environment(TOCSIN_USER="admin").ok("grant", "confirm", number)


def account(tocsin, server: Server, name: str, role: str) -> Client:
    """An account made by the machine's administrator, its role confirmed by admin, signed in with its own password."""
    first = re.search(r"^one-time password: (\S+)$", tocsin.ok("user", "create", name, "--role", role).out, re.MULTILINE)[1]
    for line in tocsin.ok("grant", "list", "--pending").lines:
        if line.split("\t")[2] == name:
            confirmed(tocsin, line.split("\t")[0])
    client = server.client()
    assert client.sign_in(first, name).status == 200
    assert client.post("/api/password", {"current": first, "new": SECOND}).status == 204
    return client


@pytest.fixture
def house(tocsin):
    """A server, and admin signed in with a password of their own."""
    with Server(tocsin) as server:
        server.signed_in()
        admin = server.client()
        assert admin.sign_in(PASSWORD).status == 200
        yield tocsin, server, admin


def test_launching_takes_two_administrators_on_the_command_line(tocsin):
    tocsin.ok("user", "create", "odile", "--role", "observer")
    number, state = tocsin.ok("grant", "add", "odile", "--role", "operator").out.split()
    assert state == "pending"
    assert "launch" not in tocsin.ok("user", "show", "odile").out
    refused = tocsin.refused("grant", "confirm", number)
    assert "second person" in refused.err
    confirmed(tocsin, number)
    assert "launch" in tocsin.ok("user", "show", "odile").out
    tocsin.ok("grant", "withdraw", number)
    assert "launch" not in tocsin.ok("user", "show", "odile").out
    journal = tocsin.ok("journal").out
    for action in ("grant.request", "grant.confirm", "grant.withdraw"):
        assert action in journal
    tocsin.ok("journal", "verify")


def test_a_command_acts_with_the_rights_of_the_account_it_names(tocsin):
    tocsin.ok("user", "create", "odile", "--role", "observer")
    odile = tocsin.with_environment(TOCSIN_USER="odile")
    odile.ok("list")
    for words in (["user", "list"], ["journal"], ["register", "search", "x"], ["perimeter", "delete", "x"], ["serve"]):
        assert "administrator of the organisation" in odile.refused(*words).err, words
    assert "no such account" in tocsin.with_environment(TOCSIN_USER="odlie").refused("list").err
    tocsin.ok("user", "close", "odile")
    assert "no such account" in odile.refused("list").err


def test_the_last_administrator_stays(tocsin):
    assert "without any lasting administrator" in tocsin.refused("user", "close", "admin").err
    own = next(line.split("\t")[0] for line in tocsin.ok("grant", "list").lines if "\tadmin\t" in line)
    assert "without any lasting administrator" in tocsin.refused("grant", "withdraw", own).err


def test_duty_groups_and_roles(tocsin):
    tocsin.ok("user", "create", "odile", "--role", "observer")
    tocsin.ok("role", "save", "accueil", "edit_register", "see-personal-data")
    assert "accueil\town\tedit_register see_personal_data" in tocsin.ok("role", "list").out
    tocsin.ok("group", "create", "Accueil de nuit")
    assert tocsin.ok("grant", "add", "Accueil de nuit", "--to-group", "--role", "accueil").out.endswith("active\n")
    tocsin.ok("grant", "add", "odile", "--in-group", "Accueil de nuit")
    assert "edit_register" in tocsin.ok("user", "show", "odile").out
    tocsin.ok("group", "remove", "Accueil de nuit")
    assert "edit_register" not in tocsin.ok("user", "show", "odile").out
    number, state = tocsin.ok(
        "duty", "add", "odile", "--role", "operator", "--from", "2030-01-01T08:00:00Z", "--until", "2030-01-08T08:00:00Z").out.split()
    assert state == "pending" and tocsin.ok("duty", "now", "--at", "2030-01-02T00:00:00Z").out == ""
    confirmed(tocsin, number)
    assert tocsin.ok("duty", "now", "--at", "2030-01-02T00:00:00Z").out.startswith("odile\toperator\t2030-01-08")
    assert tocsin.ok("duty", "now", "--at", "2030-01-08T08:00:00Z").out == tocsin.ok("duty", "now").out == ""


@pytest.mark.parametrize("role", CAPABILITIES)
def test_an_account_has_what_its_role_says_and_no_route_more(house, role):
    tocsin, server, _ = house
    client = account(tocsin, server, f"une-{role}", role)
    session = client.get("/api/session").json
    assert set(session["capabilities"]) == CAPABILITIES[role]
    asked = {
        "statistics": ("GET", "/api/campaigns"), "prepare": ("DELETE", "/api/perimeters/999"),
        "launch": ("POST", "/api/campaigns/999/stop"), "administer": ("GET", "/api/people"),
    }
    for capability, (method, path) in asked.items():
        answer = client.call(method, path)
        if capability in CAPABILITIES[role]:
            assert answer.status in (200, 404), path
        else:
            assert (answer.status, answer.code) == (403, "not_permitted"), path


def test_a_right_that_is_withdrawn_ends_an_open_stream_within_a_second(house):
    tocsin, server, admin = house
    client = account(tocsin, server, "odile", "operator")
    grant = next(line.split("\t")[0] for line in tocsin.ok("grant", "list").lines if "\todile\t" in line)
    people = admin.get("/api/people").json
    assert next(person for person in people["people"] if person["name"] == "odile")["capabilities"] == [
        "prepare", "launch", "see_personal_data", "statistics"]
    assert client.get("/api/campaigns").status == 200
    assert admin.post(f"/api/grants/{grant}/withdraw").status == 200
    began = time.monotonic()
    assert client.get("/api/campaigns").code == "not_permitted"
    assert time.monotonic() - began < 5


def test_a_second_factor_is_asked_for_checked_once_and_recovered(house):
    tocsin, server, admin = house
    enrolment = admin.post("/api/account/codes", {"password": PASSWORD}).json
    assert admin.post("/api/account/codes", {"password": "wrong"}).code == "wrong_password"
    totp = pyotp.parse_uri(enrolment["address"])
    assert totp.secret == enrolment["secret"] and totp.digits == 6 and totp.interval == 30
    recovery = admin.post("/api/account/codes/confirm", {"code": totp.now()}).json["recovery"]
    assert len(set(recovery)) == 10

    def sign_in(**more):
        return server.client().post("/api/session", {"user": "admin", "password": PASSWORD, **more})

    assert (sign_in().status, sign_in().code) == (401, "second_factor_needed")
    assert sign_in(code="000000").code == "bad_credentials"
    # The code that enrolled has served; the next one opens, once.
    later = totp.at(int(time.time()) + 30)
    assert sign_in(code=later).status == 200
    assert sign_in(code=later).code == "bad_credentials"
    assert sign_in(code=recovery[0]).status == 200
    assert sign_in(code=recovery[0]).code == "bad_credentials"
    # With a wrong password nothing tells that there is a second factor.
    assert server.client().post("/api/session", {"user": "admin", "password": "x" * 14}).code == "bad_credentials"
    tocsin.ok("user", "reset-factors", "admin")
    assert sign_in().status == 200


def test_an_organisation_that_asks_for_a_second_factor_lets_nobody_go_on_without(house):
    tocsin, server, admin = house
    tocsin.ok("user", "second-factor", "required")
    assert admin.get("/api/campaigns").code == "second_factor_required"
    assert admin.get("/api/session").json["mustEnrol"]
    enrolment = admin.post("/api/account/codes", {"password": PASSWORD}).json
    admin.post("/api/account/codes/confirm", {"code": pyotp.TOTP(enrolment["secret"]).now()})
    assert admin.get("/api/campaigns").status == 200


def test_a_duty_session_lasts_a_week_and_proves_who_sits_there_before_a_launch(house):
    tocsin, server, admin = house
    declared = admin.post("/api/stations", {"name": "PC de crise"})
    station = declared.headers["set-cookie"].split(";")[0]
    assert station.startswith("tocsin_station=") and "HttpOnly" in declared.headers["set-cookie"]
    assert admin.post("/api/account/pin", {"password": PASSWORD, "pin": "123456"}).code == "weak_password"
    assert admin.post("/api/account/pin", {"password": PASSWORD, "pin": "481596"}).status == 204
    long = {"user": "admin", "password": PASSWORD, "long": True}
    assert "Max-Age=43200" in server.client().post("/api/session", long).headers["set-cookie"], "a week at any desk"
    client = server.client()
    answer = client.post("/api/session", long, Cookie=station)
    assert "Max-Age=604800" in answer.headers["set-cookie"] and answer.json["kind"] == "duty"
    client.cookie, client.csrf = answer.headers["set-cookie"].split(";")[0], answer.json["csrf"]
    # Freshly signed in counts as a proof; five minutes later it does not.
    assert client.post("/api/campaigns/999/resume").status == 404
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database, database:
        database.execute("UPDATE sessions SET proved_at = proved_at - 301000 WHERE kind = 'duty'")
    assert client.post("/api/campaigns/999/resume").code == "proof_required"
    assert client.post("/api/campaigns/999/stop").status == 404, "nothing hinders stopping"
    assert client.post("/api/session/proof", {"pin": "111222"}).code == "wrong_proof"
    assert client.post("/api/session/proof", {"pin": "481596"}).status == 204
    assert client.post("/api/campaigns/999/resume").status == 404
    identifier = admin.get("/api/people").json["stations"][0]["id"]
    assert admin.call("DELETE", f"/api/stations/{identifier}").status == 200
    assert client.get("/api/session").status == 401


def test_a_token_has_its_scope_needs_no_cookie_and_ends_at_once(house):
    tocsin, server, admin = house
    made = admin.post("/api/account/tokens", {
        "password": PASSWORD, "name": "tableau de bord", "capabilities": ["statistics"], "days": 30})
    token = made.json["token"]
    program = server.client()

    def call(method, path, sent=token):
        return program.call(method, path, Authorization=f"Bearer {sent}")

    assert call("GET", "/api/campaigns").status == 200
    assert call("POST", "/api/campaigns/1/stop").code == "not_permitted"
    for method, path in [("GET", "/api/account"), ("DELETE", "/api/session"), ("GET", "/api/people")]:
        assert call(method, path).code == "not_permitted", path
    for forged in (token + "x", token[:-1], "tocsin_", "", token.upper()):
        assert call("GET", "/api/campaigns", forged).status == 401
    # A bad token is not rescued by a good cookie.
    assert admin.call("GET", "/api/campaigns", Authorization="Bearer tocsin_x").status == 401
    assert token not in tocsin.database.read_bytes().decode("latin-1")
    number = tocsin.ok("token", "list").out.split("\t")[0]
    tocsin.ok("token", "revoke", number)
    assert call("GET", "/api/campaigns").status == 401


def test_managing_people_takes_a_person_who_has_just_shown_who_they_are(house):
    tocsin, server, admin = house
    made = admin.post("/api/account/tokens", {
        "password": PASSWORD, "name": "programme", "capabilities": ["administer", "statistics"], "days": 1})
    program = server.client()
    bearer = {"Authorization": f"Bearer {made.json['token']}"}
    assert program.call("GET", "/api/people", **bearer).status == 200
    for method, path, body in [
        ("POST", "/api/groups", {"name": "x"}), ("POST", "/api/people/1/reset-password", {}), ("POST", "/api/grants/1/withdraw", {}),
        ("POST", "/api/people", {"name": "x", "role": "observer"}), ("POST", "/api/people/policy", {"required": False}),
    ]:
        assert program.call(method, path, body, **bearer).code == "not_permitted", path
    assert admin.post("/api/groups", {"name": "Juste après"}).status == 200, "asked again right after signing in"
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database, database:
        database.execute("UPDATE sessions SET proved_at = proved_at - 301000")
    assert admin.post("/api/groups", {"name": "Plus tard"}).code == "proof_required"
    assert admin.get("/api/people").status == 200
    assert admin.post("/api/session/proof", {"password": PASSWORD}).status == 204
    assert admin.post("/api/groups", {"name": "Plus tard"}).status == 200
    own = next(person for person in admin.get("/api/people").json["people"] if person["name"] == "admin")["id"]
    for what in ("reset-password", "reset-factors"):
        assert admin.post(f"/api/people/{own}/{what}").status >= 400, what
    assert admin.get("/api/session").status == 200
    tocsin.ok("user", "reset-password", "admin")
    assert program.call("GET", "/api/people", **bearer).status == 401, "a reset left a token open"


def test_a_page_is_told_whose_requests_it_may_not_decide(house):
    """Whoever reset somebody's password may sign in as them: they are not two persons, and the page says so before the press."""
    tocsin, server, admin = house
    assert admin.get("/api/session").json["hands"] == []
    second = account(tocsin, server, "paule", "administrator")
    assert second.get("/api/session").json["hands"] == [], "the machine's administrator is no account"
    number = next(one["id"] for one in admin.get("/api/people").json["people"] if one["name"] == "paule")
    once = admin.post(f"/api/people/{number}/reset-password").json["password"]
    assert second.sign_in(once, "paule").status == 200
    assert second.post("/api/password", {"current": once, "new": SECOND + " encore"}).status == 204
    assert second.sign_in(SECOND + " encore", "paule").status == 200
    hands = second.get("/api/session").json["hands"]
    assert [hand["user"] for hand in hands] == ["admin"]
    # As the server judges: what admin asks for, paule may not confirm.
    person = admin.post("/api/people", {"name": "luc", "role": "operator"}).json
    grant = next(one["id"] for one in admin.get("/api/people").json["grants"] if one["beneficiary"] == "luc")
    assert person["state"] == "pending" and second.post(f"/api/grants/{grant}/confirm").code == "second_administrator_needed"
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database, database:
        database.execute("UPDATE users SET reset_at = reset_at - 7 * 86400000 - 1000 WHERE name = 'paule'")
    assert second.get("/api/session").json["hands"] == []
    assert second.post(f"/api/grants/{grant}/confirm").status == 200


def test_an_administrator_above_has_no_way_into_a_register_below(tocsin):
    tocsin.ok("organisation", "create", "La préfecture", "--kind", "prefecture")
    tocsin.ok("organisation", "create", "La ville", "--kind", "commune", "--under", "La préfecture")
    for name, owner in (("prefet", "La préfecture"), ("maire", "La ville")):
        tocsin.ok("user", "reset-password", name, "--organisation", owner)
    prefect = tocsin.with_environment(TOCSIN_USER="prefet")
    for words in (
        ("user", "create", "espion", "--role", "registrar"), ("user", "reset-factors", "maire"),
        ("token", "create", "maire", "see_personal_data", "--name", "x"), ("grant", "add", "maire", "--role", "registrar"),
    ):
        prefect.refused(*words, "--organisation", "La ville")
    assert "own administrators" in prefect.refused("user", "reset-password", "maire").err
    assert "nobody resets their own" in prefect.refused("user", "reset-password", "prefet").err
    assert tocsin.ok("user", "list", "--organisation", "La ville").lines == [
        "maire\topen\tprepare launch approve edit_register see_personal_data statistics administer"]


def test_another_sessions_csrf_token_is_nobodys(house):
    _, server, admin = house
    other = server.client()
    assert other.sign_in(PASSWORD).status == 200
    assert admin.call("POST", "/api/groups", {"name": "x"}, X_Tocsin_CSRF=other.csrf).code == "csrf_token"


def test_an_address_that_tries_many_names_waits_and_the_answers_tell_nothing(house):
    _, server, _ = house
    stranger = server.client()
    answers = [stranger.post("/api/session", {"user": f"nom{number}", "password": "x" * 12}) for number in range(42)]
    assert {answer.code for answer in answers[:40]} == {"bad_credentials"}
    assert answers[-1].code == "too_many_attempts"


def test_weak_passwords_are_refused(house):
    _, _, admin = house
    for weak in ("motdepasse2026", "azertyuiop123", "admin-admin-admin"):
        assert admin.post("/api/password", {"current": PASSWORD, "new": weak}).code == "weak_password", weak
