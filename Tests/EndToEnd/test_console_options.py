"""Everything a zone can be made of, by form and keyboard: margin, precision, intercommunalité, tag, former campaign, limits."""

import json

import pyproj
import pytest
import shapely
from shapely.geometry import shape

import geodata
from test_console_access import check as accessible
from test_console_access import tab_to
from test_console_zone import NORTH

MODE = "exercise"
EARTH = pyproj.Geod(ellps="WGS84")
AMIENS_METROPOLE = "248000531"


@pytest.fixture(scope="module", autouse=True)
def richer(world):
    """A tag, a former campaign, and two perimeters that are saved."""
    world.tocsin.ok("recipient", "set", world.people[5].id, "tags=fragile")
    world.tocsin.ok(
        "alert", "--circle", "2.295,49.894,3000", "--subject", "Essai passé", "--message", "Ceci est un essai.",
        "--channels", "sms", "--exercise", "--yes")
    for name, box in (("Nord", shapely.box(1.9, 49.95, 2.6, 50.1)), ("Sud", shapely.box(2.0, 49.7, 2.5, 49.92))):
        path = geodata.write(world.tocsin.folder / f"{name}.geojson", shapely.geometry.mapping(box))
        world.tocsin.ok("perimeter", "save", name, "--perimeter", path)


def told(world, *words: object) -> dict[str, int]:
    """The figures of the command line, as the page has them."""
    counts = dict(world.tocsin.ok("target", *words).counts)
    del counts["not_located"]
    return counts


def document(world, console, name: str):
    """The zone on the page, as a file for the command line."""
    path = world.tocsin.folder / f"{name}.json"
    path.write_text(json.dumps(console.zone), encoding="utf-8")
    return path


def margin(console, text: str) -> None:
    console.page.fill("#zone-margin", text)
    console.page.press("#zone-margin", "Enter")


def outlines(console, kind: str) -> list[dict]:
    return [one for one in console.page.evaluate("window.tocsin.outlines") if one["kind"] == kind]


def test_a_margin_counts_is_drawn_and_is_sent(console, world):
    console.draw(NORTH)
    bare = console.counted(1)
    margin(console, "2500")
    console.wait("() => window.tocsin.zone.margin === 2500")
    console.wait("() => window.tocsin.outlines.some(one => one.kind === 'margin')")
    figures = console.counted(1)
    assert figures["recipients"] > bare["recipients"]
    assert figures == told(world, "--zone", document(world, console, "margin"))
    drawn, reach = shape(console.items[0]["geometry"]), shape(outlines(console, "margin")[0]["geometry"])
    assert reach.contains(drawn)
    distances = [min(EARTH.inv(x, y, *at)[2] for at in shapely.get_coordinates(shapely.segmentize(drawn.exterior, 0.0005)))
                 for x, y in shapely.get_coordinates(reach.exterior)]
    assert 2490 < min(distances) and max(distances) < 2600, "the margin on the map is not the one that counts"
    accessible(console, "margin", night=True)
    # A drag moves the outline with the polygon.
    before = reach.bounds
    console.tool("modify")
    console.drag(NORTH[1], (2.85, 50.14))
    console.wait("east => { const one = window.tocsin.outlines.find(one => one.kind === 'margin');"
                 " return one && Math.max(...one.geometry.coordinates.flat(2).filter((_, i) => i % 2 === 0)) > east + 0.05 }", before[2])
    margin(console, "")
    console.wait("() => window.tocsin.outlines.length === 0")
    assert "margin" not in console.zone


@pytest.mark.parametrize("text", ["-5", "beaucoup", "100001"])
def test_a_margin_that_is_none_is_refused_and_the_old_one_stays(console, text):
    console.circle("Abbeville", "3")
    margin(console, "100")
    margin(console, text)
    console.page.wait_for_selector("#zone-margin-problem:has-text('nombre de mètres')")
    assert console.page.get_attribute("#zone-margin", "aria-invalid") == "true"
    assert console.zone["margin"] == 100


