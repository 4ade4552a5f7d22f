"""A campaign from its launch to its report: frozen, refused when it should be, steered, and counted right."""

import csv
import io
import json
import subprocess

import pytest

import campaigns
from campaigns import OUTCOMES, check_complete, launch, report, rows, shown, words
from cli import until
from oracle import Department

ZONE = ("--department", "76")


def test_an_exercise_of_a_department_completes_and_its_report_adds_up(seine_maritime):
    tocsin = seine_maritime.tocsin
    expected = seine_maritime.answer(Department("76"))
    result = launch(tocsin, *ZONE)
    assert result.table == shown(tocsin), "alert and campaign show differ"
    assert result.table["mode"] == "exercise" and result.table["subject"].startswith("EXERCICE")
    lines = check_complete(tocsin, expected.ids)

    counts = expected.counts
    for key in ("recipients", "certain", "possible", "not_located"):
        assert int(result.table[key]) == counts[key], key
    for line in lines:
        channels = {channel for channel in ("sms", "voice", "email", "fax") if line[f"{channel}_state"]}
        person = expected.people[line["external_id"]]
        assert channels == person.channels, line
        assert (line["state"] == "unreachable") == (not person.channels)
        assert line["commune_code"] == (person.code or "")
        assert line["possible_duplicate"] == "0"

    document = report(tocsin)
    assert document["recipients"] == len(lines) == sum(document["totals"].values())
    assert document["text"].startswith("EXERCICE") and document["audience_hash"] == result.table["audience_hash"]
    for outcome in OUTCOMES:
        assert document["totals"][outcome] == int(result.table[outcome])
        assert document["totals"][outcome] == sum(commune[outcome] for commune in document["communes"])
    assert sum(commune["recipients"] for commune in document["communes"]) == len(lines)
    for channel, states in document["channels"].items():
        assert states["queued"] == states["in_flight"] == 0
        assert sum(states.values()) >= 1, channel
    text = tocsin.ok("campaign", "report", "1").out
    assert "Failed" in text and document["audience_hash"] in text
    features = json.loads(tocsin.ok("campaign", "report", "1", "--format", "geojson").out)["features"]
    assert len(features) == len(document["communes"])
    assert "Nomsecret" not in text + json.dumps(document) and "courriel-" not in text + json.dumps(document)
    assert tocsin.ok("journal", "verify").out.strip()


@pytest.mark.parametrize("channels", ["sms", "voice", "email", "fax", "email,sms"])
def test_only_the_channels_asked_for_are_used(seine_maritime, channels):
    tocsin = seine_maritime.tocsin
    launch(tocsin, "--communes", "76540,76217,76351", *ZONE, channels=channels)
    assert set(report(tocsin)["channels"]) == set(channels.split(","))
    for line in rows(tocsin):
        used = {channel for channel in ("sms", "voice", "email", "fax") if line[f"{channel}_state"]}
        assert used <= set(channels.split(","))


@pytest.mark.parametrize("channels", ["sms", "voice", "fax", "sms,email", "sms,voice,email,fax"])
def test_outside_an_exercise_a_channel_without_a_gateway_is_refused(seine_maritime, channels):
    tocsin = seine_maritime.tocsin
    result = tocsin.refused(
        "alert", *ZONE, "--subject", "S", "--message", "M", "--channels", channels, "--yes")
    assert "gateway" in result.err and ("exercise" in result.err or "unavailable" in result.err)
    for channel in channels.split(","):
        assert channel == "email" or channel in result.err
    assert tocsin.ok("campaign", "list").out == "" and "campaign.launch" not in tocsin.ok("journal").out


@pytest.mark.parametrize("changes", [
    ["--channels", "sms,pigeon"], ["--channels", ""], ["--channels", ","], ["--message", ""], ["--message", "  "],
    ["--message", "é" * 20_000], ["--subject", ""], ["--subject", "x" * 5_000], ["--subject", "a\nBcc: courriel-x@example.org"],
    ["--retries", "-1"], ["--retries", "1000"], ["--retry-period", "-5"], ["--validity", "0"]],
    ids=lambda change: " ".join(change)[:40].replace("\n", " "))
def test_a_message_or_a_policy_that_makes_no_sense_is_refused(seine_maritime, changes):
    options = dict(zip(["--subject", "--message", "--channels"], ["S", "M", "sms,email"]))
    options |= dict([changes])
    arguments = [f"{name}={value}" for name, value in options.items()]
    seine_maritime.tocsin.refused("alert", *ZONE, *arguments, "--exercise", "--yes")
    assert seine_maritime.tocsin.ok("campaign", "list").out == ""


