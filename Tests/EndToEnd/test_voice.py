"""Alerts by voice over a SIP trunk that the project did not write: SIPp, see Scripts/peers/sip-trunk.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import register
from campaigns import check_complete, rows
from register import Person
from smsc import PEERS

HERE = ("--circle", "1.1,49.44,100")
TEXT = "Crue : évacuez."


class Trunk:
    """SIPp as a trunk, for as long as the `with`."""

    def __init__(self, folder: Path, *options: str):
        self.folder, self.options = folder, options

    def __enter__(self) -> "Trunk":
        self.process = subprocess.Popen([sys.executable, PEERS / "sip-trunk.py", "--log", self.folder / "trunk.log", *self.options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            assert self.process.wait(10) == 3, "the trunk did not start"
            pytest.skip("SIPp is not installed: run Scripts/bootstrap --tests")
        self.port = int(line)
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        self.process.wait(10)


def ready(tocsin, everyone: list[Person], port: int, **settings):
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", everyone))
    (tocsin.folder / "trunk.secret").write_text("secret\n")
    path = tocsin.folder / "gateways.json"
    path.write_text(json.dumps({"version": 1, "gateways": [{
        "name": "voix", "kind": "sip", "channel": "voice", "window": 40, "settings": {
            "host": "127.0.0.1", "port": port, "user": "mairie", "passwordFile": "trunk.secret", "caller": "+33199001000",
            "plays": 1, "keySeconds": 1} | settings}]}))
    return tocsin.with_environment(TOCSIN_GATEWAYS=str(path))


def person(ending: str) -> Person:
    return Person(f"V-{ending}", 1.1, 49.44, phones=[f"01 99 00 10 {ending}"])


def test_each_call_ends_as_the_trunk_says(tocsin, tmp_path):
    expected = {"86": ("failed", "busy"), "80": ("failed", "no_answer"), "04": ("failed", "invalid_address"),
                "60": ("failed", "refused"), "77": ("failed", "busy"), "99": ("failed", "no_answer"), "13": ("failed", "no_answer"),
                "11": ("acknowledged", ""), "12": ("acknowledged", ""), "10": ("answered", ""), "20": ("answered", "")}
    everyone = [person(ending) for ending in expected]
    with Trunk(tmp_path) as trunk:
        tocsin = ready(tocsin, everyone, trunk.port)
        result = tocsin.ok("alert", *HERE, "--subject", "Crue", "--message", TEXT, "--channels", "voice", "--yes", "--retries", "0")
    assert (result.table["mode"], result.table["state"]) == ("real", "completed")
    check_complete(tocsin, sorted(one.id for one in everyone))
    found = {row["external_id"][2:]: (row["voice_state"], row["voice_cause"]) for row in rows(tocsin)}
    assert found == expected
    said = (tmp_path / "trunk.log").read_text(errors="replace")
    assert "From: <sip:+33199001000@" in said and "secret" not in said


def test_who_cannot_be_reached_is_called_again(tocsin, tmp_path):
    with Trunk(tmp_path) as trunk:
        tocsin = ready(tocsin, [person("86"), person("04")], trunk.port)
        tocsin.ok("alert", *HERE, "--message", TEXT, "--channels", "voice", "--yes", "--retries", "2", "--retry-period", "1")
    attempts = {row["external_id"][2:]: row["voice_attempts"] for row in rows(tocsin)}
    assert attempts == {"86": "3", "04": "1"}


def test_without_a_trunk_nobody_is_said_to_be_reached(tocsin, tmp_path):
    with Trunk(tmp_path) as trunk:
        port = trunk.port
    tocsin = ready(tocsin, [person("10")], port, ringSeconds=5)
    tocsin.ok("alert", *HERE, "--message", TEXT, "--channels", "voice", "--yes", "--retries", "0", "--validity", "60")
    assert {row["voice_state"] for row in rows(tocsin)} == {"failed"}


def test_who_presses_nine_gets_no_more_information_and_every_alert(tocsin, tmp_path):
    def calls() -> int:
        return (tmp_path / "trunk.log").read_text(errors="replace").count("INVITE sip:+33199001019@")

    def send(*words: str) -> None:
        tocsin.ok("alert", *HERE, "--message", TEXT, "--channels", "voice", "--yes", "--retries", "2", "--retry-period", "1", *words)

    information = ("--kind", "information", "--quiet", "none")
    with Trunk(tmp_path) as trunk:
        tocsin = ready(tocsin, [person("19"), person("10")], trunk.port)
        send(*information)
        first = calls()
        assert {row["external_id"]: (row["voice_state"], row["voice_attempts"]) for row in rows(tocsin)}["V-19"] == ("answered", "1")
        assert "information.refused" in tocsin.ok("journal", "show").out
        send(*information)
        assert calls() == first > 0, "whoever left is not called for information"
        send()
        assert calls() > first, "an alert reaches everyone"
