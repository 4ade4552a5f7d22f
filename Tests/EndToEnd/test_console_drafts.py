"""Drafts on the server: two people prepare one campaign, a machine or the server goes away, and nothing is lost or sent twice."""

import contextlib
import json
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe

from console_page import ConsolePage
from server import PASSWORD, Client

# Where something can be launched without a gateway.
MODE = "exercise"
KEPT = "() => window.tocsin.state.sync.status === 'kept'"
ITEMS = "count => window.tocsin.state.draft.items.length === count"


def confirmed(world, user: str, *options: str) -> None:
    """Another account, whose right the machine's administrator asked for and the console's confirms."""
    world.tocsin.ok("user", "create", user, "--role", "operator", *options)
    for line in world.tocsin.ok("grant", "list", "--pending").out.splitlines():
        world.tocsin.with_environment(TOCSIN_USER="admin").ok("grant", "confirm", line.split("\t")[0])


@pytest.fixture(scope="module")
def odile(world, server) -> Client:
    confirmed(world, "odile")
    return server.trainee("odile")


@contextlib.contextmanager
def page_of(chromium, server, client: Client, folder):
    name, value = client.cookie.split("=", 1)
    cookie = {"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True,
              "secure": False, "sameSite": "Strict"}
    folder.mkdir()
    page = ConsolePage(chromium, server, folder, {"cookies": [cookie], "origins": []})
    page.open()
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def other(chromium, server, odile, tmp_path):
    """Odile's page, on another machine."""
    with page_of(chromium, server, odile, tmp_path / "odile") as page:
        yield page


@pytest.fixture(autouse=True)
def tidy(visitor):
    """No test finds the drafts of another."""
    yield
    for draft in visitor.get("/api/drafts").json["drafts"]:
        visitor.call("DELETE", f"/api/drafts/{draft['key']}")


def started(console, subject: str = "Crue") -> str:
    """A draft that the server has; its key."""
    console.circle("Amiens", "5")
    console.step("message")
    console.page.fill("#subject", subject)
    console.wait("subject => { const { sync, draft } = window.tocsin.state;"
                 " return sync.status === 'kept' && draft.message.subject === subject }", subject)
    console.wait("() => document.querySelector('.draft-status')?.textContent.includes('Brouillon enregistré')")
    return console.state["draft"]["requestKey"]


def opened(page, key: str) -> None:
    page.wait("key => document.querySelector(`[data-key='open-${key}']`)", key)
    page.page.click(f"[data-key='open-{key}']")
    page.wait("key => window.tocsin.state.draft.requestKey === key", key)


def test_a_draft_is_found_again_on_another_machine_as_it_was(console, chromium, server, session, tmp_path):
    key = started(console, "Crue de la Somme")
    zone = console.zone
    (tmp_path / "second").mkdir()
    second = ConsolePage(chromium, server, tmp_path / "second", session)
    second.open()
    second.wait("() => document.getElementById('draft-list').innerText.includes('Crue de la Somme')")
    opened(second, key)
    assert second.zone == zone
    assert second.state["draft"]["message"]["subject"] == "Crue de la Somme"
    # The same person on two pages is told so on both.
    for page in (console, second):
        page.wait("() => document.querySelector('.draft-people')?.textContent.includes('autre page')")
    assert not second.close()


def test_two_people_on_one_draft_see_each_other_and_each_other_s_changes(console, other):
    key = started(console)
    opened(other, key)
    console.wait("() => document.querySelector('.draft-people')?.textContent.includes('odile')")
    other.wait("() => document.querySelector('.draft-people')?.textContent.includes('admin')")
    other.circle("Abbeville", "3")
    console.wait(ITEMS, 2)
    console.wait("() => document.querySelector('.draft-bar').textContent.includes('odile vient de changer ce brouillon')")
    assert "la zone" in console.text("#draft-bar")
    console.page.fill("#subject", "Crue : évacuez")
    other.wait("() => document.getElementById('subject').value === 'Crue : évacuez'")
    assert console.zone == other.zone


def test_both_change_at_once_and_both_changes_are_there_or_it_is_said(console, other):
    console.expect_refusal(409)
    other.expect_refusal(409)
    key = started(console)
    opened(other, key)
    other.step("message")
    # Both are cut off from what the other does, and go on.
    for page, text in ((console, "Texte de la mairie"), (other, "Texte d’Odile")):
        page.page.context.set_offline(True)
        page.expect_cut()
        page.page.fill("#text", text)
    console.page.fill("#subject", "Objet de la mairie")
    console.wait("() => window.tocsin.state.sync.status === 'tab'")
    other.wait("() => window.tocsin.state.sync.status === 'tab'")
    assert "dans cet onglet seulement" in console.text("#draft-bar")
    console.page.context.set_offline(False)
    console.wait(KEPT)
    other.page.context.set_offline(False)
    other.wait("() => window.tocsin.state.draft.message.subject === 'Objet de la mairie'")
    other.wait("() => document.querySelector('.draft-bar').textContent.includes('a changé la même chose avant vous')")
    assert other.state["draft"]["message"]["text"] == "Texte de la mairie"
    other.page.click("text=Remettre ma version")
    console.wait("() => window.tocsin.state.draft.message.text === 'Texte d’Odile'")


