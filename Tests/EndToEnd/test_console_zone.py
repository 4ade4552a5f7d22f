"""A zone made in the console: the figure on screen is what the command line says, and what shapely says."""

import json

import pytest

from oracle import Circle, Combined, Communes, Perimeter

NORTH = [(2.10, 50.05), (2.60, 50.10), (2.75, 49.85), (2.40, 49.70), (2.05, 49.80)]
HOLE = [(2.28, 49.95), (2.45, 49.95), (2.45, 49.84), (2.28, 49.84)]


def check(world, figures: dict, zone) -> None:
    """The figures on screen against the oracle, the command line having been held against it too."""
    expected = world.check(zone).counts
    del expected["not_located"]
    assert figures == expected
    assert figures["recipients"] > 20, "the test proves nothing"


def test_a_polygon_drawn_with_the_mouse_counts_who_is_inside_it(console, world, tmp_path):
    console.draw(NORTH)
    figures = console.counted(1)
    assert console.zone["type"] == "perimeter"
    path, area = console.perimeter(console.items[0], tmp_path)
    assert len(area.exterior.coords) == len(NORTH) + 1
    check(world, figures, Perimeter(path, area))
    assert figures["possible"] > 0 and figures["certain"] > 0


def test_the_figure_follows_the_drawing(console):
    """Before the polygon is finished, whoever would be inside is counted."""
    console.tool("polygon")
    for corner in NORTH[:3]:
        console.click(*corner)
    console.page.mouse.move(*console.pixel(*NORTH[3]))
    console.wait("() => window.tocsin.state.preview && window.tocsin.state.counts.status === 'ok'"
                 " && window.tocsin.state.counts.value.recipients > 0")
    assert console.items == []
    console.page.keyboard.press("Escape")
    console.wait("() => window.tocsin.state.counts.status === 'empty'")


def test_a_hole_and_a_corner_that_is_moved_count(console, world, tmp_path):
    console.draw(NORTH)
    whole = console.counted(1)
    console.draw(HOLE, "hole")
    console.wait("() => window.tocsin.state.draft.items[0].geometry.coordinates.length === 2")
    holed = console.counted(1)
    check(world, holed, Perimeter(*console.perimeter(console.items[0], tmp_path)))
    assert holed["recipients"] < whole["recipients"]

    console.tool("modify")
    console.drag(NORTH[1], (2.85, 50.14))
    console.wait("x => Math.abs(window.tocsin.state.draft.items[0].geometry.coordinates[0][1][0] - x) < 0.05", 2.85)
    moved = console.counted(1)
    check(world, moved, Perimeter(*console.perimeter(console.items[0], tmp_path)))
    assert moved["recipients"] > holed["recipients"]

    console.tool("undo")
    assert console.counted(1) == holed
    console.tool("undo")
    assert console.counted(1) == whole
    console.tool("redo")
    assert console.counted(1) == holed


def test_a_circle_drawn_with_the_mouse_is_true_in_metres(console, world):
    console.tool("circle")
    console.click(2.30, 49.89)
    console.wait("() => window.tocsin.state.sketch?.points === 1")
    console.click(2.60, 49.89)
    figures = console.counted(1)
    item = console.items[0]
    assert item["metres"] == pytest.approx(21_500, rel=0.03), "not the distance that was drawn"
    check(world, figures, Circle(item["longitude"], item["latitude"], item["metres"]))


def test_circles_typed_around_a_position_and_a_commune(console, world):
    console.circle("49.894, 2.295", "7,5")
    figures = console.counted(1)
    first = console.items[0]
    assert (first["longitude"], first["latitude"], first["metres"]) == (2.295, 49.894, 7_500)
    check(world, figures, Circle(2.295, 49.894, 7_500))
    console.circle("Abbeville", "12")
    figures = console.counted(2)
    second = console.items[1]
    assert second["metres"] == 12_000
    check(world, figures, Combined(
        [Circle(2.295, 49.894, 7_500), Circle(second["longitude"], second["latitude"], second["metres"])]))


def test_communes_by_click_and_by_search(console, world):
    console.tool("communes")
    console.click(2.30, 49.90)
    console.counted(1)
    console.click(1.84, 50.105)
    figures = console.counted(2)
    codes = [code for item in console.items for code in item["codes"]]
    assert codes == ["80021", "80001"], "not the communes that were clicked"
    check(world, figures, Communes(codes))

    console.search("péronne")
    check(world, console.counted(3), Communes([*codes, "80620"]))
    assert "Péronne (80620)" in console.text(".items")
    console.click(2.30, 49.90)
    check(world, console.counted(2), Communes(["80001", "80620"]))


def test_an_excluded_item_takes_people_away(console, world, tmp_path):
    console.draw(NORTH)
    console.circle("49.894, 2.295", "6")
    both = console.counted(2)
    console.page.click(".item:last-child .segment-exclude")
    console.wait("() => window.tocsin.zone.type === 'difference'")
    figures = console.counted(2)
    polygon, circle = console.items
    check(world, figures, Combined(
        [Perimeter(*console.perimeter(polygon, tmp_path))],
        without=[Circle(circle["longitude"], circle["latitude"], circle["metres"])]))
    assert figures["recipients"] < both["recipients"]


def test_the_draft_outlives_a_reload(console):
    console.draw(NORTH)
    console.circle("Abbeville", "9")
    console.page.click(".item:last-child .segment-exclude")
    console.wait("() => window.tocsin.zone.type === 'difference'")
    before, zone = console.counted(2), console.zone
    console.step("message")
    console.page.fill("#subject", "Crue de la Somme")
    console.page.fill("#text", "Montez à l’étage.")
    console.reload()
    assert console.state["step"] == "message"
    assert console.page.input_value("#subject") == "Crue de la Somme"
    assert console.page.input_value("#text") == "Montez à l’étage."
    console.step("zone")
    assert console.counted(2) == before and console.zone == zone
    assert console.page.evaluate("window.tocsin.features") == 2


def test_a_polygon_that_crosses_itself_is_counted_whole_and_said(console):
    console.draw([(2.2, 50.0), (2.5, 50.0), (2.2, 49.8), (2.5, 49.8)])
    both = console.counted(1)["recipients"]
    notice = console.page.wait_for_selector("#audience .notice").inner_text()
    assert "mal formé" in notice and "contour extérieur" in notice and "sommet" in notice
    # The two triangles, each by itself.
    console.tool("undo")
    console.draw([(2.2, 50.0), (2.5, 50.0), (2.35, 49.9)])
    console.draw([(2.35, 49.9), (2.2, 49.8), (2.5, 49.8)])
    assert console.counted(2)["recipients"] == both > 0


def test_a_coverage_sheet_tells_each_commune(console, world):
    console.search("péronne")
    figures = console.counted(1)
    console.page.click("[data-key=coverage]")
    row = console.page.wait_for_selector("dialog tbody tr").inner_text()
    said = json.loads(world.tocsin.ok("coverage", "--communes", "80620", "--format", "json").out)
    assert "Péronne" in row and str(figures["recipients"]) in row
    assert str(figures["recipients"]) in json.dumps(said)
