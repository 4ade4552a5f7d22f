"""A call's words, listened to before they leave: compared with the programs that speak and with another reader of A-law."""

import audioop
import io
import json
import shutil

import pytest

from voices import samples, spoken

MODE = "exercise"
TEXT = "La rivière monte. Quittez le rez-de-chaussée."
KEYS = "Pour confirmer que vous avez compris, tapez 1. Pour réécouter, tapez 2."
MESSAGE = {"subject": "Crue", "text": TEXT, "variants": [{"language": "en", "text": "The river rises. Leave the ground floor."}]}

pytestmark = pytest.mark.skipif(not shutil.which("espeak-ng") or not shutil.which("sox"), reason="no voice: run Scripts/bootstrap")


def close(one: bytes, other: bytes) -> bool:
    """SoX dithers: the same sound, though not the same bits."""
    if len(one) != len(other):
        return False
    return audioop.rms(audioop.add(one, audioop.mul(other, 2, -1), 2), 2) < 0.05 * audioop.rms(other, 2)


@pytest.mark.parametrize("language, text, keys", [
    (None, TEXT, KEYS),
    ("en", "The river rises. Leave the ground floor.", "To confirm that you have understood, press 1. To listen again, press 2.")])
def test_what_is_heard_is_what_a_call_would_say(visitor, language, text, keys):
    question = {"message": MESSAGE, "mode": "exercise", "kind": "alert"} | ({"language": language} if language else {})
    texts = visitor.call("POST", "/api/message/texts", {"message": MESSAGE, "mode": "exercise", "channels": ["voice"]}).json["texts"]
    marked = next(one["text"] for one in texts if one["language"] == language)
    assert marked != text and text in marked, "an exercise says so first"
    answer = visitor.call("POST", "/api/message/speech", question)
    assert answer.status == 200 and answer.headers["content-type"] == "audio/wav" and answer.headers["cache-control"] == "no-store"
    expected = b"".join(audioop.alaw2lin(spoken(part, "al", language or "fr"), 2) for part in (marked, keys))
    assert close(samples(io.BytesIO(answer.body)), expected)


def test_what_cannot_be_spoken_is_refused(visitor):
    question = {"message": MESSAGE, "mode": "exercise", "kind": "alert"}
    for wrong in ({"kind": "x"}, {"language": "x" * 36}, {"else": 1}, {"message": {"subject": "a"}}):
        assert visitor.call("POST", "/api/message/speech", question | wrong).status == 400, wrong
    assert visitor.call("POST", "/api/message/speech", question | {"mode": "real"}).json["error"]["code"] == "other_mode"


def test_the_operator_listens_in_the_review(console):
    console.circle("Abbeville", "15")
    console.counted(1)
    console.step("message")
    console.page.fill("#subject", "Crue")
    console.page.fill("#text", TEXT)
    console.step("channels")
    box = console.page.locator("#channel-voice")
    if not box.is_checked():
        box.check()
    console.step("review")
    console.wait("() => window.tocsin.state.review.status === 'ok'")
    console.page.click("#panel-review [data-key=listen-all]")
    console.page.wait_for_selector("#panel-review .listening audio")
    console.wait("() => document.querySelector('#panel-review .listening audio').readyState >= 2")
    seconds = console.page.evaluate("document.querySelector('#panel-review .listening audio').duration")
    texts = console.state["review"]["value"]["texts"]
    marked = next(one["text"] for one in texts if one["channel"] == "voice" and not one["language"])
    assert seconds == pytest.approx((len(spoken(marked, "al")) + len(spoken(KEYS, "al"))) / 8000, abs=0.05)
    assert json.dumps(console.requests).count("/api/message/speech") == 1
