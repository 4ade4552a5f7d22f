"""Messages that name the person: each their own, counted by the letter, and no name where it has no business."""

import csv
import json
import sqlite3

import pytest

from relay import Relay
from smsc import Centre, entry
from test_templates import HERE, SENDER

NAMES = ["Durand", "Forêt-Lefrançois", "O'Neill", "Петров", "", "Noël {x}", "Müller"]
ALERT = ("alert", *HERE, "--yes", "--retries", "0")


@pytest.fixture
def town(tocsin):
    """Seven people; the fifth has no name, and the last shares the first's mailbox."""
    register(tocsin, NAMES)
    return tocsin


def register(tocsin, names):
    path = tocsin.folder / "personnes.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["identifiant", "nom", "adresse", "commune", "longitude", "latitude", "email", "telephone_mobile"])
        for index, name in enumerate(names):
            box = 0 if index == len(NAMES) - 1 else index
            writer.writerow([f"N-{index}", name, f"{index} rue du Bac", "Eu", 1.1, 49.44, f"n{box}@example.org",
                             f"06399800{index:02d}"])
    tocsin.ok("import", "recipients", path, "--yes")


def sent(tocsin, relay, *options):
    tocsin = tocsin.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM=SENDER)
    return tocsin.run(*ALERT, "--channels", "email", "--subject", "Crue à {commune}", *options)


def test_each_person_is_called_by_their_own_name(town):
    with Relay() as relay:
        result = sent(town, relay, "--message", "Bonjour {nom|à vous}, {adresse|votre rue} est menacée. {{7}}")
    assert result.status == 0, result.err
    assert "filled for each recipient" in result.err
    said = {address[1]: (message["Subject"], message.get_body(("plain",)).get_content().strip()) for address, message in relay.taken}
    # Who shares a mailbox is not named in it, nor is their house.
    assert said["0"][1] == "Bonjour à vous, votre rue est menacée. {7}"
    assert said["1"] == ("Crue à Eu", "Bonjour Forêt-Lefrançois, 1 rue du Bac est menacée. {7}")
    assert said["3"][1].startswith("Bonjour Петров, ") and said["5"][1].startswith("Bonjour Noël {x}, ")
    assert said["4"][1].startswith("Bonjour à vous, 4 rue du Bac")


def test_a_place_that_would_stay_empty_refuses_the_launch_and_names_nobody(town):
    with Relay() as relay:
        empty = sent(town, relay, "--message", "Bonjour {nom}")
        assert empty.status != 0 and "1 recipients have no value" in empty.err and "{nom|" in empty.err
        unknown = sent(town, relay, "--message", "Bonjour {prenom}")
        assert unknown.status != 0 and "{prenom} has no value" in unknown.err and "{nom}" in unknown.err
        assert not relay.taken
    assert not town.ok("campaign", "list").lines
    assert not any(name in empty.err + unknown.err for name in NAMES if name)


def test_a_letter_outside_the_alphabet_costs_whose_name_has_it_and_no_other(tocsin, tmp_path):
    register(tocsin, NAMES[:4])
    text = "{nom|Madame} " + "a" * 60
    table = tocsin.ok(*ALERT, "--channels", "sms", "--exercise", "--message", text, "--estimate").table
    # EXERCICE makes 11 more: at most 88 letters, one segment as GSM-7 and two as UCS-2, for two of four names.
    assert (table["estimate_sms_messages"], table["estimate_sms_segments"]) == ("4", "6")
    run = tocsin.run(*ALERT, "--channels", "sms", "--exercise", "--message", text)
    assert run.status == 0 and "1.5 on average, 2 at most" in run.err, run.err


def test_names_are_in_the_ledger_for_what_leaves_and_nowhere_else(town):
    with Relay() as relay:
        sent(town, relay, "--message", "Bonjour {nom|à vous}")
    assert town.ok("journal", "verify").status == 0
    everything = town.ok("journal", "show").out + town.ok("campaign", "show", "1").out + town.ok("campaign", "list").out
    assert not any(name in everything for name in NAMES if name)
    with sqlite3.connect(town.database) as database:
        text, = database.execute("SELECT text FROM campaigns").fetchone()
        values, = database.execute("SELECT count(*) FROM leg_values").fetchone()
    assert text == "Bonjour {nom|à vous}" and values == 6


def test_a_text_for_everybody_does_not_become_personal(town):
    with Relay() as relay:
        assert sent(town, relay, "--message", "Montez").status == 0
    refused = town.run("campaign", "amend", "1", "--subject", "Crue", "--message", "Montez {nom|vous}")
    assert refused.status != 0


def test_a_test_to_oneself_shows_somebody_invented(town):
    town.ok("message", "add-address", "moi", "moi@example.org")
    with Relay() as relay:
        inside = town.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM=SENDER)
        inside.ok("message", "test", "--subject", "Crue", "--message", "Bonjour {nom}", "--channels", "email")
    assert [message.get_body(("plain",)).get_content().strip() for _, message in relay.taken] == ["TEST - Bonjour Camille Exemple"]


def test_each_sms_is_in_the_alphabet_of_its_own_name(tocsin, tmp_path):
    register(tocsin, NAMES[:4])
    path = tocsin.folder / "gateways.json"
    text = "Bonjour {nom|Madame}, montez."
    with Centre("smsc-scripted.py", tmp_path, "--plain") as centre:
        path.write_text(json.dumps({"version": 1, "gateways": [entry(centre.port)]}))
        inside = tocsin.with_environment(TOCSIN_GATEWAYS=str(path))
        inside.ok(*ALERT, "--channels", "sms", "--message", text, timeout=100)
        lines = {line["to"][-1]: (line["dcs"], bytes.fromhex(line["octets"])) for line in centre.lines if "to" in line}
    for index, name in enumerate(NAMES[:4]):
        dcs, octets = lines[str(index)]
        assert dcs == (8 if index in (1, 3) else 0)
        assert octets == text.replace("{nom|Madame}", name).encode("utf-16-be" if dcs == 8 else "ascii")
