#!/usr/bin/env python3
# Purpose: an SMSC on loopback that does what a test asks, faults that no library would make included. Plain Python.
# Usage: smsc-scripted.py, with the options of smsc-netsmpp.pl, and --hostile giant|garbage|tiny|unknown|flood|half,
#        --receipt TEXT (with {id}), --mo-parts N, --refuse-part N, --no-ids; prints its port once it listens, ends when its standard input closes.
# Exit codes: 0 ended, 2 wrong arguments.
#
# By the last two digits: as smsc-smpp34.py.
import asyncio
import json
import os
import random
import struct
import sys
import time

from smsc_script import HOST, RECEIPTS, REFUSALS, STATES, arguments

RECEIPT = ("id:{id} sub:001 dlvrd:001 submit date:2611221000 done date:2611221000 stat:{stat} err:000 text:")


def tlv(tag, value):
    return struct.pack(">HH", tag, len(value)) + value


class Submission:
    """What is read of a submit_sm."""

    def __init__(self, body):
        self.at = 0
        self.body = body
        self.text()
        self.source = [self.octet(), self.octet()]
        self.sender = self.text()
        self.octet(), self.octet()
        self.to = self.text()
        self.esm = self.octet()
        self.octet(), self.octet(), self.text()
        self.validity = self.text()
        self.registered = self.octet()
        self.octet()
        self.dcs = self.octet()
        self.octet()
        length = self.octet()
        self.octets = body[self.at:self.at + length]
        self.at += length
        self.parameters = {}
        while self.at < len(body):
            tag, length = struct.unpack_from(">HH", body, self.at)
            self.parameters[f"{tag:04x}"] = body[self.at + 4:self.at + 4 + length].hex()
            self.at += 4 + length

    def octet(self):
        self.at += 1
        return self.body[self.at - 1]

    def text(self):
        end = self.body.index(0, self.at)
        text = self.body[self.at:end].decode("latin-1")
        self.at = end + 1
        return text


class Centre:
    count = 0

    def __init__(self, options):
        self.options = options
        self.log = open(options.log, "a", buffering=1, encoding="ascii") if options.log else None
        self.base = random.randrange(0x10000000, 0x1FFFFFFF)
        self.receivers = []
        self.tasks = []

    def note(self, **fields):
        if self.log:
            self.log.write(json.dumps(fields) + "\n")

    def ids(self):
        number = self.base + self.count
        if self.options.ids == "hexThenDecimal":
            return f"{number:X}", str(number)
        if self.options.ids == "decimalThenHex":
            return str(number), f"{number:x}"
        return f"{number:010d}", f"{number:010d}"

    async def connected(self, reader, writer):
        session = Session(self, reader, writer)
        try:
            await session.run()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if session in self.receivers:
                self.receivers.remove(session)
            for task in session.tasks:
                task.cancel()
            writer.transport.abort() if session.aborts else writer.close()


