"""`kill -9` while people of a dropped table are alerted: none of them is lost, none stays, and nobody is written to by halves."""

import contextlib
import os
import pty
import re
import signal
import sqlite3
import subprocess

import register
from campaigns import rows
from cli import until
from register import Person
from server import Server
from smsc import Centre, entry
from test_one_off import alert, gateways, number, read, sql, write


def class_of(count: int) -> list[list[str]]:
    return [[f"Élève {index}", "0" + number(index)[3:]] for index in range(count)]


def killed(process) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def known(tocsin) -> None:
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", [Person("S-1", 1.1, 49.44, phones=["06 39 98 90 01"])]))


def in_register(tocsin) -> list[tuple]:
    return sql(tocsin, "SELECT external_id FROM recipients WHERE organisation_id > 0")


def test_killed_between_the_drop_and_the_launch_nobody_is_alerted_and_the_next_time_everybody_is(tocsin, tmp_path):
    known(tocsin)
    path = write(tmp_path / "classe.csv", class_of(200))
    with Centre("smsc-scripted.py", tmp_path, "--plain") as centre:
        tocsin = gateways(tocsin, tmp_path, entry(centre.port))
        order = [str(word) for word in alert(path) if word != "--yes"]
        ours, theirs = pty.openpty()
        process = subprocess.Popen([tocsin.binary, *order], env=tocsin.environment, cwd=tocsin.folder, stdin=theirs,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(theirs)
        # It asks whether to launch, and nobody answers.
        until(lambda: sql(tocsin, "SELECT count(*) FROM list_members") == [(200,)] or process.poll() is not None, what="the drop")
        assert process.poll() is None, process.communicate()
        killed(process)
        os.close(ours)
        assert sql(tocsin, "SELECT count(*) FROM campaigns") == [(0,)] and not centre.taken
        assert in_register(tocsin) == [("S-1",)]
        assert tocsin.ok("target", "--circle", "1.1,49.44,2000").table["recipients"] == "1"
        tocsin.ok(*alert(path))
        assert centre.taken == {one: 1 for one in read(path)}
    # What was left of the first time goes with its time, and the second one's people stay for theirs.
    sql(tocsin, "UPDATE organisations SET annex_until = 1 WHERE id = -1")
    with Server(tocsin):
        until(lambda: sql(tocsin, "SELECT count(*) FROM recipients WHERE organisation_id = -1") == [(0,)], what="the erasure")
    assert sql(tocsin, "SELECT count(*) FROM recipients WHERE organisation_id = -2") == [(200,)]


def test_a_drop_killed_at_any_moment_is_whole_or_names_nobody(tocsin, tmp_path):
    known(tocsin)
    path = write(tmp_path / "classe.csv", class_of(3000))
    lists = []
    for step in range(5):
        folder = tmp_path / str(step)
        folder.mkdir()
        copy = tocsin.copy(folder)
        process = copy.start(*alert(path, "--exercise"))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05 + 0.25 * step)
        killed(process)
        found = sql(copy, "SELECT count(*) FROM list_members")[0][0]
        launched = sql(copy, "SELECT recipients FROM campaigns")
        lists.append(found)
        assert found in (0, 3000) and launched in ([], [(3000,)]), "a part of a file is nobody's audience"
        assert in_register(copy) == [("S-1",)]
        if launched:
            copy.ok("campaign", "watch", "1")
            assert {row["external_id"] for row in rows(copy)} == {str(line) for line in range(2, 3002)}
        copy.ok("journal", "verify")
    assert 0 in lists, "none was killed before the file was in"


def test_killed_in_mid_dispatch_no_pupil_is_left_out(tocsin, tmp_path):
    known(tocsin)
    path = write(tmp_path / "classe.csv", class_of(150))
    with Centre("smsc-scripted.py", tmp_path, "--late", "0.1", "--plain") as centre:
        tocsin = gateways(tocsin, tmp_path, entry(centre.port, window=5))
        process = tocsin.start(*alert(path))
        for _ in range(3):
            target = len(centre.lines) + 25
            until(lambda: len(centre.lines) >= target or process.poll() is not None, what="messages")
            assert process.poll() is None, "it was over too soon for the test to prove anything"
            killed(process)
            # Their time being over takes nobody out of a campaign that is under way.
            sql(tocsin, "UPDATE organisations SET annex_until = 1 WHERE annex_of IS NOT NULL")
            process = tocsin.start("campaign", "watch", "1")
        until(lambda: {row["sms_state"] for row in rows(tocsin)} <= {"accepted", "delivered"}, 60, "everyone's turn")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        taken = centre.taken
    assert set(taken) == read(path), "someone got nothing"
    assert sum(taken.values()) - 150 <= 3 * 2 * 5, "more duplicates than messages can be on their way"
    twice = {one for one, count in taken.items() if count > 1}
    marked = {number(int(row["external_id"]) - 2) for row in rows(tocsin) if row["possible_duplicate"] == "1"}
    assert twice <= marked, "someone got it twice and is not marked"


def test_killed_in_mid_erasure_nobody_is_named_and_the_next_start_takes_the_rest(tocsin, tmp_path):
    known(tocsin)
    count = 9000
    tocsin.ok(*alert(write(tmp_path / "lycée.csv", class_of(count)), "--exercise"))
    sql(tocsin, "UPDATE organisations SET annex_until = 1 WHERE annex_of IS NOT NULL")
    # Nobody may join it any more.
    sql(tocsin, "UPDATE campaigns SET closed_at = 1")

    def left() -> int:
        with contextlib.closing(sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True, timeout=5)) as database:
            return database.execute("SELECT count(*) FROM recipients WHERE organisation_id < 0").fetchone()[0]

    with Server(tocsin) as server:
        until(lambda: left() < count, what="the first step")
        server.process.kill()
        server.process.wait()
    assert 0 < left() < count, "the erasure was over too soon for the test to prove anything"
    again = tocsin.run("alert", "--list", "lycée.csv", "--subject", "Encore", "--message", "Encore.", "--exercise", "--yes",
                       "--channels", "sms", "--retries", "0")
    assert again.status != 0 and sql(tocsin, "SELECT count(*) FROM campaigns") == [(1,)], "a part of them is nobody's audience"
    with Server(tocsin):
        until(lambda: left() == 0 and sql(tocsin, "SELECT count(*) FROM recipient_words_erased") == [(0,)], 60, "the rest")
    text = b"".join(path.read_bytes() for path in tocsin.database.parent.glob(tocsin.database.name + "*"))
    assert not re.search(rb"\+336399\d{5}", text.replace(b"+33639989001", b"")), "somebody's number is left in the files"
    assert sql(tocsin, "SELECT count(*) FROM deliveries WHERE campaign_id = 1") == [(count,)], "figures stay"
    tocsin.ok("journal", "verify")
