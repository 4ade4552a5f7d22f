"""Tools of the map: perimeters that were saved, and filters of people."""

from axe_playwright_python.sync_playwright import Axe
from shapely.geometry import shape

def test_a_saved_perimeter_is_shown_named_and_becomes_part_of_the_zone(console, visitor):
    ring = [[2.2, 49.85], [2.4, 49.85], [2.4, 49.95], [2.2, 49.95], [2.2, 49.85]]
    saved = visitor.post("/api/perimeters", {"name": "PPRI de la Somme", "geometry": {"type": "Polygon", "coordinates": [ring]}})
    assert saved.status == 201
    if not console.page.get_attribute("#legend", "open") == "":
        console.page.click("#legend > summary")
    console.page.check("[data-key=layer-saved]")
    console.page.click(f"[data-key=saved-{saved.json['id']}]")
    figures = console.counted(1)
    assert figures["recipients"] > 20
    assert shape(console.items[0]["geometry"]).equals(shape({"type": "Polygon", "coordinates": [ring]}))
    assert console.page.is_disabled(f"[data-key=saved-{saved.json['id']}]"), "twice is once"


def test_people_are_excluded_by_language_and_limited_by_kind(console):
    console.circle("Amiens", "20")
    whole = console.counted(1)["recipients"]
    console.page.click("text=Filtrer par langue ou par type")
    console.page.fill("#filter-language", "12")
    console.page.click("[data-key=add-language]")
    assert "codes de langue" in console.text("#panel-zone")
    console.page.select_option("[data-key=filter-role]", "exclude")
    console.page.fill("#filter-language", "EN, pt-BR")
    console.page.click("[data-key=add-language]")
    console.counted(2)
    assert console.zone["except"] == {"type": "filter", "filter": {"type": "language", "values": ["en", "pt-br"]}}
    console.page.select_option("[data-key=filter-role]", "within")
    console.page.select_option("#filter-kind", "office")
    console.page.click("[data-key=add-kind]")
    offices = console.counted(3)["recipients"]
    assert 0 <= offices < whole
    found = [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(console.page).response["violations"]]
    assert found == []
