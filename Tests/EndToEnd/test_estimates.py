"""What a campaign costs and how long it takes: told before it leaves, launched with nothing, compared when it has ended."""

import json
from decimal import Decimal

import pytest

import register
from campaigns import report, shown
from relay import Relay
from test_gateways import ALERT, HERE, described, entry, registered
from test_sms import HERE as NEAR
from test_sms import people as mobiles

PRICE = "0.0004"


def paid(name: str, port: int, price: str = PRICE, **members) -> dict:
    return entry(name, port, tariff={"perMessage": price, "currency": "EUR"}, **members)


def test_an_estimate_launches_nothing_and_a_price_nobody_said_is_unknown(tocsin):
    registered(tocsin, 30)
    with Relay() as relay:
        free = described(tocsin, entry("relay-a", relay.port, rate={"messagesPerSecond": 10}))
        table = free.ok(*ALERT, "--estimate").table
        assert (table["recipients"], table["estimate_messages"]) == ("30", "30")
        assert table["estimate_cost"] == table["estimate_email_cost"] == "unknown"
        assert table["estimate_email_pace"] == "contract"
        # Thirty at ten a second, held a hundredth below the contract's rate.
        assert Decimal(table["estimate_seconds_100"]) == pytest.approx(Decimal("2.9"), abs=Decimal("0.2"))
        assert not relay.recipients and not tocsin.ok("campaign", "list").lines

        unknown = described(tocsin, paid("relay-a", relay.port)).ok(*ALERT, "--estimate").table
        assert unknown["estimate_cost"] == f"{30 * Decimal(PRICE)} EUR".replace("0.0120", "0.012")
        assert unknown["estimate_email_pace"] == "unknown" and unknown["estimate_seconds_50"] == "unknown"
        declared = described(tocsin, paid("relay-a", relay.port), TOCSIN_RATES="email=5/s").ok(*ALERT, "--estimate").table
        assert declared["estimate_email_pace"] == "declared" and declared["estimate_seconds_100"] == "5.8"


def test_several_gateways_make_a_range(tocsin):
    registered(tocsin, 100)
    with Relay() as relay:
        both = described(tocsin, paid("cheap", relay.port, "0.01", weight=3), paid("dear", relay.port, "0.05"))
        table = both.ok(*ALERT, "--estimate").table
    assert table["estimate_cost"] == "2.00 EUR" and table["estimate_cost_range"] == "1.00 EUR to 5.00 EUR"


def test_a_campaign_that_has_ended_stands_beside_its_estimate(tocsin):
    everyone = registered(tocsin, 60)
    with Relay() as relay:
        tocsin = described(tocsin, paid("relay-a", relay.port, rate={"messagesPerSecond": 20}))
        before = tocsin.ok(*ALERT, "--estimate").table
        table = tocsin.ok(*ALERT, "--retries", "0").table
        assert relay.recipients == {person.email: 1 for person in everyone}
        assert table["estimate_seconds_90"] == before["estimate_seconds_90"] != "unknown"
        assert table["measured_cost"] == table["estimate_cost"] == "0.024 EUR" and table["error_cost_percent"] == "0.0"
        assert table["measured_messages"] == "60"
        assert float(table["measured_seconds_100"]) >= 60 / 20 - 0.2, "the rate was passed, or the measure is wrong"
        assert "error_seconds_100_percent" in table
        for key in ("measured_seconds_50", "measured_seconds_90", "estimate_email_pace"):
            assert shown(tocsin)[key] == table[key]
        figures = {(one["channel"], one["quantity"]): one for one in report(tocsin)["estimate"]}
        assert figures["all", "cost"] == {
            "channel": "all", "quantity": "cost", "currency": "EUR", "estimated": "0.024", "measured": "0.024",
            "error_percent": 0}
        assert figures["email", "seconds_100"]["measured"] == float(table["measured_seconds_100"])
        assert "seconds to 90 %" in tocsin.ok("campaign", "report", 1, "--format", "text").out

        # A gateway without a rate is then judged by what it did.
        past = described(tocsin, paid("relay-a", relay.port, window=4)).ok(*ALERT, "--estimate").table
        assert past["estimate_email_pace"] == "history" and past["estimate_seconds_100"] != "unknown"


@pytest.mark.parametrize("tariff,fault", [
    ({"perMessage": 0.01, "currency": "EUR"}, "perMessage"), ({"perMessage": "0,01", "currency": "EUR"}, "perMessage"),
    ({"perMessage": "-1", "currency": "EUR"}, "perMessage"), ({"perMessage": "1"}, "currency"),
    ({"perMessage": "1", "currency": "euro"}, "currency"), ({"perSegment": "1", "currency": "EUR"}, "perMessage"),
    ({"perMessage": "1", "currency": "EUR", "per": 1}, "per"), ({"perMessage": "1000.000001", "currency": "EUR"}, "perMessage")])
def test_a_tariff_that_is_none_is_refused_by_its_path(tocsin, tariff, fault):
    result = described(tocsin, entry("relay-a", 25, tariff=tariff)).refused("gateway", "list")
    assert f"gateways[0].tariff.{fault}:" in result.err


def test_two_currencies_are_refused_and_tariffs_are_listed(tocsin):
    swiss = entry("relay-b", 25, tariff={"perMessage": "1", "currency": "CHF"})
    assert "gateways[1].tariff.currency" in described(tocsin, paid("relay-a", 25), swiss).refused("gateway", "list").err
    lines = described(tocsin, paid("relay-a", 25), entry("relay-b", 25)).ok("gateway", "list").lines
    assert [line.split("\t")[-1] for line in lines] == [f"{PRICE} EUR a message", "no tariff"]


