"""The real process killed again and again in mid-campaign, and a disk that is full: the ledger and the centre's log are
compared person by person. `Scripts/torture-dispatch` runs it at full size."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from campaigns import rows
from cli import until
from register import Person
from smsc import Centre, entry
from test_sms import alert, marked, number, ready, so_far

KILLS = int(os.environ.get("TORTURE_KILLS", "6"))
SEED = int(os.environ.get("TORTURE_SEED", "1"))
# Messages in the centre's hands at once, answered so late that some always are.
WINDOW, LATE = 10, "0.05"
# As many again may be answered and not yet written: what a kill leaves in doubt is of both.
OPEN = 2 * WINDOW
# Numbers kept for fiction: there are ten thousand.
PEOPLE = min(9_900, 120 * KILLS)
TAKEN = {"accepted", "delivered"}


def crowd(count: int) -> list[Person]:
    return [Person(f"T-{one:04d}", 1.1, 49.44, phones=[f"06 39 98 {one // 100:02d} {one % 100:02d}"]) for one in range(count)]


def kill_again_and_again(tocsin, centre: Centre, dice: random.Random) -> int:
    """Half of the kills at any moment from the start on, half when so many more messages have left."""
    # A whole register of this size asks for a second person.
    process = tocsin.start(*alert("--accept", "Mme Martin: essai"))
    until(lambda: so_far(tocsin) or process.poll() is not None, what="the launch")
    kills = 0
    while kills < KILLS and process.poll() is None:
        if dice.random() < 0.5:
            time.sleep(dice.uniform(0, 1.2))
        else:
            target = len(centre.lines) + dice.randint(1, 80)
            until(lambda: len(centre.lines) >= target or process.poll() is not None, what="messages")
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        process = tocsin.start("campaign", "watch", "1")
    # A receipt sent to a session that was killed is gone: its person stays accepted, and that is an end here.
    until(lambda: {row["sms_state"] for row in so_far(tocsin).values()} <= TAKEN, 300, "everyone's turn")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    return kills


@pytest.mark.parametrize("kind", ["smsc-smpp34.py", "smsc-netsmpp.pl"])
def test_a_process_killed_many_times_leaves_nobody_out_and_marks_who_may_have_it_twice(tocsin, tmp_path, kind, capsys):
    everyone = crowd(PEOPLE)
    with Centre(kind, tmp_path, "--late", LATE, "--plain") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port, window=WINDOW))
        kills = kill_again_and_again(tocsin, centre, random.Random(SEED))
        taken = centre.taken
    lines = rows(tocsin)
    missed = {number(person) for person in everyone} - set(taken)
    by_number = {number(person): person.id for person in everyone}
    twice = {by_number[one] for one, count in taken.items() if count > 1}
    extra = sum(taken.values()) - len(taken)
    with capsys.disabled():
        print(f"\n{kind}: {PEOPLE} people, {kills} kills: {len(missed)} never sent to, {extra} messages twice "
              f"(at most {kills * OPEN} were open), {len(twice - marked(tocsin))} of them not marked")
    assert kills >= min(KILLS, 3)
    assert [row["external_id"] for row in lines] == [person.id for person in everyone]
    assert {row["sms_state"] for row in lines} <= TAKEN
    assert not missed, "someone got nothing"
    assert twice <= marked(tocsin), "someone got it twice and is not marked"
    assert extra <= kills * OPEN, "more duplicates than messages can be open"


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, small enough to be filled at once."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", place], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> Path:
    """Leaves less than a page."""
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 512):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size) == size:
                    pass
    return filler


def test_a_full_disk_holds_the_campaign_up_and_loses_nobody(tocsin, tmp_path, small_disk):
    everyone = crowd(600)
    with Centre("smsc-smpp34.py", tmp_path, "--late", LATE, "--plain") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port, window=WINDOW))
        shutil.copy(tocsin.database, small_disk / tocsin.database.name)
        tocsin.database = small_disk / tocsin.database.name
        process = tocsin.start(*alert())
        try:
            until(lambda: len(centre.lines) > 50, what="messages")
            filler = fill(small_disk)
            # What was claimed may still leave; then nothing does, since no attempt could be written.
            until(lambda: (before := len(centre.lines), time.sleep(1)) and before == len(centre.lines), 30, "the hold-up")
            assert len(centre.lines) < 600 and process.poll() is None
            filler.unlink()
            _, told = process.communicate(timeout=120)
        finally:
            process.kill()
        taken = centre.taken
    assert process.returncode == 0, told
    assert "full" in told, told
    assert {row["sms_state"] for row in rows(tocsin)} <= TAKEN
    assert taken == {number(person): 1 for person in everyone}, "someone got nothing, or twice"
