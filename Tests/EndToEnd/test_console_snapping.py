"""Corners stick to the communes' edges as the server judges by them, and to the zone; never farther than the tolerance."""

import json
import math

import shapely
from shapely.geometry import Point, shape

TOLERANCE = 10
EDGES = "() => window.tocsin.state.snap.edges > 0"


def near(console, code: str):
    """The map close to a commune, with its edge at hand; returns it as the server gave it."""
    console.tool("polygon")
    console.wait("code => window.tocsin.edges.some(one => one.id === `commune ${code}`)", code)
    return next(shape(one["geometry"]) for one in console.page.evaluate("window.tocsin.edges") if one["id"] == f"commune {code}")


def beside(console, corner, pixels: float):
    """A place so many pixels from a corner, away from the commune's middle, and how far that is."""
    x, y = console.pixel(*corner)
    return x + pixels * .6, y - pixels * .8


def test_a_corner_sticks_to_the_exact_edge_and_not_from_farther_than_the_tolerance(console, visitor):
    console.search("Fort-Mahon")
    code = console.items[0]["codes"][0]
    console.page.click("[data-key$='-remove']")
    edge = near(console, code)
    answer = visitor.post("/api/zone/shape", {"zone": {"type": "communes", "codes": [code]}, "toleranceMetres": 0}).json
    assert shape(answer["geometry"]).symmetric_difference(edge).area < 1e-9, "not the edge that the server judges by"
    box = console.page.locator("#map").bounding_box()
    def isOpen(corner):
        x, y = console.pixel(*corner)
        return box["x"] + 80 < x < box["x"] + box["width"] - 260 and box["y"] + 150 < y < box["y"] + box["height"] - 90
    outline = (edge.geoms[0] if edge.geom_type == "MultiPolygon" else edge).exterior.coords
    corners = [corner for corner in outline if isOpen(corner)]
    assert corners, "the commune is not in sight"
    chosen = corners[:: max(1, len(corners) // 4)][:4]
    assert len(chosen) >= 3
    for corner in chosen[:3]:
        console.page.mouse.click(*beside(console, corner, 4))
    console.page.click("[data-key=finish]")
    console.wait("() => window.tocsin.state.draft.items.length === 1")
    for drawn in console.items[0]["geometry"]["coordinates"][0]:
        x, y = console.pixel(*drawn)
        assert any(math.hypot(x - a, y - b) <= TOLERANCE + 5 for a, b in map(lambda one: console.pixel(*one), chosen))
        metres = edge.boundary.distance(Point(drawn)) * 111_000
        assert metres < .05, f"{metres} m beside the edge"


def test_off_by_its_key_a_corner_stays_where_it_was_put_and_the_choice_outlives_a_reload(console):
    console.tool("polygon")
    assert "Aimant" in console.text("[data-figure=snap]") and console.page.get_attribute("[data-tool=snap]", "aria-pressed") == "true"
    console.page.focus("#map")
    console.page.keyboard.press("a")
    console.wait("() => !window.tocsin.state.snap.on")
    assert "coupé" in console.text("[data-figure=snap]") and console.page.get_attribute("[data-tool=snap]", "aria-pressed") == "false"
    console.reload()
    console.tool("polygon")
    assert not console.state["snap"]["on"] and console.page.evaluate("window.tocsin.edges.length") == 0
    console.page.click("[data-tool=snap]")
    console.wait("() => window.tocsin.state.snap.on")


def test_a_corner_that_is_moved_sticks_to_another_item_and_is_free_to_leave_its_own_place(console):
    console.search("Fort-Mahon")
    console.page.click("[data-key$='-remove']")
    left, top = console.page.locator("#map").bounding_box()["x"] + 150, console.page.locator("#map").bounding_box()["y"] + 200
    console.page.click("[data-tool=snap]")
    def square(x, y):
        console.tool("polygon")
        for dx, dy in ((0, 0), (80, 0), (80, 80), (0, 80)):
            console.page.mouse.click(x + dx, y + dy)
        console.page.click("[data-key=finish]")
    square(left, top)
    square(left + 130, top)
    console.counted(2)
    console.page.click("[data-tool=snap]")
    console.tool("modify")
    console.wait("() => window.tocsin.edges.filter(one => one.id.startsWith('item ')).length === 2")
    first = console.items[0]["geometry"]["coordinates"][0]
    def dragged(start, end):
        before = json.dumps(console.items[1]["geometry"])
        console.page.mouse.move(*start)
        console.page.mouse.down()
        console.page.mouse.move(*end, steps=8)
        console.page.mouse.up()
        console.wait("before => JSON.stringify(window.tocsin.state.draft.items[1].geometry) !== before", before.replace(" ", ""))
    # Four pixels: less than what sticks, so its own former place would hold it.
    dragged((left + 210, top), (left + 214, top + 3))
    # Nearer to the other square than to any commune.
    dragged((left + 130, top), (left + 82, top + 2))
    second = console.items[1]["geometry"]["coordinates"][0]
    corner = min(first, key=lambda one: math.dist(console.pixel(*one), (left + 80, top)))
    assert shapely.distance(Point(corner), shapely.MultiPoint(second)) < 2e-7
