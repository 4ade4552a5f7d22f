"""The town hall's daily work: messages received, templates, schedules, figures and help; two themes, a telephone, by keyboard."""

import csv
import io
import json
import math
import re
import sqlite3

import pytest

from console_page import ConsolePage
from server import PASSWORD
from test_approvals import session as session_of
from test_console_desk import violations

PAGES = ["/messages", "/modeles", "/programmations", "/statistiques", "/aide"]
TEMPLATE = {"version": 1, "message": {"subject": "Crue", "text": "Crue à {lieu} : montez."},
            "correction": {"subject": "Crue", "text": "Erreur."}, "allClear": {"subject": "Crue", "text": "Fin."}}


def write_back(world, *texts: str, acknowledged: int = 0, refused: int = 0) -> list[int]:
    """As though a gateway had handed these in; of no campaign."""
    with sqlite3.connect(world.tocsin.database, timeout=10) as database:
        return [database.execute(
            "INSERT INTO inbound_messages (mode, gateway, sender, recipient, text, is_incomplete, received_at, organisation_id, "
            "acknowledged, refused, is_unread) VALUES ('real', 'g', '+33639980001', '36180', ?, 0, 1770000000000, 1, ?, ?, ?)",
            (text, acknowledged, refused, 0 if acknowledged or refused else 1)).lastrowid for text in texts]


@pytest.fixture(scope="module")
def furnished(world, tmp_path_factory):
    path = tmp_path_factory.mktemp("daily") / "template.json"
    path.write_text(json.dumps(TEMPLATE))
    world.tocsin.ok("template", "save", "Crue", "--file", path)
    world.tocsin.ok("schedule", "add", "Sirènes", "--communes", "80620", "--at", "2036-12-03 12:00", "--every", "first-wednesday",
                    "--subject", "Essai", "--message", "Essai des sirènes", "--channels", "email", "--exercise")
    world.tocsin.ok("alert", "--communes", "80620", "--subject", "Essai", "--message", "Essai", "--channels", "email",
                    "--exercise", "--yes")
    write_back(world, "Où aller ?")
    write_back(world, "OUI", acknowledged=1)
    return world


@pytest.fixture
def page(chromium, furnished, server, session, tmp_path):
    page = ConsolePage(chromium, server, tmp_path, session)
    yield page
    faults = [fault for fault in page.close() if not fault.startswith("leak: ") or "/api/inbox" not in fault]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page, tmp_path, scheme, width):
    page.page.emulate_media(color_scheme=scheme)
    page.page.set_viewport_size({"width": width, "height": 844})
    for path in PAGES:
        page.open(path)
        if path == "/modeles":
            page.page.click("[data-key=new]")
        page.page.screenshot(path=tmp_path / f"{path[1:]}-{width}-{scheme}.png", full_page=True)
        assert violations(page) == [], path
        assert page.page.evaluate(f"document.documentElement.scrollWidth <= {width}"), path
        small = page.page.eval_on_selector_all(
            "main button, main select, main input, .desk-head a, .desk-head button",
            "all => all.filter(one => one.offsetParent && one.type !== 'checkbox' && one.getBoundingClientRect().height < 24).length")
        assert small == 0, path


def test_what_people_wrote_is_read_once_by_keyboard(page, furnished, server):
    first, second = write_back(furnished, "J'ai besoin d'aide, 2e étage", "Et le gymnase ?")
    page.open("/")
    assert "non lus" in page.text("#user-name .unread")
    page.page.click("#user-menu summary")
    page.page.click("a[href='/messages']")
    page.page.wait_for_selector(f"[data-message='{first}']")
    shown = page.page.eval_on_selector_all(".message", "all => all.map(one => Number(one.dataset.message))")
    assert shown == sorted(shown, reverse=True) and {first, second} <= set(shown)
    waiting = len(shown)
    page.page.focus(f"[data-key=read-{first}]")
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector(f"[data-message='{first}']:not(.message-unread)")
    page.wait("text => document.querySelector('p[role=status]').textContent.includes(text)", f"{waiting - 1} message")
    assert first not in [int(line.split("\t")[0]) for line in furnished.tocsin.ok("inbox", "list").lines]
    page.page.select_option("[data-key=part]", "acknowledged")
    page.page.wait_for_selector(".mark-good")
    page.page.select_option("[data-key=part]", "unread")
    page.page.wait_for_selector(f"[data-message='{second}']")
    page.page.click("[data-key=read-all]")
    page.wait("() => document.querySelector('p[role=status]').textContent.startsWith('0 ')")
    journal = furnished.tocsin.ok("journal", "show").out
    assert "inbox.show" in journal and "inbox.read" in journal and "besoin" not in journal


