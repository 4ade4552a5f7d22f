"""Real e-mail through real relays: one that takes, refuses, delays, drops, asks for a password or is not there."""

import email
import email.policy
import signal
from collections import Counter

import pytest

import register
from campaigns import check_complete, interrupted, report, rows, shown
from cli import until
from relay import Relay, certificate, free_port, smtp_sink
from register import Person

SUBJECT, TEXT = "Crue de la Scie : évacuez", "Évacuez le quartier.\n.\nFrom ici, dès maintenant\n..fin"
HERE = ("--circle", "1.1,49.44,100")
SENDER = "Mairie d’Eu <alerte@example.org>"

# Connections to a relay, and so messages on their way, where its URL says nothing else.
WINDOW = 16


def people(count: int) -> list[Person]:
    return [Person(f"M-{number:03d}", 1.1, 49.44, email=f"courriel-{number:03d}@example.org") for number in range(count)]


def ready(tocsin, url: str, count: int = 30):
    """A register of people with e-mail, and the executable told of a relay."""
    everyone = people(count)
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", everyone))
    return tocsin.with_environment(TOCSIN_SMTP_URL=url, TOCSIN_MAIL_FROM=SENDER), everyone


def alert(*options: str, retries: int = 0) -> list[str]:
    return ["alert", *HERE, "--subject", SUBJECT, "--message", TEXT, "--channels", "email", "--yes",
            "--retries", str(retries), "--retry-period", "1", *options]


def by_id(tocsin) -> dict[str, dict]:
    return {row["external_id"]: row for row in rows(tocsin)}


def marked(tocsin) -> set[str]:
    return {row["external_id"] for row in rows(tocsin) if row["possible_duplicate"] == "1"}


def twice(relay: Relay) -> set[str]:
    """Identifiers of the people whose mail the relay took more than once."""
    return {"M-" + address[9:12] for address, count in relay.recipients.items() if count > 1}


def test_everyone_gets_one_message_through_a_real_relay(tocsin, tmp_path):
    with smtp_sink(tmp_path) as (url, messages):
        tocsin, everyone = ready(tocsin, url, 60)
        result = tocsin.ok(*alert())
        assert (result.table["mode"], result.table["state"], result.table["passed"]) == ("real", "completed", "60")
        found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in messages.iterdir()]
    assert max(Counter(message["X-Rcpt-Args"] for message in found).values()) == 1
    assert {message["To"].addresses[0].addr_spec for message in found} == {person.email for person in everyone}
    check_complete(tocsin, [person.id for person in everyone])


def test_a_message_arrives_as_it_was_written(tocsin):
    with Relay() as relay:
        tocsin, everyone = ready(tocsin, relay.url, 3)
        tocsin.ok(*alert())
    assert relay.recipients == {person.email: 1 for person in everyone}
    for address, message in relay.taken:
        assert message["Subject"] == SUBJECT and message["To"].addresses[0].addr_spec == address
        assert message["From"].addresses[0].addr_spec == "alerte@example.org"
        assert message["From"].addresses[0].display_name == "Mairie d’Eu"
        assert message.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == TEXT
        assert message["Date"].datetime and message["Message-ID"] and message["Auto-Submitted"] == "auto-generated"
        assert "EXERCICE" not in message["Subject"]
    assert len({message["Message-ID"] for _, message in relay.taken}) == 3


def test_who_is_refused_has_failed_and_the_others_have_passed(tocsin):
    refused = {"courriel-003@example.org": "550 5.1.1 no such user", "courriel-007@example.org": "554 5.7.1 policy",
               "courriel-011@example.org": "452 4.2.2 mailbox full"}
    with Relay(refuse=refused) as relay:
        tocsin, everyone = ready(tocsin, relay.url)
        tocsin.ok(*alert(retries=1))
    found = by_id(tocsin)
    assert {id for id, row in found.items() if row["state"] == "failed"} == {"M-003", "M-007", "M-011"}
    assert (found["M-003"]["email_cause"], found["M-003"]["email_attempts"]) == ("invalid_address", "1")
    assert found["M-007"]["email_cause"] == "refused" and found["M-011"]["email_attempts"] == "2"
    assert len(relay.taken) == len(everyone) - 3
    check_complete(tocsin, [person.id for person in everyone])


