"""Launching, following and stopping by telephone: a SIP telephone that the project did not write calls the server."""

import json
import shutil
import sqlite3
import time
import wave

import pytest

import register
from campaigns import check_complete
from cli import until
from register import Person
from relay import free_port
from server import PASSWORD, Server
from telephone import Telephone
from voices import likeness, samples, spoken

PIN = "864209"
NUMBER = "+33199001010"
HERE = ("--circle", "1.1,49.44,100")
TEXT = "La Bresle déborde. Montez à l'étage."

pytestmark = pytest.mark.skipif(not shutil.which("espeak-ng") or not shutil.which("sox"), reason="no voice: run Scripts/bootstrap")
KEYS = "Pour lancer, tapez encore 12, puis dièse. Dièse seul pour réécouter. Étoile pour renoncer."


class Town:
    """A server that takes calls, an operator with a code and a PIN, and a scenario with a number."""

    def __init__(self, tocsin, telephone: Telephone):
        self.telephone = telephone
        self.port = free_port()
        tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", [
            Person("V-1", 1.1, 49.44, phones=["01 99 00 10 11"]), Person("V-2", 1.1, 49.44, phones=["01 99 00 10 12"]),
            # Elsewhere: a zone that holds everybody would ask for a second person.
            *(Person(f"W-{number}", 1.3, 49.5) for number in range(60))]))
        path = tocsin.folder / "gateways.json"
        path.write_text(json.dumps({"version": 1, "gateways": [{
            "name": "voix", "kind": "sip", "channel": "voice", "window": 1, "settings": {
                "host": "127.0.0.1", "port": telephone.port, "localPort": self.port, "takesCalls": 2, "caller": "+33199001000",
                "plays": 1, "keySeconds": 1}}]}))
        self.tocsin = tocsin.with_environment(TOCSIN_GATEWAYS=str(path))
        self.tocsin.ok("scenario", "save", "Crue de la Bresle", *HERE, "--subject", "Crue", "--message", TEXT, "--channels", "voice", "--retries", "0")

    def number(self, *words: str):
        return self.tocsin.run("scenario", "number", "Crue de la Bresle", *words)

    def admit(self, server: Server, *words: str, approves: bool = True) -> str:
        client = server.signed_in()
        assert client.post("/api/account/pin", {"password": PASSWORD, "pin": PIN}).status == 204
        # A text that nobody approved takes a second person, and none can be asked on a telephone.
        if approves:
            [scenario] = client.get("/api/scenarios").json["scenarios"]
            assert client.post(f"/api/scenarios/{scenario['id']}/approve", {"hash": scenario["hash"]}).status == 200
        return self.tocsin.ok("user", "telephone", "admin", *words).out.split(": ")[1].strip()

    def campaigns(self) -> list[tuple[str, str]]:
        database = sqlite3.connect(self.tocsin.database, timeout=10)
        try:
            return database.execute("SELECT mode, state FROM campaigns ORDER BY id").fetchall()
        finally:
            database.close()

    def journal(self) -> str:
        return self.tocsin.ok("journal", "show").out


@pytest.fixture
def town(tocsin, tmp_path):
    with Telephone(tmp_path / "telephone", NUMBER) as telephone:
        town = Town(tocsin, telephone)
        with Server(town.tocsin, "--no-exercise-address") as server:
            town.server = server
            yield town


def test_a_scenario_is_heard_confirmed_launched_and_followed(town):
    assert town.number("12", "--real").status == 0
    code = town.admit(town.server)
    telephone = town.telephone
    telephone.call(town.port)
    for keys in (f"{code}#", f"{PIN}#", "1", "12#"):
        telephone.press(keys)
    assert town.campaigns() == [], "nothing is launched before it is confirmed"
    telephone.say("press 12#")
    # The launch's calls come to the same telephone: each of the two is answered, and ends by itself.
    telephone.wait("incoming")
    telephone.wait("incoming")
    until(lambda: town.campaigns() == [("real", "completed")], seconds=60)
    telephone.process.stdin.close()
    telephone.process.wait(10)
    reading = ("Alerte réelle. Scénario 12 : Crue de la Bresle. Zone : cercle de 100 mètres. 2 personnes : 2 appels. "
               f"Message : {TEXT} {KEYS}")
    assert likeness(telephone.heard(1), reading) > 0.8
    check_complete(town.tocsin, ["V-1", "V-2"])
    journal = town.journal()
    for action in ("telephone.admit", "scenario.number", "telephone.open", "telephone.launch", "campaign.launch"):
        assert action in journal, action
    assert PIN not in journal and NUMBER[3:] not in journal


