"""Backups: encrypted, whole or nothing, restorable; what was altered or cut is refused."""

import os
import signal
import sqlite3
import subprocess

import pytest

from campaigns import interrupted, words
from cli import until
from server import Server


@pytest.fixture
def keys(bare, tmp_path):
    """A pair of keys: the secret one and the public one."""
    secret = tmp_path / "backup.key"
    bare.ok("backup", "key", secret)
    assert secret.stat().st_mode & 0o077 == 0
    return secret, tmp_path / "backup.key.pub"


@pytest.fixture
def made(seine_maritime, keys, tmp_path):
    path = tmp_path / "one.backup"
    seine_maritime.tocsin.ok("backup", "create", path, "--key", keys[1])
    return path


def restored(tocsin, path, tmp_path, *opener):
    target = tmp_path / "restored" / "tocsin.sqlite"
    target.parent.mkdir(exist_ok=True)
    return target, tocsin.run("backup", "restore", path, *opener, "--database", target)


def test_a_backup_comes_back_as_it_was(seine_maritime, made, keys, tmp_path):
    tocsin = seine_maritime.tocsin
    assert made.stat().st_mode & 0o077 == 0
    content = made.read_bytes()
    for person in seine_maritime.people[:50]:
        assert person.id.encode() not in content
    assert b"SQLite format 3" not in content and b"CREATE TABLE" not in content
    verified = tocsin.ok("backup", "verify", made, "--secret-key", keys[0]).table
    target, result = restored(tocsin, made, tmp_path, "--secret-key", keys[0])
    assert result.status == 0, result
    assert target.stat().st_mode & 0o077 == 0 and [p.name for p in target.parent.iterdir()] == ["tocsin.sqlite"]
    again = type(tocsin)(tocsin.binary, tmp_path, target)
    assert again.ids("--department", "76") == tocsin.ids("--department", "76")
    journal = again.ok("audit", "verify").out
    assert int(verified["journal_entries"]) + 1 == int(journal.split(": ")[1].split()[0])
    assert [line.split("\t")[2] for line in again.ok("audit", "show", "--limit", "2").lines] == ["backup.restore", "backup.begin"]
    assert [line.split("\t")[2] for line in tocsin.ok("audit", "show", "--limit", "2").lines] == ["backup.create", "backup.begin"]
    database = sqlite3.connect(target)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_nothing_is_overwritten(seine_maritime, made, keys):
    tocsin = seine_maritime.tocsin
    assert "there already" in tocsin.refused("backup", "restore", made, "--secret-key", keys[0]).err
    assert "there already" in tocsin.refused("backup", "create", made, "--key", keys[1]).err
    assert "there already" in tocsin.refused("backup", "key", keys[0]).err


def test_a_passphrase_locks_too_and_only_the_right_one_opens(seine_maritime, tmp_path, keys):
    tocsin, path = seine_maritime.tocsin, tmp_path / "p.backup"
    words = {}
    for name, text in (("right", "la cloche du village\n"), ("wrong", "la cloche du villaGe"), ("weak", "court")):
        words[name] = tmp_path / name
        words[name].write_text(text)
        words[name].chmod(0o600)
    tocsin.ok("backup", "create", path, "--passphrase-file", words["right"])
    tocsin.ok("backup", "verify", path, "--passphrase-file", words["right"])
    tocsin.with_environment(TOCSIN_BACKUP_PASSPHRASE_FILE=str(words["right"])).ok("backup", "verify", path)
    tocsin.with_environment(TOCSIN_BACKUP_PASSPHRASE="la cloche du village").ok("backup", "verify", path)
    assert "does not open" in tocsin.refused("backup", "verify", path, "--passphrase-file", words["wrong"]).err
    assert "locked with a passphrase" in tocsin.refused("backup", "verify", path, "--secret-key", keys[0]).err
    assert "12 characters" in tocsin.refused("backup", "create", tmp_path / "w", "--passphrase-file", words["weak"]).err
    words["right"].chmod(0o644)
    assert "chmod 600" in tocsin.refused("backup", "verify", path, "--passphrase-file", words["right"]).err
    assert "nothing locks" in tocsin.refused("backup", "create", tmp_path / "w").err
    assert not (tmp_path / "w").exists()


def test_the_public_key_opens_nothing(seine_maritime, made, keys, tmp_path):
    tocsin = seine_maritime.tocsin
    assert "not a secret key" in tocsin.refused("backup", "verify", made, "--secret-key", keys[1]).err
    tocsin.ok("backup", "key", tmp_path / "other.key")
    assert "does not open" in tocsin.refused("backup", "verify", made, "--secret-key", tmp_path / "other.key").err


