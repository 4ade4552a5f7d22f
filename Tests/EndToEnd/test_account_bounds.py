"""What an account may do on the command line and over HTTP in its own organisation: no more than its rights say, nothing that
others share, and nothing that says how far its own power goes."""

import sqlite3

import pytest

import campaigns
import register
from cli import Tocsin
from register import Person
from relay import Relay
from server import PASSWORD, Server
from test_isolation import member

ZONE = ("--circle", "1.1,49.44,20000")


def role(tocsin: Tocsin, name: str, role: str) -> None:
    with sqlite3.connect(tocsin.database, timeout=10) as database:
        database.execute("UPDATE grants SET role = ? WHERE user_id = (SELECT id FROM users WHERE name = ?)", (role, name))


def account(tocsin: Tocsin, name: str, organisation: str, as_role: str = "administrator") -> Tocsin:
    """The executable in the name of an account."""
    tocsin.ok("user", "reset-password", name, "--organisation", organisation)
    role(tocsin, name, as_role)
    return tocsin.with_environment(TOCSIN_USER=name)


@pytest.fixture
def tree(seine_maritime) -> Tocsin:
    """A prefecture, a town below it and a service of the town."""
    tocsin = seine_maritime.tocsin
    tocsin.ok("organisation", "create", "P", "--kind", "prefecture", "--code", "76")
    tocsin.ok("organisation", "create", "V", "--kind", "commune", "--code", "76540", "--under", "P")
    tocsin.ok("organisation", "create", "S", "--kind", "service", "--under", "V")
    return tocsin


@pytest.mark.parametrize("words", [
    ["organisation", "create", "X", "--kind", "service"], ["organisation", "set", "P", "--kind", "prefecture"],
    ["organisation", "move", "V", "--under", "P"], ["organisation", "rename", "P", "Q"],
    ["organisation", "delegate", "P", "--to", "V"], ["organisation", "withdraw", "P", "--from", "V"],
    ["organisation", "delegations", "P"], ["organisation", "export", "P", "archive"],
    ["organisation", "erase", "P", "--confirm", "P"], ["organisation", "contact", "P"], ["organisation", "contact", "P", "--remove"],
    ["inbox", "words", "yes=oui,da"]], ids=" ".join)
def test_an_organisations_own_affairs_need_a_right(tree, words):
    operator = account(tree, "odile", "P", "operator")
    assert "administrator of the organisation" in operator.refused(*words).err
    assert not (tree.folder / "archive").exists()
    operator.ok("organisation", "list"), operator.ok("inbox", "words")


def test_an_archive_needs_the_right_to_see_people_too(tocsin):
    tocsin.ok("role", "save", "intendance", "administer")
    steward = account(tocsin, "odile", "Préfecture", "intendance")
    assert "see_personal_data" in steward.refused("organisation", "export", "Préfecture", "archive").err
    steward.ok("organisation", "delegations", "Préfecture")


def test_its_ground_is_for_those_above_to_say(tree):
    prefect, mayor, agent = account(tree, "anne", "P"), account(tree, "paul", "V"), account(tree, "luc", "S")
    for words in (["organisation", "set", "V", "--kind", "prefecture", "--code", "76"], ["organisation", "set", "V", "--kind", "commune"],
                  ["guards", "territory", "--department", "76"], ["guards", "territory"]):
        assert "organisation above" in mayor.refused(*words).err, words
    assert "organisation above" in agent.refused("guards", "territory", "--department", "76").err
    # What has none of its own is held to that of the town.
    assert agent.ok("organisation", "show", "S").table["territory"] == "of those above"
    ground = mayor.ok("guards", "show").table["territory"]
    assert ground and agent.ok("guards", "show").table["territory"] == ground
    assert "territory" in agent.refused(*campaigns.words("--communes", "76351", channels="sms")).err
    # Those above say it, and who is above nobody's word but their own.
    prefect.ok("guards", "territory", "--communes", "76351", "--organisation", "V")
    assert tree.ok("organisation", "show", "V").table["territory"] == "settled"
    prefect.ok("guards", "territory", "--organisation", "V")
    prefect.ok("organisation", "set", "V", "--kind", "commune", "--code", "76351")
    prefect.ok("organisation", "set", "P", "--kind", "prefecture", "--code", "76")
    assert mayor.refused("guards", "territory", "--department", "76", "--organisation", "P").err \
        == mayor.refused("guards", "territory", "--department", "76", "--organisation", "Z").err.replace("“Z”", "“P”")


