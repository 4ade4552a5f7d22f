"""TLS by the server itself: the versions, the key's permissions, secure cookies, a new certificate under load."""

import http.client
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import warnings

import pytest

from cli import until
from server import Client, Server


def certificate(folder, name: str):
    """A certificate of its own for 127.0.0.1, and its key."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True)
    key.chmod(0o600)
    return cert, key


class SecureServer(Server):
    def __enter__(self):
        super().__enter__()
        return self

    def name(self) -> str:
        """The common name of the certificate that a new connection gets."""
        der = None
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain:
            with context.wrap_socket(plain) as line:
                der = line.getpeercert(binary_form=True)
        text = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject"], input=der, capture_output=True, check=True)
        return text.stdout.decode().split("CN = ")[1].strip()


@pytest.fixture
def files(tmp_path):
    one, two = certificate(tmp_path, "one"), certificate(tmp_path, "two")
    used = tmp_path / "used.pem", tmp_path / "used.key"
    for source, target in zip(one, used):
        shutil.copy(source, target)
    return used, two, one[0]


@pytest.fixture
def server(seine_maritime, files):
    with SecureServer(seine_maritime.tocsin, "--tls-certificate", str(files[0][0]), "--tls-key", str(files[0][1])) as server:
        assert any(f"https://127.0.0.1:{server.port}" in line for line in server.log)
        yield server


def test_cookies_are_secure_and_browsers_are_told_to_stay_with_https(server, files):
    context = ssl.create_default_context(cafile=files[2])
    once = server.one_time_password()
    line = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=30)
    import json
    line.request("POST", "/api/session", json.dumps({"user": "admin", "password": once}),
                 {"Content-Type": "application/json", "Origin": f"https://127.0.0.1:{server.port}"})
    answer = line.getresponse()
    assert answer.status == 200
    assert "; Secure" in answer.headers["Set-Cookie"] and "HttpOnly" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    answer.read()
    line.request("POST", "/api/session", "{}", {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{server.port}"})
    assert json.loads(line.getresponse().read())["error"]["code"] == "foreign_origin"
    line.close()


def test_old_versions_of_tls_and_plain_http_get_no_answer(server):
    def greeted(version) -> bool:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain, context.wrap_socket(plain):
                return True
        except (ssl.SSLError, ConnectionError):
            return False

    assert greeted(ssl.TLSVersion.TLSv1_3) and greeted(ssl.TLSVersion.TLSv1_2)
    assert not greeted(ssl.TLSVersion.TLSv1_1) and not greeted(ssl.TLSVersion.TLSv1)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        Client(server.port).get("/healthz")


def test_a_new_certificate_is_taken_while_requests_go_on(server, files):
    """Every request of a connection opened before, and of new ones, is answered; then all new ones have the new name."""
    (used, key), (cert2, key2), _ = files
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    stop, failures, answered = threading.Event(), [], [0, 0]

    def ask(number: int, fresh: bool):
        line = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=20)
        while not stop.is_set():
            try:
                line.request("GET", "/healthz")
                assert line.getresponse().read() == b"ok\n"
                answered[number] += 1
                if fresh:
                    line.close()
            except Exception as error:  # noqa: BLE001  (whatever it is, it is a failure)
                failures.append(repr(error))
                return

    assert server.name() == "one"
    threads = [threading.Thread(target=ask, args=(0, False)), threading.Thread(target=ask, args=(1, True))]
    for thread in threads:
        thread.start()
    shutil.copy(key2, key)
    shutil.copy(cert2, used)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: server.name() == "two", what="the new certificate")
    before = list(answered)
    until(lambda: failures or all(now > then for now, then in zip(answered, before)), what="further answers")
    # One that does not fit its key, as between two copies, changes nothing.
    shutil.copy(files[2], used)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: any("can't be taken again" in line for line in server.log), what="the complaint")
    assert server.name() == "two"
    stop.set()
    for thread in threads:
        thread.join(20)
    assert not failures and min(answered) > 0


def test_a_key_that_others_can_read_or_that_is_another_ones_is_refused(tocsin, files):
    (cert, key), (cert2, _), _ = files
    words = ("serve", "--port", "0", "--tls-certificate", cert, "--tls-key", key)
    key.chmod(0o640)
    assert "chmod 600" in tocsin.refused(*words).err
    key.chmod(0o600)
    assert "not that of the certificate" in tocsin.refused("serve", "--port", "0", "--tls-certificate", cert2, "--tls-key", key).err
    assert "go together" in tocsin.refused("serve", "--port", "0", "--tls-key", key).err
    assert "not at both" in tocsin.refused(*words, "--behind-tls-proxy").err
    key.write_text("no key")
    assert "no private key" in tocsin.refused(*words).err
