"""The gateways' file: listed, checked, tried, used by an alert, and refused by the path of its first fault."""

import json
import re
import time
import subprocess

import pytest

import register
from campaigns import check_complete, rows, shown
from cli import until
from relay import Relay, certificate, free_port
from register import Person

HERE = ("--circle", "1.1,49.44,100")
FROM = "Mairie d’Eu <alerte@example.org>"


def people(count: int) -> list[Person]:
    return [Person(f"M-{number:03d}", 1.1, 49.44, email=f"courriel-{number:03d}@example.org") for number in range(count)]


def entry(name: str, port: int, settings=None, **members) -> dict:
    return {"name": name, "channel": "email", "kind": "smtp", **members,
            "settings": {"host": "127.0.0.1", "port": port, "from": FROM} | (settings or {})}


def described(tocsin, *gateways: dict, **environment):
    """The executable with a file of these gateways."""
    path = tocsin.folder / "gateways.json"
    path.write_text(json.dumps({"version": 1, "gateways": list(gateways)}))
    return tocsin.with_environment(TOCSIN_GATEWAYS=str(path), **environment)


def registered(tocsin, count: int) -> list[Person]:
    everyone = people(count)
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", everyone))
    return everyone


def test_gateways_are_listed_without_being_connected(tocsin):
    port = free_port()
    tocsin = described(tocsin, entry("relay-a", port, weight=3, window=4, rate={"messagesPerSecond": 50}), entry("relay-b", port))
    assert [line.split("\t") for line in tocsin.ok("gateway", "list").lines] == [
        ["relay-a", "email", "smtp", "3", "4", "50 messages in 1.0 s", f"127.0.0.1:{port}", "no tariff"],
        ["relay-b", "email", "smtp", "1", "16", "no limit", f"127.0.0.1:{port}", "no tariff"]]


def test_a_check_connects_and_sends_nothing(tocsin):
    with Relay() as relay:
        tocsin = described(tocsin, entry("there", relay.port), entry("gone", free_port()))
        result = tocsin.run("gateway", "check")
        assert result.status != 0
        assert result.lines[0] == "there\tup" and result.lines[1].startswith("gone\tdown\tsmtp")
        assert tocsin.ok("gateway", "check", "there").lines == ["there\tup"]
        tocsin.refused("gateway", "check", "nobody")
        assert relay.taken == [] and relay.connections == 2


@pytest.mark.parametrize("place", ["file", "variable"])
def test_a_password_is_read_where_the_file_says(tocsin, place):
    context, certificates = certificate(tocsin.folder)
    (tocsin.folder / "relay.secret").write_text("motdepasse\n")
    secret = {"file": {"passwordFile": "relay.secret"}, "variable": {"passwordVariable": "RELAY_PASSWORD"}}[place]
    with Relay(tls_context=context, authenticator=None, auth_required=False) as relay:
        relay.options["authenticator"] = relay.authenticate
        relay.options["auth_required"] = True
        settings = {"user": "tocsin", "certificates": str(certificates), "tls": "required"} | secret
        good = described(tocsin, entry("relay", relay.port, settings), RELAY_PASSWORD="motdepasse")
        assert good.ok("gateway", "check").lines == ["relay\tup"]
        assert relay.logins == [b"tocsin"]
        if place == "variable":
            bad = good.with_environment(RELAY_PASSWORD="motfaux")
            result = bad.run("gateway", "check")
            assert result.status != 0 and "motfaux" not in result.out + result.err and "535" in result.out


def test_a_test_message_goes_to_oneself_and_the_journal_says_so(tocsin):
    with Relay(refuse={"refuse@example.org": "550 5.1.1 no such user"}) as relay:
        tocsin = described(tocsin, entry("relay", relay.port))
        assert tocsin.ok("gateway", "test", "relay", "--to", "moi@example.org").lines == ["relay\taccepted\tsmtp 250"]
        assert tocsin.run("gateway", "test", "relay", "--to", "refuse@example.org").status != 0
    assert relay.recipients == {"moi@example.org": 1}
    journal = tocsin.ok("journal", "show").out
    assert journal.count("gateway.tested") == 2 and "invalid_address" in journal and "moi@example.org" not in journal


def test_a_provider_s_own_words_bring_no_number_into_the_journal(tocsin):
    """Digits shaped as a status code, a number in words, a mailbox: of the relay's answer only codes are kept."""
    said = {
        "un@example.org": "550 33612.3456.78 +33 6 12 34 56 78 refused", "deux@example.org": "550 5.1.1 <deux@example.org> 0612345678",
    }
    with Relay(refuse=said) as relay:
        tocsin = described(tocsin, entry("relay", relay.port))
        answers = "".join(tocsin.run("gateway", "test", "relay", "--to", address).out for address in said)
    journal = tocsin.ok("journal", "show").out
    assert answers.splitlines()[1] == "relay\tfailed: invalid_address\tsmtp recipient 550 5.1.1"
    assert answers.splitlines()[0].endswith("\tsmtp recipient 550")
    for word in ("3456", "33612", "0612345678", "12 34", "@example.org"):
        assert word not in answers + journal


