"""What a client may cost: slow heads and bodies, floods, forms of HTTP that two servers could read differently."""

import contextlib
import json
import re
import socket
import time

import pytest

from server import Client, Server

LIMITS = [word for setting in ("headSeconds=1", "lingerSeconds=1", "bodySeconds=2", "idleSeconds=3", "connectionsPerAddress=20")
          for word in ("--limit", setting)]


@pytest.fixture(scope="module")
def server(template, tmp_path_factory):
    with Server(template.copy(tmp_path_factory.mktemp("limits")), *LIMITS) as server:
        yield server


@contextlib.contextmanager
def line(server, seconds: float = 12):
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as line:
        yield line


def drained(line) -> bytes:
    """Everything until the server closes."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while part := line.recv(65_536):
            found += part
    return found


def answers(found: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", found)]


def asked(server, *parts: bytes) -> list[int]:
    """The statuses of the answers until the server closes; then it must still be alive."""
    with line(server) as one:
        for part in parts:
            with contextlib.suppress(ConnectionError):
                one.sendall(part)
        one.shutdown(socket.SHUT_WR)
        found = answers(drained(one))
    assert server.client().get("/healthz").status == 200
    return found


HOST = b"Host: localhost\r\n"


def test_a_head_that_drips_is_cut_off(server):
    """A byte now and then keeps a connection from being idle; not from being too slow."""
    with line(server) as one:
        start = time.monotonic()
        one.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST)
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - start < 8:
                one.sendall(b"x")
                one.settimeout(0.2)
                with contextlib.suppress(TimeoutError):
                    if one.recv(1) == b"":
                        break
        assert time.monotonic() - start < 6
    assert server.client().get("/healthz").status == 200


def test_a_body_that_drips_after_its_answer_is_cut_off(server):
    with line(server) as one:
        start = time.monotonic()
        one.sendall(b"POST /api/zone/counts HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - start < 9:
                one.sendall(b" ")
                one.settimeout(0.2)
                with contextlib.suppress(TimeoutError):
                    if one.recv(65_536) == b"":
                        break
        assert time.monotonic() - start < 7


def test_a_body_that_is_awaited_and_drips_is_given_up(server):
    with line(server) as one:
        start = time.monotonic()
        one.sendall(b"POST /api/session HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        found = b""
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - start < 11:
                one.sendall(b" ")
                one.settimeout(0.2)
                with contextlib.suppress(TimeoutError):
                    part = one.recv(65_536)
                    if part == b"":
                        break
                    found += part
        assert time.monotonic() - start < 9
        assert answers(found) in ([503], []), found


def test_one_address_has_so_many_connections_and_no_more(server):
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(line(server)) for _ in range(60)]
        served = 0
        for one in lines:
            with contextlib.suppress(ConnectionError):
                one.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
        for one in lines:
            with contextlib.suppress(ConnectionError):
                served += one.recv(65_536).startswith(b"HTTP/1.1 200")
        assert 15 <= served <= 20
    deadline = time.monotonic() + 10
    while True:
        with contextlib.suppress(Exception):
            if Client(server.port).get("/healthz").status == 200:
                break
        assert time.monotonic() < deadline, "places were not given back"


FLOODS = {
    "one giant field": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 300_000 + b"\r\n\r\n",
    "many fields": b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: a\r\n" % n for n in range(5_000)) + b"\r\n",
    "a giant target": b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a giant cookie": b"GET /api/session HTTP/1.1\r\n" + HOST + b"Cookie: tocsin_session=" + b"a" * 200_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_of_headers_is_refused(server, flood):
    assert asked(server, FLOODS[flood]) in ([400], [431], [414], [])


POST = b"POST /api/session HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
INNER = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
# What a proxy and this server could take for one request or for two.
SMUGGLED = {
    "length and chunks": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 44\r\n\r\n0\r\n\r\n" + INNER,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + INNER,
    "lengths in one": POST + b"Content-Length: 0, 44\r\n\r\n" + INNER,
    "signed length": POST + b"Content-Length: +0\r\n\r\n" + INNER,
    "negative length": POST + b"Content-Length: -1\r\n\r\n" + INNER,
    "hexadecimal length": POST + b"Content-Length: 0x2c\r\n\r\n" + INNER,
    "giant length": POST + b"Content-Length: 99999999999999999999999999\r\n\r\n" + INNER,
    "another coding": POST + b"Transfer-Encoding: gzip\r\n\r\n" + INNER,
    "coding in disguise": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + INNER,
    "chunked twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + INNER,
    "blank before the colon": POST + b"Content-Length : 44\r\n\r\n" + INNER,
    "tab before the coding": POST + b"Transfer-Encoding:\tchunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + INNER,
    "folded field": POST + b"X: a\r\n Content-Length: 44\r\nContent-Length: 0, 0\r\n\r\n" + INNER,
    "zero byte": POST + b"X: a\0b\r\nContent-Length: 0\r\n\r\n" + INNER,
    "carriage return alone": POST + b"X: a\rContent-Length: 44\r\nContent-Length: 1, 2\r\n\r\n" + INNER,
    "bad chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + INNER,
    "chunk size overflow": POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff1\r\n" + INNER,
}


@pytest.mark.parametrize("form", SMUGGLED)
def test_a_request_that_could_be_two_is_never_answered_twice_with_success(server, form):
    """Either the whole is refused and the line closed, or what follows is not taken for a request of its own."""
    found = asked(server, SMUGGLED[form])
    assert 200 not in found, found


def test_requests_sent_together_are_answered_in_their_order(server):
    found = asked(server, INNER * 3 + b"GET /nowhere HTTP/1.1\r\n" + HOST + b"\r\n" + INNER)
    assert found == [200, 200, 200, 404, 200]


@pytest.mark.parametrize("head, status", [
    (b"GET /healthz HTTP/1.1\r\n\r\n", {400, 403}), (b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", {403}),
    (b"GET http://evil.example/healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", {400, 403, 404}),
    (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", {400, 403}),
    (b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n\r\n", {400, 403}),
    (b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 404, 405}),
    (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 404, 405}),
    (b"GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n", {400, 505}), (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", {400}),
    (b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", {302, 400, 404}), (b"\0" * 100 + b"\r\n\r\n", {400}),
    (b"GET /api/session HTTP/1.1\r\nHost: localhost\r\nCookie: tocsin_session=\xff\xfe\r\n\r\n", {400, 401}),
], ids=lambda value: repr(value)[2:42] if isinstance(value, bytes) else "")
def test_strange_heads_are_refused(server, head, status):
    found = asked(server, head)
    assert len(found) <= 1 and set(found) <= status, found


@pytest.mark.parametrize("body", [
    b"[" * 100_000, b'{"a":' * 100_000, b'{"user":"' + b"\xff\xfe\xfd" + b'","password":"x"}', b"\xef\xbb\xbf{}", b'{"user":"\\ud800","password":"x"}',
    b'{"user":1e999,"password":"x"}', b'{"user":"a","user":"b","password":"x"}', b"{" + b'"a":1,' * 50_000 + b'"b":1}', b" " * 2_000_000,
], ids=["deep arrays", "deep objects", "bad UTF-8", "mark of order", "half a pair", "infinite", "twice", "many members", "giant"])
def test_a_body_that_is_no_question_costs_nothing_and_breaks_nothing(server, body):
    answer = server.client().call("POST", "/api/session", body=body, Content_Type="application/json")
    assert answer.status in (400, 401, 413, 422) and json.loads(answer.body)["error"]["code"]


def test_who_asks_too_often_waits_but_may_always_stop_and_follow(seine_maritime):
    options = ["--limit", "requestsPerAccount=5", "--limit", "requestsPerAddress=40"]
    with Server(seine_maritime.tocsin, *options) as server:
        client = server.signed_in()
        statuses = [client.get("/api/config") for _ in range(60)]
        late = [answer for answer in statuses if answer.status == 429]
        assert late and 20 <= len(statuses) - len(late) <= 45
        assert late[0].code == "too_many_requests" and int(late[0].headers["retry-after"]) >= 1
        for path in ("/api/campaigns/1/stop", "/api/campaigns/1/pause"):
            assert all(client.post(path).status == 404 for _ in range(40)), "an alert could not be stopped"
        assert all(client.get("/api/campaigns/1").status == 404 for _ in range(20))
        strangers = [Client(server.port).get("/connexion").status for _ in range(260)]
        assert 429 in strangers and strangers[0] == 200
        assert client.post("/api/campaigns/1/stop").status == 404


def test_every_answer_has_every_header_of_security(server):
    for path in ("/healthz", "/connexion", "/api/session", "/api/openapi.json", "/static/js/console.js", "/nowhere", "/journal"):
        headers = server.client().get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
        for name, value in {
            "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
            "cross-origin-embedder-policy": "require-corp",
        }.items():
            assert headers[name] == value, (path, name)
        assert "geolocation=()" in headers["permissions-policy"] and "server" not in headers
        if path.startswith("/api/") or path == "/nowhere":
            assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers
