"""The register in the console, in a real Chromium: people found and their cards written, files in and out; by mouse and by keys."""

import csv
import io
import re
import sqlite3
import unicodedata
from contextlib import closing

import pytest

import register
from console_page import ConsolePage
from register import Person
from test_console_people import violations

PAGE = "/registre"
COUNT = "#found-count"


@pytest.fixture
def console(chromium, server, session, tmp_path):
    """The page shows people: that is what it is for. It must keep them out of every address all the same."""
    page = ConsolePage(chromium, server, tmp_path, session)
    page.open(PAGE)
    page.wait("() => document.querySelector('#found table')")
    yield page
    faults = [fault for fault in page.close() if not (fault.startswith("leak: ") and "/api/register/" in fault)]
    assert not faults, "\n".join(faults)


def rows(world, sql: str, *values):
    with closing(sqlite3.connect(f"file:{world.tocsin.database}?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchall()


def search(console, text: str) -> list[str]:
    """The identifiers' numbers of who is shown."""
    def is_ours(response) -> bool:
        # A card that was saved has the list asked for again by itself.
        return response.url.endswith("/api/register/search") and (response.request.post_data_json or {}).get("text") == text

    with console.page.expect_response(is_ours) as answer:
        console.page.fill("#text", text)
        console.page.press("#text", "Enter")
    found = answer.value.json()
    console.wait("count => document.querySelectorAll('#found tbody tr').length === count", len(found["people"]))
    return [person["identifier"] for person in found["people"]]


def folded(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "oe")) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain.lower())


def expected(world, text: str) -> list[str]:
    """Who has all words at a word's beginning: whose name has them first, then by row."""
    wanted = folded(text)
    people = rows(world, "SELECT id, external_id, name, ifnull(address, ''), ifnull(postcode, ''), ifnull(commune_name, '') "
                         "FROM recipients ORDER BY id")

    def has(words):
        return all(any(word.startswith(start) for word in words) for start in wanted)

    named = [one[1] for one in people if has(folded(one[2]))]
    others = [one[1] for one in people if one[1] not in set(named) and has([word for text in one[1:] for word in folded(text)])]
    return named + others


def test_people_are_found_as_the_oracle_finds_them(console, world, visitor):
    for text in ["mart", "MARTIN", "rue de la rép", "ma ab", "amiens 80", "mairie d’ab", "élo", "saint val", "zzz"]:
        page = visitor.post("/api/register/search", {"text": text, "limit": 100}).json
        found = [one["identifier"] for one in page["people"]]
        truth = expected(world, text)
        assert found == truth[:100], text
        assert page["count"] == (len(truth) if len(truth) <= 500 else None)
    mobile, identifier = rows(world, "SELECT contact_points.address, external_id FROM contact_points JOIN recipients ON recipients.id = recipient_id "
                                     "WHERE channel = 'sms' AND source <> 'mairies' ORDER BY recipients.id LIMIT 1")[0]
    national = "0" + mobile[3:]
    for spelling in (mobile, national, " ".join(re.findall("..", national)), national[:8]):
        assert identifier in search(console, spelling), "a number in any spelling"
    assert not any(re.search("martin|0639", request, re.I) for request in console.requests), "personal data in an address"
    actions = world.tocsin.ok("audit", "show", "--action", "register.search", "--limit", "3").out
    assert "register.search" in actions and "mart" not in actions.lower()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_a_card_open(console, scheme):
    console.page.emulate_media(color_scheme=scheme)
    search(console, "martin")
    console.page.click("#filters summary")
    assert violations(console) == []
    console.page.click("[data-key^=open-]")
    console.page.wait_for_selector("[data-key=save]")
    assert violations(console) == []
    console.page.set_viewport_size({"width": 390, "height": 800})
    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a telephone"
    assert violations(console) == []
    assert not console.page.is_visible("#search-title"), "a telephone shows the card alone"


def opened(console, text: str) -> int:
    search(console, text)
    link = console.page.locator("[data-key^=open-]").first
    number = int(link.get_attribute("data-key").split("-")[1])
    link.click()
    console.page.wait_for_selector("[data-key=save]")
    return number


def saved(console) -> None:
    console.page.evaluate("document.getElementById('outcome').replaceChildren()")
    console.page.click("[data-key=save]")
    console.wait("() => /enregistrée|ajoutée/.test(document.getElementById('outcome').textContent)")
    # The card is shown again, as it is now.
    console.wait("() => document.activeElement.id === 'card-title'")


def resident(world, where: str = "1") -> str:
    return rows(world, f"SELECT external_id FROM recipients WHERE source = 'habitants' AND {where} ORDER BY id LIMIT 1")[0][0]


