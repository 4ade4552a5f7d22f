"""What the console's tests share: one browser, and for each file one server over its own copy of the Somme."""

import os

import pytest
from playwright.sync_api import sync_playwright

import somme
from console_page import CHROMIUM, ConsolePage
from console_server import ConsoleServer
from relay import Relay
from server import EXERCISE_PASSWORD, PASSWORD, Client, Server
from worlds import World


@pytest.fixture(scope="session")
def chromium():
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail(f"{CHROMIUM} is not there: run Scripts/bootstrap --tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            # A microphone that beeps, and that nobody is asked about.
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def somme_original(template, tmp_path_factory) -> World:
    """The Somme's communes, town halls and some residents, and an administrator who chose a password."""
    world = somme.made(template.copy(tmp_path_factory.mktemp("somme")))
    with Server(world.tocsin) as server:
        client = server.signed_in()
        body = {"password": PASSWORD, "exercisePassword": EXERCISE_PASSWORD}
        assert client.post("/api/account/exercise-password", body).status == 204
    # Every launch of the console's tests takes its number, however small.
    world.tocsin.ok("guards", "set", "typed_above=0")
    return world


@pytest.fixture(scope="module")
def visitor(server) -> Client:
    """The administrator without a browser, at the address of the file's pages."""
    visitor = server.client()
    assert visitor.sign_in(server.password).status == 200
    return visitor


@pytest.fixture(scope="module")
def world(somme_original, tmp_path_factory) -> World:
    return somme_original.copied(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def server(request, world):
    """A server at the pace that the file asks for by SPEED; its pages are those of exercises where the file says so by MODE."""
    server = ConsoleServer(world.tocsin).start(getattr(request.module, "SPEED", 0))
    server.mode = getattr(request.module, "MODE", "real")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def session(visitor) -> dict:
    """The administrator's session, as the browser keeps it."""
    name, value = visitor.cookie.split("=", 1)
    cookie = {"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True,
              "secure": False, "sameSite": "Strict"}
    return {"cookies": [cookie], "origins": []}


@pytest.fixture
def console(chromium, server, session, tmp_path):
    """The console, open and signed in. Whatever the test, it must have stayed on this server, silent and discreet."""
    page = ConsolePage(chromium, server, tmp_path, session)
    page.open()
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A picture of the page as it was when a test failed."""
    report = yield
    if report.when == "call" and report.failed:
        for page in getattr(item, "funcargs", {}).values():
            if isinstance(page, ConsolePage):
                report.sections.append(("screenshot", str(page.shoot())))
                report.sections.append(("page", "\n".join(page.faults) or "nothing"))
    return report


@pytest.fixture(scope="module")
def relay():
    with Relay() as relay:
        yield relay


@pytest.fixture
def mailing_world(somme_original, relay, tmp_path) -> World:
    """A test's own copy of the Somme, whose real e-mail leaves by the relay."""
    world = somme_original.copied(tmp_path)
    tocsin = world.tocsin.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
    return World(tocsin, world.people, world.communes)