def test_nobody_inside_is_no_launch(seine_maritime):
    tocsin = seine_maritime.tocsin
    for zone in (["--circle", "-3.5,48.2,1000"], ["--communes", "76540", "--except", *ZONE]):
        tocsin.refused(*words(*zone))
    assert tocsin.ok("campaign", "list").out == ""


def test_without_yes_nobody_is_asked_where_nobody_can_answer(seine_maritime):
    command = [word for word in words(*ZONE) if word != "--yes"]
    assert "--yes" in seine_maritime.tocsin.refused(*command, stdin="394\n").err
    assert seine_maritime.tocsin.ok("campaign", "list").out == ""


def test_detaching_where_no_server_would_carry_the_campaign_is_refused(seine_maritime):
    assert "serve" in seine_maritime.tocsin.refused(*words(*ZONE), "--detach").err
    assert seine_maritime.tocsin.ok("campaign", "list").out == ""


def test_a_request_key_launches_once(seine_maritime):
    tocsin = seine_maritime.tocsin
    first = tocsin.ok(*words("--communes", "76540", *ZONE, channels="sms"), "--request-key", "inondation-1")
    again = tocsin.ok(*words("--communes", "76540", *ZONE, channels="sms"), "--request-key", "inondation-1")
    assert "already" in again.err and again.table == first.table
    other = tocsin.ok(*words("--communes", "76540", *ZONE, channels="sms"), "--request-key", "inondation-2")
    assert other.table["campaign"] == "2" and len(tocsin.ok("campaign", "list").lines) == 2


def test_the_same_audience_has_the_same_hash_and_any_change_another(seine_maritime_original, tmp_path):
    def hashed(folder, *arguments) -> str:
        (tmp_path / folder).mkdir()
        tocsin = seine_maritime_original.tocsin.copy(tmp_path / folder)
        return tocsin.ok(*arguments).table["audience_hash"]

    plain = hashed("a", *words(*ZONE))
    assert len(plain) == 64 and plain == hashed("b", *words(*ZONE))
    changed = [
        hashed("c", *words(*ZONE, "--except", "--communes", "76540")), hashed("d", *words(*ZONE, channels="sms")),
        hashed("e", *words(*ZONE), "--validity", "600"),
        hashed("f", "alert", *ZONE, "--channels", "sms,voice,email,fax", "--subject", "Essai", "--message", "Autre",
               "--exercise", "--yes", "--retries", "0")]
    assert len({plain, *changed}) == 5


def test_a_change_of_the_register_after_the_launch_does_not_change_the_campaign(seine_maritime):
    tocsin = seine_maritime.tocsin
    expected = seine_maritime.answer(Department("76"))
    campaigns.interrupted(tocsin, *words(*ZONE))
    path = tocsin.folder / "late.csv"
    path.write_text("id;code_insee;telephone\nlate;76540;06 39 98 99 99\n")
    tocsin.ok("import", "recipients", path)
    tocsin.ok("campaign", "watch", "1")
    check_complete(tocsin, expected.ids)


def test_pause_resume_from_another_process(seine_maritime):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="2")
    process = tocsin.start(*words(*ZONE, channels="voice"))
    try:
        until(lambda: campaigns.attempts(tocsin) > 0, what="the first attempt")
        tocsin.ok("campaign", "pause", "1")
        assert shown(tocsin)["state"] == "paused"
        tocsin.ok("campaign", "resume", "1", timeout=60)
        process.communicate(timeout=30)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()
    check_complete(tocsin, seine_maritime.answer(Department("76")).ids)


def test_while_paused_nothing_more_is_submitted(seine_maritime):
    tocsin = seine_maritime.tocsin
    campaigns.interrupted(tocsin, *words(*ZONE))
    tocsin.ok("campaign", "pause", "1")
    seen = campaigns.attempts(tocsin)
    process = tocsin.start("campaign", "watch", "1")
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1.5)
        assert campaigns.attempts(tocsin) == seen and shown(tocsin)["state"] == "paused"
    finally:
        process.kill()
        process.communicate()
    tocsin.ok("campaign", "resume", "1")
    check_complete(tocsin, seine_maritime.answer(Department("76")).ids)