def test_its_ground_is_for_those_above_to_say_over_http(tree):
    with Server(tree) as server:
        mayor, prefect = member(tree, server, "V"), member(tree, server, "P")
        own = next(one for one in mayor.get("/api/organisations").json["organisations"] if one["name"] == "V")["id"]
        path = f"/api/organisations/{own}"
        for change in ({"kind": "prefecture", "code": "76"}, {"kind": "commune", "code": "76351"}, {"kind": "commune"}):
            answer = mayor.post(path, change)
            assert (answer.status, answer.code) == (403, "not_permitted"), change
        assert mayor.post(path, {"name": "Ville", "kind": "commune", "code": "76540"}).status < 300
        assert prefect.post(path, {"kind": "commune", "code": "76351"}).status < 300
    assert "Ville\t1\tcommune\t76351\tP" in tree.ok("organisation", "list").lines


def test_nobody_makes_an_organisation_for_ground_beyond_their_own(tree):
    prefect, mayor = account(tree, "anne", "P"), account(tree, "paul", "V")
    beyond = "beyond your organisation's own territory"
    for code in ("76351", "76217"):
        assert beyond in mayor.refused("organisation", "create", "X", "--kind", "commune", "--code", code).err
    assert beyond in mayor.refused("organisation", "create", "X", "--kind", "prefecture", "--code", "76").err
    # Nobody can tell where what is not loaded lies.
    for code in ("80001", "75056"):
        assert "names nothing that is loaded" in prefect.refused("organisation", "create", "X", "--kind", "commune", "--code", code).err
    assert "names nothing" in prefect.refused("organisation", "set", "V", "--kind", "commune", "--code", "80001").err
    assert beyond in mayor.refused("organisation", "set", "S", "--kind", "commune", "--code", "76351").err
    assert beyond in mayor.refused("guards", "territory", "--communes", "76351", "--organisation", "S").err
    mayor.ok("guards", "territory", "--communes", "76540", "--organisation", "S")
    mayor.ok("organisation", "create", "Quartier", "--kind", "commune", "--code", "76540")
    prefect.ok("organisation", "create", "Le Havre", "--kind", "commune", "--code", "76351")
    # The machine's administrator may: of a commune that is not loaded yet, too.
    tree.ok("organisation", "create", "Amiens", "--kind", "commune", "--code", "80021", "--under", "P")
    with Server(tree) as server:
        over = member(tree, server, "V")
        answer = over.post("/api/organisations", {"name": "Y", "kind": "commune", "code": "76351"})
        assert answer.status in (409, 422, 400) and beyond in answer.text, answer.text
        own = next(one for one in over.get("/api/organisations").json["organisations"] if one["name"] == "S")["id"]
        assert beyond in over.post(f"/api/organisations/{own}", {"kind": "commune", "code": "76351"}).text
        # Whoever changes the tree or lends a register shows who they are, and is no program.
        token = over.post("/api/account/tokens", {
            "password": PASSWORD, "name": "x", "capabilities": ["administer"], "days": 1}).json["token"]
        asked = [("POST", "/api/organisations", {"name": "Z", "kind": "service"}), ("POST", f"/api/organisations/{own}", {"name": "Z"}),
                 ("POST", "/api/delegations", {"to": "P"}), ("DELETE", "/api/delegations/1", None)]
        for method, path, body in asked:
            assert server.client().call(method, path, body, Authorization=f"Bearer {token}").code == "not_permitted", path
        with sqlite3.connect(tree.database, timeout=10) as database:
            database.execute("UPDATE sessions SET proved_at = proved_at - 301000")
        for method, path, body in asked:
            assert over.call(method, path, body).code == "proof_required", path
        assert over.get("/api/organisations").status == 200


