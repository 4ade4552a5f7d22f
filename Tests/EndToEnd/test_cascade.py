"""Channels one after another: each person's next turn comes when the one before was not confirmed."""

import sqlite3

import campaigns
from cli import until
from oracle import Department
from test_kill import killed

WAIT = 2
CASCADE = ["--subject", "Essai", "--message", "Essai", "--exercise", "--yes", "--retries", "1", "--retry-period", "1",
           "--cascade", f"sms+email,{WAIT}s,voice/1s,{WAIT}s,fax"]
STEPS = [{"sms", "email"}, {"voice"}, {"fax"}]


def ledger(tocsin):
    """Each person's legs, as the ledger's rows say: channel, rank, state, first and last attempt, in milliseconds."""
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
        rows = database.execute("""
            WITH places AS (
                SELECT delivery_id, id AS leg FROM legs
                UNION ALL SELECT delivery_id, leg_id FROM leg_shares)
            SELECT external_id, legs.id, channel, rank, legs.state, min(started_at), max(started_at), min(attempts.ended_at),
                max(CASE WHEN outcome = 'acknowledged' THEN ifnull(receipt_at, attempts.ended_at) END), shared
            FROM places JOIN deliveries ON deliveries.id = places.delivery_id JOIN legs ON legs.id = leg
                LEFT JOIN attempts ON attempts.leg_id = legs.id
            GROUP BY deliveries.id, legs.id ORDER BY external_id, rank""").fetchall()
    people = {}
    for person, *leg in rows:
        people.setdefault(person, []).append(
            dict(zip(["id", "channel", "rank", "state", "first", "last", "heard", "confirmed", "shared"], leg)))
    return people


def check_turns(people):
    called = spared = 0
    for person, legs in people.items():
        confirmed = min((leg["confirmed"] for leg in legs if leg["confirmed"]), default=None)
        if confirmed is None:
            assert all(leg["first"] for leg in legs), f"{person} did not confirm and was left out"
        steps = [[leg for leg in legs if leg["channel"] in step] for step in STEPS]
        steps = [step for step in steps if step]
        for before, step in zip(steps, steps[1:]):
            for leg in step:
                if not leg["first"]:
                    assert leg["state"] == "cancelled"
                    spared += 1
                    continue
                called += 1
                if leg["shared"]:
                    continue
                if any(other["state"] != "failed" and other["state"] != "cancelled" for other in before) and before[0]["channel"] != "voice":
                    wait = leg["first"] - max(other["heard"] for other in before if other["state"] != "failed")
                    assert wait >= WAIT * 1000 or any(other["state"] == "failed" for other in before), (person, wait)
                assert confirmed is None or leg["last"] <= confirmed, f"{person} had confirmed and was called"
    assert called > 100 and spared > 20, "too few to prove anything"


def test_a_cascade_killed_on_its_way_gives_everyone_his_turns(seine_maritime):
    tocsin = seine_maritime.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="20")
    process = tocsin.start("alert", "--department", "76", *CASCADE)
    for _ in range(5):
        seen = campaigns.attempts(tocsin)
        until(lambda: campaigns.attempts(tocsin) > seen or process.poll() is not None, what="another attempt")
        assert process.poll() is None, "the campaign was over too soon for the test to prove anything"
        killed(process)
        process = tocsin.start("campaign", "watch", "1")
    killed(process)
    assert int(campaigns.shown(tocsin)["legs_held"]) > 0
    table = tocsin.ok("campaign", "watch", "1").table
    assert table["state"] == "completed" and table["legs_open"] == "0" and table["legs_held"] == "0"
    assert table["cascade"] == f"sms+email,{WAIT}s,voice/1s,{WAIT}s,fax until acknowledged"
    expected = seine_maritime.answer(Department("76"))
    assert [line["external_id"] for line in campaigns.rows(tocsin)] == expected.ids
    people = ledger(tocsin)
    assert set(people) == {id for id in expected.ids if expected.people[id].channels}
    check_turns(people)


def test_what_is_no_cascade_is_refused(tocsin):
    words = ["alert", "--communes", "76540", "--subject", "s", "--message", "m", "--exercise", "--yes"]
    for wrong, said in [
        (["--cascade", "sms,voice"], "wait"), (["--cascade", "sms,10m,sms"], "named twice"),
        (["--cascade", "sms,10m,pigeon"], "pigeon"), (["--cascade", "sms,2h,voice/30h"], "choose 1 to 86400"),
        (["--cascade", "sms,10m,voice", "--channels", "fax"], "--channels"), ([], "--cascade"),
        (["--channels", "sms", "--until", "delivered"], "--until"),
    ]:
        assert said in tocsin.refused(*words, *wrong).err, wrong
