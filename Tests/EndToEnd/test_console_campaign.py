"""An exercise from the zone to the report, steered and followed live; what may not be launched is not."""

import campaigns
import console_page
import register
from cli import until

# Faster than life: some seconds for a town, long enough to be followed on a busy machine too.
SPEED = 2
MODE = "exercise"
RUNNING = "() => window.tocsin.state.followed?.campaign?.state === 'running'"
# Notes every figure that the page shows, so that what passed between two looks is not lost.
WATCH = """() => {
  window.seen = []
  setInterval(() => {
    const campaign = window.tocsin.state.followed?.campaign
    if (campaign) window.seen.push(campaign.progress)
  }, 50)
}"""
EXCLUSIVE = ("pending", "passed", "answered", "acknowledged", "failed", "unreachable", "cancelled")


def launched(console, place: str = "Abbeville", kilometres: str = "15", **words) -> tuple[str, int]:
    console.circle(place, kilometres)
    console.counted(1)
    number = console.prepare(**words)
    return console.launch(number), number


def test_an_exercise_from_the_zone_to_the_report(console, world, tmp_path):
    console.draw([(1.6, 50.25), (2.1, 50.25), (2.1, 50.0), (1.6, 50.0)])
    counted = console.counted(1)
    path, _ = console.perimeter(console.items[0], tmp_path)
    ids = world.tocsin.ids("--perimeter", path)
    number = console.prepare("Crue de la Somme", "Montez à l’étage et attendez les secours.")
    assert number == counted["recipients"] == len(ids)
    sentence = console.state["review"]["value"]["sentence"]
    assert "exercice" in sentence.lower() and str(number) in sentence
    console.page.evaluate(WATCH)
    campaign = console.launch(number)
    assert console.page.get_attribute("body", "data-mode") == "exercise" and "EXERCICE" in console.text("#mode")
    assert "EXERCICE" in console.text("#campaign .sms")
    progress = console.over()

    seen = console.page.evaluate("window.seen")
    assert {sum(now[group] for group in EXCLUSIVE) for now in seen} == {number}, "somebody counts twice, or not at all"
    pending = {now["pending"] for now in seen}
    assert len(pending - {0, number}) >= 3, f"no live progress: {sorted(pending)}"
    assert f"GET {console.server.url}/api/campaigns/{campaign}/events" in console.requests
    # As it begins, and once more when it has ended, for what was measured of it.
    assert console.requests.count(f"GET {console.server.url}/api/campaigns/{campaign}") <= 2, "asked, not followed"

    lines = campaigns.check_complete(world.tocsin, ids, campaign)
    report = campaigns.report(world.tocsin, campaign)
    shown = console.figures()
    assert shown == report["totals"] and sum(shown.values()) == len(lines) == number
    assert console.number("[data-figure=reached]") == sum(
        shown[name] for name in ("passed", "answered_validated", "answered_not_validated"))
    assert progress["pending"] == 0

    console.page.click("[data-key=open-report]")
    console.page.wait_for_selector("#report .tile")
    tiles = {tile.query_selector("dt").inner_text().strip(): int(
        "".join(filter(str.isdigit, tile.query_selector("dd").inner_text())))
        for tile in console.page.query_selector_all("#report .tile")}
    assert tiles.pop("Non localisés") == report["not_located"]
    assert {console_page.GROUPS[name]: count for name, count in tiles.items()} == report["totals"]
    rows = console.page.query_selector_all("#report .table-scroll:last-of-type tbody tr")
    assert len(rows) == len(report["communes"])
    assert not console.page.query_selector("#report a[href$='format=csv']"), "it names people, and nobody's data is seen in training"
    for format in ("json", "geojson", "text"):
        with console.page.expect_download() as download:
            console.page.click(f"#report a[href$='format={format}']")
        said = world.tocsin.ok("campaign", "report", campaign, "--format", format).out
        assert download.value.path().read_text(encoding="utf-8") == said, format


def test_a_wrong_number_launches_nothing(console, world):
    console.circle("Abbeville", "10")
    console.counted(1)
    number = console.prepare()
    before = len(world.tocsin.ok("campaign", "list").lines)
    for typed in ("", "abc", str(number + 1), str(number - 1), "0"):
        console.page.fill("#confirmation", typed)
        console.page.click(".button-launch")
        console.page.wait_for_selector("#confirmation-problem")
        assert console.page.get_attribute("#confirmation", "aria-invalid") == "true"
    assert len(world.tocsin.ok("campaign", "list").lines) == before
    assert console.state["route"]["name"] == "draft"


