"""Security keys (WebAuthn) against a key in software, and every verdict beside that of PyPI's `fido2` server."""

import contextlib
import sqlite3

import pytest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import PublicKeyCredentialRpEntity

from server import PASSWORD, Client, Server
from softkey import BOMB, FLAG, SoftKey, cbor, nested, promising, websafe_encode


class House:
    """A server that is reached as localhost, and its administrator."""

    def __init__(self, tocsin, server: Server):
        self.tocsin, self.server = tocsin, server
        self.origin = f"http://localhost:{server.port}"
        self.admin = self.client()
        assert self.admin.sign_in(PASSWORD).status == 200

    def client(self) -> Client:
        client = self.server.client()
        call = client.call
        client.call = lambda *words, **headers: call(*words, **{"Host": f"localhost:{self.server.port}"} | headers)
        return client

    def offer(self, client: Client | None = None) -> dict:
        return (client or self.admin).post("/api/account/keys/begin", {"password": PASSWORD}).json["request"]

    def add(self, key: SoftKey, /, name: str = "trousseau", **wrong):
        return self.admin.post("/api/account/keys", {"name": name, **key.register(self.offer(), wrong.pop("origin", self.origin), **wrong)})

    def asked(self, client: Client) -> dict:
        """What a key is to sign at sign-in."""
        answer = client.post("/api/session", {"user": "admin", "password": PASSWORD})
        assert (answer.status, answer.code) == (401, "second_factor_needed")
        return answer.json["error"]["detail"]["key"]

    def signed_in(self, client: Client, key: dict, **more) -> int:
        answer = client.post("/api/session", {"user": "admin", "password": PASSWORD, "key": key, **more})
        if answer.status == 200:
            client.cookie = answer.headers["set-cookie"].split(";")[0]
            client.csrf = answer.json["csrf"]
        return answer.status

    def journal(self) -> str:
        return self.tocsin.ok("journal").out


@pytest.fixture
def house(tocsin):
    with Server(tocsin) as server:
        server.signed_in()
        yield House(tocsin, server)


def judged(key: SoftKey, origin: str, challenge: str, answer: dict, verified: bool) -> bool:
    """What PyPI's `fido2` says of an assertion."""
    peer = Fido2Server(PublicKeyCredentialRpEntity(name="Tocsin", id="localhost"), verify_origin=lambda given: given == origin)
    with contextlib.suppress(ValueError):
        peer.authenticate_complete(
            {"challenge": challenge, "user_verification": "required" if verified else "preferred"}, [key.credential()],
            {"id": answer["id"], "rawId": answer["id"], "type": "public-key", "response": {
                "clientDataJSON": answer["clientData"], "authenticatorData": answer["authenticatorData"], "signature": answer["signature"]}})
        return True
    return False


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
@pytest.mark.parametrize("fmt", ["none", "packed"])
def test_a_key_of_each_algorithm_signs_in(house, algorithm, fmt):
    key = SoftKey(algorithm)
    added = house.add(key, fmt=fmt)
    assert added.status == 201 and len(added.json["recovery"]) == 10, added.text
    client = house.client()
    assert house.signed_in(client, key.sign(house.asked(client), house.origin, flags=FLAG.UP)) == 200
    assert client.get("/api/account").json["keys"][0]["name"] == "trousseau"
    assert "trousseau" in house.tocsin.ok("user", "show", "admin").out


REGISTRATIONS = {
    "another origin": {"origin": "http://evil.example"}, "the address": {"origin": "http://127.0.0.1"},
    "an assertion's type": {"kind": "webauthn.get"}, "another challenge": {"challenge": websafe_encode(bytes(32))},
    "another relying party": {"rp": "evil.example"}, "nobody present": {"flags": FLAG.UV | FLAG.AT},
    "nobody verified": {"flags": FLAG.UP | FLAG.AT}, "no credential": {"flags": FLAG.UP | FLAG.UV},
    "a frame of another site": {"cross": True}, "a maker's attestation": {"fmt": "fido-u2f", "statement": {"sig": b"x", "x5c": [b"y"]}},
    "a maker's certificate": {"fmt": "packed", "statement": {"alg": -7, "sig": b"x", "x5c": [b"y"]}},
    "a wrong signature of its own": {"fmt": "packed", "statement": {"alg": -7, "sig": bytes(70)}},
    "another algorithm of its own": {"fmt": "packed", "statement": {"alg": -8, "sig": bytes(64)}},
    "a statement that is none": {"statement": {"alg": -7}}, "more bytes after it": {"tail": b"\x00"},
    "no bytes": {"raw": b"\x00"}, "nested arrays": {"raw": nested(10_000)}, "a promise of 2^40 members": {"raw": promising(1 << 40)},
    "a promise of 2^28 members": {"raw": promising(1 << 28)}, "an endless map": {"raw": b"\xbf\x61a\x01\xff"},
}


@pytest.fixture(scope="module")
def lasting(template, tmp_path_factory):
    tocsin = template.copy(tmp_path_factory.mktemp("keys"))
    with Server(tocsin) as server:
        server.signed_in()
        yield House(tocsin, server)