def test_one_gateway_is_tried_whatever_another_s_secret(tocsin):
    with Relay() as relay:
        other = entry("other", relay.port, {"user": "tocsin", "passwordFile": "nowhere.secret"})
        tocsin = described(tocsin, other, entry("relay", relay.port))
        assert tocsin.ok("gateway", "test", "relay", "--to", "moi@example.org").lines == ["relay\taccepted\tsmtp 250"]
        assert tocsin.ok("gateway", "check", "relay").lines == ["relay\tup"]
        assert "nowhere.secret" in tocsin.refused("gateway", "check", "other").err
        tocsin.refused("gateway", "check")
    assert relay.recipients == {"moi@example.org": 1}


def test_accounts_that_may_launch_try_a_gateway_so_many_times_an_hour(tocsin):
    tocsin.ok("user", "create", "odile", "--role", "registrar"), tocsin.ok("user", "create", "paul", "--role", "administrator")
    tocsin.ok("user", "create", "anne", "--role", "operator")
    for line in tocsin.ok("grant", "list", "--pending").lines:
        tocsin.with_environment(TOCSIN_USER="admin").ok("grant", "confirm", line.split("\t")[0])
    with Relay() as relay:
        tocsin = described(tocsin, entry("relay", relay.port))
        words = ("gateway", "test", "relay", "--to", "moi@example.org")
        assert "launch" in tocsin.with_environment(TOCSIN_USER="odile").refused(*words).err
        anne = tocsin.with_environment(TOCSIN_USER="anne")
        said = anne.run(*words)
        assert said.status == 0 and "all its organisations" in said.err
        for _ in range(9):
            anne.ok(*words)
        assert "10" in anne.refused(*words).err
        assert relay.recipients == {"moi@example.org": 10}
        tocsin.with_environment(TOCSIN_USER="paul").ok(*words)
        tocsin.ok(*words)
    assert tocsin.ok("journal", "show", "--action", "gateway.test").out.count("gateway.test\t") == 12


def test_an_alert_leaves_through_the_file_s_relay(tocsin):
    everyone = registered(tocsin, 20)
    with Relay() as relay:
        tocsin = described(tocsin, entry("relay", relay.port))
        tocsin.ok("alert", *HERE, "--subject", "Crue", "--message", "Montez", "--channels", "email", "--yes")
    assert relay.recipients == {person.email: 1 for person in everyone}
    check_complete(tocsin, [person.id for person in everyone])


def test_the_rates_of_coverage_come_from_the_file(tocsin):
    registered(tocsin, 10)
    zone = ("coverage", *HERE, "--format", "json")
    rated = described(tocsin, entry("a", 25, rate={"messagesPerSecond": 2}), entry("b", 25, rate={"messagesPerSecond": 3}))
    from_file = rated.with_environment(TOCSIN_RATES="email=1/s").ok(*zone).out
    assert from_file == tocsin.with_environment(TOCSIN_RATES="email=5/s").ok(*zone).out
    assert from_file != tocsin.with_environment(TOCSIN_RATES="email=1/s").ok(*zone).out


def test_a_fault_in_the_file_stops_every_command_that_needs_it(tocsin):
    tocsin = described(tocsin, entry("relay", 25, {"password": "secret-en-clair"}))
    for command in (["gateway", "list"], ["serve", "--port", "0"]):
        result = tocsin.refused(*command)
        assert "gateways[0].settings.password" in result.err and "secret-en-clair" not in result.err
    both = described(tocsin, entry("relay", 25)).with_environment(TOCSIN_SMTP_URL="smtp://127.0.0.1:25")
    assert "both set" in both.refused("gateway", "list").err


ALERT = ("alert", *HERE, "--subject", "Crue", "--message", "Montez", "--channels", "email", "--yes")


def test_a_relay_that_is_not_there_costs_nobody_a_try_while_another_is(tocsin):
    everyone = registered(tocsin, 60)
    with Relay() as relay:
        tocsin = described(tocsin, entry("gone", free_port(), weight=5), entry("there", relay.port))
        table = tocsin.ok(*ALERT, "--retries", "0").table
    assert (table["state"], table["passed"], table["possible_duplicates"]) == ("completed", "60", "0")
    assert relay.recipients == {person.email: 1 for person in everyone}
    assert "gateway.down" in tocsin.ok("journal", "show", "--limit", "50").out


def test_two_relays_share_by_weight(tocsin):
    registered(tocsin, 80)
    slow = lambda relay, address, number: 0.05
    with Relay(slow) as one, Relay(slow) as other:
        described(tocsin, entry("one", one.port, weight=3), entry("other", other.port)).ok(*ALERT)
    assert len(one.taken) + len(other.taken) == 80
    assert 48 <= len(one.taken) <= 70