class Session:
    def __init__(self, centre, reader, writer):
        self.centre, self.reader, self.writer = centre, reader, writer
        self.options = centre.options
        self.sequence = 0x1000
        self.tasks = []
        self.held = []
        self.count = 0
        self.second, self.in_second = 0, 0
        self.aborts = False

    def send(self, command, body=b"", status=0, sequence=None):
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        self.writer.write(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)

    def spawn(self, work):
        self.tasks.append(asyncio.ensure_future(work))

    async def run(self):
        while True:
            length, command, status, sequence = struct.unpack(">IIII", await self.reader.readexactly(16))
            body = await self.reader.readexactly(length - 16)
            if command in (1, 2, 9):
                if not await self.bind(command, body, sequence):
                    return
            elif command == 4:
                if not await self.submit(body, sequence):
                    return
            elif command == 0x15 and not (self.options.stall_after and self.count > self.options.stall_after):
                self.send(0x80000015, sequence=sequence)
            elif command == 0x80000015:
                self.centre.note(enquired=1)
            elif command == 0x80000005:
                self.centre.note(acknowledged=status)
            elif command == 6:
                self.centre.note(unbound=1)
                self.send(0x80000006, sequence=sequence)
                await self.writer.drain()
                return
            elif command == 0x80000006:
                return

    async def bind(self, command, body, sequence):
        password = body.split(b"\0")[1].decode()
        status = self.options.bind_status
        if not status and self.options.password is not None and password != self.options.password:
            status = 0x0E
        if not status and self.options.no_transceiver and command == 9:
            status = 0x03
        self.send(0x80000000 | command, b"" if status else b"SCRIPTED\0", status, sequence)
        await self.writer.drain()
        if status:
            return False
        if command != 2:
            self.centre.receivers.append(self)
            if self.options.mo:
                self.spawn(self.mobile_originated())
        if self.options.enquire:
            self.spawn(self.enquire())
        if self.options.hostile:
            self.hostile()
        return True

    def hostile(self):
        kind = self.options.hostile
        if kind == "giant":
            self.writer.write(struct.pack(">IIII", 0xFFFFFFF0, 5, 0, 1) + b"x" * 100_000)
        elif kind == "garbage":
            self.writer.write(random.randbytes(100_000))
        elif kind == "tiny":
            self.writer.write(struct.pack(">IIII", 3, 5, 0, 1))
        elif kind == "unknown":
            for number in range(20):
                self.send(0x7777, b"whatever", sequence=number)
            # deliver_sm cut short within its address.
            self.send(5, b"\0\1\1")
        elif kind == "flood":
            self.spawn(self.flood())
        elif kind == "half":
            self.writer.write(b"\0\0\1\0")

    async def flood(self):
        while True:
            for _ in range(1_000):
                self.send(0x80000004, b"nobody\0")
            await self.writer.drain()

    async def enquire(self):
        while True:
            await asyncio.sleep(self.options.enquire)
            self.send(0x15)

    def deliver(self, source, destination, esm, octets, dcs=0, parameters=b""):
        body = (b"\0\1\1" + source.encode() + b"\0\0\0" + destination.encode() + b"\0" + bytes([esm, 0, 0]) + b"\0\0"
                + bytes([0, 0, dcs, 0, len(octets)]) + octets + parameters)
        self.send(5, body)

    async def mobile_originated(self):
        await asyncio.sleep(0.1)
        parts = self.options.mo_parts
        text = self.options.mo.encode("ascii")
        if parts < 2:
            self.deliver("33639980001", "36180", 0, text)
            return
        size = -(-len(text) // parts)
        for number in reversed(range(parts)):
            header = bytes([5, 0, 3, 77, parts, number + 1])
            self.deliver("33639980001", "36180", 0x40, header + text[number * size:(number + 1) * size])

    async def submit(self, body, sequence):
        one = Submission(body)
        self.count += 1
        self.centre.count += 1
        given, receipted = ("", "") if self.options.no_ids else self.centre.ids()
        if int(time.time()) != self.second:
            self.second, self.in_second = int(time.time()), 0
        self.in_second += 1
        throttled = self.options.rate and self.in_second > self.options.rate
        code = "" if self.options.plain else one.to[-2:]
        status = 0x58 if throttled else REFUSALS.get(code, 0)
        # Of a message in parts, by the header's own number.
        if one.esm & 0x40 and one.octets[5] == self.options.refuse_part:
            status = 0x66
        self.centre.note(
            to=one.to, status=status, id=given, esm=one.esm, dcs=one.dcs, octets=one.octets.hex(), source=one.source,
            registered=one.registered, validity=one.validity, parameters=one.parameters, at=time.time(),
            **{"from": one.sender})
        if self.options.drop_after and self.count > self.options.drop_after:
            self.aborts = True
            return False
        if self.options.stall_after and self.count > self.options.stall_after:
            return True
        if self.options.nack and self.count % self.options.nack == 0:
            self.send(0x80000000, status=0x08, sequence=sequence)
            return True
        answer = (one, sequence, status, given, receipted)
        if self.options.late:
            self.spawn(self.answer_late(*answer))
        elif self.options.shuffle:
            self.held.append(answer)
            if len(self.held) >= self.options.shuffle:
                held, self.held = self.held, []
                random.shuffle(held)
                for held_one in held:
                    self.answer(*held_one)
        else:
            self.answer(*answer)
        await self.writer.drain()
        if self.count == self.options.unbind_after:
            self.send(6)
        return True

    async def answer_late(self, *answer):
        await asyncio.sleep(self.options.late)
        self.answer(*answer)

    def answer(self, one, sequence, status, given, receipted):
        if status:
            self.send(0x80000004, status=status, sequence=sequence)
            return
        if self.options.before:
            self.receipts(one, receipted)
        self.send(0x80000004, given.encode() + b"\0", sequence=sequence)
        if not self.options.before and one.registered & 1 and self.options.dlr >= 0:
            # The centre's own work: a receipt outlives the session its message came by.
            self.centre.tasks.append(asyncio.ensure_future(self.receipts_later(one, receipted)))

    async def receipts_later(self, one, receipted):
        await asyncio.sleep(self.options.dlr)
        self.receipts(one, receipted)

    def receipts(self, one, receipted):
        receiver = self.centre.receivers[0] if self.centre.receivers else None
        if not receiver:
            return
        code = "" if self.options.plain else one.to[-2:]
        for state in RECEIPTS.get(code, ["DELIVRD"]):
            parameters = b""
            if self.options.tlv:
                parameters = tlv(0x1E, receipted.encode() + b"\0") + tlv(0x427, bytes([STATES[state]]))
            text = self.options.receipt.format(id=receipted, stat=state).encode()
            receiver.deliver(one.to, one.sender, 0x20 if state == "ENROUTE" else 0x04, text, parameters=parameters)


async def main():
    parser = arguments()
    parser.add_argument("--drop-after", type=int, default=0)
    parser.add_argument("--mo-parts", type=int, default=1)
    parser.add_argument("--no-ids", action="store_true")
    parser.add_argument("--refuse-part", type=int, default=0)
    parser.add_argument("--enquire", type=float, default=0)
    parser.add_argument("--password")
    parser.add_argument("--bind-status", type=int, default=0)
    parser.add_argument("--no-transceiver", action="store_true")
    parser.add_argument("--nack", type=int, default=0)
    parser.add_argument("--receipt", default=RECEIPT)
    parser.add_argument("--hostile", choices=["giant", "garbage", "tiny", "unknown", "flood", "half"])
    options = parser.parse_args()
    server = await asyncio.start_server(Centre(options).connected, HOST, options.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
