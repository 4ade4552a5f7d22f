"""Templates: saved, filled, in each person's language; and a text that changes while it goes out."""

import csv
import json
import sqlite3
from collections import Counter

import pytest

from cli import until
from relay import Relay

HERE = ("--circle", "1.1,49.44,100")
SENDER = "Mairie <alerte@example.org>"
TEMPLATE = {
    "version": 1,
    "message": {"subject": "Crue {lieu}", "text": "Rejoignez {abri} à pied. {organisme}, {date}, {heure}",
                "variants": [{"language": "en", "subject": "Flood {lieu}", "text": "Walk to {abri}."},
                             {"language": "pt", "text": "Vá a {abri}."}]},
    "correction": {"subject": "Erreur", "text": "Ne partez pas : {abri|l’abri} est fermé."},
    "allClear": {"subject": "Fin d’alerte", "text": "Fin de l’alerte."}}


@pytest.fixture
def town(tocsin):
    """Six people with e-mail, of three languages and one that nothing is worded in."""
    path = tocsin.folder / "people.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["identifiant", "longitude", "latitude", "email", "langue"])
        for number, language in enumerate(["fr", "fr", "en", "en-GB", "pt-BR", "de"]):
            writer.writerow([f"M-{number}", 1.1, 49.44, f"m{number}@example.org", language])
    tocsin.ok("import", "recipients", path)
    return tocsin


def saved(tocsin, document=TEMPLATE, name="Crue"):
    path = tocsin.folder / "template.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return tocsin.run("template", "save", name, "--file", path)


def alert(tocsin, relay, *options):
    tocsin = tocsin.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM=SENDER)
    return tocsin.run("alert", *HERE, "--channels", "email", "--yes", "--retries", "0", *options)


def texts(relay):
    return {address[1]: (message["Subject"], message.get_body(("plain",)).get_content().strip())
            for address, message in relay.taken}


def test_each_person_is_told_in_their_language(town):
    assert saved(town).status == 0
    with Relay() as relay:
        result = alert(town, relay, "--template", "Crue", "--set", "lieu=de la Bresle", "--set", "Abri=le gymnase {A}")
        assert result.status == 0, result.err
    said = texts(relay)
    assert said["2"] == said["3"] == ("Flood de la Bresle", "Walk to le gymnase {A}.")
    assert said["4"] == ("Crue de la Bresle", "Vá a le gymnase {A}.")
    assert said["0"] == said["1"] == said["5"]
    subject, text = said["0"]
    assert subject == "Crue de la Bresle" and text.startswith("Rejoignez le gymnase {A} à pied. ")
    assert text.split(", ")[1].split()[-1].isdigit() and " h " in text.split(", ")[2], "the date and the hour"


def test_a_text_with_a_place_unfilled_never_leaves(town):
    saved(town)
    with Relay() as relay:
        missing = alert(town, relay, "--template", "Crue", "--set", "lieu=x")
        assert missing.status != 0 and "{abri}" in missing.err
        stray = alert(town, relay, "--template", "Crue", "--set", "lieu=x", "--set", "abri=y", "--set", "prenom=z")
        assert stray.status != 0 and "{prenom}" in stray.err
        typed = alert(town, relay, "--subject", "Crue", "--message", "Bonjour {prénom}")
        assert typed.status != 0 and "{prénom}" in typed.err
        brace = alert(town, relay, "--subject", "Crue", "--message", "Bonjour {prénom")
        assert brace.status != 0 and "character 9" in brace.err
        assert not relay.taken
        assert alert(town, relay, "--subject", "Crue", "--message", "Code {{7}}").status == 0
    assert texts(relay)["0"][1] == "Code {7}"
    assert len(town.ok("campaign", "list").out.splitlines()) == 1