def test_a_rate_holds_beyond_the_connection(tocsin):
    registered(tocsin, 90)
    times = []

    def script(relay, address, number):
        times.append(time.monotonic())
        return "250 2.0.0 taken"

    with Relay(script) as relay:
        described(tocsin, entry("relay", relay.port, rate={"messagesPerSecond": 25})).ok(*ALERT)
    times.sort()
    assert len(times) == 90
    # The dispatcher's own tests hold it to any second, in virtual time. What a loaded machine delays comes bunched here:
    # never twice the rate, and never faster in all.
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[50:]))
    assert times[-1] - times[0] >= 65 / 25


def test_a_stop_holds_within_a_second_and_counts_what_had_not_left(tocsin):
    registered(tocsin, 400)
    times = []

    def script(relay, address, number):
        times.append(time.monotonic())
        return "250 2.0.0 taken"

    with Relay(script) as relay:
        tocsin = described(tocsin, entry("relay", relay.port, rate={"messagesPerSecond": 40}))
        process = tocsin.start(*ALERT)
        until(lambda: len(times) > 40, what="a second's messages")
        stop = tocsin.ok("campaign", "stop", "1")
        stopped = time.monotonic()
        process.communicate(timeout=60)
    # Half a second by the settings; a loaded machine is given more.
    assert max(times) <= stopped + 3
    left = shown(tocsin)
    assert int(left["passed"]) == len(times) < 400
    assert int(left["cancelled"]) == 400 - len(times)
    cancelled, gone = map(int, re.search(r"(\d+) messages had not left and never will; (\d+) had left", stop.err).groups())
    assert cancelled + gone == 400 and abs(gone - len(times)) <= 8, "but for what was in flight"


def test_retries_by_cause_are_frozen_and_kept(tocsin):
    registered(tocsin, 4)
    refused = {"courriel-000@example.org": "554 5.7.1 policy", "courriel-001@example.org": "452 4.2.2 mailbox full"}
    with Relay(refuse=refused) as relay:
        tocsin = described(tocsin, entry("relay", relay.port))
        (tocsin.folder / "policy.json").write_text(json.dumps(
            {"version": 1, "maximumRetries": 0, "retries": {"refused": {"count": 5, "periodSeconds": 60}}}))
        tocsin.ok(*ALERT, "--policy", "policy.json", "--retry", "refused=2x1", "--kind", "information", "--quiet", "none", "--weight", "7")
    assert relay.recipients == {f"courriel-00{number}@example.org": 1 for number in (2, 3)}
    report = {line["external_id"]: line for line in rows(tocsin)}
    assert (report["M-000"]["email_attempts"], report["M-000"]["email_cause"]) == ("3", "refused")
    assert report["M-001"]["email_attempts"] == "1", "network has no rule, and no retries in all"
    assert (shown(tocsin)["kind"], shown(tocsin)["weight"]) == ("information", "7")


@pytest.mark.parametrize("options, word", [
    (["--retry", "busy=three"], "busy=3x120"), (["--retry", "expired=1x1"], "causes are"),
    (["--retry", "busy=11x60"], "11 retries"), (["--weight", "0"], "weight"), (["--policy", "nowhere.json"], "nowhere.json"),
])
def test_a_policy_that_cannot_be_is_refused_before_anything(tocsin, options, word):
    registered(tocsin, 2)
    result = tocsin.refused(*ALERT[:-1], "--exercise", "--yes", *options)
    assert word in result.err
    assert tocsin.ok("campaign", "list").out == ""


def test_a_gateway_signs_and_has_a_return_address_of_its_own(tocsin):
    key = tocsin.folder / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
    key.chmod(0o600)
    with Relay() as relay:
        registered(tocsin, 2)
        # The key's path begins at the file's own folder.
        told = {"returnAddress": "retours@alerte.example", "dkim": {"selector": "s1", "keyFile": "key.pem"}}
        tocsin = described(tocsin, entry("relay-a", relay.port, told))
        tocsin.ok("alert", *HERE, "--subject", "S", "--message", "M", "--channels", "email", "--yes")
        assert len(set(relay.senders.values())) == 2
        assert all(sender.endswith("@alerte.example") for sender in relay.senders.values())
        assert all("d=example.org; s=s1;" in message["DKIM-Signature"] for _, message in relay.taken)
        assert tocsin.ok("mail", "dkim").out.startswith("relay-a\ts1._domainkey.example.org\t\"v=DKIM1; k=ed25519;")
        for fault, path in (({"returnAddress": "a+b@c.fr"}, "returnAddress"), ({"dkim": {"selector": "s1"}}, "dkim.keyFile"),
                            ({"dkim": {"selector": "s1", "keyFile": "key.pem", "x": "y"}}, "dkim.x")):
            assert f"settings.{path}" in described(tocsin, entry("relay-a", relay.port, told | fault)).refused("gateway", "list").err