def test_a_card_is_corrected_and_its_history_tells(console, world):
    number = opened(console, resident(world, "channels & 1"))
    console.page.fill("[data-key=name]", "Nouveau Nom-Corrigé")
    console.page.fill("[data-key=tags]", "fragile, étage 3")
    console.page.click("[data-key=add-contact]")
    console.page.fill("#card li:last-child [data-key^=contact-]:not(select)", "pas un numéro")
    console.expect_refusal(400)
    console.page.click("[data-key=save]")
    console.wait("() => document.querySelector('#card .field-error:not(:empty)')?.textContent.includes('06 12')")
    console.page.fill("#card li:last-child [data-key^=contact-]:not(select)", "03 53 01 65 99")
    saved(console)
    assert rows(world, "SELECT name FROM recipients WHERE id = ?", number) == [("Nouveau Nom-Corrigé",)]
    assert rows(world, "SELECT tag FROM recipient_tags WHERE recipient_id = ? ORDER BY tag", number) == [("fragile",), ("étage 3",)]
    assert ("voice", "+33353016599") in rows(world, "SELECT channel, address FROM contact_points WHERE recipient_id = ?", number)
    assert search(console, "nouveau corri") and search(console, "03 53 01 65 99")
    console.page.click("#card [data-key=history] summary")
    console.wait("() => document.querySelector('#card [data-key=history]').textContent.includes('fiche changée : ')")
    assert "Étiquettes" in console.text("#card [data-key=history]")


def test_a_place_is_moved_by_keys_by_a_click_and_by_coordinates(console, world):
    number = opened(console, resident(world, "precision = 'given'"))

    def where():
        return rows(world, "SELECT precision, uncertainty_metres, X, Y FROM (SELECT precision, uncertainty_metres, hex(location) AS X, 0 AS Y "
                           "FROM recipients WHERE id = ?)", number)[0]

    before = where()
    assert before[0] == "given"
    console.page.focus(".place-map")
    for key in ("ArrowUp", "Shift+ArrowRight"):
        console.page.keyboard.press(key)
    assert "à la main" in console.text("[data-place]")
    saved(console)
    moved = where()
    assert moved[:2] == ("given", 0) and moved != before
    told = console.text(".place [role=status]")
    console.page.wait_for_timeout(300)  # as the map takes two quick clicks for one
    console.page.locator(".place-map canvas").first.click(position={"x": 400, "y": 220})
    console.wait("before => document.querySelector('.place [role=status]').textContent !== before", told)
    saved(console)
    assert where()[2] != moved[2]
    console.page.fill("[data-key=coordinates]", "49.8942, 2.2958")
    console.page.click("[data-key=place-coordinates]")
    saved(console)
    shown = world.tocsin.ok("register", "show", rows(world, "SELECT external_id FROM recipients WHERE id = ?", number)[0][0]).out
    assert "2.2958" in shown and "49.8942" in shown
    console.page.click("[data-key=place-by-address]")
    saved(console)
    # No address is loaded here: only the commune is known.
    assert where()[0] is None


def test_two_people_on_one_card_the_second_is_told_and_loses_nothing(console, world, visitor):
    number = opened(console, resident(world, "id % 7 = 3"))
    card = visitor.get(f"/api/register/people/{number}").json
    console.page.fill("[data-key=building]", "Bâtiment C")
    assert visitor.post(f"/api/register/people/{number}", {"version": card["version"], "name": "Écrit Ailleurs"}).status == 200
    console.expect_refusal(409)
    console.page.click("[data-key=save]")
    console.page.wait_for_selector("[data-key=conflict]")
    assert "Écrit Ailleurs" in console.text("[data-key=conflict]")
    assert console.page.input_value("[data-key=name]") == "Écrit Ailleurs"
    assert console.page.input_value("[data-key=building]") == "Bâtiment C"
    saved(console)
    assert rows(world, "SELECT name, building FROM recipients WHERE id = ?", number) == [("Écrit Ailleurs", "Bâtiment C")]


def test_somebody_is_added_opts_out_and_is_erased_by_keys_alone(console, world):
    keyboard = console.page.keyboard
    console.page.focus("[data-key=add]")
    keyboard.press("Enter")
    console.page.wait_for_selector("[data-key=save]")
    console.page.focus("[data-key=name]")
    keyboard.type("Clavier Seul")
    console.page.focus("[data-key=add-contact]")
    keyboard.press("Enter")
    keyboard.type("06 39 98 44 55")
    console.page.focus("[data-key=save]")
    keyboard.press("Enter")
    console.wait("() => /^#fiche-/.test(location.hash)")
    number = int(console.page.evaluate("location.hash.split('-')[1]"))
    assert rows(world, "SELECT channel FROM contact_points WHERE recipient_id = ? ORDER BY channel", number) == [("sms",), ("voice",)]
    console.page.wait_for_selector("[data-key=contact-opt-0]")
    console.page.focus("[data-key=contact-opt-0]")
    keyboard.press("Enter")
    console.page.select_option("[data-key=reason]", "letter")
    saved(console)
    assert {consent for consent, in rows(world, "SELECT consent FROM contact_points WHERE recipient_id = ?", number)} == {"refused"}
    assert rows(world, "SELECT COUNT(*) FROM information_refusals WHERE address = '+33639984455'") == [(2,)]
    assert search(console, "clavier seul") == [external for external, in rows(world, "SELECT external_id FROM recipients WHERE id = ?", number)]
    console.page.wait_for_selector("[data-key=erase]")
    console.page.focus("[data-key=erase]")
    keyboard.press("Enter")
    console.page.wait_for_selector("[data-confirm]")
    keyboard.press("Tab")
    keyboard.press("Enter")
    console.wait("() => document.getElementById('outcome').textContent.includes('effacée')")
    assert rows(world, "SELECT 1 FROM recipients WHERE id = ?", number) == []
    assert search(console, "clavier seul") == []