def test_whatever_was_altered_or_cut_is_refused_and_leaves_nothing(seine_maritime, made, keys, tmp_path, dice):
    tocsin, content = seine_maritime.tocsin, made.read_bytes()
    chunk = (1 << 20) + 17
    head = len(content) % chunk
    broken = {"empty": b"", "other file": b"SQLite format 3\0" * 100, "longer": content + b"\0",
              "cut in the head": content[:60], "cut at the end": content[:-1], "cut in the middle": content[:len(content) // 2],
              "twice": content + content}
    # Where chunks end: whole chunks without the last one are no backup either.
    start = 14 + 2 + 80 + 24
    for count in range((len(content) - start) // chunk + 1):
        if start + count * chunk < len(content):
            broken[f"cut after {count} chunks"] = content[:start + count * chunk]
    for _ in range(25):
        at = dice.randrange(len(content))
        broken[f"bit flipped at {at}"] = content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1:]
    if (len(content) - start) // chunk >= 2:
        broken["chunks swapped"] = (content[:start] + content[start + chunk:start + 2 * chunk] + content[start:start + chunk]
                                    + content[start + 2 * chunk:])
    assert head >= 0
    for what, altered in broken.items():
        path = tmp_path / "altered.backup"
        path.write_bytes(altered)
        tocsin.refused("backup", "verify", path, "--secret-key", keys[0])
        target, result = restored(tocsin, path, tmp_path, "--secret-key", keys[0])
        assert result.status != 0 and result.err.strip(), what
        assert list(target.parent.iterdir()) == [], f"{what}: something is left"


def test_killed_in_the_middle_it_leaves_nothing_that_passes_for_a_backup(seine_maritime, keys, tmp_path):
    """However far it was: the name is given when all is on disk."""
    tocsin, folder = seine_maritime.tocsin, tmp_path / "killed"
    folder.mkdir()
    killed = 0
    for delay in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3):
        process = tocsin.start("backup", "create", folder / "x.backup", "--key", keys[1])
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        if (folder / "x.backup").exists():
            tocsin.ok("backup", "verify", folder / "x.backup", "--secret-key", keys[0])
            (folder / "x.backup").unlink()
        for leftover in folder.iterdir():
            assert leftover.name.startswith(".") and leftover.name.endswith(".partial")
            outcome = tocsin.run("backup", "verify", leftover, "--secret-key", keys[0])
            # Killed between its last byte and its name, it is whole; else it is refused with a reason.
            assert "journal_hash" in outcome.table if outcome.status == 0 else outcome.err.strip() and not outcome.out, str(outcome)
            assert b"SQLite format 3" not in leftover.read_bytes()
    assert killed > 0


def test_a_campaign_that_was_running_comes_back_paused(seine_maritime, keys, tmp_path):
    tocsin, path = seine_maritime.tocsin, tmp_path / "running.backup"
    interrupted(tocsin, *words("--communes", "76540", "--department", "76", channels="email"))
    tocsin.ok("backup", "create", path, "--key", keys[1])
    target, result = restored(tocsin, path, tmp_path, "--secret-key", keys[0])
    assert result.status == 0 and "campaign 1 was running and is paused" in result.err
    again = type(tocsin)(tocsin.binary, tmp_path, target)
    assert again.ok("campaign", "show", "1").table["state"] == "paused"
    assert tocsin.ok("campaign", "show", "1").table["state"] == "running"


def test_the_copy_is_of_one_moment_while_others_write(seine_maritime, keys, tmp_path):
    """A writer keeps two rows equal, without a pause; no backup ever holds them unequal."""
    tocsin = seine_maritime.tocsin
    database = sqlite3.connect(tocsin.database, timeout=30, isolation_level=None)
    database.execute("CREATE TABLE pair (a INTEGER, b INTEGER)")
    database.execute("INSERT INTO pair VALUES (0, 0)")
    process = tocsin.start("backup", "create", tmp_path / "moving.backup", "--key", keys[1])
    count = 0
    while process.poll() is None:
        count += 1
        database.executescript(f"BEGIN; UPDATE pair SET a = {count}; UPDATE pair SET b = {count}; COMMIT;")
    process.communicate()
    database.close()
    assert process.returncode == 0 and count > 0
    target, result = restored(tocsin, tmp_path / "moving.backup", tmp_path, "--secret-key", keys[0])
    assert result.status == 0, result
    copy = sqlite3.connect(target)
    [(a, b)] = copy.execute("SELECT a, b FROM pair").fetchall()
    copy.close()
    assert a == b


