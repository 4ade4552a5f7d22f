"""The journal of operations: everything done is in it, and an alteration shows."""

import sqlite3

import pytest

from campaigns import interrupted, words


def test_what_was_done_is_written_down(seine_maritime):
    tocsin = seine_maritime.tocsin
    interrupted(tocsin, *words("--communes", "76540", "--department", "76", channels="email"))
    tocsin.ok("campaign", "pause", "1")
    tocsin.ok("campaign", "stop", "1")
    entries = [line.split("\t") for line in tocsin.ok("journal").lines]
    actions = [entry[2] for entry in entries]
    assert all(len(entry) == 5 for entry in entries)
    for action in ("import.communes", "import.recipients", "campaign.launch", "campaign.pause", "campaign.stop"):
        assert action in actions, actions
    assert actions.index("campaign.stop") < actions.index("campaign.launch"), "not newest first"
    assert {entry[1] for entry in entries if entry[2].startswith("campaign.")} <= {"suite", "dispatcher"}
    assert len(tocsin.ok("journal", "show", "--limit", "2").lines) == 2
    assert tocsin.ok("journal", "verify").out.strip()


TAMPERINGS = {
    "altered actor": "UPDATE audit_entries SET actor = 'someone else' WHERE id = 2",
    "altered detail": "UPDATE audit_entries SET detail = '{}' WHERE action = 'import.recipients'",
    "altered time": "UPDATE audit_entries SET at = at + 1 WHERE id = (SELECT MAX(id) FROM audit_entries)",
    "removed from the middle": "DELETE FROM audit_entries WHERE id = 2",
    "removed first": "DELETE FROM audit_entries WHERE id = 1",
    "swapped": "UPDATE audit_entries SET id = CASE id WHEN 2 THEN -1 ELSE id END; "
               "UPDATE audit_entries SET id = 2 WHERE id = 3; UPDATE audit_entries SET id = 3 WHERE id = -1",
}


def without_triggers(tocsin) -> sqlite3.Connection:
    database = sqlite3.connect(tocsin.database)
    for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    return database


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_detected(seine_maritime, tampering):
    tocsin = seine_maritime.tocsin
    database = without_triggers(tocsin)
    database.executescript(TAMPERINGS[tampering])
    database.close()
    assert "altered" in tocsin.refused("journal", "verify").err


@pytest.mark.parametrize("which", ["id = (SELECT MAX(id) FROM audit_entries)", "1"], ids=["last", "all"])
def test_a_tail_cut_off_shows_against_what_was_noted_before(seine_maritime, which):
    """A chain cannot miss its own end: `verify` tells how many entries there are and the last hash, to be kept elsewhere."""
    tocsin = seine_maritime.tocsin
    before = tocsin.ok("journal", "verify").out
    database = without_triggers(tocsin)
    database.executescript(f"DELETE FROM audit_entries WHERE {which}")
    database.close()
    assert tocsin.run("journal", "verify").out != before


def test_the_database_itself_refuses_to_change_or_remove_an_entry(seine_maritime):
    database = sqlite3.connect(seine_maritime.tocsin.database)
    for statement in ("UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(statement)
    database.close()