def test_what_changed_since_it_was_marked_is_an_exercise_and_a_key_takes_it_back(town):
    assert town.number("12", "--real").status == 0
    town.tocsin.ok("scenario", "save", "Crue de la Bresle", *HERE, "--subject", "Crue", "--message", "Autre chose.", "--channels", "voice", "--retries", "0")
    assert town.tocsin.ok("scenario", "number").out == "12\tCrue de la Bresle\texercise\n"
    # A telephone that is known types no code.
    town.admit(town.server, "--number", "01 99 00 10 10")
    telephone = town.telephone
    telephone.call(town.port)
    for keys in (f"{PIN}#", "1", "12#"):
        telephone.press(keys)
    telephone.say("press 12#")
    telephone.wait("sound")
    telephone.say("press 0")
    until(lambda: town.campaigns() == [("exercise", "stopped")])
    telephone.hang_up()
    assert not any(line.startswith("incoming") for line in telephone.told), "an exercise calls nobody"


def test_wrong_codes_open_nothing_are_traced_and_lock_the_pin(town):
    code = town.admit(town.server)
    telephone = town.telephone
    # Keys may be typed ahead: three tries, then two, of five that a PIN has.
    for tries in (3, 2):
        telephone.call(town.port)
        telephone.say("press " + f"{code}#000000#" * tries)
        until(lambda: town.journal().count("session.refused") == (3 if tries == 3 else 5), seconds=30)
        if tries == 2:
            telephone.say("hang up")
        telephone.wait("ended")
    telephone.call(town.port)
    telephone.say(f"press {code}#{PIN}#999999#{PIN}#")
    until(lambda: town.journal().count("session.refused") == 7, seconds=30)
    telephone.hang_up()
    assert "telephone.open" not in town.journal()


def test_whoever_is_called_back_proves_it_again_and_has_the_rights_of_the_moment(town):
    town.number("12", "--real")
    town.admit(town.server, "--number", NUMBER)
    telephone = town.telephone
    telephone.call(town.port)
    telephone.press(f"{PIN}#")
    telephone.press("9")
    assert telephone.wait("incoming") == "incoming +33199001000"
    telephone.hear()
    for keys in (f"{PIN}#", "1", "12#"):
        telephone.press(keys)
    assert town.journal().count("telephone.open") == 2
    database = sqlite3.connect(town.tocsin.database, timeout=10)
    with database:
        database.execute("UPDATE grants SET role = 'observer'")
    database.close()
    telephone.press("12#")
    telephone.hang_up()
    assert town.campaigns() == []


def test_what_takes_a_second_person_is_not_launched(town):
    town.number("12", "--real")
    town.admit(town.server, "--number", NUMBER, approves=False)
    telephone = town.telephone
    telephone.call(town.port)
    for keys in (f"{PIN}#", "1", "12#"):
        telephone.press(keys)
    telephone.process.stdin.close()
    telephone.process.wait(10)
    assert likeness(telephone.heard(1), "Il faut l'accord d'une seconde personne : demandez-le depuis la console. Rien n'est parti. "
                    "Pour lancer un scénario, tapez 1. Pour suivre une alerte en cours, tapez 2. Pour enregistrer un message, tapez 3. Pour être rappelé, tapez 9. Pour terminer, tapez 0.") > 0.8
    assert town.campaigns() == []


def test_numbers_are_refused_that_would_be_mistaken(town):
    assert town.number("0").status == 1 and town.number("1000").status == 1
    assert town.number("12").status == 0
    town.tocsin.ok("scenario", "save", "Autre", *HERE, "--subject", "a", "--message", "b", "--channels", "voice")
    taken = town.tocsin.run("scenario", "number", "Autre", "12")
    assert taken.status == 1 and "another scenario's" in taken.err
    town.tocsin.ok("scenario", "save", "A trous", *HERE, "--subject", "a", "--message", "à {lieu}", "--blank", "lieu=place", "--channels", "voice")
    blanks = town.tocsin.run("scenario", "number", "A trous", "13")
    assert blanks.status == 1 and "blanks" in blanks.err
    assert town.number("--remove").status == 0
    assert town.tocsin.ok("scenario", "number").out == ""
    assert town.tocsin.run("user", "telephone", "admin", "--number", "abc").status == 64


def test_a_message_is_spoken_heard_again_and_kept(town, tmp_path):
    spoken_words = "Ici le maire. L'eau monte dans la rue Basse, quittez vos caves."
    file = tmp_path / "maire.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(spoken(spoken_words, "s16"))
    code = town.admit(town.server)
    telephone = town.telephone
    telephone.call(town.port)
    telephone.press(f"{code}#")
    telephone.press(f"{PIN}#")
    # The words, and the tone right after them.
    telephone.press("3")
    telephone.say(f"speak {file}")
    time.sleep(len(spoken(spoken_words, "s16")) / 16_000 + 0.5)
    telephone.say("press #")
    telephone.hear()
    telephone.press("1")
    telephone.hang_up()
    [line] = town.tocsin.ok("recording", "list").lines
    name, seconds = line.split("\t")[:2]
    assert name.startswith("Téléphone ") and 3 < float(seconds) < 8
    town.tocsin.ok("recording", "listen", name, tmp_path / "kept.wav")
    assert likeness(samples(str(tmp_path / "kept.wav")), spoken_words) > 0.6, "through a telephone's own handling of sound"
    assert "recording.add" in town.journal()
