"""Whom a campaign reached and whom not: lists, files, doors and the map by state, beside what the ledger and the register say."""

import csv
import io
import json
import re
import sqlite3
import subprocess
from concurrent import futures

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe

import campaigns
from cli import Tocsin, until
from console_page import ConsolePage
from console_server import ConsoleServer
from relay import Relay
from server import PASSWORD, Client
from test_approvals import session

HERE = ("--circle", "2.30,49.89,5000")
STREETS = ("rue des Lilas", "Rue de l’Église", "quai Sud", "Le Hameau")
NUMBERS = ("2", "2 bis", "10", "10 B", "3", "1", "100")
GROUPS = {"acknowledged": ["acknowledged"], "answered": ["answered"], "passed": ["passed"], "pending": ["pending"],
          "failed": ["failed"], "unreachable": ["unreachable"], "cancelled": ["cancelled"],
          "not_reached": ["failed", "unreachable", "cancelled"],
          "not_acknowledged": ["answered", "passed", "pending", "failed", "unreachable", "cancelled"]}


def people() -> list[dict]:
    """Eight score people of two communes: some without any way, some refused, some that nobody can locate."""
    rows = []
    for number in range(160):
        street = STREETS[number % len(STREETS)]
        address = street if street == "Le Hameau" else f"{NUMBERS[number % len(NUMBERS)]} {street}"
        lost = number % 20 == 19
        rows.append({
            "id": f"p{number:03d}", "name": f"Nomsecret {number:03d}", "address": "" if lost else address,
            "commune": "" if lost else ("Amiens" if number % 3 else "Longueau"), "commune_code": "" if lost else ("80021" if number % 3 else "80489"),
            "longitude": "" if lost else 2.28 + number % 10 / 500, "latitude": "" if lost else 49.88 + number % 7 / 500,
            "email_1": "" if number % 8 == 5 else f"{'refuse' if number % 5 == 2 else 'p'}{number:03d}@example.org",
            "lists": "Fragiles" if number % 4 == 0 else "", "tags": "pmr" if number % 6 == 0 else "",
            "vulnerability": "oxygène" if number % 7 == 0 else ""})
    return rows


@pytest.fixture(scope="module")
def followed(template, tmp_path_factory):
    """A real campaign by e-mail that has ended, and the server that shows it."""
    with Relay(refuse={row["email_1"]: "550 5.1.1 no such mailbox" for row in people() if row["email_1"].startswith("refuse")}) as relay:
        tocsin = template.copy(tmp_path_factory.mktemp("follow")).with_environment(
            TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
        path = tocsin.folder / "people.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, people()[0])
            writer.writeheader()
            writer.writerows(people())
        tocsin.ok("import", "recipients", path)
        tocsin.ok("alert", *HERE, "--subject", "Crue", "--message", "Montez à l’étage.", "--channels", "email", "--yes", "--retries", "0")
        server = ConsoleServer(tocsin).start(0)
        yield tocsin, server
        server.stop()


@pytest.fixture(scope="module")
def client(followed) -> Client:
    return followed[1].signed_in()


def ledger(tocsin: Tocsin, sql: str, *values) -> list[tuple]:
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True, timeout=10) as database:
        return database.execute(sql, values).fetchall()


def listed(client: Client, limit: int = 50, campaign: int = 1, **words) -> tuple[list[dict], int]:
    """Every page of a list, and the total that the first one tells."""
    found, after, total = [], 0, None
    while True:
        query = "&".join(f"{name}={value}" for name, value in words.items() if value)
        answer = client.get(f"/api/campaigns/{campaign}/people?{query}&limit={limit}" + (f"&after={after}" if after else ""))
        assert answer.status == 200, answer.text
        page = answer.json
        assert (page["total"] is None) == (after > 0) and len(page["people"]) <= limit
        total = page["total"] if after == 0 else total
        found += page["people"]
        if page["next"] is None:
            return found, total
        assert page["next"] > after
        after = page["next"]


def expected(tocsin: Tocsin, group: str, *, where=lambda row: True) -> list[str]:
    states = ",".join(f"'{state}'" for state in GROUPS[group])
    register = {row["id"]: row for row in people()}
    return [name for (name,) in ledger(
        tocsin, f"SELECT external_id FROM deliveries WHERE campaign_id = 1 AND state IN ({states}) ORDER BY id") if where(register[name])]


def test_each_list_is_what_its_counter_says(followed, client):
    tocsin, _ = followed
    progress = client.get("/api/campaigns/1").json["progress"]
    assert progress["failed"] > 10 and progress["unreachable"] > 10 and progress["passed"] > 50
    for group, states in GROUPS.items():
        for limit in (7, 50, 200):
            found, total = listed(client, limit, group=group)
            names = [person["id"] for person in found]
            assert names == expected(tocsin, group) and total == len(names) == sum(progress[state] for state in states), group
    assert sum(listed(client, group=group)[1] for group in list(GROUPS)[:7]) == progress["recipients"]
    lost, total = listed(client, 3, group="not_located")
    assert [person["id"] for person in lost] == [row["id"] for row in people() if not row["commune_code"]] and total == 8
    assert all(person["state"] is None and person["name"].startswith("Nomsecret") for person in lost)


def test_lists_are_narrowed_as_the_register_tells(followed, client):
    tocsin, _ = followed
    for words, where in (
        ({"list": "Fragiles"}, lambda row: row["lists"]), ({"tag": "pmr"}, lambda row: row["tags"]),
        ({"vulnerable": "yes"}, lambda row: row["vulnerability"]), ({"commune": "80021"}, lambda row: row["commune_code"] == "80021"),
        ({"channel": "email"}, lambda row: row["email_1"]), ({"channel": "sms"}, lambda row: False),
        ({"cause": "invalid_address"}, lambda row: row["email_1"].startswith("refuse")), ({"cause": "busy"}, lambda row: False),
        ({"list": "Fragiles", "commune": "80489"}, lambda row: row["lists"] and row["commune_code"] == "80489"),
    ):
        for group in ("not_acknowledged", "failed", "passed", "not_reached"):
            found, total = listed(client, 9, group=group, **words)
            assert [person["id"] for person in found] == expected(tocsin, group, where=where), (group, words)
            assert total == len(found)
    [failure] = client.get("/api/campaigns/1/people/failures").json["failures"]
    assert failure == {"channel": "email", "cause": "invalid_address", "people": len(expected(tocsin, "failed"))}
    person = listed(client, group="failed")[0][0]
    assert person["ways"][0]["state"] == "failed" and person["commune"] is None and person["communeCode"] in ("80021", "80489")


def test_what_cannot_be_asked_says_why(client):
    for query in ("group=dead", "group=failed&channel=pigeon", "group=failed&cause=x", "group=failed&commune=zz", "limit=0", "limit=5000",
                  "after=-1", "vulnerable=no", "group=not_located&commune=80021", f"list={'x' * 300}"):
        assert client.get(f"/api/campaigns/1/people?{query}").status == 400, query
    assert client.get("/api/campaigns/1/people?list=Inconnue").status in (404, 422)
    for path in ("people", "people/file", "people/failures", "doors", "cells?west=0&south=0&east=1&north=1&zoom=3"):
        assert client.get(f"/api/campaigns/987654/{path}").status == 404, path
    for words in ("west=1&south=0&east=0&north=1&zoom=3", "west=0&south=0&east=1&north=1&zoom=99", "west=0", "west=nan&south=0&east=1&north=1&zoom=3"):
        assert client.get(f"/api/campaigns/1/cells?{words}").status == 400, words


def test_files_are_the_list_and_are_in_the_journal(followed, client):
    tocsin, _ = followed
    names = expected(tocsin, "not_reached")
    answer = client.get("/api/campaigns/1/people/file?group=not_reached&format=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="personnes-1-not_reached.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["id"] for row in rows] == names
    known = {row["id"]: row for row in people()}
    for row in rows:
        assert row["name"] == known[row["id"]]["name"] and row["email"] == known[row["id"]]["email_1"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/campaigns/1/people/file?group=not_reached&format=xlsx").body), read_only=True)
    cells = [["" if value is None else value for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert [row[0] for row in cells] == ["Identifiant", *names] and [row[1] for row in cells[1:]] == [row["name"] for row in rows]
    # The same on the command line.
    assert tocsin.ok("campaign", "people", 1, "--group", "not_reached", "--format", "csv").out == answer.text
    tocsin.ok("campaign", "people", 1, "--output", tocsin.folder / "liste.xlsx")
    assert [row[0] for row in openpyxl.load_workbook(tocsin.folder / "liste.xlsx").worksheets[0].iter_rows(values_only=True)][1:] == names
    lines = tocsin.ok("campaign", "people", 1, "--group", "failed", "--cause", "invalid_address").lines
    assert [line.split("\t")[0] for line in lines] == expected(tocsin, "failed") and "email refuse" in lines[0]
    tocsin.refused("campaign", "people", 1, "--group", "not_located", "--commune", "80021")
    entries = [entry for entry in client.get("/api/audit?action=campaign.people").json["entries"]]
    assert {entry["detail"].get("format") for entry in entries} >= {"csv", "xlsx"}
    assert all(entry["subject"] == "1" and int(entry["detail"]["recipients"]) > 0 for entry in entries)
    assert "Nomsecret" not in tocsin.ok("journal").out


def natural(person: dict) -> tuple:
    number, _, street = person["address"].partition(" ") if person["address"][0].isdigit() else ("", "", person["address"])
    suffix, _, rest = street.partition(" ")
    if suffix in ("bis", "B"):
        street = rest
    else:
        suffix = ""
    order = {"": 0, "bis": 2, "B": 2}
    folded = re.sub(r"[^\w]+", " ", street.lower().replace("é", "e")).strip()
    return person["commune_code"], folded, int(number or -1), order[suffix], suffix.lower(), person["name"]


def test_doors_are_in_the_order_of_the_streets(followed, client, tmp_path):
    tocsin, _ = followed
    waiting = set(expected(tocsin, "not_acknowledged"))
    chosen = sorted((row for row in people() if row["id"] in waiting and row["lists"]), key=natural)
    answer = client.get("/api/campaigns/1/doors?format=csv&list=Fragiles")
    assert [row["id"] for row in csv.DictReader(io.StringIO(answer.text))] == [row["id"] for row in chosen]
    page = client.get("/api/campaigns/1/doors?list=Fragiles")
    assert page.headers["content-type"].startswith("text/html") and "default-src 'none'" in page.headers["content-security-policy"]
    assert [name for name in re.findall(r"Nomsecret \d+", page.text)] == [row["name"] for row in chosen]
    assert page.text.count("☐") == len(chosen) and "Fragiles" in page.text
    pdf = client.get("/api/campaigns/1/doors?format=pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    (tmp_path / "doors.pdf").write_bytes(pdf.body)
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "doors.pdf", "-"], capture_output=True, text=True, check=True).stdout
    pages = re.findall(r"Page (\d+) / (\d+)", text)
    assert len(pages) > 1 and [int(number) for number, _ in pages] == list(range(1, len(pages) + 1))
    assert len(re.findall(r"Nomsecret\s", text)) == len(waiting)
    said = tocsin.ok("campaign", "doors", 1, "--list", "Fragiles", "--format", "csv")
    assert said.out == answer.text and f"{len(chosen)} people" in said.err
    tocsin.ok("campaign", "doors", 1, "--vulnerable", "--output", tmp_path / "portes.pdf")
    assert (tmp_path / "portes.pdf").read_bytes().startswith(b"%PDF")
    assert len(client.get("/api/audit?action=campaign.doors").json["entries"]) == 5


def test_without_the_right_nobody_is_named(followed, client):
    tocsin, server = followed
    tocsin.ok("user", "create", "olga", "--role", "observer")
    once = tocsin.ok("user", "reset-password", "olga").out.split(": ")[1].strip()
    visitor = server.client()
    visitor.sign_in(once, "olga")
    visitor.post("/api/password", {"current": once, "new": PASSWORD})
    visitor = server.client()
    assert visitor.sign_in(PASSWORD, "olga").status == 200
    before = len(ledger(tocsin, "SELECT 1 FROM audit_entries WHERE action LIKE 'campaign.%'"))
    for path in ("people", "people/file", "doors", "doors?format=pdf"):
        assert visitor.get(f"/api/campaigns/1/{path}").code == "not_permitted"
    assert visitor.get("/api/campaigns/1/people/failures").status == 200
    assert len(ledger(tocsin, "SELECT 1 FROM audit_entries WHERE action LIKE 'campaign.%'")) == before
    cells = visitor.get("/api/campaigns/1/cells?west=-5&south=40&east=10&north=52&zoom=20")
    assert cells.status == 200 and "Nomsecret" not in cells.text
    # Where exercises are held there is no list of people at all, whatever the right.
    assert server.trainee().get("/api/campaigns/1/people").status in (404, 421)


def test_squares_add_up_to_the_counters(followed, client):
    progress = client.get("/api/campaigns/1").json["progress"]
    for zoom in (0, 5, 9, 13, 22):
        answer = client.get(f"/api/campaigns/1/cells?west=-5&south=40&east=10&north=52&zoom={zoom}").json
        sums: dict = {}
        for cell in answer["cells"]:
            assert cell["recipients"] == sum(cell["states"].values())
            for state, count in cell["states"].items():
                sums[state] = sums.get(state, 0) + count
        assert sums == {state: progress[state] for state in sums} and answer["withoutPlace"] == 0
        assert sum(sums.values()) == progress["recipients"]
    # Never finer than some 800 m, and whole whatever the box.
    finest = client.get("/api/campaigns/1/cells?west=-5&south=40&east=10&north=52&zoom=22").json["cells"]
    assert min(cell["recipients"] for cell in finest) >= 1 and len(finest) < 20
    east, north = finest[0]["position"]
    box = f"west={east}&south={north}&east={east + 1e-7}&north={north + 1e-7}&zoom=22"
    assert client.get(f"/api/campaigns/1/cells?{box}").json["cells"] == finest[:1]


# In the browser


def violations(page) -> list:
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page.page).response["violations"]]


