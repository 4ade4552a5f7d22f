"""Whoever enters a live alert's zone gets it, once, as an addendum; nobody outside does."""

import sqlite3
import signal
import time

import campaigns
import register
from cli import until
from register import Person
from server import Server

HERE = (1.1, 49.44)
ZONE = ("--circle", "1.1,49.44,500")


def people(*numbers, where=HERE):
    return [Person(f"p{number}", *where, phones=[f"+33639980{number:03d}"]) for number in numbers]


def add(tocsin, *numbers, where=HERE):
    tocsin.ok("import", "recipients", register.write(tocsin.folder / f"{numbers[0]}.csv", people(*numbers, where=where)))


def sent(tocsin, campaign=1) -> list[str]:
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
        return [row[0] for row in database.execute(
            "SELECT address FROM attempts JOIN legs ON legs.id = leg_id WHERE attempts.campaign_id = ? AND channel = 'sms' ORDER BY 1",
            (campaign,))]


def numbers(*given) -> list[str]:
    return [f"+33639980{number:03d}" for number in given]


def test_the_server_sends_to_who_comes_in_and_to_nobody_outside(tocsin):
    add(tocsin, 1, 2, 3)
    with Server(tocsin):
        tocsin.ok(*campaigns.words(*ZONE, channels="sms"), "--detach")
        until(lambda: campaigns.shown(tocsin)["state"] == "completed", what="the campaign's end")
        add(tocsin, 4)
        add(tocsin, 5, where=(1.2, 49.44))
        until(lambda: campaigns.shown(tocsin)["addenda"] == "1", what="the addendum")
        until(lambda: campaigns.shown(tocsin)["state"] == "completed", what="its end")
        # An import in pieces, one of which moves somebody in.
        add(tocsin, 5)
        until(lambda: len(sent(tocsin)) >= 5, what="the one who moved in")
        add(tocsin, *range(100, 130))
        until(lambda: "campaign.join_proposed" in tocsin.ok("journal").out, what="the proposal")
        assert sent(tocsin) == numbers(1, 2, 3, 4, 5)
    assert "recipients\t30" in tocsin.ok("campaign", "join", 1, "--dry-run").out
    assert tocsin.ok("campaign", "join", 1).table["recipients"] == "30"
    assert tocsin.ok("campaign", "join", 1).table["recipients"] == "0"
    assert tocsin.ok("campaign", "watch", 1).table["state"] == "completed"
    assert sent(tocsin) == numbers(1, 2, 3, 4, 5, *range(100, 130))
    lines = campaigns.rows(tocsin)
    assert len({line["external_id"] for line in lines}) == len(lines) == 35
    assert tocsin.ok("journal").out.count("campaign.join ") + tocsin.ok("journal").out.count("campaign.join\t") == 3
    assert tocsin.ok("campaign", "join", 1, "--close").err
    add(tocsin, 6)
    assert "nobody joins" in tocsin.refused("campaign", "join", 1).err
    tocsin.ok("journal", "verify")


def test_killed_at_any_moment_of_a_joining_each_gets_it_once(tocsin):
    add(tocsin, 1, 2, 3)
    campaigns.launch(tocsin, *ZONE, channels="sms")
    for turn in range(6):
        add(tocsin, 10 + turn)
        process = tocsin.start("campaign", "join", "1")
        time.sleep(0.02 + 0.04 * turn)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        tocsin.ok("import", "undo") if turn == 2 else None
    others = [tocsin.start("campaign", "join", "1") for _ in range(3)]
    for process in others:
        process.communicate(timeout=60)
        assert process.returncode == 0
    tocsin.ok("campaign", "watch", 1)
    assert len(sent(tocsin)) == len(set(sent(tocsin)))
    assert set(numbers(1, 2, 3, 10, 11, 13, 14, 15)) <= set(sent(tocsin)) <= set(numbers(1, 2, 3, *range(10, 16)))


def test_a_register_that_is_undone_and_imported_again_sends_nothing_twice(tocsin):
    add(tocsin, 1, 2, 3)
    campaigns.launch(tocsin, *ZONE, channels="sms")
    add(tocsin, 4)
    tocsin.ok("campaign", "join", 1)
    tocsin.ok("import", "undo")
    assert tocsin.ids(*ZONE) == ["p1", "p2", "p3"]
    tocsin.ok("campaign", "watch", 1)
    add(tocsin, 4)
    assert tocsin.ok("campaign", "join", 1).table["recipients"] == "0"
    tocsin.ok("campaign", "watch", 1)
    assert sent(tocsin) == numbers(1, 2, 3, 4)


def test_without_late_joiners_nobody_joins(tocsin):
    add(tocsin, 1)
    tocsin.ok(*campaigns.words(*ZONE, channels="sms"), "--no-late-joiners")
    add(tocsin, 2)
    assert "late joiners" in tocsin.refused("campaign", "join", 1).err
