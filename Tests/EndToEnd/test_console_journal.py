"""The page of the journal: who did what, page by page, filtered and taken away; in two languages, by keyboard, without fault."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from console_page import ConsolePage


@pytest.fixture
def page(chromium, server, session, tmp_path):
    page = ConsolePage(chromium, server, tmp_path, session)
    page.page.goto(server.url + "/journal")
    page.page.wait_for_selector("#rows tr")
    yield page
    faults = page.close()
    assert not faults, "\n".join(faults)


def rows(page) -> list[list[str]]:
    return page.page.eval_on_selector_all("#rows tr", "all => all.map(row => [...row.cells].map(cell => cell.textContent))")


def test_the_page_shows_what_the_journal_holds(page, visitor):
    entries = visitor.get("/api/audit").json["entries"]
    shown = rows(page)
    # Somebody may have signed in between.
    assert [row[2] for row in shown][-5:] == [entry["action"] for entry in entries[:len(shown)]][-5:]
    assert all(len(row) == 5 for row in shown)
    page.page.fill("#action", "import.")
    page.page.click("#form button")
    page.wait("() => [...document.querySelectorAll('#rows tr')].every(row => row.cells[2].textContent.startsWith('import.'))")
    assert rows(page)
    page.page.fill("#action", "nothing.at.all")
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector("#outcome [role], #outcome .notice")
    assert rows(page) == []


def test_what_is_downloaded_is_the_chain(page, visitor):
    href = page.page.get_attribute("#jsonl", "href")
    lines = [json.loads(line) for line in visitor.get(href).text.splitlines()]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[-1]["action"] == "audit.export"
    assert visitor.get(page.page.get_attribute("#csv", "href")).text.startswith("number,at,actor,organisation,action")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page, scheme):
    page.page.emulate_media(color_scheme=scheme)
    found = [f"{one['id']}: {node['html'][:150]}" for one in Axe().run(page.page).response["violations"] for node in one["nodes"]]
    assert found == []


def test_the_journal_is_reached_from_the_menu(console):
    console.page.click("#user-menu summary")
    console.page.click("a[href='/journal']")
    console.page.wait_for_selector("#rows tr")
