"""Two towns below a prefecture: each sends through its own contract, pays its own price, and keeps to its quota; an alert
always leaves. The SMSCs' own notes say who sent what through which."""

import csv
import datetime
import io
import json
import signal
import sqlite3
import zoneinfo

import pytest

import register
from cli import Tocsin, until
from register import Person
from server import Server
from smsc import Centre, entry
from test_account_bounds import account

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
HERE = ("--circle", "1.1,49.44,100")
TOWNS = {"Eu": 0, "Gamaches": 1}


def numbers(town: str, count: int = 40) -> set[str]:
    return {f"+336399{TOWNS[town]}{n:04d}" for n in range(count)}


@pytest.fixture
def towns(tocsin) -> Tocsin:
    """A prefecture with two towns of forty people each, all in one place."""
    for town, digit in TOWNS.items():
        tocsin.ok("organisation", "create", town, "--kind", "commune", "--under", "Préfecture")
        people = [Person(f"{town}-{n:03d}", 1.1, 49.44, phones=[f"+336399{digit}{n:04d}"]) for n in range(40)]
        tocsin.ok("import", "recipients", register.write(tocsin.folder / f"{town}.csv", people), "--organisation", town)
    return tocsin


def with_gateways(tocsin: Tocsin, *gateways: dict, **environment: str) -> Tocsin:
    path = tocsin.folder / "gateways.json"
    path.write_text(json.dumps({"version": 1, "gateways": list(gateways)}))
    return tocsin.with_environment(TOCSIN_GATEWAYS=str(path), **environment)


def words(town: str, *options: str, kind: str = "information", text: str = "Fete du village") -> list[str]:
    quiet = ["--quiet", "none"] if kind == "information" else []
    return ["alert", *HERE, "--organisation", town, "--kind", kind, "--subject", "Avis", "--message", text, "--channels", "sms",
            "--yes", "--retries", "1", "--retry-period", "1", *quiet, *options]


def quota(tocsin: Tocsin, name: str) -> list[str]:
    return tocsin.ok("organisation", "quotas", name).lines[0].split("\t")


def costs(tocsin: Tocsin, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tocsin.ok("organisation", "costs", name).out)))