def test_who_may_not_see_people_sees_how_many_wrote_and_nothing_of_it(chromium, furnished, server, tmp_path):
    number, = write_back(furnished, "Texte de quelqu'un")
    once = re.search(r"one-time password: (\S+)", furnished.tocsin.ok("user", "create", "irene", "--role", "observer").out)[1]
    client = server.client()
    client.sign_in(once, "irene")
    assert client.post("/api/password", {"current": once, "new": PASSWORD}).status in (200, 204)
    assert client.sign_in(PASSWORD, "irene").status == 200
    assert all(one["text"] is None and one["sender"] is None for one in client.get("/api/inbox").json["messages"])
    assert client.post("/api/inbox/read", {"numbers": [number]}).status == 403
    irene = session_of(server, client)
    page = ConsolePage(chromium, server, tmp_path, irene)
    page.open("/messages")
    page.page.wait_for_selector(f"[data-message='{number}']")
    assert "Texte de quelqu" not in page.page.content()
    assert not page.page.query_selector("[data-key^=read-]:not([hidden])")
    assert "ne voit pas les données personnelles" in page.text("main")
    assert not page.close()


def test_pages_of_the_inbox_follow_one_another(furnished, visitor):
    write_back(furnished, *(f"message {n}" for n in range(7)))
    seen, before = [], ""
    while True:
        answer = visitor.get(f"/api/inbox?limit=3{before}").json
        seen += [one["number"] for one in answer["messages"]]
        if not answer["isMore"]:
            break
        before = f"&before={seen[-1]}"
    with sqlite3.connect(furnished.tocsin.database) as database:
        assert seen == [row[0] for row in database.execute("SELECT id FROM inbound_messages WHERE mode = 'real' ORDER BY id DESC")]
    assert visitor.get("/api/inbox?part=nonsense").status == 422 or visitor.get("/api/inbox?part=nonsense").status == 400


def test_a_template_is_written_changed_taken_again_and_removed(page, furnished):
    page.open("/modeles")
    page.page.click("[data-key=new]")
    page.page.fill("[data-key=name]", "Tempête")
    for part, text in (("message", "Tempête à {lieu} : restez chez vous."), ("correction", "Erreur."), ("allClear", "Fin.")):
        page.page.fill(f"[data-key={part}-subject]", "Tempête")
        page.page.fill(f"[data-key={part}-text]", text)
    page.page.wait_for_selector("fieldset:first-of-type .preview pre:has-text('restez chez vous')")
    assert "1 segment" in page.text("fieldset:first-of-type .preview")
    page.page.click("[data-key=save]")
    page.page.wait_for_selector("text=« Tempête » est enregistré, version 1.")
    saved = json.loads(furnished.tocsin.ok("template", "show", "Tempête").out)
    assert saved["message"]["text"] == "Tempête à {lieu} : restez chez vous."
    page.page.click("[data-key='edit-Tempête']")
    page.page.fill("[data-key=message-text]", "Tempête : rentrez.")
    page.page.click("[data-key=save]")
    page.page.wait_for_selector("text=version 2.")
    page.page.click("[data-key='versions-Tempête']")
    page.page.click("[data-key=again-1]")
    assert page.page.input_value("[data-key=message-text]").endswith("restez chez vous.")
    page.page.click("[data-key=save]")
    page.page.wait_for_selector("text=version 3.")
    page.page.click("[data-key='remove-Tempête']")
    page.page.click("[data-confirm]")
    page.page.wait_for_selector("text=« Tempête » est retiré.")
    assert "Tempête" not in furnished.tocsin.ok("template", "list").out


def test_a_template_without_a_text_is_refused_in_words(page):
    page.expect_refusal(400, 422)
    page.open("/modeles")
    page.page.click("[data-key=new]")
    page.page.fill("[data-key=name]", "Vide")
    page.page.click("[data-key=save]")
    page.page.wait_for_selector("#outcome .notice-error")
    assert page.page.input_value("[data-key=name]") == "Vide"


def test_schedules_are_shown_by_their_clock_paused_and_resumed(page, furnished):
    page.open("/programmations")
    card = "article:has-text('Sirènes') "
    assert "le premier mercredi de chaque mois" in page.text(card) and "mercredi 3 décembre 2036" in page.text(card)
    page.page.click(card + "[data-key^=pause-]")
    page.page.wait_for_selector(card + "strong:has-text('En pause')")
    assert "\tpaused\t" in furnished.tocsin.ok("schedule", "list").out
    page.page.click(card + "[data-key^=resume-]")
    page.page.wait_for_selector(card + "strong:has-text('Active')")
    assert furnished.tocsin.ok("schedule", "next", "Sirènes", "--count", "1").out.startswith("2036-12-03 12:00")


