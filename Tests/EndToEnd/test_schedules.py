"""Information by the calendar, and hours in which it waits: the real server, killed around the due time."""

import csv
import datetime
import sqlite3
import zoneinfo

import pytest

import campaigns
from cli import until
from relay import Relay
from server import Server

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
HERE = ("--circle", "1.1,49.44,100")
EXERCISE = ("--exercise", "--channels", "sms", "--quiet", "none", "--retries", "0")


@pytest.fixture
def town(tocsin):
    """Forty people with a number."""
    path = tocsin.folder / "people.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["identifiant", "longitude", "latitude", "sms"])
        writer.writerows([f"M-{number:02}", 1.1, 49.44, f"+336399801{number:02}"] for number in range(40))
    tocsin.ok("import", "recipients", path)
    return tocsin


def local(seconds: float = 0) -> str:
    return (datetime.datetime.now(PARIS) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")


def add(town, name, *options, at=None, message="Concert ce soir"):
    return town.ok("schedule", "add", name, *HERE, "--message", message, *EXERCISE, "--at", at or local(2), *options)


def read(town, question, *values):
    database = sqlite3.connect(f"file:{town.database}?mode=ro", uri=True, timeout=5)
    try:
        return database.execute(question, values).fetchall()
    finally:
        database.close()


def occurrences(town):
    return read(town, "SELECT outcome, campaign_id, reason FROM schedule_occurrences ORDER BY schedule_id, at")


def backdate(town, name, seconds):
    """As though the server had been off since before the occurrence: time is moved, not waited for."""
    database = sqlite3.connect(town.database, timeout=10)
    with database:
        database.execute("UPDATE schedules SET next_at = next_at - ?, day = day - 30 WHERE name = ?", (seconds * 1000, name))
    database.close()


def test_what_is_due_is_launched_once_by_two_servers_and_over_kills(town):
    add(town, "Concert", "--every", "daily", "--validity", "3600")
    first = Server(town)
    with Server(town), Server(town):
        first.__enter__()
        # The third dies around the due time, and comes again.
        until(lambda: occurrences(town), what="the launch")
        first.process.kill()
        first.__exit__()
        until(lambda: campaigns.shown(town)["state"] == "completed", what="the campaign's end")
    with Server(town):
        until(lambda: campaigns.shown(town)["state"] == "completed")
    assert occurrences(town) == [("launched", 1, None)]
    assert read(town, "SELECT count(*) FROM campaigns") == [(1,)]
    shown = campaigns.shown(town)
    assert (shown["kind"], shown["estimate_messages"]) == ("information", "40")
    campaigns.check_complete(town, [f"M-{number:02}" for number in range(40)])
    assert "launched campaign 1" in town.ok("schedule", "list").out
    journal = town.ok("journal").out
    assert "schedule.add" in journal and "schedule.launch" in journal
    town.ok("journal", "verify")


def test_killed_over_and_over_around_the_due_time_every_occurrence_is_one_campaign(town):
    names = [f"S{number}" for number in range(6)]
    for number, name in enumerate(names):
        add(town, name, at=local(6 + number / 2))
    for turn in range(6):
        server = Server(town)
        server.__enter__()
        until(lambda: len(occurrences(town)) > turn or len(occurrences(town)) == 6, what="a launch")
        server.process.kill()
        server.__exit__()
    with Server(town):
        until(lambda: len(occurrences(town)) == 6, what="every launch")
        until(lambda: all(row == ("completed",) for row in read(town, "SELECT state FROM campaigns")), what="their ends")
    assert [outcome for outcome, _, _ in occurrences(town)] == ["launched"] * 6
    assert read(town, "SELECT count(*), count(DISTINCT request_key) FROM campaigns") == [(6, 6)]
    assert town.ok("schedule", "list").out.count("\tended\t") == 6


def test_a_missed_occurrence_is_launched_late_or_skipped_and_only_the_newest(town):
    add(town, "Tard", "--validity", "3600", at=local(600))
    add(town, "Trop tard", "--validity", "3600", at=local(600))
    add(town, "Souvent", "--every", "daily", "--validity", "604800", at=local(600))
    backdate(town, "Tard", 600 + 1200)
    backdate(town, "Trop tard", 600 + 7200)
    backdate(town, "Souvent", 600 + 3 * 86400 + 1200)
    with Server(town):
        until(lambda: len(occurrences(town)) >= 6, what="the decisions")
    found = dict(read(town, """
        SELECT name || ' ' || outcome, count(*) FROM schedule_occurrences JOIN schedules ON schedules.id = schedule_id
        GROUP BY 1"""))
    assert found == {"Tard launched": 1, "Trop tard skipped": 1, "Souvent launched": 1, "Souvent skipped": 3}
    # Valid for as long as if it had left in time.
    (left,) = read(town, """
        SELECT campaigns.validity_seconds FROM campaigns JOIN schedule_occurrences ON campaign_id = campaigns.id
        JOIN schedules ON schedules.id = schedule_id WHERE schedules.name = 'Tard'""")[0]
    assert 2300 <= left <= 2400
    assert "longer than the message is valid" in town.ok("schedule", "show", "Trop tard").out


def test_a_template_that_is_gone_or_a_guard_rail_refuses_the_occurrence_and_it_is_said(town):
    path = town.folder / "template.json"
    document = '{"version":1,"message":{"text":"%s {lieu}"},"correction":{"text":"E"},"allClear":{"text":"F"}}'
    path.write_text(document % "Ancien")
    town.ok("template", "save", "Concert", "--file", path)
    for name, template in (("Change", "Concert"), ("Parti", "Autre")):
        if template == "Autre":
            town.ok("template", "save", "Autre", "--file", path)
        town.ok("schedule", "add", name, *HERE, "--template", template, "--set", "lieu=au parc", *EXERCISE,
                "--every", "daily", "--at", local(4))
    path.write_text(document % "Nouveau")
    town.ok("template", "save", "Concert", "--file", path)
    town.ok("template", "remove", "Autre")
    with Server(town) as server:
        until(lambda: len(occurrences(town)) == 2, what="the decisions")
        town.ok("guards", "set", "register_share=stop", "register_share_limit=0.5", "small_register=0")
        add(town, "Tous")
        until(lambda: len(occurrences(town)) == 3, what="the refusal")
    # What was seen when the schedule was made; that there is a later text is said.
    shown = town.ok("schedule", "show", "Change")
    assert shown.table["template_version"] == "1" and "Ancien" in shown.table["text"] and "version 2 now" in shown.err
    assert "EXERCICE - Ancien au parc" in read(town, "SELECT text FROM campaigns")[0][0]
    assert [outcome for outcome, _, _ in occurrences(town)] == ["launched", "refused", "refused"]
    listed = {line.split("\t")[0]: line for line in town.ok("schedule", "list").lines}
    assert "Autre" in listed["Parti"] and "refused" in listed["Parti"] and "\tactive\t" in listed["Parti"]
    assert "register_share" in listed["Tous"]
    assert "scheduled campaign refused" in "".join(server.log)


def test_an_accounts_schedule_asks_what_its_launch_would(town):
    town.ok("user", "reset-password", "anne")
    anne = town.with_environment(TOCSIN_USER="anne")
    with Relay() as relay:
        real = town.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="Mairie <alerte@example.org>")
        words = ("schedule", "add", "Vrai", *HERE, "--subject", "Concert", "--message", "Concert ce soir", "--channels", "email",
                 "--quiet", "none", "--at", local(5))
        refused = real.with_environment(TOCSIN_USER="anne").refused(*words)
        assert "free_text" in refused.err and "machine's administrator" in refused.err
        real.ok(*words)
        # As one that an account made before this was asked.
        database = sqlite3.connect(town.database, timeout=10)
        with database:
            database.execute("UPDATE schedules SET created_by = 'anne'")
        database.close()
        with Server(real):
            until(lambda: occurrences(town), what="the refusal")
        assert not relay.taken
    (outcome, campaign, reason), = occurrences(town)
    assert (outcome, campaign) == ("refused", None) and "free_text" in reason and "nobody to ask" in reason
    # An exercise asks nobody, for as long as whoever made it may launch.
    add(anne, "Exercice", "--every", "daily", "--validity", "604800", at=local(3))
    with Server(town):
        until(lambda: len(occurrences(town)) == 2, what="the launch")
        assert occurrences(town)[-1][0] == "launched"
    town.ok("user", "close", "anne")
    backdate(town, "Exercice", 86399)
    with Server(town):
        until(lambda: len(occurrences(town)) == 3, what="the refusal")
    last = [row for row in occurrences(town) if row[2] and "closed" in row[2]]
    assert [row[0] for row in last] == ["refused"] and "anne" in last[0][2]


