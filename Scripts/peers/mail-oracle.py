#!/usr/bin/env python3
# Purpose: say what the messages of a folder hold, as Python's own e-mail parser and dkimpy see them; for tests.
# Usage: mail-oracle.py FOLDER [--records FILE]
#        reads FOLDER/*.eml; prints one JSON object a message, in the order of the names: subject, from, to, text, html,
#        pictures, longest line, and whether its DKIM signature holds. FILE holds {"name": "TXT record"}.
# Exit codes: 0 all could be read without a defect, 1 one has a defect, 3 dkimpy is missing.
import argparse
import base64
import email
import email.policy
import json
import pathlib
import sys

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--records", type=pathlib.Path)
options = parser.parse_args()
records = json.loads(options.records.read_text()) if options.records else {}
if records:
    try:
        import dkim
    except ImportError:
        sys.exit(3)


def record(name, **_):
    return records.get(name.decode().rstrip("."), "").encode() or None


for path in sorted(options.folder.glob("*.eml")):
    raw = path.read_bytes()
    # Strict: a defect is an exception.
    message = email.message_from_bytes(raw, policy=email.policy.default.clone(raise_on_defect=True))
    pictures = [part for part in message.walk() if part.get_content_maintype() == "image"]
    text, html = message.get_body(("plain",)), message.get_body(("related", "html"))
    if html.get_content_maintype() == "multipart":
        html = html.get_body(("html",))
    print(json.dumps({
        "name": path.stem, "subject": str(message["Subject"]), "from": message["From"].addresses[0].display_name,
        "to": message["To"].addresses[0].addr_spec, "text": text.get_content().replace("\r\n", "\n"), "html": html.get_content().replace("\r\n", "\n"),
        "pictures": [[part["Content-ID"], base64.b64encode(part.get_content()).decode()] for part in pictures],
        "longest": max(len(line) for line in raw.split(b"\r\n")), "bare": raw.replace(b"\r\n", b"").count(b"\n"),
        "eight_bit": any(byte > 126 for byte in raw), "signed": bool(records) and dkim.verify(raw, dnsfunc=record),
    }))
