"""The journal of operations: everything done is in it, and an alteration shows."""

import csv
import hashlib
import json
import os
import sqlite3

import pytest

from campaigns import interrupted, launch, words
from cli import MACHINE, until
from server import Server


def test_what_was_done_is_written_down(seine_maritime):
    tocsin = seine_maritime.tocsin
    interrupted(tocsin, *words("--communes", "76540", "--department", "76", channels="email"))
    tocsin.ok("campaign", "pause", "1")
    tocsin.ok("campaign", "stop", "1")
    tocsin.ok("campaign", "report", "1")
    tocsin.ok("campaign", "report", "1", "--format", "csv")
    entries = [line.split("\t") for line in tocsin.ok("journal").lines]
    actions = [entry[2] for entry in entries]
    assert all(len(entry) == 5 for entry in entries)
    for action in ("import.communes", "import.recipients", "campaign.launch", "campaign.pause", "campaign.stop"):
        assert action in actions, actions
    assert actions.index("campaign.stop") < actions.index("campaign.launch"), "not newest first"
    assert {entry[1] for entry in entries if entry[2].startswith("campaign.")} <= {MACHINE, "dispatcher"}
    # One person's row after the other: that, and not the totals, is seeing people.
    assert actions.count("campaign.report") == 1 and "format=csv" in entries[0][4]
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


@pytest.mark.parametrize("spoiling", [
    "UPDATE audit_entries SET hash = zeroblob(3) WHERE id = (SELECT MAX(id) FROM audit_entries)",
    "UPDATE audit_entries SET id = 9223372036854775807 WHERE id = (SELECT MAX(id) FROM audit_entries)",
    "UPDATE audit_head SET entries = 9223372036854775807"], ids=["no hash", "the greatest number", "a full head"])
def test_an_alert_goes_past_a_spoilt_end_of_the_journal(seine_maritime, tmp_path, spoiling):
    """What must be written down first is: the alert leaves, the damage stands in the journal and verify names it."""
    tocsin = seine_maritime.tocsin
    database = without_triggers(tocsin)
    database.executescript(spoiling)
    database.close()
    launch(tocsin, "--communes", "76540", "--department", "76", channels="sms")
    shown = tocsin.ok("journal", "show").out
    assert "campaign.launch" in shown
    found = tocsin.refused("journal", "verify").err
    if "audit_head" not in spoiling:
        assert shown.count("journal.damaged") == 1 and "severity=critical" in shown
        assert "began anew" in found and "which is the end" in found
    # Such a database can be backed up and comes back: damage that is told of is none of the backup's.
    tocsin = tocsin.with_environment(TOCSIN_BACKUP_PASSPHRASE="la cloche du village")
    tocsin.ok("backup", "create", tmp_path / "one.backup")
    if "audit_head" not in spoiling:
        tocsin.ok("backup", "verify", tmp_path / "one.backup")
        tocsin.ok("backup", "restore", tmp_path / "one.backup", "--database", tmp_path / "again.sqlite")


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


