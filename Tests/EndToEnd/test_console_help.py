"""The mark beside a heading opens what the help page says of it: one text, found in two places."""

import pytest

from test_console_desk import violations

MARKS = ["panel-place", "panel-items", "panel-options", "panel-others", "panel-count"]


def opened(console, name: str) -> list[str]:
    console.page.focus(f"[data-key=help-{name}]")
    console.page.keyboard.press("Enter")
    assert console.page.get_attribute(f"[data-key=help-{name}]", "aria-expanded") == "true"
    return console.page.eval_on_selector_all(f"#help-{name}-text p:not(:last-child)", "all => all.map(one => one.textContent)")


@pytest.mark.parametrize("width", [390, 1280])
def test_each_panel_says_what_the_help_page_says(console, width):
    console.page.set_viewport_size({"width": width, "height": 844})
    said = {name: opened(console, name) for name in MARKS}
    for step in ("message", "channels", "review", "launch"):
        console.step(step)
        said[f"panel-{step}"] = opened(console, f"panel-{step}")
    assert violations(console) == []
    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    console.open("/aide")
    for name, lines in said.items():
        assert lines and lines == console.page.eval_on_selector_all(f"#{name} p", "all => all.map(one => one.textContent)"), name
    assert violations(console) == []


def test_a_mark_stays_open_while_its_panel_is_drawn_anew_and_leads_to_its_paragraph(console):
    opened(console, "panel-count")
    console.circle("Amiens", "5")
    console.counted(1)
    assert console.page.is_visible("#help-panel-count-text")
    assert console.page.get_attribute("#help-panel-count-text a", "href") == "/aide#panel-count"
    console.open("/aide#panel-count")
    console.page.wait_for_selector("#panel-count h3:focus")


@pytest.mark.parametrize("path", ["registre", "modeles", "scenarios", "organismes", "journal", "compte"])
def test_the_title_of_a_page_has_its_section(console, path):
    console.open(f"/{path}")
    lines = opened(console, path)
    console.open("/aide")
    assert lines and lines == console.page.eval_on_selector_all(f"#{path} > ul > li", "all => all.map(one => one.textContent)")