@pytest.mark.parametrize("name", REGISTRATIONS)
def test_a_registration_that_is_altered_is_refused(lasting, name):
    answer = lasting.add(SoftKey(), **REGISTRATIONS[name])
    assert answer.status in (409, 422) and "id" not in answer.json, (name, answer.text)
    assert lasting.admin.get("/api/account").json["keys"] == []


@pytest.mark.parametrize("key", [lambda: SoftKey("ES384"), lambda: SoftKey("RS256", 1024), lambda: SoftKey("RS256", 4096)])
def test_a_key_that_libfido2_does_not_take_is_refused(lasting, key):
    assert lasting.add(key()).status == 409


def test_every_cut_of_a_registration_is_refused(lasting):
    whole = websafe_decode(SoftKey().register(lasting.offer(), lasting.origin)["attestation"])
    for length in range(1, len(whole), 7):
        assert lasting.add(SoftKey(), raw=whole[:length]).status == 409, length
    assert lasting.admin.get("/api/account").json["keys"] == []


ASSERTIONS = {
    "another origin": {"origin": "http://evil.example"}, "a registration's type": {"kind": "webauthn.create"},
    "another challenge": {"challenge": websafe_encode(bytes(32))}, "another relying party": {"rp": "evil.example"},
    "nobody present": {"flags": FLAG.UV}, "a turned signature": {"spoil": "signature"}, "turned data": {"spoil": "authenticatorData"},
    "turned words": {"spoil": "clientData"}, "another identifier": {"identifier": bytes(32)},
}


def test_every_alteration_of_an_assertion_is_refused_as_fido2_does(house):
    key = SoftKey()
    house.add(key)
    for name, wrong in {"nothing": {}, **ASSERTIONS}.items():
        for verified in (False, True):
            client = house.client()
            if verified:
                assert house.signed_in(client, key.sign(house.asked(client), house.origin)) == 200
                request = client.post("/api/session/proof/key").json["key"]
            else:
                request = house.asked(client)
            given = dict(wrong)
            answer = key.sign(request, given.pop("origin", house.origin), **given)
            expected = judged(key, house.origin, request["challenge"], answer, verified)
            assert expected == (name == "nothing"), name
            if verified:
                found = client.post("/api/session/proof", {"key": answer})
                assert (found.status == 204) == expected, (name, found.text)
            else:
                assert (house.signed_in(client, answer) == 200) == expected, name
        # A few wrong tries make the next one wait: a server of its own forgets nothing, so sign in well in between.
        client = house.client()
        assert house.signed_in(client, key.sign(house.asked(client), house.origin)) == 200
    assert "factor.key.refused" in house.journal()


