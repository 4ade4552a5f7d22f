"""Launching campaigns and reading what became of them."""

import csv
import io
import json
import sqlite3

from cli import Result, Tocsin, until

OUTCOMES = ["answered_validated", "answered_not_validated", "passed", "failed", "unreachable", "pending", "cancelled"]
WORDS = ["--subject", "Essai", "--message", "Essai du dispositif", "--exercise", "--yes", "--retries", "0"]


def words(*zone, channels: str = "sms,voice,email,fax") -> list[str]:
    return ["alert", *zone, "--channels", channels, *WORDS]


def launch(tocsin: Tocsin, *zone, channels: str = "sms,voice,email,fax") -> Result:
    """Launches an exercise and follows it to its end."""
    return tocsin.ok(*words(*zone, channels=channels))


def shown(tocsin: Tocsin, campaign: int = 1) -> dict[str, str]:
    return tocsin.ok("campaign", "show", campaign).table


def rows(tocsin: Tocsin, campaign: int = 1) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tocsin.ok("campaign", "report", campaign, "--format", "csv").out)))


def report(tocsin: Tocsin, campaign: int = 1) -> dict:
    return json.loads(tocsin.ok("campaign", "report", campaign, "--format", "json").out)


def attempts(tocsin: Tocsin) -> int:
    """How many attempts the ledger holds now, read while others write; 0 before there is a ledger."""
    database = sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True, timeout=5)
    try:
        return database.execute("SELECT COUNT(*) FROM attempts").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        database.close()


def interrupted(tocsin: Tocsin, *arguments: str) -> None:
    """Launches at a slow pace and kills the command once something was attempted: a campaign that nobody carries."""
    slow = tocsin.with_environment(TOCSIN_EXERCISE_SPEED="0.2")
    before = attempts(slow)
    process = slow.start(*arguments)
    until(lambda: attempts(slow) > before or process.poll() is not None, what="the first attempt")
    process.kill()
    process.communicate()


def check_complete(tocsin: Tocsin, ids: list[str], campaign: int = 1) -> list[dict[str, str]]:
    """The campaign is over, everyone selected is in its report once, and everyone has an outcome."""
    record = shown(tocsin, campaign)
    assert record["state"] == "completed" and record["pending"] == "0" and record["legs_open"] == "0", record
    lines = rows(tocsin, campaign)
    assert [line["external_id"] for line in lines] == ids
    for line in lines:
        assert line["state"] in OUTCOMES and line["state"] not in ("pending", "cancelled"), line
        if line["state"] != "unreachable":
            assert line["first_attempt_at"] and line["ended_at"], line
        for channel in ("sms", "voice", "email", "fax"):
            # Whoever confirmed on one channel is left alone on those that had not come to it.
            spared = line["state"] == "answered_validated" and line[f"{channel}_state"] == "cancelled"
            assert not line[f"{channel}_state"] or spared or int(line[f"{channel}_attempts"]) >= 1, line
    for outcome in OUTCOMES:
        assert int(record[outcome]) == sum(line["state"] == outcome for line in lines), outcome
    return lines
