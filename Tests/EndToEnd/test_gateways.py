"""The gateways' file: listed, checked, tried, used by an alert, and refused by the path of its first fault."""

import json
import subprocess

import pytest

import register
from campaigns import check_complete, rows
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
        ["relay-a", "email", "smtp", "3", "4", "50 messages in 1.0 s", f"127.0.0.1:{port}"],
        ["relay-b", "email", "smtp", "1", "8", "no limit", f"127.0.0.1:{port}"]]


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
