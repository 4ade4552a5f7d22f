"""The means of alerting, in a real Chromium: gateways live through a relay that goes and comes back, people who are twice, lists."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from console_page import ConsolePage
from cli import until
from relay import Relay, free_port
from test_approvals import account
from test_approvals import session as session_of
from test_console_desk import violations
from worlds import World

PAGES = ["/passerelles", "/doublons", "/listes"]


def peek(world, sql: str, *values):
    with closing(sqlite3.connect(f"file:{world.tocsin.database}?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchall()


@pytest.fixture(scope="module")
def relay_port():
    return free_port()


@pytest.fixture(scope="module")
def world(somme_original, relay_port, tmp_path_factory) -> World:
    """With one relay that is asked every second, a test address, and people who are twice."""
    folder = tmp_path_factory.mktemp("means")
    world = somme_original.copied(folder)
    gateways = folder / "gateways.json"
    gateways.write_text(json.dumps({"version": 1, "gateways": [{
        "name": "relais", "channel": "email", "kind": "smtp", "weight": 2, "window": 4,
        "health": {"failures": 2, "pauseSeconds": 1, "longestPauseSeconds": 1, "probeSeconds": 1},
        "settings": {"host": "127.0.0.1", "port": relay_port, "from": "Mairie <alerte@example.org>"}}]}))
    tocsin = world.tocsin.with_environment(TOCSIN_GATEWAYS=str(gateways))
    tocsin.ok("message", "add-address", "Astreinte", "astreinte@example.org")
    register = folder / "doubles.csv"
    register.write_text(
        "identifiant;nom;adresse;code_postal;commune;code_insee;telephone_mobile;email;listes\n"
        "d1;Éloïse Durand;1 rue Haute;80100;Abbeville;80001;06 39 98 11 01;;Digue\n"
        "d2;DURAND Eloise;2 rue Basse;80100;Abbeville;80001;06 39 98 11 01;eloise@example.org;Marché\n"
        "d3;Paul Durand;1 rue Haute;80100;Abbeville;80001;06 39 98 11 01;;\n"
        "d4;Luc Martin;7 rue du Port;80100;Abbeville;80001;06 39 98 11 04;;\n"
        "d5;Martin Luc;7 rue du Port;80100;Abbeville;80001;06 39 98 11 05;;\n"
        "d6;Zoé Petit;8 rue du Port;80100;Abbeville;80001;06 39 98 11 06;;\n"
        "d7;Zoé Petit;9 rue du Port;80100;Abbeville;80001;06 39 98 11 06;;\n"
        + "".join(f"t{one};Ida Roux;{one} rue du Bac;80100;Abbeville;80001;06 39 98 11 08;;\n" for one in (1, 2, 3))
        # Households enough for a second page.
        + "".join(f"h{one}{who};{who} Foyer{one};;80100;Abbeville;80001;06 39 98 12 {one:02};;\n"
                  for one in range(8) for who in ("Ana", "Luc")), encoding="utf-8")
    tocsin.ok("import", "recipients", register)
    return World(tocsin, world.people, world.communes)


@pytest.fixture
def page(chromium, server, session, tmp_path):
    page = ConsolePage(chromium, server, tmp_path, session)
    yield page
    # These pages show people: that is what they are for. Their addresses name nobody all the same.
    faults = [fault for fault in page.close() if not (fault.startswith("leak: ") and "/api/register/" in fault)]
    assert not faults, "\n".join(faults)


def state(page, name: str = "relais") -> tuple[str, str]:
    card = f"[data-gateway='{name}']"
    return page.page.get_attribute(card, "data-state"), page.text(f"{card} .gateway-state")


def test_a_relay_that_goes_and_comes_back_is_told_in_words_while_the_page_is_open(page, world, relay_port):
    with Relay(port=relay_port):
        page.open("/passerelles")
        page.wait("() => document.querySelector(\"[data-gateway='relais']\")?.dataset.state === 'closed'")
        page.wait("() => document.querySelector('#gateways dl')?.textContent.includes('réussie à')")
        assert "En service" in state(page)[1]
        words = page.text("[data-gateway='relais']")
        assert "Poids\n2" in words and "En panne depuis" not in words
        assert page.page.get_attribute("#live", "data-live") == "live"
    page.wait("() => document.querySelector(\"[data-gateway='relais']\").dataset.state !== 'closed'")
    mark, words = state(page)
    assert mark in ("open", "half_open") and "En panne" in words
    card = page.text("[data-gateway='relais']")
    assert "En panne depuis" in card and "Raison" in card and "smtp" in card
    page.wait("() => document.querySelector('#announcements').textContent.includes('En panne')")
    # The command says the same, from another process.
    def told() -> dict:
        return json.loads(world.tocsin.run("gateway", "status", "--json").out)[0]
    until(lambda: told()["circuit"] != "closed", what="the command's word of it")
    assert told()["name"] == "relais" and told()["downSince"]
    with Relay(port=relay_port):
        page.wait("() => document.querySelector(\"[data-gateway='relais']\").dataset.state === 'closed'")
        assert "En panne depuis" not in page.text("[data-gateway='relais']")
        page.wait("() => document.querySelector('#announcements').textContent.includes('En service')")
    actions = [action for (action,) in peek(world, "SELECT action FROM audit_entries WHERE subject = 'relais'")]
    assert "gateway.down" in actions and "gateway.up" in actions


def test_a_test_goes_to_oneself_and_to_nobody_else(page, world, server, relay_port, visitor):
    with Relay(port=relay_port) as relay:
        page.open("/passerelles")
        page.page.click("[data-key=test-relais]")
        page.wait("() => document.querySelector('#outcome')?.textContent.includes('Astreinte')")
        assert relay.recipients == {"astreinte@example.org": 1}
    assert [action for (action,) in peek(
        world, "SELECT action FROM audit_entries WHERE subject = 'relais' AND action LIKE 'gateway.test%' ORDER BY id")] == [
        "gateway.test", "gateway.tested"]
    for body in ({"gateway": "relais", "label": "Personne"}, {"gateway": "autre", "label": "Astreinte"}):
        assert visitor.post("/api/gateways/test", body).status == 404


def test_what_is_shown_is_less_than_a_second_old(visitor):
    import datetime

    board = visitor.get("/api/gateways").json
    assert (board["mode"], board["carrier"], board["holder"]) == ("real", "here", None)
    at = datetime.datetime.fromisoformat(board["at"])
    assert abs((datetime.datetime.now(datetime.UTC) - at).total_seconds()) < 5


def test_doubles_are_compared_chosen_and_made_one_then_two_again(page, world):
    page.open("/doublons")
    page.wait("() => document.querySelectorAll('.double').length >= 3")
    found = page.page.eval_on_selector_all(".double h2", "all => all.map(one => one.textContent)")
    reasons = ["Même nom, même coordonnée", "Même nom, même adresse", "Même coordonnée, noms différents"]
    assert found == sorted(found, key=reasons.index) and set(found) == set(reasons)
    numbers = dict(peek(world, "SELECT external_id, id FROM recipients WHERE external_id LIKE 'd_'"))
    pair = page.page.locator(f"[data-double='{numbers['d1']}-{numbers['d2']}']")
    # The one with more contact points is proposed to stay; the place is chosen by hand.
    assert f"fiche {numbers['d2']}" in pair.locator("thead th").first.inner_text()
    pair.locator("[data-choice=place-absorbed]").check()
    pair.locator("[data-choice=name-absorbed]").check()
    before = set(peek(world, "SELECT address, list_id FROM contact_points LEFT JOIN list_members USING (recipient_id)"))
    pair.locator("[data-key^=merge-]").click()
    page.page.click("[data-confirm]")
    page.wait("id => !document.querySelector(`[data-double='${id}']`)", f"{numbers['d1']}-{numbers['d2']}")
    assert peek(world, "SELECT name, address FROM recipients WHERE external_id = 'd2'") == [("Éloïse Durand", "1 rue Haute")]
    assert peek(world, "SELECT external_id FROM recipient_aliases WHERE recipient_id = ?", numbers["d2"]) == [("d1",)]
    assert before <= set(peek(world, "SELECT address, list_id FROM contact_points LEFT JOIN list_members USING (recipient_id)"))
    lists = peek(world, "SELECT name FROM lists JOIN list_members ON list_id = lists.id WHERE recipient_id = ? ORDER BY name", numbers["d2"])
    assert lists == [("Digue",), ("Marché",)]
    [(detail,)] = peek(world, "SELECT detail FROM audit_entries WHERE action = 'recipient.merge'")
    assert json.loads(detail)["absorbed"] == str(numbers["d1"]) and "Durand" not in detail
    page.page.locator("[data-key^=undo-]").first.click()
    page.page.click("[data-confirm]")
    page.page.wait_for_selector(f"[data-double='{numbers['d1']}-{numbers['d2']}']")
    assert peek(world, "SELECT name, address FROM recipients WHERE external_id IN ('d1', 'd2') ORDER BY external_id") == [
        ("Éloïse Durand", "1 rue Haute"), ("DURAND Eloise", "2 rue Basse")]


def focus(page, selector: str) -> bool:
    return page.page.evaluate("selector => document.activeElement.matches(selector)", selector)


def test_of_three_the_kept_card_stays_kept_and_the_last_who_joined_leaves_first(page, world):
    numbers = dict(peek(world, "SELECT external_id, id FROM recipients WHERE external_id LIKE 't_'"))
    before = peek(world, "SELECT id, name, address FROM recipients ORDER BY id")
    page.open("/doublons")
    group = page.page.locator(f"[data-double='{numbers['t1']}-{numbers['t2']}-{numbers['t3']}']")
    group.wait_for()

    def heads() -> list[str]:
        return [text.rsplit(" ", 1)[1] for text in group.locator("thead th").all_inner_texts()]

    assert heads() == [str(numbers["t1"]), str(numbers["t2"])]
    # A radio says which value it is of, whose card, and what that has.
    group.get_by_role("radio", name=re.compile(rf"^Lieu .*fiche {numbers['t2']} 2 rue du Bac")).check()
    group.locator("[data-key^=swap-]").click()
    assert heads() == [str(numbers["t2"]), str(numbers["t1"])] and focus(page, "[data-key^=swap-]")
    # What was picked is still the second one's.
    assert group.locator("[data-choice=place-kept]").is_checked()
    group.locator("[data-key^=swap-]").click()
    assert group.locator("[data-choice=place-absorbed]").is_checked()
    group.locator("[data-key^=merge-]").click()
    page.page.click("[data-confirm]")
    page.wait("text => document.querySelector('#announcements').textContent.includes(text)", f"{numbers['t2']} est réunie")
    assert heads() == [str(numbers["t1"]), str(numbers["t3"])] and focus(page, ".double h2")
    assert peek(world, "SELECT address FROM recipients WHERE id = ?", numbers["t1"]) == [("2 rue du Bac",)]
    group.locator("[data-key^=merge-]").click()
    page.page.click("[data-confirm]")
    page.wait("() => [...document.querySelectorAll('#content li')].some(one => one.textContent.includes('défaites d’abord'))")
    assert f"Fiche {numbers['t3']} réunie à la fiche {numbers['t1']}" in page.page.locator("li", has_text="défaites d’abord").inner_text()
    for left in (1, 0):
        page.page.locator(f"li:has-text('réunie à la fiche {numbers['t1']}') [data-key^=undo-]").click()
        page.page.click("[data-confirm]")
        page.wait("([id, left]) => [...document.querySelectorAll('#content li')].filter(one => one.textContent.includes(`réunie à la fiche ${id}`)).length === left", [numbers["t1"], left])
        page.wait("() => document.activeElement.matches('[data-key^=undo-], #doubles-again')")
    assert peek(world, "SELECT id, name, address FROM recipients ORDER BY id") == before


def test_the_keyboard_goes_on_at_the_first_of_more_groups(page):
    page.open("/doublons")
    more = page.page.get_by_role("button", name="Groupes suivants")
    more.wait_for()
    shown = page.page.locator(".double").count()
    more.focus()
    page.page.keyboard.press("Enter")
    page.wait("count => document.querySelectorAll('.double').length > count", shown)
    page.wait("() => document.activeElement.matches('.double h2')")
    assert page.page.evaluate("count => document.querySelectorAll('.double')[count].contains(document.activeElement)", shown)


def test_who_was_said_to_be_two_is_not_asked_about_again(page, world):
    numbers = dict(peek(world, "SELECT external_id, id FROM recipients WHERE external_id LIKE 'd_'"))
    group = f"{numbers['d6']}-{numbers['d7']}"
    page.open("/doublons")
    page.page.click(f"[data-double='{group}'] [data-key^=apart-]")
    page.wait("id => !document.querySelector(`[data-double='${id}']`)", group)
    page.page.click("[data-key=again]")
    page.wait("() => document.querySelector('#doubles-status').textContent.includes('trouvé')")
    assert page.page.locator(f"[data-double='{group}']").count() == 0


def test_a_card_that_was_changed_meanwhile_is_not_merged(visitor, world):
    numbers = dict(peek(world, "SELECT external_id, id FROM recipients WHERE external_id IN ('d4', 'd5')"))
    cards = {name: visitor.get(f"/api/register/people/{number}").json for name, number in numbers.items()}
    order = {"kept": {"id": numbers["d4"], "version": cards["d4"]["version"]},
             "absorbed": {"id": numbers["d5"], "version": cards["d5"]["version"]}}
    assert visitor.post(f"/api/register/people/{numbers['d5']}", {"version": cards["d5"]["version"], "building": "C"}).status == 200
    refused = visitor.post("/api/register/doubles/merge", order)
    assert (refused.status, refused.code) == (409, "card_changed")
    assert len(peek(world, "SELECT 1 FROM recipients WHERE external_id IN ('d4', 'd5')")) == 2


def test_lists_are_made_named_and_removed_with_what_leans_on_them_told(page, world, visitor):
    page.open("/listes")
    page.page.fill("[data-key=new-name]", "Berges")
    page.page.fill("[data-key=new-words]", "Riverains de la Somme")
    page.page.click("[data-key=create]")
    page.wait("() => [...document.querySelectorAll('.list-card')].some(one => one.textContent.includes('Riverains de la Somme'))")
    [(number,)] = peek(world, "SELECT id FROM lists WHERE name = 'Berges'")
    world.tocsin.ok("scenario", "save", "Crue", "--list", "Berges", "--subject", "Crue", "--message", "Crue", "--channels", "email")
    page.reload()
    page.wait("id => document.querySelector(`[data-list='${id}']`)?.textContent.includes('Scénarios\\u00a0: Crue')", number)
    for path, body in ((f"/api/lists/book/{number}/delete", {}), (f"/api/lists/book/{number}/name", {"name": "Rives"})):
        refused = visitor.post(path, body)
        assert (refused.status, refused.code) == (409, "list_in_use")
    page.page.click(f"[data-key=edit-{number}]")
    page.page.fill(f"[data-key=name-{number}]", "Rives")
    page.page.click(f"[data-key=save-{number}]")
    assert "Crue" in page.text("dialog")
    page.page.click("[data-confirm]")
    page.wait("() => document.querySelector('#outcome')?.textContent.includes('Rives')")
    assert peek(world, "SELECT name, description FROM lists WHERE id = ?", number) == [("Rives", "Riverains de la Somme")]
    # What is being written about one list stays while another one is made.
    page.page.click(f"[data-key=edit-{number}]")
    page.page.fill(f"[data-key=words-{number}]", "En cours d’écriture")
    page.page.fill("[data-key=new-name]", "Plateau")
    page.page.click("[data-key=create]")
    page.wait("() => [...document.querySelectorAll('.list-card h3')].some(one => one.textContent.startsWith('Plateau'))")
    assert page.page.input_value(f"[data-key=words-{number}]") == "En cours d’écriture"
    page.page.click(f"[data-key=save-{number}]")
    page.wait("() => document.querySelector('#outcome')?.textContent.includes('Rives')")
    assert peek(world, "SELECT description FROM lists WHERE id = ?", number) == [("En cours d’écriture",)]
    page.page.click(f"[data-key=remove-{number}]")
    page.page.click("[data-confirm]")
    page.wait("id => !document.querySelector(`[data-list='${id}']`)", number)
    assert peek(world, "SELECT 1 FROM lists WHERE id = ?", number) == []


def test_who_may_only_look_sees_no_button(chromium, world, server, tmp_path):
    page = ConsolePage(chromium, server, tmp_path, session_of(server, account(world, server, "anne", "observer")))
    page.open("/passerelles")
    page.page.wait_for_selector("[data-gateway='relais']")
    assert page.page.locator("[data-key^=test-]").count() == 0
    page.open("/listes")
    assert page.page.locator("[data-key=create], [data-key^=remove-]").count() == 0
    page.open("/doublons")
    assert "n’a pas le droit" in page.text("#content")
    assert not page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page, tmp_path, scheme, width):
    page.page.emulate_media(color_scheme=scheme)
    page.page.set_viewport_size({"width": width, "height": 844})
    for path in PAGES:
        page.open(path)
        page.page.wait_for_selector(".gateway, .double, .list-card")
        page.page.screenshot(path=tmp_path / f"{path[1:]}-{width}-{scheme}.png", full_page=True)
        assert violations(page) == [], path
        assert page.page.evaluate(f"document.documentElement.scrollWidth <= {width}"), path