def test_stop_from_another_process_cancels_what_has_not_left(seine_maritime):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="1")
    process = tocsin.start(*words(*ZONE, channels="sms"))
    try:
        until(lambda: campaigns.attempts(tocsin) > 0, what="the first attempt")
        tocsin.ok("campaign", "stop", "1")
        out, _ = process.communicate(timeout=40)
        assert "state\tstopped" in out
    finally:
        process.kill()
        process.communicate()
    record = shown(tocsin)
    assert record["state"] == "stopped" and record["legs_open"] == "0" and record["pending"] == "0"
    lines = rows(tocsin)
    assert sum(int(record[outcome]) for outcome in OUTCOMES) == len(lines) == int(record["recipients"])
    submitted = {line["external_id"] for line in lines if line["sms_attempts"] not in ("", "0")}
    assert {line["external_id"] for line in lines if line["state"] == "cancelled"}.isdisjoint(submitted)
    for verb in ("pause", "resume", "stop"):
        tocsin.refused("campaign", verb, "1")
    assert shown(tocsin) == record, "a stopped campaign moved"


def test_two_processes_at_once_do_the_work_once(seine_maritime):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="2")
    first = tocsin.start(*words(*ZONE, channels="voice,email"))
    second = None
    try:
        until(lambda: campaigns.attempts(tocsin) > 0, what="the first attempt")
        second = tocsin.start("campaign", "watch", "1")
        out, _ = first.communicate(timeout=40)
        followed, errors = second.communicate(timeout=20)
        assert first.returncode == second.returncode == 0
        assert "following" in errors and followed == out
    finally:
        for process in filter(None, (first, second)):
            process.kill()
            process.communicate()
    for line in check_complete(tocsin, seine_maritime.answer(Department("76")).ids):
        assert line["possible_duplicate"] == "0"
        phones = len(seine_maritime.answer(Department("76")).people[line["external_id"]].phones)
        assert not line["voice_attempts"] or int(line["voice_attempts"]) <= phones
        assert line["email_attempts"] in ("", "1")


def test_two_alerts_at_once_both_complete(seine_maritime):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="3")
    processes = [tocsin.start(*words(*ZONE, channels=channels)) for channels in ("voice", "email")]
    try:
        for process in processes:
            process.communicate(timeout=60)
            assert process.returncode == 0
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    ids = seine_maritime.answer(Department("76")).ids
    for campaign in (1, 2):
        check_complete(tocsin, ids, campaign)


def test_what_is_not_there_cannot_be_steered(tocsin):
    for verb in ("show", "watch", "pause", "resume", "stop", "report"):
        tocsin.refused("campaign", verb, "1")
        tocsin.refused("campaign", verb, "abc")
        tocsin.refused("campaign", verb)
    assert tocsin.ok("campaign", "list").out == ""


@pytest.mark.parametrize("speed", ["fast", "-1", "1e9", "nan"])
def test_a_pace_that_is_no_number_is_refused(seine_maritime, speed):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED=speed)
    assert "TOCSIN_EXERCISE_SPEED" in tocsin.refused(*words(*ZONE)).err
    assert tocsin.ok("campaign", "list").out == ""


def test_failures_worth_retrying_are_retried_as_often_as_asked(seine_maritime):
    tocsin = seine_maritime.tocsin
    command = [word for word in words(*ZONE, channels="voice")]
    command[command.index("--retries") + 1] = "2"
    tocsin.ok(*command, "--retry-period", "1")
    lines = check_complete(tocsin, seine_maritime.answer(Department("76")).ids)
    people = seine_maritime.answer(Department("76")).people
    tries = [int(line["voice_attempts"]) / len(people[line["external_id"]].phones) for line in lines if line["voice_state"]]
    assert max(tries) > 1 and all(count <= 3 for count in tries)
    failed = [line for line in lines if line["voice_cause"] in ("busy", "no_answer")]
    assert all(int(line["voice_attempts"]) >= 3 for line in failed), "given up before the last retry"
    assert all(int(line["voice_attempts"]) <= 2 for line in lines if line["voice_cause"] == "invalid_address")


def test_the_list_of_campaigns_has_the_newest_first(seine_maritime):
    tocsin = seine_maritime.tocsin
    for commune in ("76540", "76217"):
        tocsin.ok(*words("--communes", commune, *ZONE, channels="email"))
    lines = [line.split("\t") for line in tocsin.ok("campaign", "list").lines]
    assert [line[:3] for line in lines] == [["2", "exercise", "completed"], ["1", "exercise", "completed"]]
    assert all(len(line) == 6 for line in lines)
    assert next(csv.reader(io.StringIO(tocsin.ok("campaign", "report", "1", "--format", "csv").out)))[0] == "external_id"
