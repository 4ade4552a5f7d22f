"""Kannel (bearerbox, file store) and Tocsin (ledger) through one SMSC: see Scripts/compare-smpp.

What is measured is told by the SMSC's own log: from the first submission it saw to the last, divided into their number.
Kannel takes its messages in before the SMSC is there, so that taking them in costs it nothing.
"""

import argparse
import functools
import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PORT, ADMIN, BOX, HTTP = 27775, 27776, 27777, 27778
# Where the peer in C is built; removed at the end.
WORKSHOP = tempfile.TemporaryDirectory()
TEXT = "Crue : evacuez le quartier a pied, montez vers le nord. Suivez les consignes de la mairie."


def until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            sys.exit(f"compare-smpp: {what} did not come within {seconds} s")
        time.sleep(0.1)
    return value


@functools.cache
def program(kind):
    """The command that starts a peer, without its options."""
    peers = ROOT / "Scripts/peers"
    if kind == "netsmpp":
        return ["perl", peers / "smsc-netsmpp.pl"]
    if kind == "smpp34":
        return [sys.executable, peers / "smsc-smpp34.py"]
    binary = Path(WORKSHOP.name) / "smsc-libsmpp34"
    subprocess.run(["cc", "-O2", "-o", binary, peers / "smsc-libsmpp34.c", "-lsmpp34"], check=True)
    return [binary]


