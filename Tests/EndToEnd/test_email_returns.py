"""E-mail that comes back: a whole Postfix takes it, is refused further on, and tells our return address."""

import base64
import re
import subprocess
from pathlib import Path

from campaigns import rows
from cli import until
from postfix import postfix
from relay import Relay
from server import Server
from test_email import alert, by_id, ready

RETURN = "retours@alerte.example"


def maildir(folder: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def counts(result) -> dict[str, int]:
    return {name: int(text) for name, text in result.table.items()}


def test_what_a_postfix_sends_back_is_marked_person_by_person(tocsin):
    refused = {f"courriel-{number:03d}@example.org": "550 5.1.1 no such user" for number in (3, 7, 11)}
    refused |= {"courriel-005@example.org": "554 5.7.1 policy", "courriel-009@example.org": "452 4.2.2 mailbox full"}
    with Relay(refuse=refused) as relay, postfix(relay.port) as (url, returned):
        tocsin, everyone = ready(tocsin, url)
        tocsin = tocsin.with_environment(TOCSIN_MAIL_RETURN=RETURN)
        tocsin.ok(*alert())
        # Postfix took them all: nobody is known to have failed.
        assert {row["state"] for row in rows(tocsin)} == {"passed"}
        until(lambda: len(list(returned.glob("new/*"))) == 5, 60, "five returned messages")
        until(lambda: len(relay.recipients) == len(everyone) - 5, 60, "the others")
        assert counts(tocsin.ok("mail", "bounces", "--maildir", returned)) == {
            "read": 5, "failed": 5, "delivered": 0, "idle": 0, "foreign": 0, "changed": 5}
        assert not list(returned.glob("new/*")) and len(list(returned.glob("cur/*"))) == 5
    found = by_id(tocsin)
    assert {id: row["email_cause"] for id, row in found.items() if row["state"] == "failed"} == {
        "M-003": "invalid_address", "M-007": "invalid_address", "M-011": "invalid_address", "M-005": "refused",
        "M-009": "busy"}
    # Envelope senders are all different, and say nothing of whom.
    assert len({message["Return-Path"] for _, message in relay.taken}) <= 1


def test_returned_mail_is_read_once_and_again_changes_nothing(tocsin, tmp_path):
    folder = maildir(tmp_path / "returned")
    with Relay() as relay:
        tocsin, _ = ready(tocsin, relay.url, 3)
        tocsin = tocsin.with_environment(TOCSIN_MAIL_RETURN=RETURN)
        tocsin.ok(*alert())
        senders = dict(relay.senders)
    assert all(re.fullmatch(r"retours\+[a-z2-7]{32}@alerte\.example", sender) for sender in senders.values())
    assert len(set(senders.values())) == 3
    notice = (f"Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nTo: {senders['courriel-001@example.org']}\n"
              "Subject: failure notice\n\nRemote host said: 550 5.1.1 no such user\n")
    for turn, changed in ((0, 1), (1, 0)):
        (folder / "new" / f"{turn}.eml").write_text(notice)
        assert counts(tocsin.ok("mail", "bounces", "--maildir", folder))["changed"] == changed
    # The same by a mail server's pipe.
    other = notice.replace(senders["courriel-001@example.org"], senders["courriel-002@example.org"].upper())
    assert counts(tocsin.ok("mail", "bounces", stdin=other))["changed"] == 1
    assert {id: row["email_cause"] for id, row in by_id(tocsin).items() if row["state"] == "failed"} == {
        "M-001": "invalid_address", "M-002": "invalid_address"}


def test_forged_foreign_and_hostile_mail_changes_nothing(tocsin, tmp_path):
    folder = maildir(tmp_path / "returned")
    with Relay() as relay:
        tocsin, _ = ready(tocsin, relay.url, 3)
        tocsin = tocsin.with_environment(TOCSIN_MAIL_RETURN=RETURN)
        tocsin.ok(*alert())
        sender = relay.senders["courriel-001@example.org"]
    token = sender.split("+")[1].split("@")[0]
    forged = "a" + token[1:] if token[0] != "a" else "b" + token[1:]
    away = f"From: x@example.org\nTo: {sender}\nAuto-Submitted: auto-replied\nSubject: absent\n\n550 5.1.1\n"
    mail = [
        f"Return-Path: <>\nFrom: MAILER-DAEMON@x\nTo: retours+{forged}@alerte.example\nSubject: failure notice\n\n550 5.1.1\n",
        f"Return-Path: <>\nFrom: MAILER-DAEMON@x\nTo: {RETURN}\nSubject: failure notice\n\n550 5.1.1\n", away, "", "\0" * 5000,
        "To: " + "a@b.example, " * 200_000, "Content-Type: multipart/report; boundary=x\n\n" + "--x\n\n" * 100_000,
        "x" * 3_000_000,
    ]
    for number, text in enumerate(mail):
        (folder / "new" / f"{number}.eml").write_text(text)
    (folder / "new" / "link").symlink_to("/dev/zero")
    result = counts(tocsin.ok("mail", "bounces", "--maildir", folder))
    assert result == {"read": 8, "failed": 0, "delivered": 0, "idle": 1, "foreign": 7, "changed": 0}
    assert {row["state"] for row in rows(tocsin)} == {"passed"}
    tocsin.refused("mail", "bounces", "--maildir", tmp_path)


def test_the_server_reads_the_mailbox_by_itself(tocsin, tmp_path):
    folder = maildir(tmp_path / "returned")
    with Relay() as relay:
        tocsin, _ = ready(tocsin, relay.url, 2)
        tocsin = tocsin.with_environment(TOCSIN_MAIL_RETURN=RETURN)
        tocsin.ok(*alert())
        (folder / "new" / "1").write_text(
            f"X-Failed-Recipients: x\nTo: {relay.senders['courriel-000@example.org']}\n\nmailbox unknown 550\n")
        with Server(tocsin, "--returned-mail", str(folder)):
            until(lambda: not list((folder / "new").iterdir()), 30, "the server to read")
            until(lambda: by_id(tocsin)["M-000"]["state"] == "failed", 10, "the ledger")


def test_the_dns_record_of_the_signature_is_printed(bare, tmp_path):
    key = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", key], check=True, capture_output=True)
    key.chmod(0o600)
    told = dict(TOCSIN_SMTP_URL="smtp://127.0.0.1:1", TOCSIN_MAIL_FROM="alerte@mairie.example", TOCSIN_DKIM=f"s1@mairie.example:{key}")
    name, record, value = bare.with_environment(**told).ok("mail", "dkim").out.rstrip("\n").split("\t")
    assert (name, record) == ("smtp", "s1._domainkey.mairie.example")
    der = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
    assert "p=" + base64.b64encode(der).decode() in value.replace('" "', "")
    key.chmod(0o644)
    assert "chmod 600" in bare.with_environment(**told).refused("mail", "dkim").err
