"""Spoken messages in the console: dropped as a file, said into the microphone, listened to, and part of what is launched."""

import io
import json
import shutil
from urllib.parse import quote

import numpy
import pytest

from relay import free_port
from voices import likeness, recorded, samples
from worlds import World

TEXT = "La Bresle déborde. Montez à l'étage."
SPOKEN = "Ici le maire. L'eau monte, quittez vos caves et montez à l'étage."
KEYS = "Pour confirmer que vous avez compris, tapez 1."

pytestmark = pytest.mark.skipif(not shutil.which("espeak-ng") or not shutil.which("sox"), reason="no voice: run Scripts/bootstrap")


@pytest.fixture(scope="module")
def mayor(tmp_path_factory):
    return recorded(tmp_path_factory.mktemp("voice") / "maire.ogg", SPOKEN)


@pytest.fixture(scope="module")
def world(somme_original, tmp_path_factory) -> World:
    """With a trunk that nobody answers, so that voice can be chosen."""
    folder = tmp_path_factory.mktemp("world")
    world = somme_original.copied(folder)
    path = folder / "gateways.json"
    path.write_text(json.dumps({"version": 1, "gateways": [{"name": "voix", "kind": "sip", "channel": "voice", "settings": {
        "host": "127.0.0.1", "port": free_port(), "caller": "+33199001000"}}]}))
    return World(world.tocsin.with_environment(TOCSIN_GATEWAYS=str(path)), world.people, world.communes)


def kept(client, name: str, body: bytes):
    return client.call("POST", "/api/recordings", body=body, Content_Type="application/octet-stream", X_Tocsin_Recording_Name=quote(name))


def test_a_sound_is_kept_played_in_the_place_of_the_text_and_removed(visitor, mayor):
    answer = kept(visitor, "À l'étage", mayor.read_bytes())
    assert answer.status == 201 and answer.json["name"] == "À l'étage" and answer.json["isOwn"]
    assert kept(visitor, "À l'étage", mayor.read_bytes()).json["error"]["code"] == "already_exists"
    assert answer.json in visitor.get("/api/recordings").json["recordings"]
    voice = {"channel": "voice", "text": TEXT, "recording": answer.json["hash"]}
    message = {"subject": "Crue", "text": TEXT, "variants": [voice]}
    texts = visitor.post("/api/message/texts", {"message": message, "mode": "real", "channels": ["voice", "sms"]}).json["texts"]
    assert {one["channel"]: one["recording"] for one in texts} == {"voice": answer.json["hash"], "sms": None}
    heard = visitor.post("/api/message/speech", {"message": message, "mode": "real", "kind": "alert"})
    sound = samples(io.BytesIO(heard.body))
    assert likeness(sound, SPOKEN) > 0.8 and likeness(sound, KEYS) > 0.8 and likeness(sound, TEXT) < 0.6
    # What nobody has is neither heard nor launched.
    foreign = message | {"variants": [voice | {"recording": "0" * 64}]}
    assert visitor.post("/api/message/speech", {"message": foreign, "mode": "real", "kind": "alert"}).json["error"]["code"] == "invalid_message"
    for wrong in (voice | {"channel": "sms"}, voice | {"recording": "0A"}, {"language": "en", "text": "a", "recording": answer.json["hash"]}):
        assert visitor.post("/api/message/texts", {"message": message | {"variants": [wrong]}, "mode": "real", "channels": ["voice"]}).status == 400
    assert visitor.call("DELETE", f"/api/recordings/{answer.json['id']}").status == 204
    assert visitor.call("DELETE", f"/api/recordings/{answer.json['id']}").status == 404


@pytest.mark.parametrize("body", [b"", b"<html>", b"ID3" + bytes(5000), b"OggS" + bytes(40)])
def test_what_is_no_sound_is_refused(visitor, body):
    assert kept(visitor, "x", body).json["error"]["code"] == "unreadable_file"
    assert all(one["name"] != "x" for one in visitor.get("/api/recordings").json["recordings"])


def test_what_has_no_name_is_refused(visitor, mayor):
    for name in ("", "a" * 101, "a\nb", " a"):
        assert kept(visitor, name, mayor.read_bytes()).status == 400
    assert visitor.call("POST", "/api/recordings", body=mayor.read_bytes(), Content_Type="audio/wav", X_Tocsin_Recording_Name="x").status == 415


def written(console) -> None:
    console.circle("Abbeville", "15")
    console.counted(1)
    console.step("message")
    console.page.fill("#subject", "Crue")
    console.page.fill("#text", TEXT)
    console.page.click("#panel-message summary:has-text('Message vocal enregistré')")


def variants(console) -> list:
    return console.state["draft"]["message"]["variants"]


def test_a_file_is_chosen_shown_in_the_review_and_taken_back(console, mayor):
    written(console)
    console.page.set_input_files("#draft-recording-file", mayor)
    console.page.wait_for_selector("text=Donnez d’abord un nom")
    console.page.fill("#draft-recording-name", "Le maire")
    console.page.set_input_files("#draft-recording-file", [])
    console.page.set_input_files("#draft-recording-file", mayor)
    console.wait("() => window.tocsin.state.draft.message.variants.length === 1")
    [voice] = variants(console)
    assert voice["channel"] == "voice" and voice["text"] == TEXT and len(voice["recording"]) == 64
    console.step("channels")
    box = console.page.locator("#channel-voice")
    if not box.is_checked():
        box.check()
    console.step("review")
    console.wait("() => window.tocsin.state.review.status === 'ok'")
    console.page.wait_for_selector("#panel-review :text('Un enregistrement est joué')")
    console.page.click("#panel-review [data-key=listen-all]")
    console.page.wait_for_selector("#panel-review .listening audio")
    # A draft that is written again, and read again, keeps it.
    console.step("message")
    console.page.fill("#subject", "Crue de la Bresle")
    console.reload()
    console.wait("() => window.tocsin.state.draft.message.variants.length === 1")
    assert variants(console)[0]["recording"] == voice["recording"]
    console.step("message")
    console.page.select_option("#draft-recording", "")
    assert variants(console) == []


def test_the_microphone_is_recorded(console, visitor):
    written(console)
    console.page.fill("#draft-recording-name", "Au micro")
    console.page.click("[data-key=draft-record]")
    console.page.wait_for_selector("text=Parlez maintenant")
    # The browser's microphone beeps once a second.
    console.page.wait_for_timeout(2_500)
    console.page.click("[data-key=draft-record]")
    console.wait("() => window.tocsin.state.draft.message.variants.length === 1")
    [saved] = [one for one in visitor.get("/api/recordings").json["recordings"] if one["name"] == "Au micro"]
    assert 1.5 < saved["seconds"] < 6 and variants(console)[0]["recording"] == saved["hash"]
    message = {"subject": "", "text": TEXT, "variants": [{"channel": "voice", "text": TEXT, "recording": saved["hash"]}]}
    heard = visitor.post("/api/message/speech", {"message": message, "mode": "real", "kind": "alert"})
    sound = numpy.frombuffer(samples(io.BytesIO(heard.body)), "<i2")[:int(saved["seconds"] * 8000)].astype(float)
    assert numpy.abs(sound).max() > 15_000, "and it is loud"
    console.page.screenshot(path=str(console.archive.parent / "recording.png"))