def test_a_relay_that_greylists_is_tried_again(tocsin):
    with Relay(lambda relay, address, number: "451 4.7.1 later" if number == 1 else "250 ok") as relay:
        tocsin, everyone = ready(tocsin, relay.url)
        tocsin.ok(*alert(retries=2))
    assert relay.recipients == {person.email: 1 for person in everyone}
    assert {row["email_attempts"] for row in check_complete(tocsin, [person.id for person in everyone])} == {"2"}
    assert not marked(tocsin)


def test_a_slow_relay_is_waited_for(tocsin):
    with Relay(lambda relay, address, number: 0.3) as relay:
        tocsin, everyone = ready(tocsin, relay.url)
        tocsin.ok(*alert())
    assert relay.recipients == {person.email: 1 for person in everyone} and relay.connections <= WINDOW + 1
    assert shown(tocsin)["passed"] == str(len(everyone))


def test_a_relay_that_never_answers_does_not_hold_the_campaign(tocsin):
    with Relay(lambda relay, address, number: 60 if address.startswith("courriel-000") else "250 ok") as relay:
        tocsin, everyone = ready(tocsin, relay.url + "?timeout=1", 6)
        tocsin.ok(*alert(), timeout=60)
        found = check_complete(tocsin, [person.id for person in everyone])
    states = {row["external_id"]: row["state"] for row in found}
    assert {states[f"M-{number:03d}"] for number in range(1, 6)} == {"passed"}
    # It may have taken them: whoever was tried again is marked.
    assert {row["external_id"] for row in found if int(row["email_attempts"]) > 1} <= marked(tocsin)


def test_a_relay_that_drops_after_taking_leaves_doubt_and_the_doubt_is_marked(tocsin):
    script = lambda relay, address, number: "drop after taking" if number == 1 and address[-13] in "37" else "250 ok"
    with Relay(script) as relay:
        tocsin, everyone = ready(tocsin, relay.url)
        tocsin.ok(*alert(retries=2))
    check_complete(tocsin, [person.id for person in everyone])
    assert set(relay.recipients) == {person.email for person in everyone}, "someone got nothing"
    assert twice(relay) <= marked(tocsin), "someone got it twice and is not marked"


def test_a_relay_that_drops_connections_is_tried_again(tocsin):
    with Relay(lambda relay, address, number: "drop" if number == 1 and address[-13] == "5" else "250 ok") as relay:
        relay.drop_connections = 5
        tocsin, everyone = ready(tocsin, relay.url)
        tocsin.ok(*alert(retries=3))
    check_complete(tocsin, [person.id for person in everyone])
    assert set(relay.recipients) == {person.email for person in everyone}


def test_a_relay_that_is_not_there_fails_everyone_and_says_so(tocsin):
    tocsin, everyone = ready(tocsin, f"smtp://127.0.0.1:{free_port()}")
    tocsin.ok(*alert(retries=1))
    lines = check_complete(tocsin, [person.id for person in everyone])
    assert {(row["state"], row["email_cause"], row["email_attempts"]) for row in lines} == {("failed", "network", "2")}


def test_a_relay_that_comes_back_gets_everyone(tocsin):
    with Relay(lambda relay, address, number: "421 4.3.2 shutting down" if len(relay.tries) < 6 and number == 1 else "250 ok") as relay:
        tocsin, everyone = ready(tocsin, relay.url)
        tocsin.ok(*alert(retries=3), timeout=60)
    check_complete(tocsin, [person.id for person in everyone])
    assert set(relay.recipients) == {person.email for person in everyone}


def test_killed_in_mid_campaign_nobody_is_left_out_and_duplicates_are_marked_and_few(tocsin):
    with Relay(lambda relay, address, number: 0.05) as relay:
        tocsin, everyone = ready(tocsin, relay.url, 120)
        process = tocsin.start(*alert())
        for kill in range(3):
            # Some messages into each life, a few are on their way.
            target = len(relay.taken) + 20
            until(lambda: len(relay.taken) >= target or process.poll() is not None, what="messages")
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert shown(tocsin)["state"] == "running"
            process = tocsin.start("campaign", "watch", "1")
        process.communicate(timeout=60)
        assert process.returncode == 0
    check_complete(tocsin, [person.id for person in everyone])
    assert set(relay.recipients) == {person.email for person in everyone}, "someone got nothing"
    assert twice(relay) <= marked(tocsin), "someone got it twice and is not marked"
    assert len(relay.taken) - len(everyone) <= 3 * WINDOW, "more duplicates than messages can be on their way"


