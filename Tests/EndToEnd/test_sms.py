"""Alerts by SMS through SMSCs: two that the project did not write, and its own that misbehaves as asked."""

import json
import signal

import pytest

import register
from campaigns import check_complete, rows, shown
from cli import until
from register import Person
from relay import free_port
from smsc import KINDS, Centre, entry

HERE = ("--circle", "1.1,49.44,100")
TEXT = "Crue : évacuez le quartier à pied."


def people(count: int, ending: int | None = None) -> list[Person]:
    return [Person(f"S-{number:03d}", 1.1, 49.44,
                   phones=[f"06 39 98 {number if ending is None else number * 100 + ending:04d}"]) for number in range(count)]


def number(person: Person) -> str:
    return "+33" + person.phones[0].replace(" ", "")[1:]


def ready(tocsin, everyone: list[Person], *gateways: dict, **environment):
    """The executable with a register and a file of these gateways."""
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", everyone))
    path = tocsin.folder / "gateways.json"
    path.write_text(json.dumps({"version": 1, "gateways": list(gateways)}))
    return tocsin.with_environment(TOCSIN_GATEWAYS=str(path), **environment)


def alert(*options: str, text: str = TEXT, retries: int = 0) -> list[str]:
    return ["alert", *HERE, "--subject", "Crue", "--message", text, "--channels", "sms", "--yes", "--retries", str(retries),
            "--retry-period", "1", *options]


def so_far(tocsin) -> dict[str, dict]:
    """The report's rows while the campaign goes on; none before it is launched."""
    if tocsin.run("campaign", "show", "1").status != 0:
        return {}
    return {row["external_id"]: row for row in rows(tocsin)}


def marked(tocsin) -> set[str]:
    return {row["external_id"] for row in rows(tocsin) if row["possible_duplicate"] == "1"}


@pytest.mark.parametrize("kind", KINDS)
def test_everyone_gets_one_message_and_its_receipt(tocsin, tmp_path, kind):
    everyone = people(60, ending=0)
    with Centre(kind, tmp_path) as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port))
        result = tocsin.ok(*alert())
        assert (result.table["mode"], result.table["state"]) == ("real", "completed")
        assert centre.taken == {number(person): 1 for person in everyone}
        octets = {line["octets"] for line in centre.lines if "to" in line}
    assert len(octets) == 1 and bytes.fromhex(octets.pop()) == TEXT.replace("é", "\x05").replace("à", "\x7f").encode("latin-1")
    lines = check_complete(tocsin, [person.id for person in everyone])
    assert {row["sms_state"] for row in lines} == {"delivered"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_person_s_end_is_the_centre_s_word(tocsin, tmp_path, kind):
    """Hundreds by their last two digits: see the peers' scripts. Compared person by person with the centre's log."""
    everyone = people(100)
    with Centre(kind, tmp_path, "--ids", "hexThenDecimal") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port, settings={"messageIDs": "hexThenDecimal"}))
        process = tocsin.start(*alert("--validity", "60"))
        expected = {80: "no_answer", 81: "no_answer", 82: "refused", 90: "invalid_address", 93: "network"}
        waits = {83, 91, 92}

        def told():
            found = so_far(tocsin)
            return found if all(row["sms_state"] in ("delivered", "failed") for id, row in found.items()
                                if int(id[2:]) not in waits) and len(found) == 100 else None
        found = until(told, seconds=40, what="the receipts")
        process.kill()
        process.communicate()
        taken = centre.taken
    for person in everyone:
        code, row = int(person.id[2:]), found[person.id]
        if code in expected:
            assert (row["sms_state"], row["sms_cause"]) == ("failed", expected[code]), row
        elif code not in waits:
            assert row["sms_state"] == "delivered" and taken[number(person)] == 1, row
        if code in (90, 91, 92, 93):
            assert taken[number(person)] == 0


@pytest.mark.parametrize("kind", ["smsc-scripted.py", "smsc-smpp34.py"])
def test_a_receipt_that_comes_after_a_restart_finds_its_person(tocsin, tmp_path, kind):
    everyone = people(20, ending=0)
    with Centre(kind, tmp_path, "--dlr", "4") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port))
        process = tocsin.start(*alert())
        until(lambda: {row["sms_state"] for row in so_far(tocsin).values()} == {"accepted"}, what="answers")
        process.send_signal(signal.SIGKILL)
        process.communicate()
        tocsin.ok("campaign", "watch", "1", timeout=60)
        assert centre.taken == {number(person): 1 for person in everyone}, "a restart sends nothing twice"
    assert {row["sms_state"] for row in rows(tocsin)} == {"delivered"}


