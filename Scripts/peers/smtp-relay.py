#!/usr/bin/env python3
# Purpose: an SMTP relay on loopback for tests: STARTTLS, AUTH, and recipients that misbehave by name.
# Usage: smtp-relay.py [--certificate FILE --key FILE] [--user NAME --password WORD] [--log FILE]
#        prints its port once it listens, ends when its standard input closes. Needs aiosmtpd.
# Exit codes: 0 ended, 2 wrong arguments, 3 aiosmtpd is missing.
#
# Recipients: nobody@ 550 5.1.1, blocked@ 550 5.7.1, full@ 452 4.2.2, grey…@ 450 once then accepted, busy@ 421.
import argparse
import json
import ssl
import sys

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
except ImportError:
    sys.exit(3)

HOST = "127.0.0.1"


class Relay:
    def __init__(self, log):
        self.log = log
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "nobody":
            return "550 5.1.1 no such mailbox"
        if name == "blocked":
            return "550 5.7.1 refused by policy"
        if name == "full":
            return "452 4.2.2 mailbox full"
        if name == "busy":
            return "421 4.3.2 too busy"
        if name.startswith("grey") and address not in self.seen:
            self.seen.add(address)
            return "450 4.2.0 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        if self.log:
            with open(self.log, "a", encoding="ascii") as log:
                log.write(json.dumps({
                    "from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                    "authenticated": session.authenticated, "content": envelope.content.decode("latin-1"),
                }) + "\n")
        return "250 2.0.0 taken"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--log")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()

    def authenticate(server, session, envelope, mechanism, data):
        good = (data.login.decode() == options.user and data.password.decode() == options.password)
        return AuthResult(success=good, handled=good)

    extra = {}
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
        extra.update(tls_context=context, require_starttls=True)
    if options.user:
        extra.update(authenticator=authenticate, auth_required=True)

    import socket
    with socket.socket() as probe:
        probe.bind((HOST, options.port))
        port = probe.getsockname()[1]
    controller = Controller(Relay(options.log), hostname=HOST, port=port, server_hostname="localhost", **extra)
    controller.start()
    print(port, flush=True)
    sys.stdin.read()
    controller.stop()


main()
