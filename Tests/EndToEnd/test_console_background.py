"""A foreign map under the console's own: shown where configured, switched off by who wants, and missed by nobody when it fails."""

import math

import pytest

import somme
from console_page import ConsolePage
from console_server import ConsoleServer
from test_console_access import check as accessible
from test_console_access import dress
from test_console_zone import NORTH
from tile_server import TileServer, colour, tile_at

CREDIT = "Fond d’essai © Personne"
HERE = (2.3, 49.9)
SHOWN = "() => window.tocsin.state.background === 'shown'"
SILENT = "() => window.tocsin.state.background === 'silent'"
SWITCH = "[data-key=layer-background]"
# The background's own pixel; a picture of another origin that its server did not allow could not be read.
PIXEL = """([x, y]) => {
  const canvas = document.querySelector('.background-map canvas') ?? document.querySelector('canvas.background-map')
  const box = canvas.getBoundingClientRect()
  const at = [(x - box.left) * canvas.width / box.width, (y - box.top) * canvas.height / box.height]
  return [...canvas.getContext('2d').getImageData(at[0], at[1], 1, 1).data]
}"""


@pytest.fixture
def tiles():
    with TileServer() as tiles:
        yield tiles


@pytest.fixture
def backed(world, tiles):
    """A server whose console has the tiles under its map."""
    server = ConsoleServer(world.tocsin.with_environment(
        TOCSIN_BACKGROUND=tiles.template, TOCSIN_BACKGROUND_CREDIT=CREDIT)).start()
    yield server
    server.stop()


@pytest.fixture
def page(chromium, backed, tiles, tmp_path):
    page = ConsolePage(chromium, backed, tmp_path)
    page.allowed = (tiles.origin + "/",)
    page.page.goto(backed.url)
    page.sign_in("admin", backed.password)
    page.wait("() => document.body?.dataset.ready === 'true'")
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


def test_the_tiles_lie_where_they_belong(page, tiles, backed):
    page.wait(SHOWN)
    page.wait("() => { const image = document.querySelector('.background-map canvas'); return Boolean(image) }")
    view = page.page.evaluate("window.tocsin.view")
    zooms = {int(path.split("/")[2]) for path, _ in tiles.asked}
    assert zooms, "no tile was asked for"
    # A view between two zooms shows the nearer one's.
    zoom = min(zooms, key=lambda one: abs(one - view["zoom"]))
    wanted = [*colour(*tile_at(*HERE, zoom)), 255]
    page.wait(f"at => ({PIXEL})(at).join() === '{','.join(map(str, wanted))}'", list(page.pixel(*HERE)))
    assert CREDIT in page.text("#attribution")
    for _, headers in tiles.asked:
        assert "referer" not in headers and "cookie" not in headers, headers
    policy = backed.client().get("/connexion").headers["content-security-policy"]
    assert f"img-src 'self' data: {tiles.origin};" in policy and policy.count(tiles.origin) == 1, policy
    accessible(page, "background", night=True)


def test_it_is_switched_off_and_remembered(page, tiles):
    page.wait(SHOWN)
    if not page.page.evaluate("document.getElementById('legend').open"):
        page.page.click("#legend summary")
    page.page.click(SWITCH)
    page.wait("() => !window.tocsin.state.layers.background")
    assert CREDIT not in page.text("#attribution")
    page.reload()
    asked = len(tiles.asked)
    page.draw(NORTH)
    page.counted(1)
    assert len(tiles.asked) == asked, "what is switched off is asked for"
    page.page.click("#legend summary")
    page.page.click(SWITCH)
    page.wait(SHOWN)


@pytest.mark.parametrize("how", ["dies", "forbids", "hangs"])
def test_without_an_answer_the_map_remains(chromium, backed, tiles, tmp_path, how):
    """A dead server, one whose tiles other sites may not use, and one that never ends: said once, and nothing waits for it."""
    page = ConsolePage(chromium, backed, tmp_path)
    page.allowed = (tiles.origin + "/",)
    page.expected += ["net::ERR_", "blocked by CORS policy"]
    if how == "dies":
        tiles.die()
    elif how == "forbids":
        tiles.says_cors = False
    else:
        tiles.is_open.clear()
    page.page.goto(backed.url)
    page.sign_in("admin", backed.password)
    page.wait("() => document.body?.dataset.ready === 'true'")
    page.wait(SILENT, seconds=30)
    page.wait("() => document.getElementById('announcements').textContent.includes('fond de carte')")
    page.draw(NORTH)
    page.counted(1)
    if not page.page.evaluate("document.getElementById('legend').open"):
        page.page.click("#legend summary")
    assert page.text("#legend-body").count("ne répond pas") == 1
    assert page.page.is_enabled(SWITCH)
    if how == "hangs":
        # It comes back by itself.
        tiles.is_open.set()
        page.wait(SHOWN)
    faults = page.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("given, words", [
    ("http://tuiles.example/{z}/{x}/{y}.png", "https://"), ("https://a:b@tuiles.example/{z}/{x}/{y}.png", "password"),
    ("https://tuiles.example/{z}/{x}.png", "{z}, {x} and {y}"), ("https://{x}.example/{z}/{x}/{y}.png", "once each"),
    ("https://{x}.example/{z}/{y}.png", "whole address"), ("https://tuiles.example/{z}/{x}/{y}.png#x", "whole address"),
    ("https://tuiles.example; script-src *;/{z}/{x}/{y}", "percent-encoded"), ("javascript:{z}{x}{y}", "whole address"),
    ("https://tuiles.example/{z}/{x}/{y}?" + "a" * 1000, "longer"), ("https://tuiles.example/{z}/{x}/{y}.png", "CREDIT")])
def test_an_address_that_cannot_serve_is_refused_at_the_start(tocsin, given, words):
    tocsin.ok("init", "--organisation", "Essai")
    found = tocsin.with_environment(TOCSIN_BACKGROUND=given).refused("serve", "--port", "0")
    assert "TOCSIN_BACKGROUND" in found.err and words in found.err, found.err
    assert "a:b" not in found.err and somme.personal(found.err) == []


def test_by_night_it_is_dark(page):
    """What lies under names and zones is darker by night than by day."""
    page.wait(SHOWN)
    dress(page, "dark")
    style = page.page.evaluate("getComputedStyle(document.querySelector('.background-map')).filter")
    assert "invert(1)" in style
    assert math.isclose(float(style.split("brightness(")[1].split(")")[0]), 0.75)
