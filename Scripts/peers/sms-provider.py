#!/usr/bin/env python3
# Purpose: an HTTP provider of SMS on loopback for tests, that does what a test asks, faults included. Plain Python.
# Usage: sms-provider.py --speaks plain|twilio|ovh [--port N] [--log FILE] [--dlr SECONDS] [--before] [--slow SECONDS]
#        [--callback-file FILE] [--mo TEXT] [--mo-times N] [--outage FROM,TO] [--secret WORD]
#        prints its port once it listens, ends when its standard input closes.
# Exit codes: 0 ended, 2 wrong arguments.
#
# By the last two digits: 89 422 without a reason, 80 not delivered, 83 no receipt, 84 its receipt twice, 90 invalid number, 91 429 with Retry-After,
# 92 429, 93 500, 94 no answer, 95 garbage, 96 a giant answer, 97 closed before the answer, 98 redirected, 99 401.
# --outage: messages of these numbers (from 1) get 503. --mo: who got the first message writes back so.
import argparse
import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"
SECRET, USER, CONSUMER, APPLICATION = "motdepasse", "AC0123456789", "consommateur", "application"


class Provider(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 200

    def __init__(self, options):
        super().__init__((HOST, options.port), Handler)
        self.options = options
        self.lock = threading.Lock()
        self.log = open(options.log, "a", buffering=1, encoding="utf-8") if options.log else None
        self.count = 0
        self.wrote = False

    def handle_error(self, request, client_address):
        pass

    def note(self, **fields):
        with self.lock:
            if self.log:
                self.log.write(json.dumps(fields) + "\n")

    def number(self):
        with self.lock:
            self.count += 1
            return self.count

    def call(self, url, fields):
        """Calls back as the provider it speaks like does; again, as they do, until it is answered 2xx."""
        data = urllib.parse.urlencode(fields).encode()
        if self.options.speaks == "plain":
            request = urllib.request.Request(url, json.dumps(fields).encode(), {"Content-Type": "application/json"})
        elif self.options.speaks == "ovh":
            request = urllib.request.Request(f"{url}?{data.decode()}")
        else:
            text = url + "".join(name + fields[name] for name in sorted(fields))
            signature = base64.b64encode(hmac.new(self.options.secret.encode(), text.encode(), hashlib.sha1).digest()).decode()
            request = urllib.request.Request(url, data, {"X-Twilio-Signature": signature})
        for _ in range(40):
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    self.note(called=answer.status)
                    return
            except urllib.error.HTTPError as error:
                self.note(called=error.code)
                if error.code in (403, 404):
                    return
            except OSError:
                self.note(called=0)
            time.sleep(0.25)

    def receipt(self, url, identifier, delivered):
        fields = {
            "plain": {"event": {"message": identifier, "state": "DELIVRD" if delivered else "UNDELIV"}},
            "twilio": {"MessageSid": identifier, "SmsSid": identifier, "AccountSid": USER, "ApiVersion": "2010-04-01",
                       "MessageStatus": "delivered" if delivered else "undelivered",
                       **({} if delivered else {"ErrorCode": "30003"})},
            "ovh": {"id": identifier, "descriptionDlr": "Delivered" if delivered else "Undeliverable"},
        }[self.options.speaks]
        self.call(url, fields)

    def write_back(self, url, sender):
        for _ in range(self.options.mo_times):
            self.call(url, {
                "plain": {"reply": {"from": sender, "body": self.options.mo, "to": "36180", "id": "mo-1"}},
                "twilio": {"MessageSid": "SM-mo-1", "From": sender, "To": "+33162001234", "Body": self.options.mo,
                           "SmsStatus": "received", "MessageStatus": "received"},
                "ovh": {"id": "mo-1", "senderid": sender, "message": self.options.mo, "to": "36180"},
            }[self.options.speaks])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        fault = self.unauthorised(b"")
        self.answer(401 if fault else 200, {"message": fault or "here"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.unauthorised(body)
        if fault:
            self.server.note(refused=fault)
            return self.answer(401, {"code": 20003, "message": fault})
        speaks = self.server.options.speaks
        if speaks == "twilio":
            fields = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            to, text, sender, callback = fields["To"], fields["Body"], fields["From"], fields.get("StatusCallback")
        else:
            fields = json.loads(body)
            to, text, sender = ((fields["receivers"][0], fields["message"], fields.get("sender")) if speaks == "ovh"
                                else (fields["to"], fields["body"], fields["from"]))
            callback = fields.get("callback")
        place = self.server.options.callback_file
        if place and os.path.exists(place):
            with open(place, encoding="ascii") as file:
                callback = file.read()
        self.take(to, text, sender, callback, fields)

    def unauthorised(self, body):
        options = self.server.options
        if options.speaks == "ovh":
            url = f"http://{self.headers['Host']}{self.path}"
            text = "+".join([options.secret, CONSUMER, self.command, url, body.decode(), self.headers["X-Ovh-Timestamp"] or ""])
            due = "$1$" + hashlib.sha1(text.encode()).hexdigest()
            if self.headers["X-Ovh-Application"] != APPLICATION or self.headers["X-Ovh-Signature"] != due:
                return "Invalid signature"
            return "Query out of time" if abs(time.time() - int(self.headers["X-Ovh-Timestamp"])) > 60 else None
        due = {"plain": f"Bearer {options.secret}",
               "twilio": "Basic " + base64.b64encode(f"{USER}:{options.secret}".encode()).decode()}[options.speaks]
        return None if self.headers["Authorization"] == due else "Authenticate"

    def take(self, to, text, sender, callback, fields):
        server, options = self.server, self.server.options
        number, ending = server.number(), to[-2:]
        identifier = f"SM{number:032d}" if options.speaks == "twilio" else str(100_000 + number)
        status = {"89": 422, "90": 400, "91": 429, "92": 429, "93": 500, "98": 302, "99": 401}.get(ending, 200)
        if options.outage and options.outage[0] <= number <= options.outage[1]:
            status = 503
        server.note(to=to, text=text, sender=sender, status=status, id=identifier, at=time.time(),
                    fields={name: value for name, value in fields.items() if name not in ("to", "To", "body", "Body", "message")})
        if options.slow:
            time.sleep(options.slow)
        if ending == "94":
            time.sleep(60)
        if ending in ("94", "97"):
            self.close_connection = True
            self.connection.close()
            return
        if ending == "95" and status == 200:
            return self.send(200, b"<html>\xff\x00 maintenance</html>")
        if ending == "96" and status == 200:
            return self.send(200, b'{"sid": "' + b"9" * 5_000_000 + b'"}')
        if status == 302:
            return self.send(302, b"", Location=f"http://{self.headers['Host']}/elsewhere")
        if status != 200:
            if status == 422:
                return self.send(422, b"")
            code = {400: 21211, 429: 20429, 401: 20003}.get(status, 0)
            return self.answer(status, {"code": code, "message": "no"}, **({"Retry-After": "1"} if ending == "91" else {}))
        told = []
        if callback and ending != "83" and options.dlr >= 0:
            told = [ending != "80"] * (2 if ending == "84" else 1)
        if options.before:
            for delivered in told:
                server.receipt(callback, identifier, delivered)
        self.answer(201 if options.speaks == "twilio" else 200, {
            "plain": {"messages": [{"id": int(identifier) if identifier.isdigit() else identifier}]},
            "twilio": {"sid": identifier, "status": "queued"},
            "ovh": {"ids": [int(identifier) if identifier.isdigit() else 0], "validReceivers": [to], "invalidReceivers": [],
                    "totalCreditsRemoved": 1},
        }[options.speaks])
        if not options.before and told:
            threading.Thread(target=self.tell_later, args=(callback, identifier, told), daemon=True).start()
        if options.mo and callback and not server.wrote:
            server.wrote = True
            threading.Thread(target=server.write_back, args=(callback, to), daemon=True).start()

    def tell_later(self, callback, identifier, told):
        time.sleep(self.server.options.dlr)
        for delivered in told:
            self.server.receipt(callback, identifier, delivered)

    def answer(self, status, value, **headers):
        self.send(status, json.dumps(value).encode(), **{"Content-Type": "application/json"} | {
            name.replace("_", "-"): text for name, text in headers.items()})

    def send(self, status, body, **headers):
        try:
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--speaks", required=True, choices=["plain", "twilio", "ovh"])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log")
    parser.add_argument("--dlr", type=float, default=0.05)
    parser.add_argument("--before", action="store_true")
    parser.add_argument("--slow", type=float, default=0)
    parser.add_argument("--callback-file")
    parser.add_argument("--mo")
    parser.add_argument("--mo-times", type=int, default=1)
    parser.add_argument("--outage", type=lambda text: tuple(map(int, text.split(","))))
    parser.add_argument("--secret", default=SECRET)
    provider = Provider(parser.parse_args())
    print(provider.server_address[1], flush=True)
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


main()