def computed(entry: dict, previous: bytes) -> bytes:
    """An entry's hash as the data dictionary says it is made, by another hand."""
    digest = hashlib.sha256(previous)
    detail = json.dumps(entry["detail"], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    told = [entry["actor"], entry["action"], entry["subject"], detail]
    if entry["version"] == 1:
        for field in [str(entry["atMilliseconds"]), *told]:
            digest.update(field.encode() + b"\0")
    else:
        owner = "-" if entry.get("organisation") is None else str(entry["organisation"])
        for field in ["2", str(entry["number"]), str(entry["atMilliseconds"]), owner, *told]:
            digest.update(b"%d:%s," % (len(field.encode()), field.encode()))
    return digest.digest()


def test_an_export_is_checked_without_tocsin(seine_maritime, tmp_path):
    tocsin = seine_maritime.tocsin
    tocsin.ok("register", "show", seine_maritime.people[0].id)
    tocsin.ok("audit", "export", tmp_path / "journal.jsonl")
    entries = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    previous = bytes(32)
    for number, entry in enumerate(entries, start=1):
        assert entry["number"] == number and entry["previousHash"] == previous.hex()
        previous = computed(entry, previous)
        assert entry["hash"] == previous.hex(), entry
    assert entries[-1]["action"] == "audit.export"
    assert previous.hex() in tocsin.ok("audit", "verify").out
    assert os.stat(tmp_path / "journal.jsonl").st_mode & 0o077 == 0
    tocsin.ok("audit", "export", tmp_path / "journal.csv", "--action", "import.")
    rows = list(csv.DictReader((tmp_path / "journal.csv").open()))
    assert rows and all(row["action"].startswith("import.") for row in rows)


def test_who_saw_peoples_data_is_written_down(seine_maritime, tmp_path):
    tocsin = seine_maritime.tocsin
    someone = seine_maritime.people[0].id
    seen = len(tocsin.ok("register", "search", someone).lines)
    tocsin.ok("register", "show", someone)
    tocsin.ok("register", "show", someone, "--with-protected")
    tocsin.ok("register", "export", tmp_path / "all.csv")
    tocsin.ok("target", "--department", "76", "--format", "csv")
    entries = [line.split("\t") for line in tocsin.ok("audit", "show", "--limit", "5").lines]
    assert [entry[2] for entry in entries] == [
        "zone.people", "register.export", "register.protected", "register.show", "register.search"]
    assert f"recipients={seen}" in entries[-1][4].split() and "recipient_numbers=" in entries[-1][4]
    assert {entry[1] for entry in entries} == {MACHINE}
    text = "\n".join("\t".join(entry) for entry in entries)
    assert someone not in text.split() and "Nomsecret" not in text


def test_anchors_prove_what_a_chain_alone_cannot(seine_maritime, tmp_path):
    """Somebody who writes the file and knows the code computes the whole chain anew: only the anchor tells."""
    anchors = tmp_path / "anchors"
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_AUDIT_ANCHOR=str(anchors))
    assert "nothing proves" in tocsin.ok("audit", "verify", "--anchors", "/dev/null").err
    line = tocsin.ok("audit", "anchor").out
    assert anchors.read_text() == line and anchors.stat().st_mode & 0o077 == 0
    count = int(line.split("\t")[1])
    assert f"(entry {count}) fits" in tocsin.ok("audit", "verify").out
    tocsin.ok("register", "show", seine_maritime.people[0].id)
    tocsin.ok("audit", "anchor")
    database = without_triggers(tocsin)
    rows = database.execute(
        "SELECT id, at, actor, action, subject, detail, organisation_id, version FROM audit_entries ORDER BY id").fetchall()
    previous = bytes(32)
    for number, at, actor, action, subject, detail, owner, version in rows:
        if number == count + 1:
            actor = "nobody"
        entry = {"number": number, "atMilliseconds": at, "actor": actor, "action": action, "subject": subject,
                 "detail": json.loads(detail), "organisation": owner, "version": version}
        digest = computed(entry, previous)
        database.execute("UPDATE audit_entries SET actor = ?, previous_hash = ?, hash = ? WHERE id = ?",
                         (actor, previous, digest, number))
        previous = digest
    database.execute("UPDATE audit_head SET hash = ?", (previous,))
    database.commit()
    database.close()
    assert "whole" in tocsin.ok("audit", "verify", "--anchors", "/dev/null").out, "the forgery is not good enough"
    refused = tocsin.refused("audit", "verify").err
    assert "written anew" in refused and f"(entry {count}) is proven" in refused
    assert f"after {count}" in refused


def test_the_server_anchors_by_itself_and_says_when_the_last_anchor_does_not_fit(seine_maritime, tmp_path):
    anchors = tmp_path / "anchors"
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_AUDIT_ANCHOR=str(anchors))
    with Server(tocsin) as server:
        first = until(lambda: anchors.exists() and anchors.read_text(), what="the first anchor")
        server.signed_in()
    assert len(anchors.read_text().splitlines()) == 2, "what was done meanwhile was not anchored at the end"
    assert anchors.read_text().startswith(first)
    assert "fits" in tocsin.ok("audit", "verify").out
    database = without_triggers(tocsin)
    database.executescript("DELETE FROM audit_entries WHERE id = (SELECT max(id) FROM audit_entries)")
    database.close()
    with Server(tocsin) as server:
        until(lambda: any("does not hold what its last anchor says" in line for line in server.log), what="the warning")