def peak(server: Server) -> int:
    """The most memory that a server had, in bytes."""
    with open(f"/proc/{server.process.pid}/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith("VmHWM"))) * 1024


def test_a_count_that_no_bytes_follow_costs_no_memory(house):
    key = SoftKey()
    assert house.add(key, extensions=cbor.encode({"credProtect": 2})).status == 201, "extensions are no reason to refuse"
    client = house.client()
    assert house.signed_in(client, key.sign(house.asked(client), house.origin, extensions=cbor.encode({"x": 1}))) == 200
    before = peak(house.server)
    for name, wrong in {"the whole": {"raw": BOMB}, "the key": {"key": BOMB}, "the extensions": {"extensions": BOMB},
                        "inside them": {"extensions": b"\xa1\x61a" + BOMB}}.items():
        assert house.add(SoftKey(), **wrong).status in (409, 422), name
    client = house.client()
    assert house.signed_in(client, key.sign(house.asked(client), house.origin, extensions=BOMB)) == 401
    assert peak(house.server) - before < 100_000_000


def test_a_touch_alone_signs_in_but_proves_nothing(house):
    key = SoftKey()
    house.add(key)
    client = house.client()
    assert house.signed_in(client, key.sign(house.asked(client), house.origin, flags=FLAG.UP)) == 200
    request = client.post("/api/session/proof/key").json["key"]
    assert client.post("/api/session/proof", {"key": key.sign(request, house.origin, flags=FLAG.UP)}).code == "wrong_proof"
    request = client.post("/api/session/proof/key").json["key"]
    assert client.post("/api/session/proof", {"key": key.sign(request, house.origin)}).status == 204


def test_an_answer_serves_once_for_what_it_was_asked(house):
    key = SoftKey(counts=False)
    house.add(key)
    client = house.client()
    request = house.asked(client)
    answer = key.sign(request, house.origin)
    assert house.signed_in(client, answer) == 200
    assert house.signed_in(house.client(), answer) == 401, "replayed"
    # A challenge of a proof signs nobody in, one of another session proves nothing.
    proof = client.post("/api/session/proof/key").json["key"]
    assert house.signed_in(house.client(), key.sign(proof, house.origin)) == 401
    second = house.client()
    assert house.signed_in(second, key.sign(house.asked(second), house.origin)) == 200
    assert second.post("/api/session/proof", {"key": key.sign(proof, house.origin)}).code == "wrong_proof"
    assert client.post("/api/session/proof", {"key": key.sign(proof, house.origin)}).status == 204
    # A registration's, of another session, or without the password.
    offer = house.offer(client)
    assert house.admin.post("/api/account/keys", {"name": "x", **SoftKey().register(offer, house.origin)}).code == "wrong_proof"
    assert client.post("/api/account/keys/begin", {"password": "nichts"}).code == "wrong_password"


def test_a_count_that_goes_back_is_refused_and_written_down(house):
    key = SoftKey()
    house.add(key)
    client = house.client()
    assert house.signed_in(client, key.sign(house.asked(client), house.origin, counter=7)) == 200
    for counter in (7, 6, 0):
        again = house.client()
        assert house.signed_in(again, key.sign(house.asked(again), house.origin, counter=counter)) == 401, counter
    assert house.journal().count("factor.key.regress") == 3
    assert house.signed_in(house.client(), key.sign(house.asked(client), house.origin, counter=8)) == 200


def test_keys_are_nobody_elses(house):
    """A key is one account's, and what keys an account has is told to who knows the password."""
    key = SoftKey()
    house.add(key)
    assert house.admin.post("/api/account/keys", {"name": "again", **key.register(house.offer(), house.origin)}).code == "already_exists"
    assert "detail" not in house.client().post("/api/session", {"user": "admin", "password": "faux"}).json["error"]
    once = house.tocsin.ok("user", "create", "odile", "--role", "observer").out.split(": ")[1].split()[0]
    odile = house.client()
    assert odile.sign_in(once, "odile").status == 200
    assert odile.post("/api/password", {"current": once, "new": PASSWORD}).status == 204
    assert odile.post("/api/account/keys", {"name": "x", **key.register(house.offer(odile), house.origin)}).code == "already_exists"
    own = SoftKey()
    assert odile.post("/api/account/keys", {"name": "own", **own.register(house.offer(odile), house.origin)}).status == 201
    client = house.client()
    assert house.signed_in(client, own.sign(house.asked(client), house.origin)) == 401
    # Nor may she take the administrator's away, who may take hers.
    number = house.admin.get("/api/account").json["keys"][0]["id"]
    assert odile.post(f"/api/account/keys/{number}/remove", {"password": PASSWORD}).status == 404
    assert odile.call("DELETE", f"/api/people/keys/{number}").status == 403
    hers = next(person for person in house.admin.get("/api/people").json["people"] if person["name"] == "odile")["keys"][0]["id"]
    assert house.admin.call("DELETE", f"/api/people/keys/{hers}").status == 200
    assert house.client().sign_in(PASSWORD, "odile").status == 200
    assert "factor.key.remove" in house.journal()


def test_recovery_codes_and_the_command_line_open_what_a_lost_key_shut(house):
    key = SoftKey()
    codes = house.add(key).json["recovery"]
    client = house.client()
    answer = client.post("/api/session", {"user": "admin", "password": PASSWORD, "code": codes[0]})
    assert answer.status == 200
    assert house.tocsin.refused("user", "remove-key", "admin", "99").err
    number = house.tocsin.ok("user", "show", "admin").out.split("key ")[1].split("\t")[0]
    house.tocsin.ok("user", "remove-key", "admin", number)
    assert house.client().sign_in(PASSWORD).status == 200
    with contextlib.closing(sqlite3.connect(house.tocsin.database)) as database:
        assert database.execute("SELECT count(*) FROM recovery_codes").fetchone() == (0,)


def test_a_server_started_under_another_name_says_whose_keys_open_nothing(house):
    key = SoftKey()
    house.add(key)
    with Server(house.tocsin, "--host-name", "alerte.example", "--no-exercise-address") as other:
        pass
    said = [line for line in other.log if "open nothing" in line]
    assert len(said) == 1 and "1 account " in said[0] and "TOCSIN_RP_ID=localhost" in said[0], other.log
    with Server(house.tocsin.with_environment(TOCSIN_RP_ID="localhost"), "--host-name", "alerte.example", "--no-exercise-address") as right:
        pass
    assert not [line for line in right.log if "open nothing" in line]


def test_an_address_is_no_relying_party(house, tocsin):
    """The console is reached by 127.0.0.1 too: keys are not offered there, and a sign-in there asks for a code."""
    key = SoftKey()
    house.add(key)
    by_address = house.server.client()
    answer = by_address.post("/api/session", {"user": "admin", "password": PASSWORD})
    assert answer.code == "second_factor_needed" and "detail" not in answer.json["error"]
    request = house.asked(house.client())
    origin = f"http://127.0.0.1:{house.server.port}"
    refused = by_address.post("/api/session", {"user": "admin", "password": PASSWORD, "key": key.sign(request, origin)})
    assert refused.code == "keys_elsewhere"
    for name, words in (("10.1.2.3", "domain name"), ("alerte.example", "--host-name")):
        found = tocsin.with_environment(TOCSIN_RP_ID=name).refused("serve", "--port", "0")
        assert "TOCSIN_RP_ID" in found.err and words in found.err
