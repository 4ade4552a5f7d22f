"""What a campaign says, in the console: templates, wordings, tests to oneself, estimates, and what follows a launch."""

import json

import pytest

import campaigns
from cli import until
from test_console_access import check
from test_templates import TEMPLATE

# Slow enough to change a text while it leaves.
SPEED = 2
MODE = "exercise"
ZONE = ("Abbeville", "15")
OK = "() => window.tocsin.state.review.status === 'ok'"


@pytest.fixture(scope="module", autouse=True)
def library(world):
    """A template, and an address to try messages at."""
    path = world.tocsin.folder / "template.json"
    path.write_text(json.dumps(TEMPLATE), encoding="utf-8")
    world.tocsin.ok("template", "save", "Crue", "--file", path)
    # Whatever the hour of the test.
    world.tocsin.ok("guards", "quiet", "none")
    world.tocsin.ok("message", "add-address", "Astreinte", "astreinte@exemple.test")


def message(console) -> dict:
    return console.state["draft"]["message"]


def take(console, prefix: str = "draft", part: str | None = None, **places) -> None:
    """Takes a template's part, its places filled."""
    page = console.page
    page.click("#panel-message summary:has-text('modèle')" if prefix == "draft" else "#campaign summary:has-text('modèle')")
    page.wait_for_selector(f"[data-key={prefix}-take]")
    if part:
        page.select_option(f"#{prefix}-part", part)
    for name, value in places.items():
        page.fill(f"#{prefix}-place-{name}", value)
    page.click(f"[data-key={prefix}-take]")


def test_a_template_is_filled_and_each_channel_shows_what_it_carries(console):
    console.circle(*ZONE)
    console.step("message")
    take(console, lieu="de la Somme")
    # A place without a value: said, and nothing is taken.
    console.page.wait_for_selector("#panel-message .field-error:has-text('abri')")
    assert console.page.get_attribute("#draft-place-abri", "aria-invalid") == "true"
    assert message(console)["text"] == ""
    console.page.fill("#draft-place-abri", "le gymnase")
    console.page.click("[data-key=draft-take]")
    console.wait("() => window.tocsin.state.draft.message.text !== ''")
    said = message(console)
    assert said["subject"] == "Crue de la Somme" and said["text"].startswith("Rejoignez le gymnase à pied. ")
    assert {variant["language"] for variant in said["variants"]} == {"en", "pt"}
    assert console.page.input_value("#text") == said["text"]

    console.page.click("text=Ce que portera chaque canal")
    console.page.wait_for_selector("#carried [data-channel=sms][data-language=en]")
    assert console.text("#carried [data-channel=sms][data-language=en] .text-body") == "EXERCICE - Walk to le gymnase."
    # Portuguese has a letter that SMS does not know.
    assert "« á »" in console.text("#carried [data-channel=sms][data-language=pt] .field-warning").replace("\u00a0", " ")

    console.page.click("summary:has-text('Autres formulations')")
    console.page.fill("#draft-text-0", "L’alerte " + "é" * 60 + " œuvre ô")
    button = console.page.wait_for_selector("[data-key=plainer-en]")
    assert "œ" in console.text("#carried [data-channel=sms][data-language=en] .field-warning")
    button.click()
    console.wait("() => window.tocsin.state.draft.message.variants[0].text.includes('oeuvre o')")
    assert console.page.input_value("#draft-text-0") == message(console)["variants"][0]["text"]
    check(console, "message with wordings", night=True)


def test_wordings_are_written_checked_and_sent(console, world):
    console.circle(*ZONE)
    console.step("message")
    console.page.fill("#subject", "Crue")
    console.page.fill("#text", "Montez à l’étage.")
    console.page.click("summary:has-text('Autres formulations')")
    console.page.click("[data-key=draft-add-wording]")
    assert console.page.evaluate("document.activeElement.id") == "draft-language-0"
    console.page.fill("#draft-text-0", "Court.")
    console.step("review")
    console.page.wait_for_selector("#panel-review .lacks:has-text('formulation')")
    console.step("message")
    console.page.select_option("#draft-channel-0", "sms")
    console.step("channels")
    console.page.check("#kind-information")
    console.page.select_option("#weight", "5")
    check(console, "channels with kind")
    console.page.select_option("#retries", "0")
    console.step("review")
    console.wait(OK)
    cards = {card.query_selector("h4").inner_text(): card.query_selector(".text-body").inner_text()
             for card in console.page.query_selector_all("#panel-review .text-card")}
    assert cards["SMS"] == "EXERCICE - Court." and cards["Courriel"] == "EXERCICE - Montez à l’étage."
    console.page.click("#panel-review .estimate summary")
    rows = console.page.query_selector_all("#panel-review .estimate tbody[data-scope=sms] tr")
    shown = {row.query_selector("th").inner_text().replace("\u00a0", " "): row.query_selector("td").inner_text() for row in rows[1:]}
    legs = console.state["review"]["value"]["legs"]["sms"]
    assert int("".join(filter(str.isdigit, shown["Messages"]))) == legs == int("".join(filter(str.isdigit, shown["Segments SMS"])))
    assert shown["Coût"] == "inconnu" and "s" in shown["100 % partis en"]
    check(console, "review with estimate", night=True)
    console.step("launch")
    campaign = console.launch(console.number(".launch-number"))
    table = campaigns.shown(world.tocsin, campaign)
    assert (table["kind"], table["weight"]) == ("information", "5")
    console.over(seconds=60)
    # What was measured comes beside the estimate, without a reload.
    console.page.wait_for_selector("#progress [data-estimate=measured]")
    measured = campaigns.shown(world.tocsin, campaign)
    assert measured["measured_sms_messages"] == str(legs) and "error_seconds_90_percent" in measured
    check(console, "campaign with measure", night=True)


def test_channels_leave_one_after_another_as_chosen(console, world):
    console.circle(*ZONE)
    console.step("message")
    console.page.fill("#subject", "Crue")
    console.page.fill("#text", "Montez à l’étage.")
    console.step("channels")
    console.page.uncheck("#channel-fax")
    console.page.check("#order-turns")
    assert console.text("#cascade-summary") == "SMS + Courriel, puis 10 min plus tard Appel vocal"
    for channel in ("sms", "email", "voice"):
        console.page.select_option(f"#step-{channel}", "2")
    assert "en même temps" in console.text("#cascade-summary")
    console.page.select_option("#step-sms", "1")
    console.page.select_option("#cascade-minutes", "5")
    console.page.select_option("#cascade-until", "delivered")
    check(console, "cascade", night=True)
    console.step("review")
    console.wait(OK)
    assert "SMS, puis 5 min plus tard Appel vocal + Courriel" in console.text("#panel-review")
    outlook = console.page.wait_for_selector("#panel-review .estimate tbody[data-scope=outlook]").text_content()
    assert "Avec les nouveaux essais et les tours suivants" in outlook and "Dernier envoi au plus tard" in outlook
    check(console, "review with a cascade", night=True)
    console.step("launch")
    campaign = console.launch(console.number(".launch-number"))
    assert campaigns.shown(world.tocsin, campaign)["cascade"] == "sms,5m,voice+email until delivered"

    def takes_turns() -> bool:
        """The second turn waits, or is not needed any more by whom the first has reached meanwhile."""
        table = campaigns.shown(world.tocsin, campaign)
        return int(table["legs_held"]) > 0 or int(table["passed"]) > 0

    until(takes_turns, what="a second turn")
    world.tocsin.ok("campaign", "stop", campaign)
    console.over("stopped")


def test_a_test_goes_to_oneself_and_shows_the_answer(console, world):
    console.circle(*ZONE)
    console.step("message")
    console.page.wait_for_selector("#test-places:has-text('Astreinte')")
    console.page.click("[data-key=send-test]")
    console.page.wait_for_selector("#panel-message [role=alert]:has-text('texte')")
    console.page.fill("#subject", "Crue")
    console.page.fill("#text", "Montez à l’étage.")
    console.page.focus("[data-key=send-test]")
    console.page.keyboard.press("Enter")
    answer = console.page.wait_for_selector(".test-answers li").inner_text()
    assert "Astreinte" in answer and ("accepté" in answer or "échec" in answer) and "astreinte@" not in answer
    journal = world.tocsin.ok("journal", "show").out
    assert "message.tested" in journal and "astreinte@" not in journal
    assert not world.tocsin.ok("campaign", "list").out.count("TEST -")


def test_a_text_is_changed_while_it_leaves_then_corrected_to_those_reached(console, world):
    console.circle("Amiens", "25")
    console.counted(1)
    number = console.prepare("Crue", "Rejoignez l’école.")
    campaign = console.launch(number)
    console.wait("() => (window.tocsin.state.followed?.campaign?.progress.pending ?? 0) > 0")
    console.page.click("[data-key=amend]")
    assert console.page.input_value("#amend-text") == "Rejoignez l’école.", "marked twice"
    console.page.fill("#amend-text", "Rejoignez le gymnase.")
    check(console, "amending")
    console.page.click("[data-key=amend-send]")
    console.page.wait_for_selector("#campaign [data-figure=version]:has-text('2')")
    assert "EXERCICE - Rejoignez le gymnase." in console.text("#campaign .sms")
    assert campaigns.shown(world.tocsin, campaign)["message_version"] == "2"
    console.over(seconds=120)

    console.page.click("[data-key=follow-allClear]")
    console.page.wait_for_selector("#panel-message:not([hidden])")
    draft = console.state["draft"]
    assert draft["items"][0]["campaign"] == int(campaign) and draft["items"][0]["outcome"] == "reached"
    assert draft["message"]["subject"] == "Fin d’alerte : Crue"
    take(console)
    console.wait("() => window.tocsin.state.draft.message.text === 'Fin de l’alerte.'")
    reached = sum(console_counts(world, campaign)[name] for name in ("passed", "answered_validated", "answered_not_validated"))
    assert console.counted(1)["recipients"] == reached


def console_counts(world, campaign: str) -> dict[str, int]:
    return campaigns.report(world.tocsin, campaign)["totals"]


def test_what_the_api_refuses_of_messages(visitor):
    body = {"message": {"subject": "a", "text": "b"}, "mode": "exercise", "channels": ["email"]}
    assert visitor.call("POST", "/api/message/texts", body).status == 200
    assert visitor.call("POST", "/api/message/test", body | {"channels": ["fax"]}).json["error"]["code"] == "no_test_address"
    assert visitor.call("POST", "/api/campaigns/999/amend", {"message": body["message"]}).status == 404
    for path in ("templates", "message/test"):
        assert visitor.call("GET", f"/api/{path}").status == 200
    twice = {"language": "en", "text": "x"}
    refused = visitor.call("POST", "/api/message/texts", body | {"message": {**body["message"], "variants": [twice, twice]}})
    assert refused.status == 400
