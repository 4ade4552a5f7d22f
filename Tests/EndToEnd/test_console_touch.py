"""Drawing by finger, on a telephone and on a tablet: no pointer hovers before it touches, and the map is small."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from shapely.geometry import shape

from console_page import ConsolePage

DEVICES = {"telephone": {"width": 390, "height": 844}, "tablet": {"width": 820, "height": 1180}}


@pytest.fixture(params=DEVICES)
def touched(request, chromium, server, session, tmp_path):
    page = ConsolePage(chromium, server, tmp_path, session, viewport=DEVICES[request.param], has_touch=True, is_mobile=True,
                       device_scale_factor=2)
    page.open()
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


def at(page: ConsolePage, across: float, down: float) -> tuple[float, float]:
    """A point of the map, as shares of its width and height."""
    box = page.page.locator("#map").bounding_box()
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def tap(page: ConsolePage, across: float, down: float) -> None:
    x, y = at(page, across, down)
    on = page.page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('#map') !== null", [x, y])
    assert on, f"something covers the map at {across}, {down}"
    page.page.touchscreen.tap(x, y)


def ring(page: ConsolePage, corners: list[tuple[float, float]], tool: str) -> None:
    page.page.tap(f"[data-tool={tool}]")
    for count, corner in enumerate(corners, start=1):
        tap(page, *corner)
        page.wait("count => window.tocsin.state.sketch?.points === count", count)
        assert page.page.is_disabled("[data-key=finish]") == (count < 3)
        assert page.page.is_enabled("[data-key=back]")
    page.page.tap("[data-key=finish]")


def finger(page: ConsolePage, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drags one finger, as the browser's own protocol sends it."""
    protocol = page.context.new_cdp_session(page.page)
    steps = [(start[0] + (end[0] - start[0]) * n / 8, start[1] + (end[1] - start[1]) * n / 8) for n in range(9)]
    for kind, (x, y) in zip(["touchStart"] + ["touchMove"] * 8, steps, strict=True):
        protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    protocol.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_polygon_and_its_hole_are_drawn_and_a_corner_moved_by_finger(touched, tmp_path):
    page = touched.page
    ring(touched, [(.25, .3), (.75, .3), (.75, .75), (.25, .75)], "polygon")
    whole = touched.counted(1)["recipients"]
    assert whole > 0
    ring(touched, [(.4, .45), (.6, .45), (.5, .6)], "hole")
    touched.counted(1)
    geometry = touched.items[0]["geometry"]
    assert len(geometry["coordinates"]) == 2, "no hole"
    outer = [tuple(corner) for corner in geometry["coordinates"][0]]
    page.tap("[data-tool=modify]")
    corner = touched.pixel(*outer[2])
    finger(touched, corner, (corner[0] - 30, corner[1] - 40))
    touched.wait("before => JSON.stringify(window.tocsin.state.draft.items[0].geometry.coordinates[0]) !== before",
                 page.evaluate("before => JSON.stringify(before)", outer))
    moved = touched.items[0]["geometry"]
    assert shape(moved).area < shape(geometry).area and len(moved["coordinates"][0]) == len(outer)
    page.screenshot(path=tmp_path / "modified.png")


def test_a_circle_is_drawn_and_widened_by_finger(touched):
    touched.page.tap("[data-tool=circle]")
    tap(touched, .5, .5)
    tap(touched, .65, .5)
    touched.counted(1)
    item = touched.items[0]
    touched.page.tap("[data-tool=modify]")
    edge = at(touched, .65, .5)
    centre = touched.pixel(item["longitude"], item["latitude"])
    edge = (centre[0] + (edge[0] - at(touched, .5, .5)[0]), centre[1])
    finger(touched, edge, (edge[0] + 40, edge[1]))
    touched.wait("metres => window.tocsin.state.draft.items[0].metres > metres", item["metres"])


def test_nothing_lies_over_the_map_while_one_draws(touched, tmp_path):
    page = touched.page
    page.tap("[data-tool=polygon]")
    tap(touched, .5, .5)
    page.wait_for_selector("[data-key=back]:enabled")
    page.locator("#map-area").screenshot(path=tmp_path / "drawing.png")
    buttons = page.locator(".drawing-actions").bounding_box()
    chart = page.locator("#map").bounding_box()
    assert buttons["y"] >= chart["y"] + chart["height"] - 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all(box["height"] >= 40 for box in (one.bounding_box() for one in page.locator(".drawing-actions button").all()))
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