def test_an_exercise_never_speaks_to_the_relay(tocsin):
    with Relay() as relay:
        tocsin, everyone = ready(tocsin, relay.url, 10)
        tocsin.ok(*alert("--exercise"))
        assert shown(tocsin)["mode"] == "exercise"
    assert relay.connections == 0 and not relay.taken


def test_an_exercise_left_unfinished_and_a_real_campaign_do_not_mix(tocsin):
    with Relay() as relay:
        tocsin, everyone = ready(tocsin, relay.url, 10)
        interrupted(tocsin, *alert("--exercise"))
        tocsin.ok(*alert())
        until(lambda: shown(tocsin, 2)["state"] == "completed", what="the real campaign")
    assert relay.recipients == {person.email: 1 for person in everyone}
    assert all("EXERCICE" not in message["Subject"] for _, message in relay.taken)


@pytest.mark.parametrize("url, sender", [
    ("", SENDER), ("http://127.0.0.1:25", SENDER), ("smtp://", SENDER), ("nonsense", SENDER),
    ("smtp://u:motdepasse@127.0.0.1:1?starttls=none", SENDER), ("smtp://127.0.0.1:1?colour=red", SENDER),
    ("smtp://127.0.0.1:1", ""), ("smtp://127.0.0.1:1", "nobody"), ("smtp://127.0.0.1:1", "a@example.org\nBcc: b@example.org")])
def test_a_relay_or_sender_that_is_not_understood_stops_the_launch(tocsin, url, sender):
    tocsin, _ = ready(tocsin, url, 2)
    tocsin = tocsin.with_environment(TOCSIN_SMTP_URL=url, TOCSIN_MAIL_FROM=sender)
    result = tocsin.refused(*alert())
    assert "motdepasse" not in result.err
    assert tocsin.ok("campaign", "list").out == ""


def test_a_password_is_sent_over_tls_and_only_to_whom_the_certificate_names(tocsin, tmp_path):
    context, crt = certificate(tmp_path)
    options = dict(tls_context=context, require_starttls=True, auth_required=True)
    with Relay(**options) as relay:
        relay.options["authenticator"] = relay.authenticate
        tocsin, everyone = ready(tocsin, f"smtp://tocsin:motdepasse@127.0.0.1:{relay.port}?ca={crt}", 5)
        tocsin.ok(*alert())
        assert relay.recipients == {person.email: 1 for person in everyone} and set(relay.logins) == {b"tocsin"}
        # Without the certificate among those trusted, nothing is sent, and no password.
        relay.logins.clear()
        stranger = tocsin.with_environment(TOCSIN_SMTP_URL=f"smtp://tocsin:motdepasse@127.0.0.1:{relay.port}")
        assert stranger.ok(*alert()).table["failed"] == "5"
        assert not relay.logins and len(relay.taken) == 5


def test_a_password_is_never_sent_in_the_clear(tocsin):
    with Relay(auth_require_tls=False) as relay:
        relay.options["authenticator"] = relay.authenticate
        tocsin, _ = ready(tocsin, f"smtp://tocsin:motdepasse@127.0.0.1:{relay.port}", 3)
        assert tocsin.ok(*alert()).table["failed"] == "3"
    assert not relay.logins and not relay.taken


def test_the_report_never_tells_an_address(tocsin):
    with Relay(refuse={"courriel-001@example.org": "550 <courriel-001@example.org> unknown"}) as relay:
        tocsin, _ = ready(tocsin, relay.url, 4)
        tocsin.ok(*alert())
    for form in ("text", "json", "csv", "geojson"):
        assert "courriel-" not in tocsin.ok("campaign", "report", "1", "--format", form).out
    assert "courriel-" not in tocsin.ok("journal").out and report(tocsin)["mode"] == "real"