def test_only_the_certain_ones_by_keyboard(console, world):
    console.draw(NORTH)
    both = console.counted(1)
    tab_to(console, "#zone-margin")
    console.page.keyboard.type("150")
    tab_to(console, "#zone-certain")
    console.page.keyboard.press("Space")
    console.wait("() => window.tocsin.zone.precision === 'certain' && window.tocsin.zone.margin === 150")
    console.wait("() => window.tocsin.state.counts.value?.possible === 0")
    figures = console.counted(1)
    assert figures == told(world, "--zone", document(world, console, "certain"))
    assert figures["possible"] == 0 and both["possible"] > 0
    console.reload()
    assert console.page.is_checked("#zone-certain") and console.page.input_value("#zone-margin") == "150"
    # Precision and margin are said where the launch is decided.
    number = console.prepare()
    assert number == figures["recipients"]
    console.step("review")
    assert "Seulement les certains" in console.text("#panel-review") and "150" in console.text("#panel-review")


def test_an_intercommunality_by_its_name(console, world):
    console.page.click("summary:has-text('Intercommunalité')")
    console.page.fill("#epci", "amiens metro")
    console.page.press("#epci", "Enter")
    console.page.click("button[aria-label*='Amiens Métropole']")
    figures = console.counted(1)
    assert console.zone == {"type": "epci", "siren": AMIENS_METROPOLE}
    assert figures == told(world, "--epci", AMIENS_METROPOLE)
    assert "39 communes" in console.text(".item .item-note")
    accessible(console, "intercommunality")
    console.page.fill("#epci", "zzz")
    console.page.press("#epci", "Enter")
    console.page.wait_for_selector("text=Aucune intercommunalité")


def test_a_tag_and_whoever_did_not_acknowledge(console, world):
    console.draw(NORTH)
    console.counted(1)
    console.page.click("summary:has-text('Étiquettes et campagnes')")
    console.page.wait_for_selector("#zone-tag")
    accessible(console, "tags and campaigns")
    console.page.click("[data-key=add-tag]")
    figures = console.counted(2)
    assert figures == told(world, "--zone", document(world, console, "tag"))
    console.page.select_option("[data-key=members-role]", "within")
    console.page.select_option("#zone-outcome", "all")
    console.page.click("[data-key=add-campaign]")
    console.wait("() => window.tocsin.zone.type === 'intersection'")
    figures = console.counted(3)
    assert figures == told(world, "--zone", document(world, console, "campaign"))
    assert 0 < figures["recipients"] <= told(world, "--campaign", "1:all")["recipients"]
    assert "campagne passée" in console.text(".item:last-child .item-note")
    accessible(console, "a zone of memberships", night=True)


def test_saved_perimeters_limit_and_exclude(console, world):
    console.search("péronne")
    console.department("80")
    console.page.select_option("[data-key=saved-role]", "within")
    console.page.click("button[aria-label='Ajouter Nord']")
    # The role is the one at the click, though the perimeter itself comes a moment later.
    console.page.select_option("[data-key=saved-role]", "exclude")
    console.wait("() => window.tocsin.state.draft.items.length === 3")
    console.page.click("button[aria-label='Ajouter Sud']")
    figures = console.counted(4)
    assert console.zone["type"] == "difference" and console.zone["zone"]["type"] == "intersection"
    assert figures == told(
        world, "--communes", "80620", "--department", "80", "--within", "--saved", "Nord", "--except", "--saved", "Sud")
    assert figures["recipients"] > 20
    accessible(console, "limits", night=True)
    # A margin is for what is alerted: what limits and what is excluded stay as they are.
    margin(console, "300")
    console.wait("() => window.tocsin.zone.zone.zones[0].margin === 300")
    assert [part.get("margin") for part in (console.zone, console.zone["zone"], console.zone["zone"]["zones"][1])] == [None] * 3
    margin(console, "0")
    # The role can be changed afterwards, too.
    console.page.click(".item:nth-child(3) .segment-alert")
    console.wait("() => window.tocsin.zone.zone.type === 'union'")


def test_a_campaign_shows_its_margin_and_what_limited_it(console):
    console.circle("49.894, 2.295", "4")
    margin(console, "700")
    console.department("80")
    console.page.click(".item:last-child .segment-within")
    console.wait("() => window.tocsin.zone.type === 'intersection'")
    console.launch(console.prepare())
    console.wait("() => window.tocsin.outlines.some(one => one.kind === 'margin')")
    items = console.state["followed"]["items"]
    assert [(item["kind"], item["role"], item.get("margin")) for item in items] == [
        ("circle", "alert", 700), ("department", "within", None)]
