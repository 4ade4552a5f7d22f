"""Information programmed from the console: what is seen is what is sent, to whom it goes now, and refused as its launch would be."""

import json

import pytest

from console_page import ConsolePage
from relay import free_port
from test_console_desk import violations
from worlds import World

TOWN = "80620"
BODY = {"name": "Marché", "zone": {"type": "communes", "codes": [TOWN]}, "template": "Infos", "values": {"lieu": "place du marché"},
        "channels": ["email"], "at": "2036-12-03 12:00"}


def template(tocsin, text: str) -> None:
    path = tocsin.folder / "infos.json"
    path.write_text(json.dumps({"version": 1, "message": {"subject": "Marché", "text": text},
                                "correction": {"subject": "Marché", "text": "Erreur."}, "allClear": {"subject": "Marché", "text": "Fin."}}))
    tocsin.ok("template", "save", "Infos", "--file", path)


@pytest.fixture(scope="module")
def world(somme_original, tmp_path_factory) -> World:
    """Nobody listens at the relay: nothing is launched here."""
    world = somme_original.copied(tmp_path_factory.mktemp("schedules"))
    tocsin = world.tocsin.with_environment(
        TOCSIN_SMTP_URL=f"smtp://127.0.0.1:{free_port()}", TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
    return World(tocsin, world.people, world.communes)


@pytest.fixture(autouse=True)
def settled(world):
    world.tocsin.ok("guards", "set", "free_text=warn", "large_audience=second_person", "large_audience_limit=5000", "register_share=warn")
    template(world.tocsin, "Rendez-vous {lieu}.")
    yield
    for line in world.tocsin.ok("schedule", "list").lines:
        world.tocsin.ok("schedule", "remove", line.split("\t")[0])


def version(visitor) -> int:
    return visitor.post("/api/schedules/preview", BODY).json["templateVersion"]


def test_what_it_would_say_and_to_whom_is_shown_before(visitor, world):
    shown = visitor.post("/api/schedules/preview", BODY)
    assert shown.status == 200, shown.text
    figures = world.tocsin.ok("target", "--communes", TOWN).table
    assert {key: shown.json[key] for key in ("recipients", "certain", "possible")} == {
        key: int(figures[key]) for key in ("recipients", "certain", "possible")}
    assert shown.json["recipients"] > 0 and shown.json["notLocated"] == int(figures["not_located"])
    assert (shown.json["subject"], shown.json["text"]) == ("Marché", "Rendez-vous place du marché.")
    assert shown.json["next"] == ["2036-12-03T11:00:00.000Z"] and shown.json["timeZone"] == "Europe/Paris"
    assert world.tocsin.ok("schedule", "list").out == "", "looking makes nothing"


def test_the_text_that_was_seen_is_sent_or_nothing_is_made(visitor, world):
    seen = version(visitor)
    template(world.tocsin, "Annulé {lieu}.")
    refused = visitor.post("/api/schedules", BODY | {"templateVersion": seen})
    assert (refused.status, refused.code) == (409, "template_changed")
    assert world.tocsin.ok("schedule", "list").out == ""
    assert visitor.post("/api/schedules", BODY | {"templateVersion": version(visitor)}).status == 204
    template(world.tocsin, "Encore autre chose {lieu}.")
    shown = world.tocsin.ok("schedule", "show", "Marché")
    assert shown.table["text"] == "Annulé {lieu}." and int(shown.table["template_version"]) == seen + 1


@pytest.mark.parametrize("settings, change, code", [
    (["register_share=stop", "register_share_limit=0.0001", "small_register=0"], {}, "guard_stopped"),
    (["large_audience_limit=1"], {}, "second_person_needed"),
    (["free_text=second_person"], {}, "second_person_needed"),
    ([], {"channels": ["fax"]}, "channel_unavailable"),
    ([], {"at": "2020-01-01 12:00"}, "not_allowed"),
    ([], {"values": {}}, "invalid_message"),
])
def test_what_its_launch_would_refuse_is_refused_when_it_is_made(visitor, world, settings, change, code):
    if settings:
        world.tocsin.ok("guards", "set", *settings)
    try:
        for path in ("/api/schedules/preview", "/api/schedules"):
            assert visitor.post(path, BODY | change).code == code, path
    finally:
        world.tocsin.ok("guards", "set", "register_share_limit=0.9", "small_register=1000")
    assert world.tocsin.ok("schedule", "list").out == ""


def test_what_only_the_day_itself_can_tell_is_said_and_refuses_nothing(visitor, world):
    nobody = BODY | {"zone": {"type": "circle", "longitude": 1.62, "latitude": 50.38, "metres": 10}}
    owner = world.tocsin.ok("organisation", "list").lines[0].split("\t")[0].strip()
    world.tocsin.ok("organisation", "quotas", owner, "--set", "month:email=1")
    try:
        for body, code, word in ((nobody, "empty", "Aucun destinataire"), (BODY, "quota", "dépassé")):
            shown = visitor.post("/api/schedules/preview", body)
            assert shown.status == 200, shown.text
            notice, = [one for one in shown.json["guards"] if one["code"] == code]
            assert notice["consequence"] == "warn" and word in notice["message"] and "date prévue" in notice["message"]
            assert visitor.post("/api/schedules", body | {"name": code}).status == 204
    finally:
        world.tocsin.ok("organisation", "quotas", owner, "--set", "month:email=none")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_console_shows_it_and_asks(chromium, server, session, world, tmp_path, scheme, width):
    page = ConsolePage(chromium, server, tmp_path, session)
    page.page.emulate_media(color_scheme=scheme)
    page.page.set_viewport_size({"width": width, "height": 844})
    page.open("/programmations")
    page.page.fill("[data-key=name]", "Marché")
    page.page.fill("[data-place=lieu]", "place du marché")
    page.page.select_option("[data-key=zone]", "communes")
    page.page.fill("[data-key=codes]", TOWN)
    page.page.uncheck("[data-key=channel-sms]")
    page.page.check("[data-key=channel-email]")
    page.page.fill("[data-key=at]", "2036-12-03T12:00")
    page.page.click("[data-key=add]")
    people = int(world.tocsin.ok("target", "--communes", TOWN).table["recipients"])
    page.page.wait_for_selector("dialog [data-confirm]")
    told = page.text("dialog")
    assert f"{people} personnes" in told and "Rendez-vous place du marché." in told and "3 décembre 2036" in told
    page.page.screenshot(path=tmp_path / f"ask-{width}-{scheme}.png")
    assert violations(page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.page.keyboard.press("Escape")
    assert world.tocsin.ok("schedule", "list").out == ""
    page.page.click("[data-key=add]")
    page.page.click("[data-confirm]")
    page.page.wait_for_selector("article:has-text('Marché')")
    assert world.tocsin.ok("schedule", "show", "Marché").table["text"] == "Rendez-vous {lieu}."
    assert page.close() == []
