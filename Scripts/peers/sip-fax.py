#!/usr/bin/env python3
# Purpose: fax machines behind a SIP trunk, for tests, on the loopback: T.30 by libspandsp's receiving side.
# Usage: Scripts/peers/sip-fax.py --folder FOLDER [--loss PERCENT]
#   It prints its port, then `fax FILE PAGES CODE` as each comes to an end, and `asked STATUS - -` of what T.38 was answered. Pages are FOLDER/N.tif.
#   The called number's last two digits say what happens: 86 is busy, 20 a person who says nothing, 30 a machine that
#   hangs up in the middle of a page, 50 one whose gateway asks for T.38 first and goes on when that is refused (488), 40 efax (T.30 of its own) on a modem (pages are FOLDER/N.001, N.002…), and any other
#   receives. It ends when its standard input does.
# Exit codes: 0 ended, 3 libspandsp is not installed.
"""A user agent of a few lines: what is tried is what comes over the audio."""

import argparse
import audioop
import ctypes
import os
import random
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import tty
from pathlib import Path

FRAME = 160
MODEMS, COMPRESSIONS, RESOLUTIONS, SIZES = 0x07, 0x0e, 0x03, 0xb0001
ANSWER, ANSWERED = 1, 3  # AT_MODEM_CONTROL_ANSWER, AT_CALL_EVENT_ANSWERED
TAG = "fax-machine"


def spandsp():
    library = ctypes.CDLL("libspandsp.so.2")
    for name in ("fax_init", "fax_get_t30_state", "t31_init"):
        getattr(library, name).restype = ctypes.c_void_p
    return library


ENDED = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)


WRITTEN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
CONTROLLED = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p)


def pages(file: Path) -> int:
    """Directories of a TIFF file."""
    data = file.read_bytes() if file.exists() else b""
    if data[:4] != b"II*\0":
        return 0
    count, at = 0, struct.unpack_from("<I", data, 4)[0]
    while at:
        count += 1
        at = struct.unpack_from("<I", data, at + 2 + 12 * struct.unpack_from("<H", data, at)[0])[0]
    return count


class FaxMachine:
    """libspandsp's own T.30."""

    def __init__(self, library, folder: Path, number: int):
        self.library, self.file, self.code = library, folder / f"{number}.tif", None
        self.fax = ctypes.c_void_p(library.fax_init(None, 0))
        t30 = ctypes.c_void_p(library.fax_get_t30_state(self.fax))
        library.fax_set_transmit_on_idle(self.fax, 1)
        library.t30_set_tx_ident(t30, b"+33 199000000")
        library.t30_set_rx_file(t30, str(self.file).encode(), -1)
        library.t30_set_ecm_capability(t30, 1)
        library.t30_set_supported_modems(t30, MODEMS)
        library.t30_set_supported_compressions(t30, COMPRESSIONS)
        library.t30_set_supported_resolutions(t30, RESOLUTIONS)
        library.t30_set_supported_image_sizes(t30, SIZES)
        self.handler = ENDED(lambda _state, _data, code: setattr(self, "code", code))
        library.t30_set_phase_e_handler(t30, self.handler, None)

    def hear(self, block) -> None:
        self.library.fax_rx(self.fax, block, len(block))

    def say(self, samples) -> int:
        return self.library.fax_tx(self.fax, samples, FRAME)

    def end(self) -> int:
        self.library.fax_release(self.fax)
        return pages(self.file)


class Efax:
    """efax, behind a modem of class 1 on a terminal of its own."""

    def __init__(self, library, folder: Path, number: int):
        self.library, self.file, self.folder, self.number, self.is_answered = library, folder / f"{number}.001", folder, number, False
        self.master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self.master, False)
        self.handlers = (WRITTEN(self.written), CONTROLLED(self.controlled))
        self.modem = ctypes.c_void_p(library.t31_init(None, self.handlers[0], None, self.handlers[1], None, None, None))
        library.t31_set_transmit_on_idle(self.modem, 1)
        self.log = open(folder / f"{number}.log", "w")
        self.process = subprocess.Popen(
            ["efax", "-d", os.ttyname(slave), "-o1", "-l", "+33 1 99 00 00 40", "-r", str(number)], cwd=folder, stdout=self.log, stderr=self.log)

    def written(self, _state, _data, text, count) -> int:
        os.write(self.master, ctypes.string_at(text, count))
        return 0

    def controlled(self, _state, _data, operation, _number) -> int:
        self.is_answered |= operation == ANSWER
        return 0

    @property
    def code(self) -> int | None:
        return self.process.poll()

    def hear(self, block) -> None:
        self.library.t31_rx(self.modem, block, len(block))

    def say(self, samples) -> int:
        try:
            command = os.read(self.master, 4096)
            self.library.t31_at_rx(self.modem, command, len(command))
        except BlockingIOError:
            pass
        if self.is_answered:
            self.is_answered = False
            self.library.t31_call_event(self.modem, ANSWERED)
        return self.library.t31_tx(self.modem, samples, FRAME)

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(5)
        self.log.close()
        return len(list(self.folder.glob(f"{self.number}.0*")))