@pytest.fixture
def shown(chromium, followed, client, tmp_path):
    """The campaign's page, signed in. It shows people: what it was told is not searched for them."""
    page = ConsolePage(chromium, followed[1], tmp_path, session(followed[1], client))
    page.open("/#/campagnes/1")
    page.wait("() => window.tocsin.state.followed?.campaign")
    yield page
    page.context.close()
    assert not page.faults, page.faults


def test_a_list_is_opened_narrowed_and_left_by_keyboard(followed, shown):
    tocsin, _ = followed
    page = shown.page
    page.focus("[data-key=people-failed]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#people .people-table")
    assert page.evaluate("document.activeElement.id") == "people-title"
    count = len(expected(tocsin, "failed"))
    assert str(count) in shown.text("[data-figure=people]")
    assert page.locator("#people tbody tr").count() == min(50, count)
    page.wait_for_selector("[data-key=filter-commune] option[value='80021']", state="attached")
    page.select_option("[data-key=filter-commune]", "80021")
    here = expected(tocsin, "failed", where=lambda row: row["commune_code"] == "80021")
    shown.wait("count => document.querySelectorAll('#people tbody tr').length === count", len(here))
    names = page.locator("#people tbody th").all_inner_texts()
    known = {row["id"]: row["name"] for row in people()}
    assert names == [known[name] for name in here]
    assert violations(shown) == []
    page.select_option("[data-key=filter-commune]", "")
    page.select_option("[data-key=filter-group]", "passed")
    page.wait_for_selector("[data-key=page-on]:not([disabled])")
    page.focus("[data-key=page-on]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-key=page-back]:not([disabled])")
    assert page.locator("#people tbody th").all_inner_texts() == [known[name] for name in expected(tocsin, "passed")[50:100]]
    page.keyboard.press("Escape")
    page.wait_for_selector("#people", state="hidden")
    assert page.evaluate("document.activeElement.dataset.key") == "people-passed"


def test_a_file_and_the_doors_come_from_the_list(shown):
    page = shown.page
    page.click("[data-key=open-people]")
    page.wait_for_selector("[data-key='people/file-csv']")
    with page.expect_download() as download:
        page.click("[data-key='people/file-csv']")
    assert download.value.suggested_filename == "personnes-1-not_reached.csv"
    with page.expect_download() as download:
        page.click("[data-key=doors-pdf]")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    with shown.context.expect_page() as opened:
        page.click("[data-key=doors-html]")
    opened.value.wait_for_selector("h1")
    assert "Porte-à-porte" in opened.value.inner_text("h1") and violations_of(opened.value) == []
    page.select_option("[data-key=filter-commune]", "80021")
    shown.wait("() => document.querySelector('[data-key=doors-all]')?.href.includes('commune=80021')")
    assert "group=not_acknowledged" in page.get_attribute("[data-key=doors-all]", "href"), "the commune alone is kept, and everybody to be seen"


