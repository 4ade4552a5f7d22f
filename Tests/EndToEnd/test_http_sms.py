"""Alerts by SMS through HTTP providers: a generic one, one that speaks as Twilio, one as OVHcloud."""

import base64
import hashlib
import hmac
import http.client
import json
import urllib.parse

import pytest

from campaigns import check_complete, rows, shown
from cli import until
from provider import DIALECTS, SECRET, Provider
from relay import free_port
from server import Server
from test_sms import TEXT, alert, number, people, ready, so_far


def call(port: int, target: str, method: str = "GET", body: bytes | None = None, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, target, body, {name.replace("_", "-"): text for name, text in headers.items()})
    answer = connection.getresponse()
    assert answer.read() == b"" or answer.status != 200, "what is answered here some providers send to the person"
    connection.close()
    return answer.status


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_person_s_end_is_the_provider_s_word(tocsin, tmp_path, dialect):
    """Compared person by person with the provider's log; receipts come to the server."""
    endings = [0, 1, 2, 80, 84, 90, 93, 94, 95, 96, 97, 98]
    everyone = [people(1, ending=ending)[0] for ending in endings]
    for person, ending in zip(everyone, endings):
        person.id = f"S-{ending:02d}"
    port = free_port()
    with Provider(dialect, tmp_path) as provider:
        tocsin = ready(tocsin, everyone, provider.entry(f"http://127.0.0.1:{port}", health={"failures": 100}), **SECRET)
        provider.calls(tocsin)
        with Server(tocsin, "--port", str(port)):
            tocsin.ok(*alert("--validity", "60", retries=1), timeout=100)
        asked = provider.asked
        first = next(line for line in provider.lines if "to" in line)
    lines = {int(row["external_id"][2:]): row for row in check_complete(tocsin, [person.id for person in everyone])}
    assert {ending: lines[ending]["sms_state"] for ending in (0, 1, 2, 84)} == dict.fromkeys((0, 1, 2, 84), "delivered")
    assert {(lines[ending]["sms_state"], lines[ending]["sms_cause"]) for ending in (93, 98)} == {("failed", "network")}
    assert (lines[80]["sms_state"], lines[80]["sms_cause"]) == ("failed", "no_answer")
    # OVHcloud's refusal says nothing that is known: tried again, at a try's cost.
    cause = "network" if dialect == "ovh" else "invalid_address"
    assert (lines[90]["sms_state"], lines[90]["sms_cause"]) == ("failed", cause)
    if dialect != "ovh":
        assert lines[90]["sms_cause"] == "invalid_address"
    unexplained = {90} if dialect == "ovh" else set()
    # Nobody knows whether they left: tried again, and marked.
    doubtful = {93, 94, 95, 96, 97}
    assert {ending for ending, row in lines.items() if row["possible_duplicate"] == "1"} == doubtful
    for person, ending in zip(everyone, endings):
        assert asked[number(person)] == (2 if ending in doubtful | {80, 98} | unexplained else 1)
    assert (first["text"], first["sender"]) == (TEXT, "MAIRIE")
    if dialect == "plain":
        assert first["fields"]["ttl"] == 1, "a number, in minutes"
        assert first["fields"]["tags"] == ["tocsin", 7, True, None]


