#!/usr/bin/env python3
# Purpose: fax machines behind a SIP trunk, for tests, on the loopback: T.30 by libspandsp's receiving side.
# Usage: Scripts/peers/sip-fax.py --folder FOLDER [--loss PERCENT]
#   It prints its port, then `fax FILE PAGES CODE` as each comes to an end. Pages are FOLDER/N.tif.
#   The called number's last two digits say what happens: 86 is busy, 20 a person who says nothing, 30 a machine that
#   hangs up in the middle of a page, and any other receives. It ends when its standard input does.
# Exit codes: 0 ended, 3 libspandsp is not installed.
"""A user agent of a few lines: what is tried is what comes over the audio."""

import argparse
import audioop
import ctypes
import random
import re
import socket
import struct
import sys
import threading
import time
from pathlib import Path

FRAME = 160
MODEMS, COMPRESSIONS, RESOLUTIONS, SIZES = 0x07, 0x0e, 0x03, 0xb0001
TAG = "fax-machine"


def spandsp():
    library = ctypes.CDLL("libspandsp.so.2")
    for name in ("fax_init", "fax_get_t30_state"):
        getattr(library, name).restype = ctypes.c_void_p
    return library


ENDED = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)


class Statistics(ctypes.Structure):
    _fields_ = [("numbers", ctypes.c_int * 40)]


class Call(threading.Thread):
    """One answered call: RTP in and out, 20 ms at a time."""

    def __init__(self, trunk: "Trunk", invite: str, source, number: str, ending: str):
        super().__init__(daemon=True)
        self.trunk, self.invite, self.source, self.number, self.ending = trunk, invite, source, number, ending
        self.audio = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.audio.bind(("127.0.0.1", 0))
        self.audio.setblocking(False)
        self.target = ("127.0.0.1", int(re.search(r"^m=audio (\d+)", invite, re.M)[1]))
        self.is_over, self.code = False, None

    def run(self) -> None:
        library = self.trunk.library
        fax = ctypes.c_void_p(library.fax_init(None, 0))
        t30 = ctypes.c_void_p(library.fax_get_t30_state(fax))
        library.fax_set_transmit_on_idle(fax, 1)
        file = self.trunk.folder / f"{self.number}.tif"
        library.t30_set_tx_ident(t30, b"+33 199000000")
        library.t30_set_rx_file(t30, str(file).encode(), -1)
        library.t30_set_ecm_capability(t30, 1)
        library.t30_set_supported_modems(t30, MODEMS)
        library.t30_set_supported_compressions(t30, COMPRESSIONS)
        library.t30_set_supported_resolutions(t30, RESOLUTIONS)
        library.t30_set_supported_image_sizes(t30, SIZES)
        handler = ENDED(lambda _state, _data, code: setattr(self, "code", code))
        library.t30_set_phase_e_handler(t30, handler, None)
        samples = (ctypes.c_int16 * FRAME)()
        begun = moment = time.monotonic()
        sequence, stamp, ended_at = 0, 0, None
        while not self.is_over:
            for heard in self.received():
                block = (ctypes.c_int16 * (len(heard) // 2)).from_buffer_copy(heard)
                library.fax_rx(fax, block, len(block))
            made = library.fax_tx(fax, samples, FRAME)
            said = bytes(samples)[:made * 2] + bytes((FRAME - made) * 2)
            if self.ending == "20":
                said = bytes(FRAME * 2)
            packet = struct.pack("!BBHII", 0x80, 8, sequence, stamp, 7) + audioop.lin2alaw(said, 2)
            if random.random() * 100 >= self.trunk.loss:
                self.audio.sendto(packet, self.target)
            sequence, stamp = (sequence + 1) & 0xFFFF, (stamp + FRAME) & 0xFFFFFFFF
            now = time.monotonic()
            if self.code is not None and ended_at is None:
                ended_at = now
            # Whoever calls hangs up; a machine does after a while.
            if (ended_at and now - ended_at > 6) or (self.ending == "30" and now - begun > 12):
                self.trunk.hang_up(self)
                break
            moment += 0.02
            time.sleep(max(0, moment - time.monotonic()))
        library.fax_release(fax)
        pages = self.trunk.pages(file)
        print("fax", file, pages, self.code if self.code is not None else "-", flush=True)
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

    @staticmethod
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

    def hang_up(self, call: Call) -> None:
        field = {name: re.search(rf"^{name}: *(.*?)\r?$", call.invite, re.M | re.I)[1] for name in ("From", "To", "Call-ID", "Contact")}
        target = re.search(r"<?(sip:[^>;\r\n]*)", field["Contact"])[1]
        self.wire.sendto("\r\n".join([
            f"BYE {target} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{call.number}bye", "Max-Forwards: 70",
            f"From: {field['To']};tag={TAG}", f"To: {field['From']}", f"Call-ID: {field['Call-ID']}", "CSeq: 1 BYE", "Content-Length: 0", "", ""]).encode(), call.source)

    def serve(self) -> None:
        while True:
            data, source = self.wire.recvfrom(65_536)
            request = data.decode(errors="replace")
            method = request.split(" ", 1)[0]
            identity = (re.search(r"^Call-ID: *(.*?)\r?$", request, re.M | re.I) or [None, ""])[1]
            if method == "OPTIONS":
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
