"""Secrets come from files or the environment, and appear nowhere: not in arguments, logs, errors, the journal or answers."""

import json
import os

import pytest

from cli import until
from server import PASSWORD, Server

SECRET = "tres-secret-3f9a41"


@pytest.fixture
def secret_file(tmp_path):
    def make(text: str, mode: int = 0o600):
        path = tmp_path / f"secret-{len(os.listdir(tmp_path))}"
        path.write_text(text + "\n")
        path.chmod(mode)
        return str(path)

    return make


def test_a_relays_address_may_stand_in_a_file(tocsin, secret_file):
    url = f"smtp://user:{SECRET}@127.0.0.1:9"
    base = {"TOCSIN_MAIL_FROM": "alerte@example.org"}
    named = tocsin.with_environment(TOCSIN_SMTP_URL=url, **base).ok("gateway", "list")
    filed = tocsin.with_environment(TOCSIN_SMTP_URL_FILE=secret_file(url), **base).ok("gateway", "list")
    assert named.out == filed.out and "email" in filed.out and SECRET not in filed.out + filed.err
    both = tocsin.with_environment(TOCSIN_SMTP_URL=url, TOCSIN_SMTP_URL_FILE=secret_file(url), **base).refused("gateway", "list")
    assert "both set" in both.err and SECRET not in both.err
    opened = tocsin.with_environment(TOCSIN_SMTP_URL_FILE=secret_file(url, 0o644), **base).refused("gateway", "list")
    assert "chmod 600" in opened.err
    assert "can't be read" in tocsin.with_environment(TOCSIN_SMTP_URL_FILE="/nowhere", **base).refused("gateway", "list").err
    check = tocsin.with_environment(TOCSIN_SMTP_URL_FILE=secret_file(url), **base).run("gateway", "check", timeout=60)
    assert check.status != 0 and SECRET not in check.out + check.err


def test_a_run_of_the_server_leaves_no_secret_anywhere(seine_maritime, secret_file, tmp_path):
    """Everything secret a server is given, looked for in its arguments, its log, the journal and every answer."""
    backups = tmp_path / "backups"
    backups.mkdir()
    tocsin = seine_maritime.tocsin.with_environment(
        TOCSIN_SMTP_URL_FILE=secret_file(f"smtp://user:{SECRET}@127.0.0.1:9"), TOCSIN_MAIL_FROM="alerte@example.org",
        TOCSIN_BACKUP=str(backups), TOCSIN_BACKUP_PASSPHRASE_FILE=secret_file(SECRET + "-passphrase"),
        TOCSIN_AUDIT_ANCHOR=str(tmp_path / "anchors"))
    with Server(tocsin) as server:
        client = server.signed_in()
        until(lambda: any("backup made" in line for line in server.log), what="the backup")
        answers = [client.get(path) for path in ("/api/config", "/api/session", "/api/audit?limit=500", "/api/audit/export?format=jsonl")]
        answers.append(client.post("/api/session", {"user": "admin", "password": SECRET}))
        answers.append(client.post("/api/password", {"current": SECRET, "new": SECRET + "-long-enough"}))
        arguments = open(f"/proc/{server.process.pid}/cmdline", "rb").read().decode()
        log = "".join(server.log)
        token = client.cookie.split("=", 1)[1]
    for where, text in {"arguments": arguments, "log": log, "anchors": (tmp_path / "anchors").read_text(),
                        "journal": tocsin.ok("audit", "export", "-").out, **{str(n): a.text for n, a in enumerate(answers)}}.items():
        for secret in (SECRET, PASSWORD, token):
            assert secret not in text, f"a secret in {where}"
    for path in tocsin.database.parent.glob(tocsin.database.name + "*"):
        content = path.read_bytes()
        for secret in (SECRET, PASSWORD, token):
            assert secret.encode() not in content, f"a secret in {path.name}"
    assert json.loads(answers[0].text)["version"]
