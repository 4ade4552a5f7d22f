#!/usr/bin/env python3
# Purpose: a SIP trunk over TLS for tests, on the loopback: it answers OPTIONS, and has a certificate for the name it is told.
# Usage: Scripts/peers/sip-tls.py --folder DIR [--name IP:127.0.0.1]
#   It makes certificate.pem in the folder, prints its port, and ends when its standard input does.
# Exit codes: 0 ended, 2 wrong usage, 3 openssl is not installed.
import argparse
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

MOST = 65_536


def answer(request: str) -> str:
    kept = [line for line in request.split("\r\n")[1:] if line.split(":")[0].lower() in ("via", "v", "from", "f", "to", "t", "call-id", "i", "cseq")]
    return "\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""])


def serve(connection: socket.socket, context: ssl.SSLContext) -> None:
    try:
        with context.wrap_socket(connection, server_side=True) as secure:
            text = ""
            while piece := secure.recv(4096):
                text += piece.decode(errors="replace")
                while "\r\n\r\n" in text:
                    request, text = text.split("\r\n\r\n", 1)
                    secure.sendall(answer(request).encode())
                if len(text) > MOST:
                    return
    except OSError:
        connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="A SIP trunk over TLS, for tests.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--name", default="IP:127.0.0.1", help="what the certificate is for, as OpenSSL writes it")
    words = parser.parse_args()
    if not shutil.which("openssl"):
        print("openssl is not installed", file=sys.stderr)
        return 3
    certificate, key = words.folder / "certificate.pem", words.folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=trunk", "-addext",
         f"subjectAltName={words.name}", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def accept():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection, context), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        print(listener.getsockname()[1], flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
