"""`kill -9` in mid-campaign: the next start resumes, nobody is left unattempted, duplicates are marked."""

import signal

import pytest

import campaigns
from campaigns import check_complete, shown, words
from cli import until
from oracle import Department

ZONE = ("--department", "76")


def killed(process) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize("channels", ["sms,voice,email,fax", "email"])
def test_a_campaign_killed_several_times_leaves_nobody_out(seine_maritime, channels):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="1")
    process = tocsin.start(*words(*ZONE, channels=channels))
    for _ in range(4):
        seen = campaigns.attempts(tocsin)
        # Attempts are opened before they are made: killed now, some are in doubt.
        until(lambda: campaigns.attempts(tocsin) > seen or process.poll() is not None, what="another attempt")
        killed(process)
        assert shown(tocsin)["state"] == "running", "the campaign was over too soon for the test to prove anything"
        process = tocsin.start("campaign", "watch", "1")
    killed(process)
    tocsin = tocsin.with_environment(TOCSIN_EXERCISE_SPEED="0")
    assert tocsin.ok("campaign", "watch", "1").table["state"] == "completed"

    expected = seine_maritime.answer(Department("76"))
    lines = check_complete(tocsin, expected.ids)
    again = {
        line["external_id"] for line in lines for channel in channels.split(",")
        if int(line[f"{channel}_attempts"] or 0) > max(1, len(expected.people[line["external_id"]].phones))}
    marked = {line["external_id"] for line in lines if line["possible_duplicate"] == "1"}
    assert again, "nobody was attempted twice: the test proves nothing"
    assert again <= marked, "someone may have been reached twice and is not marked"
    assert int(shown(tocsin)["possible_duplicates"]) >= len(marked)
    assert "dispatch.rescued" in tocsin.ok("journal").out
    assert tocsin.ok("journal", "verify").out.strip()


def test_a_launch_is_whole_or_not_at_all(seine_maritime_original, tmp_path):
    """Killed at any moment of the launch itself, there is no campaign, or one of everybody."""
    expected = seine_maritime_original.answer(Department("76")).ids
    for number in range(6):
        folder = tmp_path / str(number)
        folder.mkdir()
        tocsin = seine_maritime_original.tocsin.copy(folder)
        process = tocsin.start(*words(*ZONE))
        try:
            process.wait(timeout=0.03 + 0.05 * number)
        except Exception:
            pass
        killed(process)
        listed = tocsin.ok("campaign", "list").lines
        assert len(listed) <= 1
        if listed:
            tocsin.ok("campaign", "watch", "1")
            check_complete(tocsin, expected)


def test_a_killed_import_leaves_nothing_half_written(seine_maritime_original, tmp_path):
    import register
    people = register.people_at("K", [(1.1, 49.44)] * 4000)
    path = register.write(tmp_path / "people.csv", people)
    zone = ("--circle", "1.1,49.44,10")
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        tocsin = seine_maritime_original.tocsin.copy(folder)
        before = set(tocsin.ids(*zone))
        process = tocsin.start("import", "recipients", path)
        try:
            process.wait(timeout=0.15 + 0.2 * number)
        except Exception:
            pass
        killed(process)
        found = set(tocsin.ids(*zone)) - before
        assert len(found) in (0, len(people))
        tocsin.ok("journal", "verify")


def test_whoever_follows_takes_over_when_the_carrier_is_killed(seine_maritime):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="1")
    carrier = tocsin.start(*words(*ZONE, channels="voice"))
    until(lambda: campaigns.attempts(tocsin) > 0, what="the first attempt")
    follower = tocsin.with_environment(TOCSIN_EXERCISE_SPEED="0").start("campaign", "watch", "1")
    try:
        until(lambda: "following" in follower.stderr.readline(), what="the follower")
        killed(carrier)
        out, _ = follower.communicate(timeout=20)
        assert "state\tcompleted" in out
    finally:
        killed(follower)
        killed(carrier)
    check_complete(tocsin, seine_maritime.answer(Department("76")).ids)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_records_what_is_in_flight_first(seine_maritime, number):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="2")
    process = tocsin.start(*words(*ZONE, channels="voice"))
    try:
        until(lambda: campaigns.attempts(tocsin) > 0, what="the first attempt")
        process.send_signal(number)
        out, errors = process.communicate(timeout=20)
    finally:
        killed(process)
    assert process.returncode != 0 and "campaign watch 1" in errors and out == ""
    tocsin = tocsin.with_environment(TOCSIN_EXERCISE_SPEED="0")
    tocsin.ok("campaign", "resume", "1")
    lines = check_complete(tocsin, seine_maritime.answer(Department("76")).ids)
    assert {line["possible_duplicate"] for line in lines} == {"0"}