def test_each_town_sends_through_its_own_contract_and_pays_its_own_price(towns, tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    price = {"tariff": {"perSegment": "0.05", "currency": "EUR"}}
    with Centre("smsc-scripted.py", tmp_path / "a") as own, Centre("smsc-scripted.py", tmp_path / "b") as common:
        tocsin = with_gateways(towns, entry(own.port, "eu", **price), entry(common.port, "commun", **price))
        tocsin.ok("organisation", "gateways", "Eu", "--set", "eu=reserve")
        tocsin.ok("organisation", "tariffs", "Eu", "--set", "sms@eu=0.03 EUR/segment")
        assert [line.split("\t")[:3] for line in tocsin.ok("organisation", "gateways", "Eu").lines] == [["eu", "sms", "Eu"]]
        assert [line.split("\t")[:3] for line in tocsin.ok("organisation", "gateways", "Gamaches").lines] == [
            ["commun", "sms", "everybody"]]
        estimates = {town: tocsin.ok(*words(town, "--estimate")).table["estimate_cost"] for town in TOWNS}
        assert estimates == {"Eu": "1.20 EUR", "Gamaches": "2.00 EUR"}
        for town in TOWNS:
            assert tocsin.ok(*words(town)).table["state"] == "completed"
        assert set(own.taken) == numbers("Eu") and set(common.taken) == numbers("Gamaches")
        # A later price changes nothing of what was sent.
        tocsin.ok("organisation", "tariffs", "Eu", "--set", "sms@eu=9 EUR/segment")
        assert [(line["organisation"], line["gateway"], line["messages"], line["segments"], line["cost"])
                for line in costs(tocsin, "Préfecture")] == [
            ("Eu", "eu", "40", "40", "1.20"), ("Gamaches", "commun", "40", "40", "2.00")]
        # Everybody's contract is taken by the other town: the one without is told before the launch.
        tocsin.ok("organisation", "gateways", "Eu", "--set", "commun=reserve")
        refused = tocsin.refused(*words("Gamaches"))
        assert "none that the organisation may use" in refused.err
        assert sum(common.taken.values()) == 40


def test_information_keeps_to_the_quota_and_an_alert_goes(towns, tmp_path):
    with Centre("smsc-scripted.py", tmp_path) as centre:
        tocsin = with_gateways(towns, entry(centre.port, "commun"))
        tocsin.ok("organisation", "quotas", "Préfecture", "--set", "month:segments=100")
        tocsin.ok(*words("Eu"))
        assert quota(tocsin, "Préfecture") == [
            "month", "100 segments of sms", "40 segments of sms", "0 segments of sms", "60 segments of sms", "40 %"]
        warned = tocsin.ok(*words("Gamaches"))
        assert "with this, 80 % of the month's quota of “Préfecture”" in warned.err
        refused = tocsin.refused(*words("Eu"))
        assert "20 segments of sms left, and this takes 40" in refused.err and "the machine's administrator" in refused.err
        assert sum(centre.taken.values()) == 80
        alert = tocsin.ok(*words("Eu", kind="alert"))
        assert alert.table["state"] == "completed" and "20 segments of sms left" in alert.err
        assert sum(centre.taken.values()) == 120 and quota(tocsin, "Préfecture")[5] == "120 %"
        journal = tocsin.ok("journal", "show").out
        assert journal.count("quota.exceeded") == 1 and journal.count("quota.warning") == 1
        # A quota of the town's own is for those above it to settle.
        chef = account(tocsin, "chef", "Eu")
        assert "for an administrator of an organisation above" in chef.refused(
            "organisation", "quotas", "Eu", "--set", "month:segments=9").err
        assert "unknown" not in chef.ok("organisation", "quotas", "Eu").out
        chef.refused("organisation", "quotas", "Gamaches")


def test_a_killed_campaign_is_counted_once(towns, tmp_path):
    """Killed over and over, the sum is what the centre took, but for those marked as perhaps sent twice."""
    with Centre("smsc-scripted.py", tmp_path) as centre:
        tocsin = with_gateways(
            towns, entry(centre.port, "commun", settings={}, window=4, rate={"segmentsPerSecond": 12}))
        tocsin.ok("organisation", "quotas", "Eu", "--set", "month:sms=40")
        process = tocsin.start(*words("Eu"))
        for kill in range(1, 4):
            until(lambda: sum(centre.taken.values()) >= 8 * kill or process.poll() is not None, what="more messages")
            assert process.poll() is None, "over too soon for the test to prove anything"
            process.send_signal(signal.SIGKILL)
            process.communicate()
            spent, reserved = (int(cell.split()[0]) for cell in quota(tocsin, "Eu")[2:4])
            assert spent + reserved >= 40, "what is under way is held"
            assert "left, and this takes 40" in tocsin.refused(*words("Eu", "--request-key", f"other {kill}")).err
            process = tocsin.start("campaign", "watch", "1")
        until(lambda: set(centre.taken) == numbers("Eu"), 60, "everyone's message")
        # A receipt sent to a session that was killed is gone: a stop ends what would wait for it.
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        tocsin.ok("campaign", "stop", "1")
        with sqlite3.connect(tocsin.database) as database:
            doubts, = database.execute("SELECT count(*) FROM attempts WHERE outcome = 'in_doubt'").fetchone()
        spent = int(quota(tocsin, "Eu")[2].split()[0])
        # An attempt in doubt counts, whether or not the centre had it.
        assert sum(centre.taken.values()) <= spent <= 40 + doubts
        assert quota(tocsin, "Eu") == quota(tocsin, "Eu"), "counted once"
        assert int(costs(tocsin, "Eu")[0]["messages"]) == spent


def test_two_towns_share_a_gateway_by_their_shares(towns, tmp_path):
    with Centre("smsc-scripted.py", tmp_path) as centre:
        tocsin = with_gateways(towns, entry(centre.port, "commun", rate={"segmentsPerSecond": 15}, window=8))
        tocsin.ok("organisation", "gateways", "Eu", "--set", "commun=share 3")
        with Server(tocsin):
            for town in TOWNS:
                tocsin.ok(*words(town, "--detach", kind="alert"))
            until(lambda: sum(centre.taken.values()) >= 48, 40, "forty-eight messages")
            first = [("+" + line["to"]) in numbers("Eu") for line in centre.lines if "to" in line][8:40]
            assert 0.65 <= sum(first) / len(first) <= 0.85, "three quarters of a stretch where both have messages"
            until(lambda: sum(centre.taken.values()) == 80, 40, "all messages")
    assert set(centre.taken) == numbers("Eu") | numbers("Gamaches")


def test_a_schedule_beyond_the_quota_is_passed_over_and_says_so(towns, tmp_path):
    with Centre("smsc-scripted.py", tmp_path) as centre:
        tocsin = with_gateways(towns, entry(centre.port, "commun"))
        tocsin.ok("organisation", "quotas", "Eu", "--set", "month:sms=39")
        soon = (datetime.datetime.now(PARIS) + datetime.timedelta(seconds=2)).strftime("%Y-%m-%d %H:%M:%S")
        tocsin.ok("schedule", "add", "Concert", *HERE, "--organisation", "Eu", "--message", "Concert ce soir", "--channels", "sms",
                  "--quiet", "none", "--at", soon)
        with Server(tocsin):
            until(lambda: "refused" in tocsin.ok("schedule", "show", "Concert", "--organisation", "Eu").out, 20, "a decision")
        assert "39 messages by sms left, and this takes 40" in tocsin.ok("schedule", "show", "Concert", "--organisation", "Eu").out
        assert "schedule.refused" in tocsin.ok("journal", "show").out
        assert not centre.taken


def test_a_town_without_a_gateway_holds_nobody_else_up(towns, tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    with Centre("smsc-scripted.py", tmp_path / "a") as own, Centre("smsc-scripted.py", tmp_path / "b") as common:
        slow = entry(own.port, "eu", settings={}, window=1, rate={"segmentsPerSecond": 1})
        tocsin = with_gateways(towns, slow, entry(common.port, "commun"))
        tocsin.ok("organisation", "gateways", "Eu", "--set", "eu=reserve")
        with Server(tocsin):
            tocsin.ok(*words("Eu", "--detach", kind="alert"))
            until(lambda: own.taken, what="a first message")
        before = sum(own.taken.values())
        assert before < 40, "over too soon for the test to prove anything"
        # The contract is gone from the files: its campaign waits, and the other town's leave.
        tocsin = with_gateways(towns, entry(common.port, "commun"))
        with Server(tocsin) as server:
            tocsin.ok(*words("Gamaches", "--detach", kind="alert"))
            until(lambda: set(common.taken) == numbers("Gamaches"), what="the other town's messages")
            assert any("campaign 1 of “Eu” waits" in line for line in server.log)
            # What has ended is counted while nothing runs.
            tocsin.ok("campaign", "stop", "1")

            def counted():
                with sqlite3.connect(tocsin.database) as database:
                    return database.execute("SELECT count(*) FROM campaigns WHERE charged_at IS NOT NULL").fetchone()[0] == 2

            until(counted, 30, "the sums")
        assert sum(own.taken.values()) == before and set(common.taken) == numbers("Gamaches")
        assert "dispatch.no_gateway" in tocsin.ok("journal", "show").out
        # An organisation that alone has a gateway is not erased before somebody says whose it is.
        assert "alone has the gateway “eu”" in tocsin.refused("organisation", "erase", "Eu", "--confirm", "Eu").err
        tocsin.ok("organisation", "gateways", "Eu", "--set", "eu=release")
        sent = [line for line in costs(tocsin, "Préfecture") if line["organisation"] == "Eu"]
        tocsin.ok("organisation", "erase", "Eu", "--confirm", "Eu")
        with sqlite3.connect(tocsin.database) as database:
            kept, = database.execute("SELECT sum(messages) FROM campaign_charges WHERE campaign_id = 1 AND state = 'spent'").fetchone()
        assert kept == int(sent[0]["messages"]) >= before
