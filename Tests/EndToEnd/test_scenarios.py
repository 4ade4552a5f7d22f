"""Launches prepared ahead: approved once, launched in one gesture, and taken back within five seconds, kill -9 or not."""

import sqlite3
import time

import pytest

from cli import until
from server import PASSWORD, Server
from relay import Relay

ZONE = ("--circle", "1.1,49.44,500")
WORDS = ("--subject", "Crue de la Scie", "--message", "Crue à {lieu} vers {quand} : montez à l'étage.",
         "--channels", "email", "--retries", "0", "--blank", "lieu=place", "--blank", "quand=time")
FILLED = ("--set", "lieu=rue du Pont", "--set", "quand=18 h 30")


def person(tocsin, name: str, role: str):
    """An account, and the executable in its name."""
    tocsin.ok("user", "reset-password", name)
    with sqlite3.connect(tocsin.database, timeout=10) as database:
        database.execute("UPDATE grants SET role = ? WHERE user_id = (SELECT id FROM users WHERE name = ?)", (role, name))
        database.execute("UPDATE users SET must_change_password = 0 WHERE name = ?", (name,))
    return tocsin.with_environment(TOCSIN_USER=name)


def attempts(tocsin) -> int:
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True, timeout=10) as database:
        return database.execute("SELECT count(*) FROM attempts").fetchone()[0]


@pytest.fixture
def town(tocsin):
    import register
    from register import Person

    people = [Person(f"S-{number}", 1.1, 49.44, email=f"crue-{number}@example.org") for number in range(12)]
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", people))
    return tocsin


@pytest.fixture
def relayed(town):
    with Relay() as relay:
        yield town.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="Mairie <alerte@example.org>"), relay


def test_a_scenario_is_approved_by_a_second_person_and_a_change_voids_that(town):
    anne, paul = person(town, "anne", "operator"), person(town, "paul", "manager")
    assert "{quand}" in anne.refused("scenario", "save", "Crue", *ZONE, *WORDS[:-2]).err
    anne.ok("scenario", "save", "Crue", *ZONE, *WORDS)
    assert "approve" in anne.refused("scenario", "approve", "Crue").err
    paul.ok("scenario", "approve", "Crue")
    assert anne.ok("scenario", "show", "Crue").table["approved_by"] == "paul"
    anne.ok("scenario", "save", "Crue", *ZONE, *WORDS, "--retries", "1")
    assert anne.ok("scenario", "show", "Crue").table["approved_by"] == ""
    paul.ok("scenario", "save", "Crue", *ZONE, *WORDS)
    assert "second person" in paul.refused("scenario", "approve", "Crue").err
    # A row altered by other hands is approved by nobody.
    person(town, "luc", "manager").ok("scenario", "approve", "Crue")
    with sqlite3.connect(town.database) as database:
        database.execute("""UPDATE scenarios SET message = replace(message, 'étage', 'toit')""")
    assert anne.ok("scenario", "list").lines[0].split("\t")[1] == "not approved"


def test_one_person_launches_what_was_approved_and_not_what_was_not(relayed):
    town, relay = relayed
    anne, paul = person(town, "anne", "operator"), person(town, "paul", "manager")
    anne.ok("scenario", "save", "Crue", *ZONE, *WORDS)
    refused = anne.refused("scenario", "launch", "Crue", *FILLED, "--yes")
    assert "written for the occasion" in refused.err
    paul.ok("scenario", "approve", "Crue")
    for value in ("quand=bientôt", "quand=25:99", "lieu=http://piege.example", "lieu=06 39 98 00 01", "lieu=" + "a" * 41, "autre=x"):
        words = [*FILLED[:2], "--set", value] if value.startswith("quand") else [*FILLED[2:], "--set", value]
        assert anne.refused("scenario", "launch", "Crue", *words, "--yes").err
    assert not relay.taken and attempts(town) == 0
    began = time.time()
    result = anne.ok("scenario", "launch", "Crue", *FILLED, "--yes")
    assert result.table["lane"] == "scenario" and result.table["scenario"] == "Crue"
    assert len(relay.taken) == 12
    text = relay.taken[0][1].get_body(("plain",)).get_content()
    assert "Crue à rue du Pont vers 18 h 30" in text
    with sqlite3.connect(town.database) as database:
        launched, first = database.execute("SELECT created_at, first_submission_at FROM campaigns").fetchone()
    assert first - launched >= 5_000 and launched >= began * 1000 - 1000
    town.ok("guards", "set", "large_audience_limit=11")
    assert "12 recipients" in anne.refused("scenario", "launch", "Crue", *FILLED, "--yes").err


def test_a_launch_with_the_time_in_it_is_repeated_without_being_one_more(town):
    town.ok("scenario", "save", "Heure", *ZONE, "--subject", "Crue", "--message", "Il est {heure}.", "--channels", "email")
    words = ("scenario", "launch", "Heure", "--exercise", "--yes", "--detach", "--request-key", "k1")
    first = town.ok(*words).table["campaign"]
    # A minute later the text would be another.
    with sqlite3.connect(town.database, timeout=10) as database:
        database.execute("UPDATE campaign_messages SET document = replace(document, 'Il est', 'Il fut')")
    again = town.ok(*words)
    assert again.table["campaign"] == first and "already" in again.err
    assert town.refused("scenario", "launch", "Heure", "--yes", "--detach", "--request-key", "k1").err


def test_taken_back_in_time_nothing_is_sent(town):
    with Server(town) as server:
        server.signed_in()
        town.ok("scenario", "save", "Crue", *ZONE, *WORDS)
        campaign = town.ok("scenario", "launch", "Crue", *FILLED, "--exercise", "--yes", "--detach").table["campaign"]
        assert "none" in town.ok("campaign", "undo", campaign).err
        shown = town.ok("campaign", "show", campaign).table
        assert (shown["state"], shown["first_message_at"]) == ("stopped", "")
        second = town.ok("scenario", "launch", "Crue", *FILLED, "--exercise", "--yes", "--detach").table["campaign"]
        until(lambda: attempts(town) > 0, what="the first attempt")
        assert "can't be taken back" in town.refused("campaign", "undo", second).err
    with sqlite3.connect(town.database) as database:
        assert database.execute("SELECT count(*) FROM attempts WHERE campaign_id = ?", (campaign,)).fetchone() == (0,)


def test_a_kill_in_the_window_sends_nothing_before_its_end(town):
    town.ok("scenario", "save", "Crue", *ZONE, *WORDS)
    process = town.start("scenario", "launch", "Crue", *FILLED, "--exercise", "--yes")
    def launched():
        with sqlite3.connect(f"file:{town.database}?mode=ro", uri=True, timeout=10) as database:
            return database.execute("SELECT count(*) FROM campaigns").fetchone()[0] == 1
    until(launched, what="the launch")
    process.kill()
    process.communicate()
    assert attempts(town) == 0, "it left within the window"
    assert town.ok("campaign", "watch", 1).table["state"] == "completed"
    with sqlite3.connect(town.database) as database:
        held, first = database.execute("SELECT held_until, first_submission_at FROM campaigns").fetchone()
    assert first >= held