def test_ticked_people_go_on_a_tag_and_the_result_is_taken_away(console, world, tmp_path):
    search(console, "amiens")
    for box in console.page.locator("tbody [data-key^=tick-]").all()[:3]:
        box.check()
    console.page.select_option("[data-key=label-kind]", "tag")
    console.page.fill("[data-key=label-name]", "classe verte")
    console.page.click("[data-key=label-on]")
    console.wait("() => document.getElementById('outcome').textContent.includes('3 personnes ajoutées')")
    tagged = [one for one, in rows(world, "SELECT external_id FROM recipient_tags JOIN recipients ON recipients.id = recipient_id "
                                          "WHERE tag = 'classe verte' ORDER BY external_id")]
    assert len(tagged) == 3
    console.page.fill("#text", "")
    console.page.click("#filters summary")
    with console.page.expect_response("**/api/register/search"):
        console.page.select_option("#filter-fields .field:nth-child(2) select", "classe verte")
    console.wait("() => document.getElementById('found-count').textContent.includes('3 personnes')")
    with console.page.expect_download() as download:
        console.page.click("[data-key=export-csv]")
    table = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert sorted(row["id"] for row in table) == tagged
    with console.page.expect_download() as download:
        console.page.click("[data-key=export-xlsx]")
    assert download.value.path().read_bytes()[:2] == b"PK"
    assert "classe" not in world.tocsin.ok("audit", "show", "--action", "register.export", "--limit", "2").out


def test_a_file_is_mapped_checked_corrected_written_and_taken_back(console, world, tmp_path):
    file = tmp_path / "riverains 2026.csv"
    file.write_text("Repère;nom;Joindre;code_insee\nR1;Rive Un;06 39 98 70 01;80021\nR2;Rive Deux;pas un numéro;80021\n"
                    "R1;Rive Encore;06 39 98 70 03;80021\n", encoding="utf-8")
    before = rows(world, "SELECT COUNT(*) FROM recipients")[0][0]
    console.page.click("[data-key=import]")
    console.page.wait_for_selector("#import-file", state="attached")
    assert violations(console) == []
    console.page.set_input_files("#import-file", file)
    console.page.wait_for_selector("[data-key=column-0]")
    assert "identifie" in console.text(".wizard .field-error"), "no column identifies people yet"
    console.page.select_option("[data-key=column-0]", "id")
    console.page.select_option("[data-key=column-2]", "phone")
    assert violations(console) == []
    console.page.click("[data-key=check-import]")
    console.page.wait_for_selector("[data-key=apply-import]")
    assert rows(world, "SELECT COUNT(*) FROM recipients")[0][0] == before
    assert "1\nrefusées" in console.text(".wizard-figures") and violations(console) == []
    with console.page.expect_download() as download:
        console.page.click("[data-key=faults]")
    faults = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert {(row["kind"], row["line"]) for row in faults} >= {("contact left out", "3"), ("refused", "4")}
    console.page.check(".wizard [data-key=skipsInvalid]")
    console.page.click("[data-key=apply-import]")
    console.page.wait_for_selector("[data-key=undo-now]")
    assert rows(world, "SELECT external_id, name FROM recipients WHERE source = 'riverains' ORDER BY external_id") == [
        ("R1", "Rive Un"), ("R2", "Rive Deux")]
    console.page.click("[data-key=undo-now]")
    console.page.click("[data-confirm]")
    console.wait("() => document.getElementById('outcome').textContent.includes('annulé')")
    assert rows(world, "SELECT COUNT(*) FROM recipients")[0][0] == before
    console.page.set_input_files("#import-file", file)
    console.page.wait_for_selector("[data-key=column-0]")
    assert console.page.input_value("[data-key=column-2]") == "phone", "what was said is remembered for this header"


def test_an_empty_register_says_what_to_do(chromium, template, tmp_path, tmp_path_factory):
    from console_server import ConsoleServer
    world_tocsin = template.copy(tmp_path_factory.mktemp("empty"))
    server = ConsoleServer(world_tocsin).start(0)
    try:
        client = server.signed_in()
        name, value = client.cookie.split("=", 1)
        page = ConsolePage(chromium, server, tmp_path, {"cookies": [{
            "name": name, "value": value, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True, "secure": False,
            "sameSite": "Strict"}], "origins": []})
        page.open(PAGE)
        page.page.wait_for_selector("[data-key=import-empty]")
        assert "Importez un fichier" in page.text("#found") and violations(page) == []
        page.page.click("[data-key=import-empty]")
        page.page.wait_for_selector("#import-file", state="attached")
        assert not page.close()
    finally:
        server.stop()