class Peer:
    """The SMSC, with a log of what it saw."""

    def __init__(self, kind, folder):
        self.log = folder / f"smsc-{time.monotonic_ns()}.log"
        self.process = subprocess.Popen(
            [*program(kind), "--port", str(PORT), "--plain", "--dlr", "0.05", "--log", self.log],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if not self.process.stdout.readline():
            sys.exit("compare-smpp: the SMSC did not start: run Scripts/bootstrap --tests")

    def times(self):
        if not self.log.exists():
            return []
        return sorted(json.loads(line)["at"] for line in self.log.read_text().splitlines() if '"to"' in line)

    def count(self):
        return self.log.read_bytes().count(b'"to"') if self.log.exists() else 0

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def rate(peer, count):
    times = peer.times()
    if len(times) != count:
        sys.exit(f"compare-smpp: the SMSC saw {len(times)} submissions, not {count}")
    return count / (times[-1] - times[0])


def kannel(options, folder):
    configuration = folder / "kannel.conf"
    configuration.write_text(f"""
group = core
admin-port = {ADMIN}
admin-password = bench
smsbox-port = {BOX}
log-level = 3
log-file = {folder}/bearerbox.log
store-type = file
store-location = {folder}/kannel.store
dlr-storage = internal
sms-resend-retry = -1

group = smsc
smsc = smpp
smsc-id = peer
host = 127.0.0.1
port = {PORT}
smsc-username = kannel
smsc-password = bench
system-type = ""
transceiver-mode = true
reconnect-delay = 1
max-pending-submits = {options.window}
throughput = 0

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {HTTP}
log-level = 3
log-file = {folder}/smsbox.log
http-request-retry = 0

group = sendsms-user
username = bench
password = bench
max-messages = 1
concatenation = true
""")
    sbin = [shutil.which(name) or f"/usr/sbin/{name}" for name in ("bearerbox", "smsbox")]
    boxes = [subprocess.Popen([sbin[0], "-v", "4", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
    until(lambda: answers(BOX), 10, "bearerbox")
    boxes.append(subprocess.Popen([sbin[1], "-v", "4", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    until(lambda: answers(HTTP), 10, "smsbox")
    take_in(options.messages)
    peer = Peer(options.peer, folder)
    until(lambda: peer.count() >= options.messages, 120, "Kannel's messages")
    receipts = until(lambda: received() >= options.messages and received(), 60, "Kannel's receipts")
    found = rate(peer, options.messages)
    for box in reversed(boxes):
        box.send_signal(signal.SIGTERM)
        try:
            box.wait(20)
        except subprocess.TimeoutExpired:
            box.kill()
            box.wait()
    peer.close()
    return found, receipts


def answers(port):
    try:
        http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        return True
    except OSError:
        return False


def take_in(count):
    """Hands Kannel its messages over a few connections that are kept."""
    def work(start):
        connection = http.client.HTTPConnection("127.0.0.1", HTTP)
        text = TEXT.replace(" ", "+")
        for number in range(start, count, 8):
            connection.request("GET", "/cgi-bin/sendsms?username=bench&password=bench&from=MAIRIE&dlr-mask=3"
                               f"&to=3363998{number:04d}&text={text}")
            response = connection.getresponse()
            response.read()
            if response.status != 202:
                sys.exit(f"compare-smpp: Kannel answered {response.status}")
    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def received():
    """Receipts Kannel has seen, by its own status."""
    connection = http.client.HTTPConnection("127.0.0.1", ADMIN)
    connection.request("GET", "/status.txt?password=bench")
    for line in connection.getresponse().read().decode().splitlines():
        if line.startswith("DLR: received"):
            return int(line.split()[2].rstrip(","))
    return 0


def tocsin(options, folder):
    peer = Peer(options.peer, folder)
    gateways = folder / "gateways.json"
    gateways.write_text(json.dumps({"version": 1, "gateways": [{
        "name": "peer", "channel": "sms", "kind": "smpp", "window": 20 * options.window,
        "settings": {"host": "127.0.0.1", "port": PORT, "systemID": "tocsin", "sender": "MAIRIE",
                     "sessionWindow": options.window}}]}))
    people = folder / "people.csv"
    people.write_text("identifiant;longitude;latitude;telephone_1\n" + "".join(
        f"P{number};1.1;49.44;+3363998{number:04d}\n" for number in range(options.messages)))
    database = folder / "tocsin.sqlite"
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TOCSIN_DATABASE": str(database),
                   "TOCSIN_GATEWAYS": str(gateways)}

    def run(*arguments):
        done = subprocess.run([options.binary, *arguments], env=environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"compare-smpp: tocsin {arguments[0]} failed:\n{done.stderr}")
        return done.stdout
    run("init")
    run("import", "recipients", people)
    out = run("alert", "--circle", "1.1,49.44,100", "--subject", "Crue", "--message", TEXT, "--channels", "sms", "--yes",
              "--retries", "0", "--accept", "bench: a measurement")
    table = dict(line.split("\t", 1) for line in out.splitlines() if "\t" in line)
    if table.get("state") != "completed" or int(table.get("passed", 0)) != options.messages:
        sys.exit(f"compare-smpp: the campaign did not pass to all:\n{out}")
    found = rate(peer, options.messages)
    peer.close()
    import sqlite3
    with sqlite3.connect(database) as reading:
        receipts = reading.execute("SELECT count(*) FROM legs WHERE state = 'delivered'").fetchone()[0]
    return found, receipts


def main():
    parser = argparse.ArgumentParser(prog="Scripts/compare-smpp")
    parser.add_argument("--binary", default=os.environ["TOCSIN_BINARY"])
    parser.add_argument("--messages", type=int, default=8000, help="at most 10,000: the numbers reserved for fiction")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--window", type=int, default=50)
    parser.add_argument("--peer", default="libsmpp34", choices=["libsmpp34", "netsmpp", "smpp34"])
    options = parser.parse_args()
    if not 100 <= options.messages <= 10_000:
        parser.error("--messages is from 100 to 10000")
    found = {"kannel": [], "tocsin": []}
    for number in range(options.rounds):
        for name, work in (("kannel", kannel), ("tocsin", tocsin)):
            with tempfile.TemporaryDirectory() as folder:
                speed, receipts = work(options, Path(folder))
            found[name].append(speed)
            print(f"round {number + 1}\t{name}\t{speed:.0f}/s\treceipts {receipts}", flush=True)
    middle = {name: statistics.median(speeds) for name, speeds in found.items()}
    for name, speed in middle.items():
        print(f"{name}\t{speed:.0f}/s")
    print(f"ratio\t{middle['tocsin'] / middle['kannel']:.2f}")


main()