def reckoned(database, mode: str) -> dict:
    """Delays and causes of ended campaigns, person by person."""
    delays, causes = [], {}
    people = database.execute(
        "SELECT deliveries.id, deliveries.state, started_at FROM deliveries JOIN campaigns ON campaigns.id = campaign_id WHERE mode = ?", (mode,))
    for delivery, state, start in people.fetchall():
        legs = database.execute(
            "SELECT id, channel, state, cause FROM legs WHERE delivery_id = ?1 OR id IN (SELECT leg_id FROM leg_shares WHERE delivery_id = ?1)",
            (delivery,)).fetchall()
        if state in ("passed", "answered", "acknowledged"):
            ends = [end for leg, *_ in legs for (end,) in database.execute(
                "SELECT ended_at FROM attempts WHERE leg_id = ? AND outcome IN ('accepted', 'delivered', 'answered', 'acknowledged')", (leg,))]
            delays.append(max(0, math.ceil((min(ends) - start) / 1000)))
        elif state == "failed":
            for way in {(channel, cause) for _, channel, result, cause in legs if result == "failed" and cause}:
                causes[way] = causes.get(way, 0) + 1
    delays.sort()
    return {"half": delays[math.ceil(len(delays) * .5) - 1] if delays else None,
            "most": delays[math.ceil(len(delays) * .9) - 1] if delays else None, "causes": causes}


def test_delays_and_causes_are_those_of_the_people_in_the_page_and_the_file(page, furnished, visitor):
    furnished.tocsin.ok("alert", "--communes", "80021", "--subject", "Essai", "--message", "Essai", "--channels", "sms,email,voice",
                        "--exercise", "--retries", "0", "--yes")
    one, = [line for line in visitor.get("/api/statistics?months=1").json["figures"] if line["mode"] == "exercise"]
    with sqlite3.connect(furnished.tocsin.database) as database:
        known = reckoned(database, "exercise")
        states = dict(database.execute("SELECT state, count(*) FROM deliveries GROUP BY state"))
        kept = database.execute("SELECT sum(recipients) FROM campaign_delays").fetchone()[0]
    assert states.get("failed", 0) > 0 and known["causes"], "nothing failed: it proves nothing"
    assert (one["halfReachedSeconds"], one["mostReachedSeconds"]) == (known["half"], known["most"])
    assert {(cause["channel"], cause["cause"]): cause["recipients"] for cause in one["causes"]} == known["causes"]
    assert kept == one["reached"] and one["uncounted"] == 0
    line, = [row for row in csv.DictReader(io.StringIO(visitor.get("/api/statistics/file?months=1").text)) if row["mode"] == "exercise"]
    assert (line["half_reached_seconds"], line["nine_tenths_reached_seconds"], line["not_counted"]) == (str(known["half"]), str(known["most"]), "0")
    assert set(line["causes"].split(" + ")) == {f"{channel} {cause} {count}" for (channel, cause), count in known["causes"].items()}
    page.open("/statistiques")
    page.wait("() => document.querySelector('#figures')?.textContent.includes('Causes des échecs')")


def test_figures_are_the_reports(page, furnished, visitor):
    figures = visitor.get("/api/statistics?months=1").json["figures"]
    one, = [line for line in figures if line["mode"] == "exercise"]
    with sqlite3.connect(furnished.tocsin.database) as database:
        states = dict(database.execute("SELECT state, count(*) FROM deliveries GROUP BY state"))
    assert one["recipients"] == sum(states.values()) and one["failed"] == states.get("failed", 0)
    assert one["reached"] == sum(states.get(state, 0) for state in ("passed", "answered", "acknowledged"))
    assert one["unreachable"] == states.get("unreachable", 0)
    row, = csv.DictReader(io.StringIO(visitor.get("/api/statistics/file?months=1").text.lstrip("\ufeff")))
    assert (row["mode"], int(row["recipients"])) == ("exercise", one["recipients"])
    page.open("/statistiques")
    assert page.page.query_selector("svg.chart") and f"{one['recipients']}" in page.text("table").replace("\u202f", "")
    assert page.page.get_attribute("[data-key=csv]", "href") == "/api/statistics/file?months=12"


def test_help_opens_at_the_page_it_was_asked_from_and_prints_one_sheet(page, tmp_path):
    page.open("/programmations")
    page.page.click(".desk-tools a")
    page.page.wait_for_selector("#programmations h2:focus")
    page.page.emulate_media(media="print")
    sheet = page.page.pdf(format="A4", prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1
    visible = page.page.eval_on_selector_all("#content > *", "all => all.filter(one => getComputedStyle(one).display !== 'none').length")
    assert visible == 1