def test_an_exercise_is_estimated_by_its_simulators(tocsin):
    registered(tocsin, 300)
    tocsin = tocsin.with_environment(TOCSIN_EXERCISE_SPEED="4")
    words = ["alert", *HERE, "--subject", "Essai", "--message", "Essai", "--channels", "email", "--exercise"]
    table = tocsin.ok(*words, "--estimate").table
    assert table["estimate_email_pace"] == "simulated" and table["estimate_cost"] == "unknown"
    ran = tocsin.ok(*words, "--yes", "--retries", "0").table
    assert ran["estimate_seconds_100"] == table["estimate_seconds_100"]
    assert ran["measured_messages"] == "300"


# Tests to oneself

MAILBOX = "astreinte@example.org"
TRIED = ["--subject", "Crue", "--message", "Rejoignez l’abri."]


def test_a_test_reaches_only_who_registered_for_it(tocsin):
    registered(tocsin, 3)
    with Relay() as relay:
        tocsin = described(tocsin, entry("relay-a", relay.port))
        assert "add-address" in tocsin.refused("message", "test", *TRIED).err
        tocsin.ok("message", "add-address", "Astreinte", MAILBOX)
        tocsin.ok("message", "add-address", "Maire", "06 39 98 00 01", "--channels", "sms")
        assert tocsin.ok("message", "addresses").lines == [f"Astreinte\temail\t{MAILBOX}", "Maire\tsms\t+33639980001"]
        # A recipient of the register is nobody to test with.
        refused = tocsin.refused("message", "test", *TRIED, "--to", "courriel-001@example.org")
        assert "alert" in refused.err and "courriel-001" not in refused.err
        assert not relay.recipients
        for name in ("Astreinte", MAILBOX):
            result = tocsin.ok("message", "test", *TRIED, "--to", name)
            assert result.lines[0].split("\t")[:4] == ["Astreinte", "email", "relay-a", "accepted"]
        assert relay.recipients == {MAILBOX: 2}
        message = relay.taken[0][1]
        assert message["Subject"] == "TEST - Crue"
        assert message.get_body(("plain",)).get_content().strip() == "TEST - Rejoignez l’abri."
        # No gateway carries SMS here: said, and nothing is sent by the other channel.
        assert "sms" in tocsin.refused("message", "test", *TRIED).err and relay.recipients == {MAILBOX: 2}
    journal = tocsin.ok("journal", "show").out
    assert journal.count("message.tested") == 2 and "Astreinte" in journal
    assert MAILBOX not in journal and "639980001" not in journal
    tocsin.ok("message", "remove-address", "Maire")
    assert len(tocsin.ok("message", "addresses").lines) == 1


def test_an_exercises_test_reaches_nobody_at_all(tocsin):
    with Relay() as relay:
        tocsin = described(tocsin, entry("relay-a", relay.port))
        tocsin.ok("message", "add-address", "Astreinte", MAILBOX)
        # What a simulated relay makes of it is its script's matter.
        result = tocsin.with_environment(TOCSIN_EXERCISE_SPEED="0").run("message", "test", *TRIED, "--exercise")
        assert result.lines[0].split("\t")[2] == "simulated-email" and not relay.recipients


def test_tests_are_too_few_to_alert_anybody(tocsin):
    for number in range(10):
        tocsin.ok("message", "add-address", f"Poste {number}", f"poste-{number}@example.org")
    assert "at most 10" in tocsin.refused("message", "add-address", "Un de trop", "trop@example.org").err
    tocsin = tocsin.with_environment(TOCSIN_EXERCISE_SPEED="0")
    for _ in range(3):
        tocsin.run("message", "test", *TRIED, "--exercise")
    assert "an hour" in tocsin.refused("message", "test", *TRIED, "--exercise", "--to", "Poste 1").err
    assert len(tocsin.ok("message", "addresses").lines) == 10


def test_what_a_cascade_may_add_is_said_apart(tocsin):
    """Thirty by SMS; who does not confirm would be called."""
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", mobiles(30)))
    table = tocsin.ok(
        "alert", *NEAR, "--message", "Montez.", "--exercise", "--yes", "--estimate", "--cascade", "sms,10m,voice",
        "--retries", "1", "--retry-period", "60").table
    assert (table["estimate_messages"], table["estimate_later_messages"]) == ("30", "30")
    # An exercise costs nothing that anybody said; the last call comes after the wait, and is tried again.
    assert "estimate_cost_at_most" not in table
    assert 660 <= int(table["estimate_seconds_at_most"]) <= 800


def test_what_retries_may_add_is_measured_beside_it(tocsin):
    """A relay that puts everybody off once: everyone is tried again, within what was foreseen."""
    registered(tocsin, 10)
    with Relay(lambda relay, address, number: "450 4.2.0 later" if number == 1 else "250 2.0.0 taken") as relay:
        tocsin = described(tocsin, paid("relay-a", relay.port, rate={"messagesPerSecond": 20}))
        table = tocsin.ok(*ALERT, "--retries", "1", "--retry-period", "1").table
        assert set(relay.tries.values()) == {2}
    most, last = float(table["estimate_seconds_at_most"]), float(table["measured_seconds_to_last"])
    # The second attempts are a second after the first, and the process takes a while to begin.
    assert 1 <= last <= most + 3
    assert float(table["error_seconds_at_most_percent"]) == pytest.approx((most / last - 1) * 100, abs=60)
    figures = report(tocsin)["estimate"]
    bound = next(one for one in figures if one["quantity"] == "seconds_at_most")
    assert bound["channel"] == "all" and bound["measured"] == last and bound["error_percent"] is not None
    assert "With retries and later turns" in tocsin.ok("campaign", "report", "1").out
