#!/usr/bin/env python3
# Purpose: an SMSC on loopback for tests, made of the package smpp34, which this project did not write.
# Usage: smsc-smpp34.py [--port N] [--log FILE] [--dlr SECONDS] [--before] [--ids same|hexThenDecimal|decimalThenHex]
#        [--tlv] [--rate N] [--late SECONDS] [--shuffle N] [--unbind-after N] [--stall-after N] [--mo TEXT] [--plain]
#        prints its port once it listens, ends when its standard input closes.
# Exit codes: 0 ended, 2 wrong arguments, 3 smpp34 is missing.
#
# By the last two digits: 80 UNDELIV, 81 EXPIRED, 82 REJECTD, 83 no receipt, 84 DELIVRD twice, 85 ENROUTE then DELIVRD,
# 90 RINVDSTADR, 91 RTHROTTLED, 92 RMSGQFUL, 93 RSYSERR; with --plain all are alike.
import asyncio
import json
import socket
import sys
import time

from smsc_script import HOST, RECEIPTS, REFUSALS, STATES, arguments

try:
    import smpp34
except ImportError:
    sys.exit(3)



class Centre:
    def __init__(self, options):
        self.options = options
        self.log = open(options.log, "a", buffering=1, encoding="ascii") if options.log else None
        self.sessions = {}
        self.count = 0
        self.held = []
        self.second, self.in_second = 0, 0

    def ids(self):
        """The id as the response has it, and as the receipt has it."""
        number = 0x10000000 + self.count
        if self.options.ids == "hexThenDecimal":
            return f"{number:X}", str(number)
        if self.options.ids == "decimalThenHex":
            return str(number), f"{number:x}"
        return f"{self.count:010d}", f"{self.count:010d}"

    def refusal(self, event):
        second = int(time.monotonic())
        if second != self.second:
            self.second, self.in_second = second, 0
        self.in_second += 1
        if self.options.rate and self.in_second > self.options.rate:
            return 0x58
        return 0 if self.options.plain else REFUSALS.get(event.destination_addr[-2:], 0)

    async def take(self, event):
        self.count += 1
        given, receipted = self.ids()
        status = self.refusal(event)
        if self.log:
            self.log.write(json.dumps({
                "to": event.destination_addr, "from": event.source_addr, "status": status, "id": given,
                "esm": event.esm_class, "dcs": event.data_coding, "octets": event.short_message.hex(),
                "source": [event.source_addr_ton, event.source_addr_npi], "registered": event.registered_delivery,
                "at": time.time()}) + "\n")
        if self.options.stall_after and self.count > self.options.stall_after:
            self.held.append((event, None))
            return
        if self.options.late:
            await asyncio.sleep(self.options.late)
        if not self.options.shuffle:
            await self.answer(event, status, given, receipted)
            return
        self.held.append((event, (status, given, receipted)))
        if len(self.held) >= self.options.shuffle:
            held, self.held = self.held, []
            for one, arguments in reversed(held):
                await self.answer(one, *arguments)

    async def answer(self, event, status, given, receipted):
        if status:
            event.reject(status)
            return
        if self.options.before:
            await self.receipts(event, receipted, 0)
        event.accept(given)
        if not self.options.before and event.registered_delivery & 1 and self.options.dlr >= 0:
            asyncio.ensure_future(self.receipts(event, receipted, self.options.dlr))
        if self.count == self.options.unbind_after:
            await self.sessions[event.session_id].unbind()

    async def receipts(self, event, receipted, wait):
        code = "" if self.options.plain else event.destination_addr[-2:]
        for state in RECEIPTS.get(code, ["DELIVRD"]):
            await asyncio.sleep(wait)
            tlvs = []
            if self.options.tlv:
                tlvs = [smpp34.Tlv(0x001E, receipted.encode() + b"\0"), smpp34.Tlv(0x0427, bytes([STATES[state]])),
                        smpp34.Tlv(0x0423, bytes([3, 0, 0]))]
            text = (f"id:{receipted} sub:001 dlvrd:001 submit date:2611221000 done date:2611221000 stat:{state} "
                    "err:000 text:")
            esme = next((one for one in self.sessions.values() if one.can_receive), None)
            if esme:
                await esme.deliver_sm(
                    event.source_addr, text.encode(), source_addr=event.destination_addr, source_addr_ton=1,
                    source_addr_npi=1, esm_class=0x20 if state == "ENROUTE" else 0x04, tlvs=tlvs)

    async def bound(self, esme):
        self.sessions[esme.session_id] = esme
        if self.options.mo and esme.can_receive:
            await asyncio.sleep(0.1)
            await esme.deliver_sm("36180", self.options.mo.encode("ascii"), source_addr="33639980001", source_addr_ton=1,
                                  source_addr_npi=1)


async def serve(options):
    with socket.socket() as probe:
        probe.bind((HOST, options.port))
        port = probe.getsockname()[1]
    centre = Centre(options)
    server = smpp34.Server(HOST, port)
    await server.start()
    print(port, flush=True)
    loop = asyncio.get_running_loop()
    ended = loop.run_in_executor(None, sys.stdin.read)

    async def events():
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                asyncio.ensure_future(centre.bound(event))
            elif isinstance(event, smpp34.Unbound):
                centre.sessions.pop(event.session_id, None)
            else:
                asyncio.ensure_future(centre.take(event))

    work = asyncio.ensure_future(events())
    await asyncio.wait([ended, work], return_when=asyncio.FIRST_COMPLETED)
    sys.stdout.flush()
    import os
    os._exit(0)


def main():
    asyncio.run(serve(arguments().parse_args()))


main()