def saved(console, visitor, key: str, text: str) -> dict:
    """The draft that the server has, once it has a text."""
    console.wait("text => { const { sync, draft } = window.tocsin.state;"
                 " return sync.status === 'kept' && draft.message.text === text }", text)
    draft = visitor.get(f"/api/drafts/{key}").json
    assert draft["document"]["message"]["text"] == text
    return draft


def test_a_save_under_way_while_the_page_is_reloaded_is_no_change_by_another(console, visitor):
    key = started(console)
    before = visitor.get(f"/api/drafts/{key}").json["version"]
    held = []
    console.page.route(f"**/api/drafts/{key}", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    console.page.fill("#text", "Évacuez")
    console.wait("() => window.tocsin.state.sync.status === 'saving'")
    while not held:
        console.page.wait_for_timeout(10)
    console.page.unroute_all()
    console.reload()
    assert saved(console, visitor, key, "Évacuez")["version"] == before + 1
    # What was under way arrives after its repetition.
    late = visitor.post(f"/api/drafts/{key}", held[0].request.post_data_json)
    assert (late.status, late.json) == (200, {"version": before + 1})
    with console.page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith(key)):
        console.page.fill("#text", "Évacuez vers la mairie")
    assert saved(console, visitor, key, "Évacuez vers la mairie")["version"] == before + 2
    assert not console.page.query_selector(".draft-bar .notice")


def test_an_answer_that_was_lost_is_no_change_by_another(console, visitor):
    console.expect_cut()
    key = started(console)
    before = visitor.get(f"/api/drafts/{key}").json["version"]

    lost = []

    def lose_the_first(route) -> None:
        if lost or route.request.method != "POST":
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    console.page.route(f"**/api/drafts/{key}", lose_the_first)
    console.page.fill("#text", "Évacuez")
    console.wait("() => window.tocsin.state.sync.status === 'tab'")
    console.page.fill("#text", "Évacuez vers la mairie")
    assert saved(console, visitor, key, "Évacuez vers la mairie")["version"] == before + 2
    assert not console.page.query_selector(".draft-bar .notice")


def test_a_save_that_is_answered_during_the_launch_asks_for_nothing_of_what_is_gone(console):
    """The first save's answer opens the draft's stream, and the launch takes the draft away: a page that did both would be told 404."""
    saves, launches = [], []

    def keep(answered: list):
        return lambda route: answered.append((route, route.fetch())) if route.request.method == "POST" else route.continue_()

    def until(answered: list) -> None:
        while not answered:
            console.page.wait_for_timeout(10)

    console.page.route("**/api/drafts/*", keep(saves))
    console.circle("Amiens", "5")
    number = console.prepare()
    until(saves)
    console.page.route("**/api/campaigns", keep(launches))
    console.page.fill("#confirmation", str(number))
    console.page.click(".button-launch")
    until(launches)
    key = console.state["draft"]["requestKey"]
    # The server has the campaign and no draft any more; only now does the page hear of either.
    streams = len([asked for asked in console.requests if asked.endswith(f"/{key}/events")])
    for route, answer in saves:
        route.fulfill(response=answer)
    console.wait("() => window.tocsin.state.sync.status === 'kept'")
    for route, answer in launches:
        route.fulfill(response=answer)
    console.followed()
    assert len([asked for asked in console.requests if asked.endswith(f"/{key}/events")]) == streams == 0


def test_a_killed_server_loses_no_draft(console, server, visitor):
    console.expect_cut()
    key = started(console)
    server.kill()
    console.page.fill("#text", "Pendant la coupure")
    console.wait("() => window.tocsin.state.sync.status === 'tab'")
    server.start()
    console.wait(KEPT, seconds=30)
    document = visitor.get(f"/api/drafts/{key}").json["document"]
    assert document["message"]["text"] == "Pendant la coupure"
    # What was on the server and in the tab is the same after a reload too.
    console.reload()
    assert console.state["draft"]["message"]["text"] == "Pendant la coupure"
    assert console.state["draft"]["requestKey"] == key


