"""What people write back: understood or left to a person, by SMSCs the project did not write and its own."""

import signal

import pytest

from campaigns import rows
from cli import until
from smsc import KINDS, Centre, entry
from test_sms import HERE, alert, number, people, ready, so_far

# Who writes back at the peers': the second of `people`.
WRITER = "S-001"


def inbox(tocsin, *options: str) -> list[list[str]]:
    return [line.split("\t") for line in tocsin.ok("inbox", "list", *options).lines]


@pytest.mark.parametrize("word, state, effect", [("OUI", "answered_validated", "acknowledged"), ("Ou aller ?", "passed", "unread")])
@pytest.mark.parametrize("kind", KINDS)
def test_a_reply_is_carried_to_its_message(tocsin, tmp_path, kind, word, state, effect):
    with Centre(kind, tmp_path, "--mo", word, "--dlr", "2", "--plain") as centre:
        tocsin = ready(tocsin, people(3), entry(centre.port))
        tocsin.ok(*alert())
    line, = inbox(tocsin, "--all")
    assert (line[2], line[3], line[4], line[5], line[7]) == ("1", WRITER, "+33639980001", effect, word)
    assert {row["external_id"]: row["state"] for row in rows(tocsin)} == {"S-000": "passed", WRITER: state, "S-002": "passed"}
    assert len(inbox(tocsin)) == (1 if effect == "unread" else 0)
    assert inbox(tocsin, "--campaign", "1", "--all") == [line] and inbox(tocsin, "--campaign", "2", "--all") == []
    tocsin.ok("inbox", "read", line[0])
    assert inbox(tocsin) == [] and len(inbox(tocsin, "--all")) == 1
    journal = tocsin.ok("journal", "show").out
    assert word not in journal and "639980001" not in journal


def test_an_organisation_s_own_words_are_understood(tocsin, tmp_path):
    standard = dict(line.split("\t") for line in tocsin.ok("inbox", "words").lines)
    assert "oui" in standard["yes"].split(",") and "stop" in standard["stop"].split(",")
    for bad in ("oui", "yes=stop", "yes=deux mots", "yes:e=x"):
        assert tocsin.run("inbox", "words", bad).status != 0
    tocsin.ok("inbox", "words", "yes=présent", "yes:es=sí")
    assert [line.split("\t") for line in tocsin.ok("inbox", "words").lines][:2] == [["yes", "present"], ["yes:es", "si"]]
    assert "organisation.setting" in tocsin.ok("journal", "show").out
    with Centre("smsc-scripted.py", tmp_path, "--mo", "Present !", "--dlr", "2", "--plain") as centre:
        tocsin = ready(tocsin, people(3), entry(centre.port))
        tocsin.ok(*alert())
    line, = inbox(tocsin, "--all")
    assert (line[3], line[5]) == (WRITER, "acknowledged")
    tocsin.ok("inbox", "words", "standard")
    assert dict(line.split("\t") for line in tocsin.ok("inbox", "words").lines) == standard


def test_a_long_reply_is_one_message(tocsin, tmp_path):
    word = "Nous sommes trois au deuxieme etage avec une personne alitee, " * 4
    with Centre("smsc-scripted.py", tmp_path, "--mo", word.strip(), "--mo-parts", "4", "--dlr", "2") as centre:
        tocsin = ready(tocsin, people(2), entry(centre.port))
        tocsin.ok(*alert())
    line, = inbox(tocsin)
    assert line[7] == word.strip()


def information(**words: str) -> list[str]:
    # Whatever the hour of the test.
    return [*alert(**words), "--kind", "information", "--quiet", "none"]


def test_a_stop_ends_information_at_once_and_alerts_go_on(tocsin, tmp_path):
    """The writer's message waits behind the others' when the STOP comes: it does not leave."""
    everyone = people(30)
    everyone[1], everyone[-1] = everyone[-1], everyone[1]
    with Centre("smsc-scripted.py", tmp_path, "--mo", "STOP", "--plain") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port, rate={"messagesPerSecond": 5}))
        table = tocsin.ok(*information(), timeout=100).table
        assert (table["passed"], table["cancelled"]) == ("29", "1")
        assert "+33639980001" not in centre.taken and len(centre.taken) == 29
    line, = inbox(tocsin, "--all")
    assert line[5] == "refused" and inbox(tocsin) == []
    assert {row["external_id"] for row in rows(tocsin) if row["state"] == "cancelled"} == {WRITER}
    assert "information.refused" in tocsin.ok("journal", "show").out
    with Centre("smsc-scripted.py", tmp_path, "--plain") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port))
        tocsin.ok(*information(text="La fête a lieu samedi."))
        assert "+33639980001" not in centre.taken and len(centre.taken) == 29
        tocsin.ok(*alert())
        assert centre.taken["+33639980001"] == 1, "an alert reaches everyone"


def test_a_stop_to_a_real_alert_leaves_it_alone(tocsin, tmp_path):
    everyone = people(30)
    everyone[1], everyone[-1] = everyone[-1], everyone[1]
    with Centre("smsc-scripted.py", tmp_path, "--mo", "OUI STOP", "--plain") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port, rate={"messagesPerSecond": 10}))
        assert tocsin.ok(*alert(), timeout=100).table["passed"] == "30"
        assert len(centre.taken) == 30
    line, = inbox(tocsin)
    assert line[5] == "refused,unread", "it says two things: somebody has to read it"


def test_simulated_people_answer_and_refuse_nothing(tocsin):
    everyone = people(60)
    tocsin = ready(tocsin, everyone).with_environment(TOCSIN_GATEWAYS="", TOCSIN_EXERCISE_REPLIES="50")
    command = ["alert", *HERE, "--subject", "Crue", "--message", "Montez", "--channels", "sms", "--yes", "--exercise"]
    tocsin.ok(*command)
    answered = sum(row["state"] == "answered_validated" for row in rows(tocsin))
    lines = inbox(tocsin, "--all")
    assert 10 <= len(lines) <= 50 and answered == sum(line[5] == "acknowledged" for line in lines) >= 5
    assert any(line[5] == "unread" for line in lines)
    tocsin.ok(*command)
    again = [line[3:6] for line in inbox(tocsin, "--all", "--campaign", "2")]
    assert sorted(again) == sorted(line[3:6] for line in lines), "the same people answer the same"
    assert tocsin.with_environment(TOCSIN_EXERCISE_REPLIES="viele").refused(*command).err.count("TOCSIN_EXERCISE_REPLIES")


@pytest.mark.parametrize("kind", ["smsc-scripted.py", "smsc-smpp34.py"])
def test_parts_of_a_long_message_are_known_after_a_restart(tocsin, tmp_path, kind):
    """Delivered once every part is: with the first part's receipt alone it would end too early, or too well."""
    everyone = people(6, ending=0) + [people(1, ending=80)[0]]
    everyone[-1].id = "S-080"
    with Centre(kind, tmp_path, "--dlr", "4") as centre:
        tocsin = ready(tocsin, everyone, entry(centre.port))
        process = tocsin.start(*alert(text="La forêt brûle : évacuez vers le nord. " * 5))
        until(lambda: {row["sms_state"] for row in so_far(tocsin).values()} == {"accepted"}, what="answers")
        process.send_signal(signal.SIGKILL)
        process.communicate()
        tocsin.ok("campaign", "watch", "1", timeout=60)
        assert set(centre.taken.values()) == {3}
    assert {row["external_id"]: row["sms_state"] for row in rows(tocsin)} == {
        person.id: "failed" if person.id == "S-080" else "delivered" for person in everyone}
