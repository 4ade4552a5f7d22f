"""The console without a mouse and without sight: the keyboard alone launches an exercise, and axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

import campaigns
from console_page import READY, ConsolePage

MODE = "exercise"
AXE = Axe()


def check(console, where: str, night: bool = False) -> None:
    """By day with every rule; by night only the colours are other."""
    found = violations(console)
    if night:
        dress(console, "dark")
        found += violations(console, runOnly=["color-contrast"])
        dress(console, "light")
    assert not found, where + "\n" + "\n".join(found)


def violations(console, **options) -> list[str]:
    return [f"{one['id']} ({one['impact']}): {node['html'][:200]}"
            for one in AXE.run(console.page, options=options | {"resultTypes": ["violations"]}).response["violations"] for node in one["nodes"]]


def dress(console, scheme: str) -> None:
    console.page.emulate_media(color_scheme=scheme)
    console.wait("theme => document.documentElement.dataset.theme === theme", "night" if scheme == "dark" else "day")


def tab_to(console, selector: str, back: bool = False) -> None:
    """Tabs until the focus is there; the whole page is less than 150 stops."""
    for _ in range(150):
        console.page.keyboard.press("Shift+Tab" if back else "Tab")
        if console.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.fixture
def stranger(chromium, server, tmp_path):
    page = ConsolePage(chromium, server, tmp_path)
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


def test_an_exercise_is_launched_with_the_keyboard_alone(stranger, server, world):
    console, keys = stranger, stranger.page.keyboard
    console.page.goto(server.url + "/connexion")
    console.wait("() => document.activeElement.id === 'user'")
    keys.type("admin")
    keys.press("Tab")
    keys.type(server.password)
    keys.press("Enter")
    console.wait(READY)
    tab_to(console, "[role=combobox]")
    keys.type("abbev")
    console.page.wait_for_selector(".option[aria-selected=true]")
    keys.press("Enter")
    keys.press("Enter")
    console.wait("() => window.tocsin.state.draft.items.length === 1")
    # Faster than the list: what is typed counts.
    keys.type("amiens")
    keys.press("Enter")
    figures = console.counted(2)
    assert console.zone == {"type": "communes", "codes": ["80001", "80021"]}
    tab_to(console, "[data-key=next]")
    keys.press("Enter")
    tab_to(console, "#subject")
    keys.type("Exercice au clavier")
    keys.press("Tab")
    keys.type("Ceci est un essai.")
    tab_to(console, "[data-key=next]")
    keys.press("Enter")
    tab_to(console, "#channel-fax")
    keys.press("Space")
    assert "fax" not in console.state["draft"]["channels"]
    tab_to(console, "#retries")
    keys.press("Home")
    tab_to(console, "[data-key=next]")
    keys.press("Enter")
    console.wait("() => window.tocsin.state.review.status === 'ok'")
    tab_to(console, "[data-key=next]")
    keys.press("Enter")
    tab_to(console, "#confirmation")
    keys.type(str(figures["recipients"]))
    keys.press("Enter")
    campaign = console.followed()
    console.over()
    tab_to(console, "[data-key=open-report]")
    keys.press("Enter")
    console.page.wait_for_selector("#report .tile")
    campaigns.check_complete(world.tocsin, world.tocsin.ids("--communes", "80001,80021"), campaign)


def test_a_polygon_is_drawn_with_the_keyboard_alone(console):
    keys = console.page.keyboard
    tab_to(console, "[data-tool=polygon]")
    keys.press("Enter")
    tab_to(console, "#map")
    for place, points in (("ArrowRight", 1), ("ArrowDown", 2), ("ArrowLeft", 3)):
        keys.press("Space")
        before = console.page.evaluate("window.tocsin.view.centre")
        keys.press(place)
        # The map glides under the cross: the next point is put where it stops.
        console.wait("before => { const now = window.tocsin.view.centre, still = String(now) === window.last;"
                     " window.last = String(now); return still && String(now) !== String(before) }", before)
    keys.press("Space")
    keys.press("Enter")
    assert console.counted(1)["recipients"] > 0
    assert len(console.items[0]["geometry"]["coordinates"][0]) == 5


def test_axe_finds_nothing_at_any_step(console):
    check(console, "empty zone")
    console.draw([(2.5, 50.0), (2.8, 50.0), (2.8, 49.8), (2.5, 49.8)])
    console.circle("Péronne", "8")
    console.page.click(".item:last-child .segment-exclude")
    console.wait("() => window.tocsin.zone.type === 'difference'")
    console.counted(2)
    console.page.click("[data-key$='-details']")
    check(console, "zone", night=True)
    console.step("message")
    console.page.fill("#subject", "Essai")
    console.page.fill("#text", "Texte d’essai avec un cœur")
    console.page.wait_for_selector(".field-warning:visible")
    check(console, "message")
    console.step("channels")
    console.page.select_option("#retries", "0")
    check(console, "channels")
    console.step("review")
    console.wait("() => window.tocsin.state.review.status === 'ok'")
    check(console, "review", night=True)
    console.step("launch")
    number = console.number(".launch-number")
    console.page.fill("#confirmation", "3")
    console.page.click(".button-launch")
    console.page.wait_for_selector("#confirmation-problem")
    check(console, "launch", night=True)
    console.launch(number)
    console.over()
    check(console, "campaign", night=True)
    console.page.click("[data-key=open-report]")
    console.page.wait_for_selector("#report .tile")
    check(console, "report", night=True)
    console.page.click("#tab-campaigns")
    console.page.wait_for_selector(".campaign")
    check(console, "list")