def test_what_was_launched_is_no_draft_and_whoever_has_it_open_is_told(console, other, visitor):
    other.expect_refusal(404)
    console.circle("Amiens", "5")
    number = console.prepare()
    console.wait(KEPT)
    key = console.state["draft"]["requestKey"]
    opened(other, key)
    console.launch(number)
    other.wait("() => document.querySelector('.draft-bar').textContent.includes('admin a lancé cette campagne')")
    assert other.state["sync"]["status"] == "gone"
    assert visitor.get("/api/drafts").json == {"drafts": []}
    # What the other page still shows is not kept under that name again, nor sent a second time.
    refused = visitor.post(f"/api/drafts/{key}", {"base": 0, "name": "x", "document": "{}"})
    assert (refused.status, refused.code) == (409, "draft_gone")
    campaigns = len(visitor.get("/api/campaigns").json["campaigns"])
    number = other.prepare()
    other.page.fill("#confirmation", str(number))
    other.page.click(".button-launch")
    other.page.wait_for_selector("[data-key=as-new]")
    assert len(visitor.get("/api/campaigns").json["campaigns"]) == campaigns
    # Whoever does mean another one goes on under another key.
    other.page.click("[data-key=as-new]")
    other.wait("key => window.tocsin.state.draft.requestKey !== key && window.tocsin.state.review.status === 'ok'", key)
    other.step("launch")
    other.launch(other.number(".launch-number"))
    assert len(visitor.get("/api/campaigns").json["campaigns"]) == campaigns + 1


def test_one_that_is_thrown_away_goes_for_everyone_and_may_be_kept(console, other, visitor):
    other.expect_refusal(404)
    key = started(console)
    opened(other, key)
    console.page.click("#draft-list summary")
    console.page.click(f"[data-key='remove-{key}']")
    console.page.click("[data-confirm]")
    console.wait("key => window.tocsin.state.draft.requestKey !== key", key)
    other.wait("() => document.querySelector('.draft-bar').textContent.includes('admin a retiré ce brouillon')")
    assert visitor.get(f"/api/drafts/{key}").status == 404
    other.page.click("text=Garder quand même")
    other.wait(KEPT)
    assert visitor.get(f"/api/drafts/{key}").status == 200


def test_another_organisation_s_draft_and_the_other_mode_s_are_not_there(world, server, visitor):
    world.tocsin.ok("organisation", "create", "Ailleurs", "--kind", "service")
    world.tocsin.ok("user", "create", "paul", "--role", "operator", "--organisation", "Ailleurs")
    real = Client(server.port)
    assert real.sign_in(PASSWORD).status == 200
    key = str(uuid.uuid4())
    document = json.dumps({"items": []})
    assert visitor.post(f"/api/drafts/{key}", {"base": 0, "name": "Crue", "document": document}).json == {"version": 1}
    for stranger in (server.trainee("paul"), real):
        assert stranger.get("/api/drafts").json == {"drafts": []}
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/events")):
            assert stranger.call(method, f"/api/drafts/{key}{path}").status == 404
        assert stranger.post(f"/api/drafts/{key}", {"base": 1, "name": "x", "document": document}).code == "draft_gone"
    assert visitor.get(f"/api/drafts/{key}").json["version"] == 1


@pytest.mark.parametrize("body", [
    {"base": 0, "name": "x", "document": "[]"}, {"base": 0, "name": "x", "document": "{"}, {"base": -1, "name": "x", "document": "{}"},
    {"base": 0, "name": "x" * 121, "document": "{}"}, {"base": 0, "name": "x", "document": {}}, {"base": 0, "name": "x", "document": "{}", "by": "y"}])
def test_what_is_no_draft_is_refused(visitor, body):
    answer = visitor.post(f"/api/drafts/{uuid.uuid4()}", body)
    assert answer.status == 400, answer.text
    assert visitor.get("/api/drafts").json == {"drafts": []}


def test_a_document_has_a_bound(visitor):
    body = {"base": 0, "name": "x", "document": json.dumps({"a": "é" * (4 << 20)})}
    assert visitor.post(f"/api/drafts/{uuid.uuid4()}", body).status in (400, 413)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_where_drafts_are_listed(console, other, scheme, width):
    key = started(console)
    opened(other, key)
    other.circle("Abbeville", "3")
    console.wait("() => document.querySelector('.draft-bar .notice')")
    console.page.emulate_media(color_scheme=scheme)
    console.page.set_viewport_size({"width": width, "height": 800})
    console.shoot()
    console.page.click("#draft-list summary")
    console.page.wait_for_selector("#draft-list .draft-row")
    found = [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(console.page).response["violations"]]
    assert found == []
    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