def test_the_server_refuses_what_the_page_would_not_send(visitor, world):
    plan = {"zone": {"type": "communes", "codes": ["80620"]}, "message": {"subject": "S", "text": "T"},
            "channels": ["sms", "voice"], "mode": "exercise", "retries": 0}
    preview = visitor.call("POST", "/api/campaigns/preview", plan).json
    number = preview["expectedNumber"]
    launch = plan | {"audienceHash": preview["audienceHash"], "confirmation": number,
                     "requestKey": "0e0f7a52-6c46-4c51-8c4c-5a0c7f0a7a11"}

    def refused(status, code, **change):
        answer = visitor.call("POST", "/api/campaigns", launch | change)
        assert (answer.status, answer.code) == (status, code), answer.text

    before = len(world.tocsin.ok("campaign", "list").lines)
    refused(422, "confirmation_mismatch", confirmation=number + 1)
    refused(422, "confirmation_mismatch", confirmation=0)
    refused(409, "audience_changed", audienceHash="0" * 64)
    refused(409, "audience_changed", message={"subject": "S", "text": "Un autre texte"})
    refused(409, "audience_changed", zone={"type": "communes", "codes": ["80001"]})
    assert visitor.call("POST", "/api/campaigns/preview", plan | {"mode": "real"}).code == "other_mode"
    refused(409, "other_mode", mode="real")
    refused(422, "no_channel", channels=[])
    refused(422, "unknown_commune", zone={"type": "communes", "codes": ["80999"]})
    for zone in ({"type": "union", "zones": []}, None, {"type": "communes", "codes": []}, {}):
        answer = visitor.call("POST", "/api/campaigns", launch | {"zone": zone})
        assert answer.status in (400, 422), answer.text
    assert len(world.tocsin.ok("campaign", "list").lines) == before

    first = visitor.call("POST", "/api/campaigns", launch)
    again = visitor.call("POST", "/api/campaigns", launch)
    assert first.status == 201 and first.json["id"] == again.json["id"], "the same request launched twice"
    assert len(world.tocsin.ok("campaign", "list").lines) == before + 1


def test_a_register_that_changes_after_the_review_stops_the_launch(console, world):
    console.expect_refusal(409)
    console.search("amiens")
    counted = console.counted(1)
    number = console.prepare()
    late = register.Person("tardif-1", 2.30, 49.90, "80021", phones=["+33639980001"])
    world.tocsin.ok("import", "recipients", register.write(world.tocsin.folder / "tardif.csv", [late]))
    before = len(world.tocsin.ok("campaign", "list").lines)
    console.page.fill("#confirmation", str(number))
    console.page.click(".button-launch")
    notice = console.page.wait_for_selector("#panel-launch [role=alert]").inner_text()
    assert str(counted["recipients"] + 1) in notice, "the new number is not told"
    assert len(world.tocsin.ok("campaign", "list").lines) == before
    console.page.click("#panel-launch [role=alert] button")
    console.wait("count => window.tocsin.state.review.value?.expectedNumber === count", number + 1)


def test_a_campaign_is_paused_resumed_and_stopped(console, world):
    campaign, number = launched(console, "Amiens", "45")
    console.wait("() => window.tocsin.state.followed.campaign.progress.pending < window.tocsin.state.followed.campaign.progress.recipients - 50")
    console.page.click("[data-key=act-pause]")
    console.page.wait_for_selector("[data-key=act-resume]")
    assert campaigns.shown(world.tocsin, campaign)["state"] == "paused"
    flying = "Object.values(window.tocsin.state.followed.campaign.progress.channels).reduce((n, c) => n + c.inFlight, 0)"
    console.wait(f"() => {flying} === 0")
    made = campaigns.attempts(world.tocsin)
    assert int(campaigns.shown(world.tocsin, campaign)["legs_open"]) > 100, "paused too late to prove anything"

    # Reading the whole campaign anew takes the time in which a dispatcher that had not stopped would have gone on.
    console.reload()
    console.page.wait_for_selector("[data-key=act-resume]")
    assert campaigns.attempts(world.tocsin) == made, "it went on while paused"
    console.page.click("[data-key=act-resume]")
    console.page.keyboard.press("Escape")
    assert campaigns.shown(world.tocsin, campaign)["state"] == "paused", "resumed without an answer"
    console.page.click("[data-key=act-resume]")
    console.page.click("[data-confirm]")
    console.wait(RUNNING)
    until(lambda: campaigns.attempts(world.tocsin) > made, what="another attempt")

    console.page.click("[data-key=act-stop]")
    console.page.click("[data-confirm]")
    console.over("stopped")
    # What was in flight ends, and the page shows it.
    console.wait("() => window.tocsin.state.followed.live === 'ended'")
    progress = console.state["followed"]["campaign"]["progress"]
    assert campaigns.shown(world.tocsin, campaign)["legs_open"] == "0"
    report = campaigns.report(world.tocsin, campaign)
    assert report["state"] == "stopped"
    assert progress["cancelled"] == report["totals"]["cancelled"] > 0 and progress["recipients"] == number
    # A receipt may come after the last event, and turns what was passed on into delivered or failed: never more or fewer.
    def apart_from_late_receipts(figures: dict) -> dict:
        moved = {"passed", "acknowledged", "failed"}
        return {name: count for name, count in figures.items() if name not in moved} | {
            "ended": sum(count for name, count in figures.items() if name in moved)}

    assert apart_from_late_receipts(console.figures()) == apart_from_late_receipts(report["totals"])
    assert not console.page.query_selector("[data-key^=act-]")


def test_a_reload_goes_on_following_and_keeps_the_next_draft(console):
    campaign, number = launched(console, "Amiens", "15")
    console.page.click("#tab-draft")
    console.circle("Abbeville", "5")
    before = console.counted(1)
    console.page.click("#running a")
    console.followed()
    console.reload()
    assert console.followed() == campaign
    console.wait("() => window.tocsin.state.followed.live === 'live' || window.tocsin.state.followed.live === 'ended'")
    assert console.over()["recipients"] == number
    console.page.click("#tab-draft")
    assert console.counted(1) == before
    console.page.click("#tab-campaigns")
    console.page.click(f"[data-key=campaign-{campaign}]")
    assert console.followed() == campaign
