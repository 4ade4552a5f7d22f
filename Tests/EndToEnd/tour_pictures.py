"""Pictures for the documentation, of the real pages over the demonstration's invented residents. Scripts/pictures runs it."""

from pathlib import Path

import pytest

from console_page import READY, ConsolePage
from server import EXERCISE_PASSWORD, Client
from test_approvals import session as session_of

FOLDER = Path(__file__).parents[2] / "Sources/tocsin/tocsin.docc/Resources"
# The pace of exercises: slow enough for a picture of one under way.
SPEED = 5


def taken(page: ConsolePage, name: str) -> None:
    """As JPEG: a map as PNG is over the 200 kB that a picture of the documentation may have."""
    page.page.screenshot(path=FOLDER / f"console-{name}.jpg", type="jpeg", quality=80)


@pytest.fixture
def real(chromium, server, session, tmp_path):
    page = ConsolePage(chromium, server, tmp_path, session)
    yield page
    page.close()


def test_register(real):
    real.open("/registre")
    real.page.fill("main input[type=search], main input[type=text]", "Abbeville")
    real.page.keyboard.press("Enter")
    real.page.wait_for_selector("main table tbody a, main table tbody button, main table tbody th")
    taken(real, "register")


def test_help(real):
    real.open("/aide#panel-place")
    taken(real, "help")


def test_guide_and_following(chromium, server, world, tmp_path):
    drill = Client(server.exercise_port)
    assert drill.sign_in(EXERCISE_PASSWORD).status == 200
    server.mode = "exercise"
    page = ConsolePage(chromium, server, tmp_path, session_of(server, drill))
    page.open()
    page.page.click("[data-key=guide-start]")
    page.wait("() => document.body.dataset.guide === 'commune'")
    page.search("Amien")
    page.counted(1)
    page.wait("() => document.querySelector('.guide-status').textContent.includes('Fait')")
    taken(page, "guide")
    page.page.click("[data-key=guide-leave]")
    page.launch(page.prepare("Crue de la Somme", "Montez à l'étage, coupez l'électricité."))
    first = page.wait("() => JSON.stringify(window.tocsin.state.stateMap?.levels)")
    page.wait("first => JSON.stringify(window.tocsin.state.stateMap?.levels) !== first", first, seconds=60)
    taken(page, "following")
    page.close()