@pytest.mark.parametrize("kind", KINDS)
def test_killed_in_mid_campaign_nobody_is_left_out_and_duplicates_are_marked_and_few(tocsin, tmp_path, kind):
    everyone = people(150)
    with Centre(kind, tmp_path, "--late", "0.1", "--plain") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port, window=5))
        process = tocsin.start(*alert())
        for _ in range(3):
            target = len(centre.lines) + 25
            until(lambda: len(centre.lines) >= target or process.poll() is not None, what="messages")
            process.send_signal(signal.SIGKILL)
            process.communicate()
            process = tocsin.start("campaign", "watch", "1")
        # A receipt sent to a session that was killed is gone: its person stays accepted, and that is an end here.
        until(lambda: {row["sms_state"] for row in so_far(tocsin).values()} <= {"accepted", "delivered"}, 60, "everyone's turn")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        taken = centre.taken
    assert [row["external_id"] for row in rows(tocsin)] == [person.id for person in everyone]
    assert set(taken) == {number(person) for person in everyone}, "someone got nothing"
    by_number = {number(person): person.id for person in everyone}
    twice = {by_number[one] for one, count in taken.items() if count > 1}
    assert twice <= marked(tocsin), "someone got it twice and is not marked"
    assert sum(taken.values()) - 150 <= 3 * 2 * 5, "more duplicates than messages can be on their way"


def test_a_long_text_is_one_message_to_its_person(tocsin, tmp_path):
    everyone = people(10, ending=0)
    text = "La forêt brûle : évacuez vers le nord. " * 5
    with Centre("smsc-scripted.py", tmp_path) as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port))
        tocsin.ok(*alert(text=text))
        parts = centre.lines
        assert set(centre.taken.values()) == {3}
    mine = sorted((line for line in parts if line.get("to") == number(everyone[3])[1:]), key=lambda line: line["octets"][10:12])
    assert "".join(bytes.fromhex(line["octets"])[6:].decode("utf-16-be") for line in mine) == text
    assert {row["sms_state"] for row in rows(tocsin)} == {"delivered"}


def test_gateways_are_checked_and_tried(tocsin, tmp_path):
    (tmp_path / "operateur.secret").write_text("sesame\n")
    with Centre("smsc-scripted.py", tmp_path, "--password", "sesame") as centre:
        good = ready(tocsin, people(1), entry(centre.port, settings={"passwordFile": str(tmp_path / "operateur.secret")}))
        assert good.ok("gateway", "check").lines == ["operateur\tup"]
        assert good.ok("gateway", "list").lines[0].split("\t")[:5] == ["operateur", "sms", "smpp", "1", "10"]
        assert good.ok("gateway", "test", "operateur", "--to", "+33639980001").lines == ["operateur\taccepted\tsmpp ESME_ROK"]
        bad = ready(tocsin, [], entry(centre.port, settings={"passwordVariable": "SMSC"}), SMSC="motfaux")
        result = bad.run("gateway", "check")
        assert result.status != 0 and result.lines == ["operateur\tdown\tsmpp: bind refused: ESME_RINVPASWD"]
        assert "motfaux" not in result.err + result.out


def test_a_centre_that_is_not_there_fails_everyone_and_says_so(tocsin, tmp_path):
    everyone = people(4)
    tocsin = ready(tocsin, everyone, entry(free_port(), health={"failures": 100}))
    tocsin.ok(*alert("--validity", "60"), timeout=100)
    lines = check_complete(tocsin, [person.id for person in everyone])
    assert {(row["state"], row["sms_cause"]) for row in lines} <= {("failed", "network"), ("failed", "expired")}


@pytest.mark.parametrize("sender", ["0639980001", "+33639980001", "+33199001234", "UN NOM BIEN TROP LONG", ""])
def test_a_sender_the_rules_forbid_stops_the_launch(tocsin, sender):
    tocsin = ready(tocsin, people(1), entry(free_port(), settings={"sender": sender}))
    tocsin.refused(*alert())
    assert tocsin.with_environment(TOCSIN_GATEWAYS="").ok("campaign", "list").out == ""
