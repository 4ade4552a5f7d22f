"""The organisation's default list: chosen in sight when a zone is begun, taken away by a click, never added in silence."""

import pytest

import register
from console_page import ConsolePage
from oracle import Combined, Perimeter, Listed
from test_console_access import check as accessible
from test_console_zone import NORTH, check

MODE = "exercise"
BOX = "#default-list"
LIST = "Mairies de la Somme"


@pytest.fixture
def page(chromium, server, session, world, tmp_path):
    """The console, opened once the organisation has a default list."""
    world.tocsin.ok("list", "default", LIST)
    page = ConsolePage(chromium, server, tmp_path, session)
    page.open()
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


def test_without_a_default_list_a_new_zone_is_empty(console):
    assert console.items == [] and console.page.query_selector(BOX) is None
    console.wait("() => window.tocsin.state.counts.status === 'empty'")


def test_a_new_zone_shows_the_default_list_chosen_and_counted(page, world):
    assert page.page.is_checked(BOX)
    assert "Liste par défaut" in page.text(".default-list") and LIST in page.text(".default-list")
    assert "par défaut" in page.text(".item .item-note")
    check(world, page.counted(1), Listed(LIST))
    assert page.zone == {"type": "list", "name": LIST}
    accessible(page, "default list", night=True)


def test_what_is_taken_away_stays_away(page, world, tmp_path):
    page.page.uncheck(BOX)
    page.wait("() => window.tocsin.state.counts.status === 'empty'")
    assert page.items == [] and page.zone is None
    page.reload()
    assert not page.page.is_checked(BOX)
    page.draw(NORTH)
    figures = page.counted(1)
    drawn = Perimeter(*page.perimeter(page.items[0], tmp_path))
    check(world, figures, drawn)
    page.page.check(BOX)
    check(world, page.counted(2), Combined([drawn, Listed(LIST)]))
    page.page.click(".item:last-child .button-remove")
    assert not page.page.is_checked(BOX)
    check(world, page.counted(1), drawn)


def test_the_server_adds_no_list_to_a_zone(visitor, world):
    world.tocsin.ok("list", "default", LIST)
    lists = visitor.get("/api/lists").json["lists"]
    assert [one["name"] for one in lists if one["isDefault"]] == [LIST]
    zone = {"type": "communes", "codes": ["80021"]}
    counts = visitor.post("/api/zone/counts", {"zone": zone}).json
    assert str(counts["recipients"]) == world.tocsin.ok("target", "--communes", "80021").table["recipients"]


def test_another_organisations_default_list_is_not_chosen(chromium, server, session, world, tmp_path):
    world.tocsin.ok("list", "default", "--none")
    other = [register.Person("autre", None, None, lists=["Autre liste"])]
    world.tocsin.ok("import", "recipients", register.write(tmp_path / "other.csv", other), "--organisation", "Autre")
    world.tocsin.ok("list", "default", "Autre liste", "--organisation", "Autre")
    page = ConsolePage(chromium, server, tmp_path, session)
    page.open()
    assert page.items == [] and page.page.query_selector(BOX) is None
    assert page.close() == []


def test_the_review_the_launch_and_the_next_draft_say_that_it_is_in(page):
    page.circle("Amiens", "3")
    page.counted(2)
    page.prepare()
    said = f"La liste par défaut «\u00a0{LIST}\u00a0» est alertée aussi."
    assert said in page.page.inner_text("#panel-launch")
    page.step("review")
    assert said in page.page.inner_text("#panel-review")
    page.step("launch")
    page.launch(page.number(".launch-number"))
    page.over()
    page.page.click("#tab-draft")
    assert [item["name"] for item in page.items] == [LIST] and page.page.is_checked(BOX)
