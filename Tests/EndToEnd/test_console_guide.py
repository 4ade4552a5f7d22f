"""The guided first exercise: told beside the console, it knows from the console alone what is done, up to the certificate."""

import pytest

from console_page import READY, ConsolePage
from server import PASSWORD, Client
from test_approvals import session as session_of
from test_console_desk import violations

MODE = "exercise"


def at(page: ConsolePage, step: str) -> None:
    page.wait("step => document.body.dataset.guide === step", step)


def status(page: ConsolePage, words: str) -> None:
    page.wait("words => document.querySelector('.guide-status')?.textContent.includes(words)", words)


def on(page: ConsolePage) -> None:
    status(page, "Fait.")
    page.page.click("[data-key=guide-next]")


def drawn(page: ConsolePage) -> None:
    """The commune, then a ring around its middle, and the commune as what limits it."""
    page.search("Fort-Mahon")
    on(page)
    at(page, "zone")
    box = page.page.locator("#map").bounding_box()
    page.tool("polygon")
    corners = [(.3, .35), (.7, .35), (.7, .8), (.3, .8)]
    page.page.mouse.click(box["x"] + box["width"] * .3, box["y"] + box["height"] * .35)
    status(page, "au moins trois sommets")
    for across, down in corners[1:]:
        page.page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
    status(page, "Le dessin n’est pas fini")
    page.page.click("[data-key=finish]")
    status(page, "La commune entière est encore alertée")
    page.page.click(f"[data-key={page.items[0]['id']}-within]")
    on(page)
    at(page, "count")


def written(page: ConsolePage, text: str) -> int:
    page.page.fill("#text", text)
    page.step("channels")
    page.page.select_option("#retries", "0")
    page.step("review")
    page.wait("() => window.tocsin.state.review.status === 'ok'")
    page.step("launch")
    return page.number(".launch-number")


def test_from_the_first_step_to_the_certificate(console, world, tmp_path):
    page = console.page
    assert "Rien ne part" in console.text("#guide")
    page.click("[data-key=guide-start]")
    at(console, "commune")
    assert page.evaluate("document.activeElement.dataset.key") == "guide-title"
    page.press("[data-key=guide-next]", "Enter")
    at(console, "commune")
    assert page.get_attribute("[data-key=guide-next]", "aria-disabled") == "true"
    drawn(console)
    console.wait("() => window.tocsin.state.counts.status === 'ok'")
    counts = console.state["counts"]["value"]
    page.fill("#guide-possible", str(counts["recipients"] + 1))
    page.press("#guide-possible", "Enter")
    status(console, "Ce n’est pas ce que dit le panneau")
    page.fill("#guide-possible", str(counts["possible"]))
    page.press("#guide-possible", "Enter")
    status(console, "Fait.")
    # A reload finds the same step, as it was.
    console.reload()
    at(console, "count")
    status(console, "Fait.")
    page.click("[data-key=guide-back]")
    at(console, "zone")
    on(console)
    on(console)
    at(console, "message")
    status(console, "n’est pas à l’étape «\u00a0Message")
    page.click("[data-key=guide-show]")
    page.wait_for_selector("#panel-message:not([hidden])")
    console.wait("() => document.activeElement.id === 'subject'")
    page.fill("#subject", "Crue")
    page.fill("#text", "Montez.")
    status(console, "Trop court")
    assert violations(console) == []
    page.screenshot(path=tmp_path / "message.png")
    number = written(console, "La rivière déborde : montez à l'étage.")
    at(console, "launch")
    campaign = console.launch(number)
    at(console, "follow")
    console.over()
    on(console)
    at(console, "allClear")
    page.click("[data-key=follow-allClear]")
    page.wait_for_selector("#panel-message:not([hidden])")
    status(console, "Il manque le texte")
    # “There” is where the all-clear is written, not the campaign it lifts.
    console.step("channels")
    page.click("[data-key=guide-show]")
    page.wait_for_selector("#panel-message:not([hidden])")
    assert console.items[0]["kind"] == "campaign"
    clear = console.launch(written(console, "L'eau est redescendue."))
    assert clear != campaign
    on(console)
    at(console, "report")
    console.page.click("[data-key=open-report]")
    on(console)
    page.wait_for_selector("[data-key=guide-pdf]")
    page.screenshot(path=tmp_path / "over.png")
    assert violations(console) == []
    for form, start in (("pdf", b"%PDF"), ("json", b"{")):
        assert f"/api/campaigns/{campaign}/" in page.get_attribute(f"[data-key=guide-{form}]", "href")
        with page.expect_download() as download:
            page.click(f"[data-key=guide-{form}]")
        assert download.value.path().read_bytes().startswith(start)
    told = page.request.get(page.evaluate("document.querySelector('[data-key=guide-json]').href")).json()["guided_step_seconds"]
    assert len(told) == 10 and all(seconds is not None for seconds in told.values())
    page.click(".guide-times summary")
    times = page.eval_on_selector_all(".guide-times tbody td", "all => all.map(one => one.textContent)")
    assert len(times) == 10 and "non relevé" not in times
    lines = [line.split("\t") for line in world.tocsin.ok("campaign", "list").lines]
    assert lines and all("exercise" in line for line in lines), "something real"
    page.click("[data-key=guide-leave]")
    console.reload()
    assert page.evaluate("document.body.dataset.guide") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_strip_fits_and_reads_everywhere(console, tmp_path, width, scheme):
    page = console.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    console.reload()
    page.screenshot(path=tmp_path / f"offer-{width}-{scheme}.png")
    assert violations(console) == []
    page.click("[data-key=guide-start]")
    at(console, "commune")
    page.screenshot(path=tmp_path / f"guide-{width}-{scheme}.png")
    assert violations(console) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.focus("[data-key=guide-fold]")
    page.keyboard.press("Enter")
    assert page.get_attribute("[data-key=guide-fold]", "aria-expanded") == "false"
    assert page.evaluate("document.activeElement.dataset.key") == "guide-fold"


def test_the_help_leads_to_it_and_the_real_address_leads_there(chromium, server, tmp_path, console):
    console.page.goto(server.url + "/aide#exercice")
    console.wait(READY)
    console.page.click("[data-key=guided]")
    at(console, "commune")
    real = Client(server.port)
    assert real.sign_in(PASSWORD).status == 200
    page = ConsolePage(chromium, server, tmp_path / "real", session_of(server, real))
    server.mode = "real"
    try:
        page.open("/#/guide")
        away = page.page.get_attribute("[data-key=guide-away]", "href")
        assert away == f"http://127.0.0.1:{server.exercise_port}/#/guide"
        assert page.page.evaluate("document.body.dataset.guide") is None
        assert page.close() == []
    finally:
        server.mode = "exercise"
