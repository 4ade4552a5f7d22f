"""Messages that somebody has spoken: kept, played on a telephone that the project did not write, and heard there."""

import json
import re
import shutil

import numpy
import pytest

import register
from campaigns import rows
from register import Person
from telephone import Telephone
from voices import likeness, recorded, samples

TEXT = "La Bresle déborde. Montez à l'étage."
SPOKEN = "Ici le maire. L'eau monte dans la rue Basse, quittez vos caves et montez à l'étage."
HERE = ("--circle", "1.1,49.44,100")

pytestmark = pytest.mark.skipif(not shutil.which("espeak-ng") or not shutil.which("sox"), reason="no voice: run Scripts/bootstrap")


@pytest.fixture
def mayor(tmp_path):
    return recorded(tmp_path / "maire.mp3", SPOKEN)


@pytest.fixture
def kept(tocsin, mayor):
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", [Person("V-1", 1.1, 49.44, phones=["01 99 00 10 11"])]))
    tocsin.ok("recording", "add", "Crue du maire", mayor)
    return tocsin


def listed(tocsin) -> list[str]:
    [line] = tocsin.ok("recording", "list").lines
    return line.split("\t")


def test_a_recording_is_listed_listened_to_and_removed(kept, tmp_path):
    name, seconds, _, who, organisation, digest = listed(kept)
    assert name == "Crue du maire" and 3 < float(seconds) < 12 and who and organisation and re.fullmatch("[0-9a-f]{64}", digest)
    kept.ok("recording", "listen", name, tmp_path / "heard.wav")
    heard = samples(str(tmp_path / "heard.wav"))
    assert abs(len(heard) / 16_000 - float(seconds)) < 0.1
    assert likeness(heard, SPOKEN) > 0.8, "what was spoken, though it was compressed"
    assert numpy.abs(numpy.frombuffer(heard, "<i2")).max() > 20_000, "and as loud as other calls"
    refused = kept.refused("recording", "add", "Crue du maire", tmp_path / "maire.mp3")
    assert "already" in refused.err
    kept.ok("recording", "remove", name)
    assert kept.ok("recording", "list").out == ""


@pytest.mark.parametrize("bytes_, word", [(b"", "WAV"), (b"<html>", "WAV"), (b"RIFF\xff\xff\xff\x7fWAVEfmt ", "WAV"), (b"OggS" + bytes(400), "WAV"),
                                          (b"ID3" + bytes(100_000), "WAV"), (b"fLaC" + bytes(100), "WAV")])
def test_what_is_no_sound_is_refused_and_nothing_is_kept(tocsin, tmp_path, bytes_, word):
    (tmp_path / "x.wav").write_bytes(bytes_)
    refused = tocsin.refused("recording", "add", "x", tmp_path / "x.wav")
    assert word in refused.err and "sox" not in refused.err.lower()
    assert tocsin.ok("recording", "list").out == ""


def test_the_telephone_rings_and_the_mayor_speaks(kept, tmp_path):
    with Telephone(tmp_path / "telephone") as telephone:
        path = tmp_path / "gateways.json"
        path.write_text(json.dumps({"version": 1, "gateways": [{"name": "voix", "kind": "sip", "channel": "voice", "settings": {
            "host": "127.0.0.1", "port": telephone.port, "caller": "+33199001000", "plays": 1, "keySeconds": 1}}]}))
        tocsin = kept.with_environment(TOCSIN_GATEWAYS=str(path))
        tocsin.ok("alert", *HERE, "--message", TEXT, "--recording", "Crue du maire", "--channels", "voice", "--yes", "--retries", "0")
        [row] = rows(tocsin)
        assert row["voice_state"] == "answered"
    heard = telephone.heard(1)
    kept.ok("recording", "listen", "Crue du maire", tmp_path / "kept.wav")
    assert likeness(heard, samples(str(tmp_path / "kept.wav"))) > 0.8 and likeness(heard, TEXT) < 0.5, "the recording, in the place of the text"
    assert likeness(heard, "Pour confirmer que vous avez compris, tapez 1.") > 0.8, "and then what the keys do"


def test_a_recording_that_is_used_stays_and_a_foreign_one_is_refused(kept):
    digest = listed(kept)[-1]
    kept.ok("scenario", "save", "crue", *HERE, "--message", TEXT, "--subject", "Crue", "--recording", "Crue du maire", "--channels", "voice")
    assert f"recordings\t{digest}" in kept.ok("scenario", "show", "crue").out
    refused = kept.refused("recording", "remove", "Crue du maire")
    assert "scenario" in refused.err
    document = kept.folder / "template.json"
    plain = {"subject": "Crue", "text": TEXT}
    document.write_text(json.dumps({"version": 1, "correction": plain, "allClear": plain, "message": plain | {"variants": [
        {"channel": "voice", "text": TEXT, "recording": "0" * 64}]}}))
    kept.ok("template", "save", "autre", "--file", document)
    refused = kept.refused("alert", *HERE, "--template", "autre", "--channels", "voice", "--exercise", "--yes")
    assert "recording" in refused.err
    assert kept.ok("campaign", "list").out == "", "nothing is launched"