def test_the_library_keeps_versions_and_says_what_is_wrong(town):
    assert "version 1" in saved(town).err and "version 1" in saved(town).err
    changed = json.loads(json.dumps(TEMPLATE))
    changed["message"]["text"] = "Autre {x}"
    assert "version 2" in saved(town, changed).err
    listed = town.ok("template", "list").out.strip().split("\t")
    assert listed[:2] == ["Crue", "2"] and listed[-1] == "{lieu} {abri} {x}"
    assert json.loads(town.ok("template", "show", "Crue").out) == changed
    for fault, path in [(("allClear", None), "allClear"), (("message", {"subject": "x"}), "message.text")]:
        document = json.loads(json.dumps(TEMPLATE))
        document.pop(fault[0])
        if fault[1]:
            document[fault[0]] = fault[1]
        result = saved(town, document)
        assert result.status != 0 and path in result.err, result.err
    town.ok("template", "remove", "Crue")
    assert town.run("template", "show", "Crue").status != 0
    assert town.ok("template", "list").out == ""
    actions = [line.split("\t") for line in town.ok("journal", "show").out.splitlines()]
    assert Counter(word for line in actions for word in line if word.startswith("template.")) == {
        "template.save": 2, "template.remove": 1}


def test_a_text_changed_while_it_goes_out_is_told_by_attempt_and_corrected_for_those_reached(town):
    saved(town)
    # Everyone but two has the first text; those two were put off, and get the second.
    late = {"m1@example.org", "m4@example.org"}
    with Relay(lambda relay, address, number: "451 4.7.1 later" if address in late and number == 1 else "250 ok") as relay:
        away = town.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM=SENDER)
        process = away.start("alert", *HERE, "--channels", "email", "--yes", "--retries", "3", "--retry-period", "5",
                             "--template", "Crue", "--set", "lieu=x", "--set", "abri=A")
        until(lambda: len(relay.taken) == 4 and sum(relay.tries.values()) == 6, what="the first round")
        amended = town.ok("campaign", "amend", 1, "--subject", "Crue", "--message", "Abri fermé, allez à B")
        assert "version 2" in amended.err
        assert process.wait(60) == 0
        said = texts(relay)
        assert said["0"][1].startswith("Rejoignez A") and said["2"][1] == "Walk to A."
        assert said["1"][1] == said["4"][1] == "Abri fermé, allez à B"
        assert town.ok("campaign", "show", 1).table["message_version"] == "2"
        database = sqlite3.connect(f"file:{town.database}?mode=ro", uri=True)
        versions = database.execute("""
            SELECT external_id, message_version FROM attempts JOIN legs ON legs.id = leg_id
            JOIN deliveries ON deliveries.id = delivery_id WHERE outcome <> 'failed' ORDER BY 1""").fetchall()
        database.close()
        assert versions == [("M-0", 1), ("M-1", 2), ("M-2", 1), ("M-3", 1), ("M-4", 2), ("M-5", 1)]
        ended = town.run("campaign", "amend", 1, "--subject", "x", "--message", "y")
        assert ended.status != 0 and "completed" in ended.err

        relay.taken.clear()
        correction = away.ok("alert", "--campaign", "1:reached", "--channels", "email", "--yes", "--retries", "0",
                             "--template", "Crue", "--part", "correction")
        assert correction.table["passed"] == "6"
        assert {text for _, text in texts(relay).values()} == {"Ne partez pas : l’abri est fermé."}


def test_an_exercise_marks_every_wording(town):
    saved(town)
    result = town.ok("alert", *HERE, "--channels", "email", "--yes", "--exercise", "--retries", "0", "--template", "Crue",
                     "--set", "lieu=x", "--set", "abri=y")
    assert result.table["state"] == "completed" and result.table["failed"] != "6"
    database = sqlite3.connect(f"file:{town.database}?mode=ro", uri=True)
    document = json.loads(database.execute("SELECT document FROM campaign_messages").fetchone()[0])
    database.close()
    assert all(text.startswith("EXERCICE - ") for text in
               [document["text"], document["subject"]] + [variant["text"] for variant in document["variants"]])
