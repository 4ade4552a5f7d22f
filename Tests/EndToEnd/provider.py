"""HTTP providers of SMS on the loopback, from Scripts/peers, and how the gateways' file describes them."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent.parent / "Scripts" / "peers"
DIALECTS = ["plain", "twilio", "ovh"]
SECRET = {"PROVIDER_SECRET": "motdepasse", "PROVIDER_CONSUMER": "consommateur"}


class Provider:
    """One peer, started and ended with the `with`."""

    def __init__(self, dialect: str, folder: Path, *options: str):
        self.dialect = dialect
        self.log = folder / f"provider-{len(list(folder.glob('provider-*.log')))}.log"
        self.place = folder / f"{self.log.stem}.url"
        self.options = (*options, "--callback-file", self.place)

    def __enter__(self) -> "Provider":
        self.process = subprocess.Popen(
            [sys.executable, PEERS / "sms-provider.py", "--speaks", self.dialect, "--log", self.log, *self.options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        self.process.wait(10)

    def calls(self, tocsin) -> None:
        """Tells it where to call back, which the messages of some do not: it is set with the account."""
        if self.dialect == "ovh":
            self.place.write_text(tocsin.ok("gateway", "callbacks").lines[0].split("\t")[1])

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    @property
    def asked(self) -> Counter:
        """Numbers it was asked to send to, whatever it answered, and how often."""
        return Counter(line["to"] for line in self.lines if "to" in line)

    @property
    def called(self) -> Counter:
        """What its callbacks were answered."""
        return Counter(line["called"] for line in self.lines if "called" in line)

    def entry(self, callbacks: str | None, name: str = "fournisseur", settings: dict | None = None, **members) -> dict:
        """The provider's line of the gateways' file."""
        at = f"http://127.0.0.1:{self.port}"
        own = {
            "plain": {
                "url": f"{at}/v1/send", "secretVariable": "PROVIDER_SECRET", "headers": {"Authorization": "Bearer {secret}"},
                "json": {"to": "{to}", "body": "{text}", "from": "{sender}", "callback": "{callback}", "ttl": "{validityMinutes}",
                         "reference": "{reference}", "tags": ["tocsin", 7, True, None]},
                "id": "messages.0.id", "probe": f"{at}/v1/account",
                "answers": [{"status": 400, "path": "code", "holds": "21211", "means": "invalid_address"}],
                "receiptFields": {"id": "event.message", "state": "event.state", "delivered": ["DELIVRD"],
                                  "failed": {"UNDELIV": "no_answer"}},
                "replyFields": {"sender": "reply.from", "text": "reply.body", "recipient": "reply.to", "id": "reply.id"},
            },
            "twilio": {"url": at, "account": "AC0123456789", "tokenVariable": "PROVIDER_SECRET"},
            "ovh": {"url": f"{at}/1.0", "service": "sms-ab12345-1", "applicationKey": "application",
                    "applicationSecretVariable": "PROVIDER_SECRET", "consumerKeyVariable": "PROVIDER_CONSUMER",
                    "receipts": callbacks is not None},
        }[self.dialect]
        common = {"sender": "MAIRIE", "answerSeconds": 2} | ({"callbacks": callbacks} if callbacks else {})
        return {"name": name, "channel": "sms", "kind": {"plain": "http"}.get(self.dialect, self.dialect), **members,
                "settings": own | common | (settings or {})}
