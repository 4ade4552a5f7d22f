"""A spreadsheet dropped on the zone, and people ticked in the register: each of them gets one message, and nobody else."""

import base64
import sqlite3
import time
from contextlib import closing

import pytest

from console_page import ConsolePage
from smsc import Centre, entry
from test_console_people import violations
from test_one_off import gateways, read, write
from worlds import World

DROP = """([selector, name, bytes]) => {
  const data = new DataTransfer()
  data.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], name))
  document.querySelector(selector).dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
}"""


@pytest.fixture
def console(chromium, server, session, tmp_path):
    """A dropped table and the register are shown to whoever has them: nobody of them may be anywhere else."""
    page = ConsolePage(chromium, server, tmp_path, session)
    page.open()
    yield page
    faults = [fault for fault in page.close() if not (fault.startswith("leak: ") and "/api/register/" in fault)]
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    with Centre("smsc-scripted.py", tmp_path_factory.mktemp("centre"), "--plain") as centre:
        yield centre


@pytest.fixture(scope="module")
def world(somme_original, centre, tmp_path_factory):
    """The Somme, whose messages leave by the centre."""
    folder = tmp_path_factory.mktemp("world")
    world = somme_original.copied(folder)
    return World(gateways(world.tocsin, folder, entry(centre.port)), world.people, world.communes)


def pupils(first: int, count: int) -> list[list[str]]:
    return [[f"Élève {one}", f"063998{one:04d}"] for one in range(first, first + count)]


def rows(world, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(world.tocsin.database)) as database:
        return database.execute(sql).fetchall()


def drop(console, selector: str, path) -> None:
    console.page.evaluate(DROP, [selector, path.name, base64.b64encode(path.read_bytes()).decode()])
    console.page.wait_for_selector("[data-key=people-check]")


def map_columns(console) -> None:
    console.page.select_option("[data-key=column-0]", "name")
    console.page.select_option("[data-key=column-1]", "phone")


def launch(console, number: int) -> None:
    """In earnest, and alone."""
    console.page.check("#read-again")
    if console.page.query_selector("#acceptance"):
        console.page.fill("#acceptance", "Personne d’autre à l’école ce matin")
    console.launch(number)


@pytest.mark.parametrize("ending, first, target", [("csv", 1000, "#map-area"), ("xlsx", 3000, "#panel-zone")])
def test_a_thousand_rows_are_on_their_way_within_half_a_minute(console, world, centre, tmp_path, ending, first, target):
    lines = pupils(first, 1000)
    path = write(tmp_path / f"classe de {ending}.{ending}", [*lines, ["Parent", lines[3][1]], lines[7]])
    expected, before = read(path), set(centre.taken)
    people = rows(world, "SELECT count(*) FROM recipients WHERE organisation_id > 0")
    began = time.monotonic()
    drop(console, target, path)
    map_columns(console)
    console.page.click("[data-key=people-check]")
    console.page.click("[data-key=people-go]")
    console.counted(1)
    number = console.prepare("Sortie", "La sortie est annulée.")
    assert number == 1001, "two of one number are two people; one person twice is one"
    launch(console, number)
    console.wait("() => window.tocsin.state.followed?.campaign?.progress.passed > 0", None, 30)
    assert time.monotonic() - began < 30
    console.over(seconds=60)
    sent = {number: count for number, count in centre.taken.items() if number not in before}
    assert sent == {one: 1 for one in expected}
    assert rows(world, "SELECT count(*) FROM recipients WHERE organisation_id > 0") == people
    assert not any("classe" in request or "0639" in request for request in console.requests), "personal data in an address"


def test_refused_rows_are_told_by_line_and_left_out_only_on_demand(console, world, tmp_path):
    path = write(tmp_path / "inscrits.csv", [*pupils(5000, 3), ["Élève sans rien", "pas un numéro"], ["x", "06", "de trop"]])
    drop(console, "#map-area", path)
    map_columns(console)
    console.page.click("[data-key=people-check]")
    console.page.wait_for_selector("[data-key=people-go]")
    assert console.page.is_disabled("[data-key=people-go]")
    assert "6" in console.text("#one-off tbody")
    console.page.check("[data-key=people-skip]")
    console.page.click("[data-key=people-go]")
    console.counted(1)
    assert rows(world, "SELECT count(*) FROM recipients WHERE name LIKE 'Élève 500%'") == [(3,)]


def test_ticked_people_get_the_message_and_nobody_else(console, world, centre):
    console.open("/registre")
    console.page.wait_for_selector("tbody [data-key^=tick-]")
    boxes = console.page.locator("tbody tr", has_text="SMS").locator("[data-key^=tick-]").all()[:2]
    ids = [int(box.get_attribute("data-key").split("-")[1]) for box in boxes]
    for one in ids:
        console.page.check(f"[data-key=tick-{one}]")
    assert violations(console) == []
    console.page.click("[data-key=alert-ticked]")
    console.wait("() => document.body?.dataset.ready === 'true' && window.tocsin?.state.draft.items.length === 1")
    assert console.counted(1)["recipients"] == 2
    before = centre.taken
    number = console.prepare("À vous", "Passez en mairie.")
    launch(console, number)
    console.over(seconds=60)
    truth = {one for one, in rows(world, "SELECT DISTINCT address FROM contact_points WHERE channel = 'sms' AND recipient_id IN "
                                         f"({','.join(map(str, ids))})")}
    assert truth and centre.taken - before == {one: 1 for one in truth}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_keys_alone_and_axe(console, tmp_path, scheme):
    # Playwright asks the browser for choosers without waiting for its word, and a key is faster: it is asked well before.
    console.page.on("filechooser", lambda chooser: None)
    console.page.emulate_media(color_scheme=scheme)
    path = write(tmp_path / "clavier.csv", pupils(6000, 2))
    console.page.focus("#one-off summary")
    console.page.keyboard.press("Enter")
    console.page.focus("[data-key=people-file]")
    with console.page.expect_file_chooser() as chooser:
        console.page.keyboard.press("Enter")
    chooser.value.set_files(path)
    console.page.wait_for_selector("[data-key=people-check]")
    map_columns(console)
    assert violations(console) == []
    console.page.set_viewport_size({"width": 390, "height": 800})
    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a telephone"
    assert violations(console) == []
    console.page.focus("[data-key=people-check]")
    console.page.keyboard.press("Enter")
    console.page.wait_for_selector("[data-key=people-go]")
    assert violations(console) == []
    console.page.focus("[data-key=people-go]")
    console.page.keyboard.press("Enter")
    console.counted(1)
    assert violations(console) == []