SHARED = [["import", "communes", "x"], ["import", "cog", "x"], ["import", "addresses", "x"], ["import", "population", "x"],
          ["gateway", "callbacks"], ["mail", "bounces"]]


def test_what_all_organisations_share_is_no_single_ones(tocsin):
    admin = tocsin.with_environment(TOCSIN_USER="admin")
    for words in SHARED:
        assert "all organisations" not in admin.run(*words).err, "there is no other organisation yet"
    tocsin.ok("organisation", "create", "V", "--kind", "commune")
    for words in SHARED:
        assert "machine's administrator" in admin.refused(*words).err, words
        assert "all organisations" not in tocsin.run(*words).err, words


def test_one_account_does_not_do_away_with_the_second_person(tocsin):
    admin = tocsin.with_environment(TOCSIN_USER="admin")
    before = tocsin.ok("guards", "show").out
    for change in ("free_text=warn", "large_audience=none", "large_audience_limit=5001", "break_glass_seconds=179"):
        refused = admin.refused("guards", "set", "register_share_limit=0.5", change)
        assert change.split("=")[0] in refused.err and "machine's administrator" in refused.err
    assert tocsin.ok("guards", "show").out == before
    admin.ok("guards", "set", "free_text=stop", "large_audience_limit=100", "break_glass_seconds=600", "register_share_limit=0.5")
    admin.refused("guards", "set", "large_audience_limit=101")
    tocsin.ok("guards", "set", "free_text=warn", "large_audience_limit=9000", "break_glass_seconds=0")
    # One that is below another never falls back to what was settled there by tightening.
    tocsin.ok("organisation", "create", "V", "--kind", "commune", "--under", "Préfecture")
    mayor = account(tocsin, "paul", "V")
    assert mayor.ok("guards", "show").table["free_text"] == "warn"
    mayor.ok("guards", "set", "free_text=second_person", "large_audience_limit=5000", "break_glass_seconds=180",
             "register_share_limit=0.9")
    table = mayor.ok("guards", "show").table
    assert (table["free_text"], table["large_audience_limit"]) == ("second_person", "5000")


def test_a_report_that_names_people_needs_the_right_to_see_them(tocsin):
    people = [Person(f"R-{number}", 1.1, 49.44, email=f"courriel-{number}@example.org") for number in range(3)]
    tocsin.ok("organisation", "create", "A", "--kind", "commune")
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", people), "--organisation", "A")
    with Relay() as relay:
        tocsin = tocsin.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
        real = [word for word in campaigns.words(*ZONE, channels="email") if word != "--exercise"]
        tocsin.ok(*real, "--organisation", "A", "--accept", "Essai du rapport")
    with Server(tocsin) as server:
        client = member(tocsin, server, "A")
        path = "/api/campaigns/1/report?format="
        assert "R-0" in client.get(path + "csv").text
        role(tocsin, "agent-a", "observer")
        answer = client.get(path + "csv")
        assert (answer.status, answer.code) == (403, "not_permitted") and "R-0" not in answer.text
        for format in ("json", "geojson", "text"):
            answer = client.get(path + format)
            assert answer.status == 200 and "R-0" not in answer.text
        assert client.get("/api/campaigns/987654/report?format=csv").status == 404
    observer = tocsin.with_environment(TOCSIN_USER="agent-a")
    assert "see_personal_data" in observer.refused("campaign", "report", 1, "--format", "csv").err
    assert "R-0" not in observer.ok("campaign", "report", 1, "--format", "json").out
    assert "R-0" in tocsin.ok("campaign", "report", 1, "--format", "csv").out