def test_the_server_makes_one_a_day_and_keeps_the_newest(seine_maritime, keys, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [f"tocsin-202001{day:02}T030000Z.backup" for day in range(1, 6)]
    for name in [*old, "note.txt"]:
        (folder / name).write_text("x")
        os.utime(folder / name, (1_577_836_800, 1_577_836_800))
    tocsin = seine_maritime.tocsin.with_environment(
        TOCSIN_BACKUP=str(folder), TOCSIN_BACKUP_KEY=str(keys[1]), TOCSIN_BACKUP_KEEP="3")
    with Server(tocsin) as server:
        until(lambda: any("backup made" in line for line in server.log), what="the backup")
    names = sorted(os.listdir(folder))
    assert names[:3] == ["note.txt", *old[-2:]] and len(names) == 4, names
    tocsin.ok("backup", "verify", folder / names[3], "--secret-key", keys[0])
    with Server(tocsin):
        pass
    assert sorted(os.listdir(folder)) == names, "a second one on the same day"
    refused = seine_maritime.tocsin.with_environment(TOCSIN_BACKUP=str(folder)).refused("serve", "--port", "0")
    assert "nothing locks the backups" in refused.err


def test_a_clock_that_was_wrong_costs_no_backup(seine_maritime, keys, tmp_path):
    """Names from the future and names that are none count for nothing; whatever was written within a day stays."""
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [f"tocsin-202001{day:02}T030000Z.backup" for day in range(1, 6)]
    kept = ["tocsin-20990101T000000Z.backup", "tocsin-20990102T000000Z.backup", "tocsin-éééééééé.backup"]
    for name in [*old, *kept]:
        (folder / name).write_text("x")
        os.utime(folder / name, (1_577_836_800, 1_577_836_800))
    young = "tocsin-20200106T030000Z.backup"
    (folder / young).write_text("written today, by a clock that ran behind")
    tocsin = seine_maritime.tocsin.with_environment(
        TOCSIN_BACKUP=str(folder), TOCSIN_BACKUP_KEY=str(keys[1]), TOCSIN_BACKUP_KEEP="1")
    with Server(tocsin) as server:
        until(lambda: any("backup made" in line for line in server.log), what="the backup")
        assert any("time to come" in line for line in server.log)
    names = os.listdir(folder)
    new = set(names) - {*old, *kept, young}
    assert len(new) == 1 and set(names) == {*kept, young, *new}, names
    with Server(tocsin):
        pass
    assert sorted(os.listdir(folder)) == sorted(names), "a second one on the same day"


def test_a_damaged_database_costs_no_older_backup(seine_maritime, keys, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [f"tocsin-202001{day:02}T030000Z.backup" for day in range(1, 6)]
    for name in old:
        (folder / name).write_text("x")
        os.utime(folder / name, (1_577_836_800, 1_577_836_800))
    tocsin = seine_maritime.tocsin
    database = sqlite3.connect(tocsin.database, timeout=10)
    database.execute("DROP TRIGGER audit_entries_are_never_changed")
    database.execute("UPDATE audit_entries SET subject = 'altered' WHERE id = 1")
    database.commit()
    database.close()
    tocsin = tocsin.with_environment(
        TOCSIN_BACKUP=str(folder), TOCSIN_BACKUP_KEY=str(keys[1]), TOCSIN_BACKUP_KEEP="2")
    with Server(tocsin) as server:
        until(lambda: any("backup made" in line for line in server.log), what="the backup")
        assert any("the database is damaged" in line for line in server.log)
    assert len(os.listdir(folder)) == 6 and set(old) < set(os.listdir(folder))


@pytest.mark.parametrize("harm", ["page", "journal"])
def test_a_database_that_was_damaged_before_its_backup_does_not_pass_verify(seine_maritime, keys, tmp_path, harm):
    """All of it authenticates: what was wrong before stays wrong, and is found by who has the secret key."""
    tocsin = seine_maritime.tocsin
    tocsin.ok("journal")
    with sqlite3.connect(tocsin.database) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page, size = (database.execute(question).fetchone()[0] for question in (
            "SELECT rootpage FROM sqlite_master WHERE name = 'api_tokens_of_user'", "PRAGMA page_size"))
        if harm == "journal":
            database.execute("DROP TRIGGER audit_entries_are_never_changed")
            database.execute("UPDATE audit_entries SET actor = 'x' WHERE id = 2")
    database.close()
    if harm == "page":
        with open(tocsin.database, "r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xee" * 64)
    path = tmp_path / "bad.backup"
    tocsin.ok("backup", "create", path, "--key", keys[1])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    found = tocsin.with_environment(TMPDIR=str(scratch)).refused("backup", "verify", path, "--secret-key", keys[0])
    assert ("not a whole database" if harm == "page" else "journal does not hold together at entry 2") in found.err
    assert list(scratch.iterdir()) == [], "something in clear was left"
