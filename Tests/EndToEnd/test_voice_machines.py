"""Answering machines: a SIP telephone that the project did not write answers with a recorded greeting, and keeps what it hears."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import register
from campaigns import rows
from register import Person
from telephone import Telephone
from voices import likeness

HERE = ("--circle", "1.1,49.44,100")
TEXT = "La Bresle déborde. Montez à l'étage et attendez les secours."
GREETING = "Bonjour, vous êtes bien chez la famille Martin. Nous sommes absents pour le moment. Laissez-nous un message après le signal sonore."
BEEP = ["synth", "0.5", "sine", "1000", "vol", "0.3"]

pytestmark = pytest.mark.skipif(not shutil.which("espeak-ng") or not shutil.which("sox"), reason="no voice: run Scripts/bootstrap")


def recording(folder: Path, text: str, *then: list[str]) -> Path:
    """Words, and sounds or silences after them: 8,000 samples a second."""
    parts = [folder / "words.wav"]
    said = subprocess.run(["espeak-ng", "-v", "fr", "-s", "170", "--stdin", "--stdout"], input=text.encode(), capture_output=True, check=True).stdout
    subprocess.run(["sox", "-V0", "-t", "wav", "--ignore-length", "-", "-r", "8000", "-c", "1", "-b", "16", parts[0], "norm", "-6", "pad", "0.3", "0.6"],
                   input=said, check=True)
    for number, words in enumerate(then):
        parts.append(folder / f"{number}.wav")
        subprocess.run(["sox", "-n", "-r", "8000", "-c", "1", "-b", "16", parts[-1], *words], check=True)
    whole = folder / "greeting.wav"
    subprocess.run(["sox", *parts, whole], check=True)
    return whole


def alert(tocsin, folder: Path, says: Path | None, *words: str, **settings) -> tuple[dict[str, str], Telephone]:
    """Somebody is alerted; their row of the report, and their telephone, which has ended."""
    tocsin.ok("import", "recipients", register.write(folder / "people.csv", [Person("V-1", 1.1, 49.44, phones=["01 99 00 10 11"])]))
    with Telephone(folder / "telephone", says=says) as telephone:
        path = folder / "gateways.json"
        path.write_text(json.dumps({"version": 1, "gateways": [{"name": "voix", "kind": "sip", "channel": "voice", "settings": {
            "host": "127.0.0.1", "port": telephone.port, "caller": "+33199001000", "plays": 1, "keySeconds": 1} | settings}]}))
        tocsin = tocsin.with_environment(TOCSIN_GATEWAYS=str(path))
        tocsin.ok("alert", *HERE, "--message", TEXT, "--channels", "voice", "--yes", *(words or ("--retries", "0")))
    [row] = rows(tocsin)
    return row, telephone


def test_a_machine_has_all_of_the_message_after_its_tone(tocsin, tmp_path):
    row, telephone = alert(tocsin, tmp_path, recording(tmp_path, GREETING, BEEP), machinePlays=1)
    assert (row["voice_state"], row["voice_attempts"]) == ("delivered", "1"), "on a machine it is not answered"
    heard = telephone.heard(1)
    # What it would keep begins when its tone has ended: nine seconds of greeting and the tone.
    greeting = len(Path(tmp_path / "greeting.wav").read_bytes()) - 44
    assert likeness(heard[greeting:], TEXT) > 0.8


def test_a_machine_without_a_tone_is_spoken_to_once_it_is_silent(tocsin, tmp_path):
    row, telephone = alert(tocsin, tmp_path, recording(tmp_path, GREETING), machinePlays=1)
    assert row["voice_state"] == "delivered"
    assert likeness(telephone.heard(1)[len(Path(tmp_path / "greeting.wav").read_bytes()) - 44:], TEXT) > 0.8


def test_a_machine_is_called_again_where_that_is_wanted(tocsin, tmp_path):
    row, _ = alert(tocsin, tmp_path, recording(tmp_path, GREETING, BEEP), "--retries", "1", "--retry-period", "1", machines="retry")
    assert (row["voice_state"], row["voice_cause"], row["voice_attempts"]) == ("failed", "no_answer", "2")


def test_the_message_is_left_and_a_person_tried_for_again(tocsin, tmp_path):
    row, telephone = alert(tocsin, tmp_path, recording(tmp_path, GREETING, BEEP), "--retries", "1", "--retry-period", "1", machines="both", machinePlays=1)
    assert (row["voice_state"], row["voice_attempts"]) == ("delivered", "2")
    for call in (1, 2):
        assert likeness(telephone.heard(call), TEXT) > 0.8


def test_where_no_other_try_is_allowed_what_was_left_has_passed(tocsin, tmp_path):
    row, _ = alert(tocsin, tmp_path, recording(tmp_path, GREETING, BEEP), machines="both", machinePlays=1)
    assert (row["voice_state"], row["voice_attempts"]) == ("delivered", "1")


def test_who_says_a_word_hears_it_from_the_start_at_once(tocsin, tmp_path):
    row, telephone = alert(tocsin, tmp_path, recording(tmp_path, "Allô ?", ["trim", "0", "3"]))
    assert (row["voice_state"], row["voice_attempts"]) == ("answered", "1")
    assert likeness(telephone.heard(1)[:16_000 * 9], TEXT) > 0.8


def test_who_speaks_late_is_not_cut_off(tocsin, tmp_path):
    late = recording(tmp_path, ".", ["trim", "0", "5"])
    subprocess.run(["sox", late, tmp_path / "words.wav", tmp_path / "late.wav"], check=True)
    row, telephone = alert(tocsin, tmp_path, tmp_path / "late.wav")
    assert row["voice_state"] == "answered" and likeness(telephone.heard(1), TEXT) > 0.8