def test_what_cannot_be_scheduled_is_refused_with_a_clear_word(town):
    words = ("schedule", "add", "X", *HERE, "--message", "m")
    assert "a person launches it" in town.refused(*words, *EXERCISE, "--at", local(60), "--kind", "alert").err
    assert "in the past" in town.refused(*words, *EXERCISE, "--at", "2020-01-01 18:00").err
    assert "FREQ=MONTHLY;BYDAY=1FR" in town.refused(*words, *EXERCISE, "--at", local(60), "--every", "sometimes").err
    assert "2026-12-01 18:00" in town.refused(*words, *EXERCISE, "--at", "tomorrow").err
    assert "no gateway" in town.refused(*words, "--channels", "sms", "--at", local(60)).err
    assert "no template" in town.refused(
        "schedule", "add", "X", *HERE, "--template", "T", *EXERCISE, "--at", local(60)).err
    assert town.ok("schedule", "list").out == ""
    add(town, "Une fois", at=local(600))
    assert "already" in town.refused("schedule", "add", "Une fois", *HERE, "--message", "m", *EXERCISE, "--at", local(60)).err
    assert "Une fois" in town.refused("schedule", "show", "Deux fois").err


def test_paused_occurrences_pass_and_next_tells_the_days(town):
    add(town, "Concert", "--every", "FREQ=MONTHLY;BYDAY=1FR", "--last", "2031-12-31", at="2031-01-01 18:00")
    days = town.ok("schedule", "next", "Concert", "--count", 4).lines
    assert days == ["2031-01-03 18:00", "2031-02-07 18:00", "2031-03-07 18:00", "2031-04-04 18:00"]
    assert len(town.ok("schedule", "next", "Concert", "--count", 100).lines) == 12
    town.ok("schedule", "pause", "Concert")
    assert town.ok("schedule", "next", "Concert").out == "" and "\tpaused\t" in town.ok("schedule", "list").out
    assert "2031-01-03 18:00" in town.ok("schedule", "resume", "Concert").err
    town.ok("schedule", "remove", "Concert")
    assert town.ok("schedule", "list").out == ""