class Call(threading.Thread):
    """One answered call: RTP in and out, 20 ms at a time."""

    def __init__(self, trunk: "Trunk", invite: str, source, number: str, ending: str):
        super().__init__(daemon=True)
        self.trunk, self.invite, self.source, self.number, self.ending = trunk, invite, source, number, ending
        self.audio = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.audio.bind(("127.0.0.1", 0))
        self.audio.setblocking(False)
        self.target = ("127.0.0.1", int(re.search(r"^m=audio (\d+)", invite, re.M)[1]))
        self.is_over = False

    def run(self) -> None:
        machine = (Efax if self.ending == "40" else FaxMachine)(self.trunk.library, self.trunk.folder, self.number)
        samples = (ctypes.c_int16 * FRAME)()
        begun = moment = time.monotonic()
        sequence, stamp, ended_at = 0, 0, None
        while not self.is_over:
            for heard in self.received():
                block = (ctypes.c_int16 * (len(heard) // 2)).from_buffer_copy(heard)
                machine.hear(block)
            made = machine.say(samples)
            said = bytes(samples)[:made * 2] + bytes((FRAME - made) * 2)
            if self.ending == "20":
                said = bytes(FRAME * 2)
            packet = struct.pack("!BBHII", 0x80, 8, sequence, stamp, 7) + audioop.lin2alaw(said, 2)
            if random.random() * 100 >= self.trunk.loss:
                self.audio.sendto(packet, self.target)
            sequence, stamp = (sequence + 1) & 0xFFFF, (stamp + FRAME) & 0xFFFFFFFF
            now = time.monotonic()
            if self.ending == "50" and sequence == 100:
                self.trunk.ask_for_t38(self)
            if machine.code is not None and ended_at is None:
                ended_at = now
            # Whoever calls hangs up; a machine does after a while.
            if (ended_at and now - ended_at > 6) or (self.ending == "30" and now - begun > 12):
                self.trunk.hang_up(self)
                break
            moment += 0.02
            time.sleep(max(0, moment - time.monotonic()))
        count = machine.end()
        print("fax", machine.file, count, machine.code if machine.code is not None else "-", flush=True)
        self.audio.close()

    def received(self):
        while True:
            try:
                packet, _ = self.audio.recvfrom(2048)
            except BlockingIOError:
                return
            if packet[1] & 0x7F in (0, 8) and random.random() * 100 >= self.trunk.loss:
                decode = audioop.alaw2lin if packet[1] & 0x7F == 8 else audioop.ulaw2lin
                yield decode(packet[12:], 2)


class Trunk:
    def __init__(self, folder: Path, loss: float):
        self.library, self.folder, self.loss, self.count = spandsp(), folder, loss, 0
        self.wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.wire.bind(("127.0.0.1", 0))
        self.port = self.wire.getsockname()[1]
        self.calls: dict[str, Call] = {}

    def answer(self, request: str, source, status: str, body: str = "") -> None:
        lines = [f"SIP/2.0 {status}"]
        for name in ("Via", "From", "To", "Call-ID", "CSeq"):
            for value in re.findall(rf"^{name}: *(.*?)\r?$", request, re.M | re.I):
                lines.append(f"{name}: {value}" + (f";tag={TAG}" if name == "To" and "tag=" not in value else ""))
        lines += [f"Contact: <sip:fax@127.0.0.1:{self.port}>", "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS"]
        if body:
            lines.append("Content-Type: application/sdp")
        lines += [f"Content-Length: {len(body)}", "", body]
        self.wire.sendto("\r\n".join(lines).encode(), source)

    def ask_for_t38(self, call: Call) -> None:
        body = ("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=image 40000 udptl t38\r\na=T38FaxVersion:0\r\n")
        self.send(call, "INVITE", 1, body)

    def hang_up(self, call: Call) -> None:
        self.send(call, "BYE", 2)

    def send(self, call: Call, method: str, number: int, body: str = "") -> None:
        field = {name: re.search(rf"^{name}: *(.*?)\r?$", call.invite, re.M | re.I)[1] for name in ("From", "To", "Call-ID", "Contact")}
        target = re.search(r"<?(sip:[^>;\r\n]*)", field["Contact"])[1]
        lines = [
            f"{method} {target} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{call.number}{method}", "Max-Forwards: 70",
            f"From: {field['To']};tag={TAG}", f"To: {field['From']}", f"Call-ID: {field['Call-ID']}", f"CSeq: {number} {method}",
            f"Contact: <sip:fax@127.0.0.1:{self.port}>"]
        if body:
            lines.append("Content-Type: application/sdp")
        self.wire.sendto("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode(), call.source)

    def serve(self) -> None:
        while True:
            data, source = self.wire.recvfrom(65_536)
            request = data.decode(errors="replace")
            method = request.split(" ", 1)[0]
            identity = (re.search(r"^Call-ID: *(.*?)\r?$", request, re.M | re.I) or [None, ""])[1]
            if method == "SIP/2.0":
                status = int(request.split(" ", 2)[1])
                if "INVITE" in request.split("CSeq:", 1)[-1].split("\r\n", 1)[0] and status >= 200 and identity in self.calls:
                    print("asked", status, "-", "-", flush=True)
                    self.send(self.calls[identity], "ACK", 1)
            elif method == "OPTIONS":
                self.answer(request, source, "200 OK")
            elif method == "INVITE" and identity not in self.calls:
                ending = re.match(r"INVITE sips?:[^@ ]*?(\d\d)@", request)
                ending = ending[1] if ending else ""
                if ending == "86":
                    self.answer(request, source, "486 Busy Here")
                    continue
                self.count += 1
                call = self.calls[identity] = Call(self, request, source, self.count, ending)
                port = call.audio.getsockname()[1]
                body = (f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n")
                self.answer(request, source, "200 OK", body)
                call.start()
            elif method == "BYE":
                self.answer(request, source, "200 OK")
                if identity in self.calls:
                    self.calls[identity].is_over = True


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--loss", type=float, default=0)
    options = parser.parse_args()
    try:
        trunk = Trunk(options.folder, options.loss)
    except OSError as error:
        print(error, file=sys.stderr)
        return 3
    print(trunk.port, flush=True)
    threading.Thread(target=trunk.serve, daemon=True).start()
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