def violations_of(page) -> list:
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]


def test_those_not_reached_are_prepared_again(followed, shown):
    tocsin, _ = followed
    count = len(expected(tocsin, "not_reached"))
    assert str(count) in shown.text("#act-about-again")
    shown.page.click("[data-key=follow-again]")
    shown.page.click("[data-confirm]")
    shown.wait("() => window.tocsin.state.route.name === 'draft' && window.tocsin.state.counts.status === 'ok'")
    [item] = shown.items
    assert (item["kind"], item["campaign"], item["outcome"], item["role"]) == ("campaign", 1, "failed", "alert")
    assert shown.state["counts"]["value"]["certain"] + shown.state["counts"]["value"]["possible"] == count
    draft = shown.state["draft"]
    assert draft["message"]["text"] == "Montez à l’étage." and draft["channels"] == ["email"] and "Crue" in draft["message"]["subject"]
    before = len(tocsin.ok("campaign", "list").lines)
    assert shown.page.is_visible("#panel-message") and before == 1, "nothing is launched by preparing"


def test_what_is_sent_is_always_shown_channel_by_channel(shown):
    card = shown.page.wait_for_selector("#campaign .sent-cards .text-card")
    assert "Montez à l’étage." in card.inner_text() and "Crue" in card.inner_text()


def test_the_map_says_states_by_mark_and_word(shown):
    shown.wait("() => window.tocsin.state.stateMap")
    levels = shown.state["stateMap"]["levels"]
    shown.page.evaluate("document.getElementById('legend').open = true")
    text = shown.text("#legend .state-legend")
    for word, level in (("Atteints", "reached"), ("Échec", "failed"), ("Injoignables", "unreachable")):
        assert re.search(rf"{word}[^:]*:\s*{levels[level]}\b", text), text
    assert sum(levels.values()) == shown.state["followed"]["campaign"]["progress"]["recipients"]
    assert violations(shown) == []


@pytest.mark.parametrize("theme", ("day", "night"))
def test_on_a_telephone_nothing_scrolls_sideways(shown, theme):
    shown.page.set_viewport_size({"width": 390, "height": 800})
    if theme == "night":
        shown.page.evaluate("localStorage.setItem('tocsin.theme', 'night')")
        shown.reload()
        shown.wait("() => window.tocsin.state.followed?.campaign")
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
    shown.page.click("[data-key=open-people]")
    shown.page.wait_for_selector("#people tbody tr")
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert shown.page.evaluate("document.querySelector('#people .report-body').scrollWidth <= document.querySelector('#people .report-body').clientWidth")
    assert violations(shown) == []
    shown.page.screenshot(path=str(shown.archive.parent / f"people-{theme}.png"))



def test_the_overview_has_those_under_way_alone_and_many_follow_one(template, tmp_path):
    tocsin = template.copy(tmp_path)
    path = tocsin.folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, people()[0])
        writer.writeheader()
        writer.writerows(people())
    tocsin.ok("import", "recipients", path)
    server = ConsoleServer(tocsin).start(2)
    try:
        trainee = server.trainee()
        tocsin.ok(*campaigns.words(*HERE, channels="email"), "--detach")
        until(lambda: [card["id"] for card in trainee.get("/api/campaigns?live=yes").json["campaigns"]] == [1], what="the campaign under way")
        # Who comes late sees where it stands at once; all see the same end.
        with futures.ThreadPoolExecutor(20) as crowd:
            told = list(crowd.map(lambda _: trainee.events(1, lambda event: event["state"] == "completed"), range(20)))
        assert {json.dumps(events[-1], sort_keys=True) for events in told} == {json.dumps(told[0][-1], sort_keys=True)}
        for events in told:
            assert [event["progress"]["pending"] for event in events] == sorted((event["progress"]["pending"] for event in events), reverse=True)
        assert trainee.get("/api/campaigns?live=yes").json["campaigns"] == []
        assert trainee.get("/api/campaigns?live=no").status == 400
        assert len(trainee.events(1, lambda _: False)) >= 1, "a campaign that is over is told once, then ends"
    finally:
        server.stop()