def quiet_now(minutes: int = 60) -> str:
    now = datetime.datetime.now(PARIS)
    before, after = (now + datetime.timedelta(minutes=m) for m in (-10, minutes))
    return f"{before:%H:%M}-{after:%H:%M}"


def test_information_waits_in_quiet_hours_and_an_alert_does_not(town):
    quiet = quiet_now()
    town.ok("guards", "quiet", quiet)
    assert town.ok("guards", "show").table["quiet_hours"] == quiet
    words = ("alert", *HERE, "--message", "m", "--channels", "sms", "--exercise", "--yes", "--retries", "0")
    with Server(town) as server:
        said = town.ok(*words, "--kind", "information", "--detach").err
        assert "waits until" in said
        alert = town.ok(*words)
        assert alert.table["state"] == "completed" and alert.table["waits_until"] == "" and alert.table["quiet_hours"] == "none"
        shown = campaigns.shown(town, 1)
        assert shown["state"] == "running" and shown["pending"] == "40" and campaigns.attempts(town) == 40
        assert shown["waits_until"].endswith(f"{quiet[-5:]} Europe/Paris")
        events = server.trainee().events(1, until=lambda event: True)
        assert events[-1]["waitsUntil"] and events[-1]["state"] == "running"
        # Its own hours win over the organisation's.
        assert town.ok(*words, "--kind", "information", "--quiet", "none").table["state"] == "completed"
    assert "an alert never waits" in town.refused(*words, "--quiet", "20:00-08:00").err
    assert "nothing would leave" in town.refused(*words, "--kind", "information", "--validity", "600").err
    assert "20:00-08:00" in town.refused(*words, "--kind", "information", "--quiet", "nights").err
    assert read(town, "SELECT count(*) FROM campaigns") == [(3,)]


def test_it_leaves_by_itself_when_they_end(town):
    """Until the next minute of the clock: the server wakes up for it."""
    words = ("alert", *HERE, "--message", "m", "--channels", "sms", "--exercise", "--yes", "--retries", "0")
    now = datetime.datetime.now(PARIS)
    end = (now + datetime.timedelta(seconds=65)).replace(second=0, microsecond=0)
    quiet = f"{now - datetime.timedelta(minutes=5):%H:%M}-{end:%H:%M}"
    with Server(town):
        town.ok(*words, "--kind", "information", "--quiet", quiet, "--detach")
        until(lambda: campaigns.attempts(town) == 40, seconds=90, what="the end of the quiet hours")
        until(lambda: campaigns.shown(town)["state"] == "completed")
    (first,) = read(town, "SELECT min(started_at) FROM attempts")[0]
    assert 0 <= first / 1000 - end.timestamp() < 5


def test_settings_of_quiet_hours_are_kept_with_the_organisation(town):
    assert town.ok("guards", "show").table["quiet_hours"] == "20:00-08:00"
    town.ok("guards", "quiet", "21:30-08:00", "sundays", "holidays", "--time-zone", "Indian/Reunion")
    table = town.ok("guards", "show").table
    assert table["quiet_hours"] == "21:30-08:00 sundays holidays" and table["time_zone"] == "Indian/Reunion"
    town.ok("guards", "quiet", "standard", "--time-zone", "auto")
    table = town.ok("guards", "show").table
    assert table["quiet_hours"] == "20:00-08:00" and table["time_zone"] == "Europe/Paris"
    assert "Europe/Paris" in town.refused("guards", "quiet", "--time-zone", "Mars").err
    assert "organisation.setting" in town.ok("journal").out
