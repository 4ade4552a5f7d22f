"""Alerts through Kannel's sendsms: Kannel itself, before an SMSC on the loopback."""

import json

from campaigns import check_complete, rows
from cli import until
from kannel import SERVER, Kannel
from server import Server
from test_sms import TEXT, alert, number, people, ready


def taken(kannel: Kannel) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for line in map(json.loads, kannel.log.read_text().splitlines()):
        if "to" in line and line["status"] == 0:
            found.setdefault("+" + line["to"].lstrip("+"), []).append(line)
    return found


def started(outside, kannel, everyone, **entry):
    """The executable inside Kannel's network; its database can be read from outside too."""
    tocsin = kannel.tocsin(ready(outside, everyone, kannel.entry(**entry), KANNEL_PASSWORD="motdepasse"))
    kannel.start(tocsin.ok("gateway", "callbacks").lines[0].split("\t")[1])
    return tocsin


def test_everyone_gets_it_and_its_receipt_and_may_answer(tocsin, tmp_path):
    """80 and 81 are not delivered; who writes back is the second."""
    everyone = [*people(20, ending=0), *(people(1, ending=ending)[0] for ending in (1, 80, 81))]
    for person, ending in zip(everyone[20:], (1, 80, 81)):
        person.id = f"E-{ending:02d}"
    with Kannel(tmp_path, "--mo", "OUI", "--dlr", "1") as kannel:
        inside = started(tocsin, kannel, everyone)
        assert inside.ok("gateway", "check").lines == ["kannel\tup"]
        bad = inside.with_environment(KANNEL_PASSWORD="motfaux").run("gateway", "check")
        assert bad.status != 0 and "user or password refused" in bad.out and "motfaux" not in bad.out + bad.err
        with Server(inside, "--port", str(SERVER)):
            inside.ok(*alert("--validity", "120"), timeout=110)
        found = taken(kannel)
        assert {number_: len(lines) for number_, lines in found.items()} == {number(person): 1 for person in everyone}
        octets = {line["octets"] for lines in found.values() for line in lines}
        assert octets == {TEXT.replace("é", "\x05").replace("à", "\x7f").encode("latin-1").hex()}
        assert {line["from"] for lines in found.values() for line in lines} == {"MAIRIE"}
    lines = {row["external_id"]: row for row in check_complete(tocsin, sorted(person.id for person in everyone))}
    assert {lines[id]["sms_state"] for id in ("E-80", "E-81")} == {"failed"}
    assert {row["sms_state"] for id, row in lines.items() if id.startswith("S-")} == {"delivered"}


def test_a_text_of_many_letters_arrives_whole(tocsin, tmp_path):
    everyone = people(2, ending=0)
    text = "La forêt brûle : évacuez vers le nord, ça va vite 🔥 & ne revenez pas + tard. " * 4
    with Kannel(tmp_path, "--dlr", "0.2") as kannel:
        inside = started(tocsin, kannel, everyone, settings={"flash": True})
        with Server(inside, "--port", str(SERVER)):
            inside.ok(*alert(text=text.strip()), timeout=110)
        for lines in taken(kannel).values():
            parts = sorted((bytes.fromhex(line["octets"]) for line in lines), key=lambda octets: octets[5])
            assert b"".join(part[6:] for part in parts).decode("utf-16-be") == text.strip()
            assert {line["dcs"] & 0x13 for line in lines} <= {0x10, 0x18 & 0x13}
    assert {row["sms_state"] for row in rows(tocsin)} == {"delivered"}
