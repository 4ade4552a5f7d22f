"""An exercise under way, on a desk and on a telephone: every button says what it will do, and the overview keeps up."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from test_console_campaign import launched

SPEED = 1
MODE = "exercise"


def violations(console) -> list:
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(console.page).response["violations"]]


@pytest.mark.parametrize("width", (1280, 390))
def test_what_can_be_done_is_said_in_words(console, width):
    launched(console, "Amiens", "30")
    console.page.click("[data-key=act-pause]")
    console.page.wait_for_selector("[data-key=act-resume]")
    console.page.set_viewport_size({"width": width, "height": 800})
    for key in ("act-resume", "act-stop", "follow-correction", "follow-allClear", "follow-again"):
        about = console.page.get_attribute(f"[data-key={key}]", "aria-describedby")
        assert len(console.text(f"#{about}")) > 30, key
    assert not console.page.query_selector("[data-key=open-people]"), "nobody is named in an exercise"
    assert console.page.is_visible("[data-key=act-go]") == (width == 390)
    if width == 390:
        console.page.click("[data-key=act-go]")
        assert console.page.evaluate("document.activeElement.id") == "left-title"
        assert console.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(console) == []
    console.page.click("[data-key=act-stop]")
    console.page.click("[data-confirm]")
    console.over("stopped")


def test_the_overview_keeps_up_with_several_at_once(console):
    first, _ = launched(console, "Amiens", "30")
    console.page.click("#tab-draft")
    second, _ = launched(console, "Abbeville", "30")
    console.page.click("#tab-campaigns")
    console.page.wait_for_selector("[data-figure=list-at]")
    console.wait("([a, b]) => { const on = window.tocsin.state.list.campaigns.filter(one => one.state === 'running').map(one => String(one.id)); return on.includes(a) && on.includes(b) }", [first, second])
    for _ in range(3):
        at = console.page.evaluate("window.tocsin.state.list.at")
        console.wait("at => window.tocsin.state.list.at > at", at)
    assert violations(console) == []