@pytest.mark.parametrize("text", ['Crue "forte" %7B & montée\\n\t€ ê 100 % + 😀 <b>', "Ligne\nsuivante : évacuez"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_text_arrives_as_it_was_written(tocsin, tmp_path, dialect, text):
    everyone = people(2, ending=0)
    with Provider(dialect, tmp_path) as provider:
        tocsin = ready(tocsin, everyone, provider.entry(None, settings={"receipts": False}), **SECRET)
        tocsin.ok(*alert(text=text))
        assert {line["text"] for line in provider.lines} == {text}
    assert {row["sms_state"] for row in rows(tocsin)} == {"accepted"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_receipt_may_come_first_and_to_another_process(tocsin, tmp_path, dialect):
    """The command holds the dispatcher; the server only listens. Every receipt overtakes its answer."""
    everyone = people(30, ending=0)
    port = free_port()
    with Provider(dialect, tmp_path, "--before", "--slow", "0.3") as provider:
        entry = provider.entry(f"http://127.0.0.1:{port}", window=4)
        tocsin = ready(tocsin, everyone, entry | {"settings": entry["settings"] | {"answerSeconds": 30}}, **SECRET)
        provider.calls(tocsin)
        process = tocsin.start(*alert())
        until(lambda: provider.lines, what="a message")
        with Server(tocsin, "--port", str(port)):
            process.communicate(timeout=90)
        assert provider.asked == {number(person): 1 for person in everyone}
    assert {row["sms_state"] for row in rows(tocsin)} == {"delivered"}
    assert shown(tocsin)["possible_duplicates"] == "0"


@pytest.mark.parametrize("ending, most", [(91, 4), (92, 60)])
def test_a_provider_that_is_too_busy_is_asked_again_later_and_costs_no_try(tocsin, tmp_path, ending, most):
    with Provider("twilio", tmp_path) as provider:
        tocsin = ready(tocsin, people(1, ending=ending), provider.entry(None), **SECRET)
        process = tocsin.start(*alert("--validity", "60"))
        until(lambda: len(provider.lines) >= 2, 30, "a second try")
        process.kill()
        process.communicate()
        times = [line["at"] for line in provider.lines]
    assert ending == 92 or times[1] - times[0] >= 0.95, "it had asked for a second's peace"
    assert {row["sms_attempts"] for row in rows(tocsin)} <= {"0", "1", "2"}
    assert len(times) <= most


def test_an_outage_sends_messages_by_the_other_gateway_and_nobody_twice(tocsin, tmp_path):
    everyone = people(80, ending=0)
    with Provider("plain", tmp_path, "--outage", "10,10000") as ill, Provider("twilio", tmp_path) as well:
        tocsin = ready(tocsin, everyone, ill.entry(None, "malade"), well.entry(None, "sain"), **SECRET)
        table = tocsin.ok(*alert()).table
        done = {line["to"] for line in ill.lines if line.get("status") == 200}
        assert well.asked == {number(person): 1 for person in everyone if number(person) not in done}
    assert (table["passed"], table["possible_duplicates"]) == ("80", "0") and 1 <= len(done) < 80
    assert "gateway.down" in tocsin.ok("journal", "show").out


def test_a_provider_that_is_not_there_leaves_nothing_in_doubt(tocsin, tmp_path):
    with Provider("plain", tmp_path) as provider:
        entry = provider.entry(None, health={"failures": 100})
    everyone = people(3)
    tocsin = ready(tocsin, everyone, entry, **SECRET)
    tocsin.ok(*alert("--validity", "60"), timeout=100)
    lines = check_complete(tocsin, [person.id for person in everyone])
    assert {(row["state"], row["possible_duplicate"]) for row in lines} == {("failed", "0")}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_gateways_are_listed_checked_and_tried_and_secrets_stay_in(tocsin, tmp_path, dialect):
    with Provider(dialect, tmp_path) as provider:
        good = ready(tocsin, people(1), provider.entry("https://alerte.example"), **SECRET)
        word = {"plain": "http"}.get(dialect, dialect)
        assert good.ok("gateway", "list").lines[0].split("\t")[:4] == ["fournisseur", "sms", word, "1"]
        assert good.ok("gateway", "list").lines[0].split("\t")[6] == f"127.0.0.1:{provider.port}"
        assert good.ok("gateway", "check").lines == ["fournisseur\tup"]
        assert good.ok("gateway", "test", "fournisseur", "--to", "+33639980001").lines[0].startswith("fournisseur\taccepted\thttp 20")
        name, address = good.ok("gateway", "callbacks").lines[0].split("\t")
        assert name == "fournisseur" and address.startswith("https://alerte.example/passerelles/fournisseur/")
        bad = good.with_environment(PROVIDER_SECRET="motfaux")
        result = bad.run("gateway", "check")
        assert result.status != 0 and "credentials are refused" in result.out and "motfaux" not in result.out + result.err


def test_callbacks_are_believed_by_their_key_and_their_signature_only(tocsin, tmp_path):
    everyone = people(4, ending=83)
    port = free_port()
    with Provider("twilio", tmp_path) as provider:
        tocsin = ready(tocsin, everyone, provider.entry(f"http://127.0.0.1:{port}"), **SECRET)
        address = tocsin.ok("gateway", "callbacks").lines[0].split("\t")[1]
        path = urllib.parse.urlsplit(address).path
        with Server(tocsin, "--port", str(port)) as server:
            process = tocsin.start(*alert())
            until(lambda: {row["sms_state"] for row in so_far(tocsin).values()} == {"accepted"}, what="answers")
            identifier = next(line["id"] for line in provider.lines if "id" in line)
            fields = {"MessageSid": identifier, "MessageStatus": "delivered"}
            body = urllib.parse.urlencode(fields).encode()

            def signed(url, secret="motdepasse"):
                text = url + "".join(name + fields[name] for name in sorted(fields))
                return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()

            form = {"Content_Type": "application/x-www-form-urlencoded"}
            assert call(port, path, "POST", body, **form) == 403
            assert call(port, path, "POST", body, X_Twilio_Signature=signed(address, "autre"), **form) == 403
            assert call(port, path, "POST", body + b"&x=y", X_Twilio_Signature=signed(address), **form) == 403
            assert call(port, path, "GET") == 403
            assert call(port, path, "HEAD") == 404
            wrong = path[:-1] + ("0" if path[-1] != "0" else "1")
            assert call(port, wrong, "POST", body, X_Twilio_Signature=signed(address), **form) == 404
            assert call(port, path.replace("fournisseur", "autre"), "POST", body, **form) == 404
            assert call(port, path, "POST", b"x" * 200_000, **form) == 413
            assert {row["sms_state"] for row in so_far(tocsin).values()} == {"accepted"}
            for _ in range(3):
                assert call(port, path, "POST", body, X_Twilio_Signature=signed(address), **form) == 200
            assert sorted(row["sms_state"] for row in so_far(tocsin).values()) == ["accepted"] * 3 + ["delivered"]
            log = "".join(server.log)
            process.kill()
            process.communicate()
        assert path.rsplit("/", 1)[1] not in log and identifier not in log


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_yes_by_a_provider_s_callback_acknowledges(tocsin, tmp_path, dialect):
    everyone = people(3, ending=0)
    port = free_port()
    with Provider(dialect, tmp_path, "--mo", "Oui !", "--mo-times", "2") as provider:
        tocsin = ready(tocsin, everyone, provider.entry(f"http://127.0.0.1:{port}"), **SECRET)
        provider.calls(tocsin)
        with Server(tocsin, "--port", str(port)):
            tocsin.ok(*alert())
            until(lambda: provider.called[200] >= 5, what="callbacks")
    assert sorted(row["state"] for row in rows(tocsin)) == ["answered_validated", "passed", "passed"]
    line, = tocsin.ok("inbox", "list", "--all").lines
    assert line.split("\t")[2:3] + line.split("\t")[5:] == ["1", "acknowledged", "1", "Oui !"]


@pytest.mark.parametrize("change, path", [
    ({"url": "http://sms.example.org/send", "probe": None}, "url"), ({"url": "ftp://127.0.0.1/", "probe": None}, "url"),
    ({"url": "https://u:p@example.org/", "probe": None}, "url"), ({"json": {"to": "{to}"}}, "json"),
    ({"json": {"to": "{to}", "body": "{text}", "x": "{nom}"}}, "json"), ({"form": {"a": "b"}}, "form"),
    ({"headers": {"A B": "x"}}, "headers"), ({"answers": [{"means": "accepted"}]}, "answers[0].status"),
    ({"answers": [{"status": 200, "means": "fine"}]}, "answers[0].means"), ({"secret": "motdepasse"}, "secret"),
    ({"sender": "UN NOM BIEN TROP LONG"}, "sender"), ({"callbacks": "alerte.example"}, "callbacks"),
    ({"receiptFields": {"id": "a", "state": "b", "delivered": ["c"], "failed": {"d": "lost"}}}, "receiptFields.failed.d"),
    ({"probe": "https://elsewhere.example/"}, "probe"), ({"misspelt": 1}, "misspelt"),
])
def test_a_fault_in_a_provider_s_settings_is_named(tocsin, tmp_path, change, path):
    with Provider("plain", tmp_path) as provider:
        settings = provider.entry(None)["settings"] | change
        entry = provider.entry(None) | {"settings": {name: value for name, value in settings.items() if value is not None}}
    (tocsin.folder / "gateways.json").write_text(json.dumps({"version": 1, "gateways": [entry]}))
    result = tocsin.with_environment(TOCSIN_GATEWAYS=str(tocsin.folder / "gateways.json"), **SECRET).refused("gateway", "list")
    assert f"gateways[0].settings.{path}:" in result.err
