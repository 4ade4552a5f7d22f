#!/usr/bin/env python3
# Purpose: a SIP trunk for tests, on the loopback: SIPp with an account, whose called numbers end as their last two digits say.
# Usage: Scripts/peers/sip-trunk.py [--user NAME] [--password WORD] [--transport udp|tcp] [--log FILE] [--open]
#   It prints its port, and ends when its standard input does. --open asks for no password.
# Exit codes: 0 ended, 2 wrong usage, 3 SIPp is not installed.
"""The outcomes: 86 busy, 80 unavailable, 04 no such number, 03 out of service, 60 declined, 88 no common audio, 57 forbidden,
77 early audio and then busy, 08 rings without an end, 99 hangs up after a second, 11 presses 1 after a second, 12 presses 5,
2 and 1, 19 presses 9, 13 hangs up at once; any other answers and waits."""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REFUSALS = {"86": (486, "Busy Here"), "80": (480, "Temporarily Unavailable"), "04": (404, "Not Found"),
            "03": (503, "Service Unavailable"), "60": (603, "Decline"), "88": (488, "Not Acceptable Here"),
            "57": (403, "Forbidden")}
RECORDINGS = "/usr/share/sip-tester"
KEYS = {"11": ["1"], "12": ["5", "2", "1"], "19": ["9"]}

HEAD = """      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]SIPp[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[local_ip]:[local_port];transport=[transport]>
"""
# Debian's recordings of keys are of type 96, whatever was offered.
AUDIO = """      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=trunk 1 1 IN IP[local_ip_type] [local_ip]
      s=-
      c=IN IP[media_ip_type] [media_ip]
      t=0 0
      m=audio [auto_media_port] RTP/AVP 8 96
      a=rtpmap:8 PCMA/8000
      a=rtpmap:96 telephone-event/8000
      a=fmtp:96 0-15
"""


def send(status: int, reason: str, extra: str = "", audio: bool = False, attributes: str = "") -> str:
    body = AUDIO if audio else "      Content-Length: 0\n"
    return (f"  <send{attributes}><![CDATA[\n      SIP/2.0 {status} {reason}\n{HEAD}{extra}{body}\n  ]]></send>\n")


def label(name: str) -> str:
    return f'  <label id="{name}"/>\n'


def bye() -> str:
    return """  <send retrans="500"><![CDATA[
      BYE [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: [$ours]
      To: [$theirs]
      [last_Call-ID:]
      CSeq: 1 BYE
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <recv response="200"/>
"""


def jump(code: str, number: str) -> str:
    return (f'  <nop><action><strcmp assign_to="d" variable="code" value="{code}"/>'
            f'<test assign_to="is" variable="d" compare="equal" value="0"/></action></nop>\n'
            f'  <nop next="{number}" test="is"/>\n')


def scenario(user: str, password: str, is_open: bool) -> str:
    labels = {code: str(100 + index) for index, code in enumerate([*REFUSALS, *KEYS, "77", "08", "99", "13"])}
    read = ('<action><ereg regexp="INVITE sip:[^@]*([0-9][0-9])@" search_in="msg" check_it="true" assign_to="line,code"/>'
            '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="theirs"/>'
            '<ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="seq"/>'
            f'<verifyauth assign_to="valid" username="{user}" password="{password}"/></action>')
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="trunk">\n',
             '  <recv request="REGISTER" optional="true" next="2"/>\n  <recv request="OPTIONS" optional="true" next="3"/>\n']
    challenge = '      WWW-Authenticate: Digest realm="trunk.test", nonce="[pid][call_number]a4f2", algorithm=MD5, qop="auth"\n'
    if is_open:
        parts += [f'  <recv request="INVITE" rrs="true">{read}</recv>\n']
    else:
        parts += ['  <recv request="INVITE"/>\n', send(401, "Unauthorized", challenge), '  <recv request="ACK"/>\n',
                  f'  <recv request="INVITE" rrs="true">{read}</recv>\n', '  <nop next="1" test="valid"/>\n',
                  send(403, "Forbidden"), '  <recv request="ACK" next="9"/>\n', label("1")]
    parts += [jump(code, number) for code, number in labels.items()]
    # Anybody else answers, and waits for the end.
    parts += [send(180, "Ringing"), send(200, "OK", audio=True, attributes=' retrans="500"'), '  <recv request="ACK"/>\n',
              '  <recv request="BYE" timeout="600000"/>\n', send(200, "OK", attributes=' next="9"')]
    for code, (status, reason) in REFUSALS.items():
        parts += [label(labels[code]), send(status, reason), '  <recv request="ACK" next="9"/>\n']
    parts += [label(labels["77"]), send(183, "Session Progress", audio=True), '  <pause milliseconds="300"/>\n',
              send(486, "Busy Here"), '  <recv request="ACK" next="9"/>\n']
    parts += [label(labels["08"]), send(180, "Ringing"), '  <recv request="CANCEL"/>\n', send(200, "OK"),
              send(487, "Request Terminated").replace("[last_CSeq:]", "CSeq: [$seq] INVITE"),
              '  <recv request="ACK" next="9"/>\n']
    for code, keys in KEYS.items():
        presses = "".join(f'  <nop><action><exec play_pcap_audio="{RECORDINGS}/dtmf_2833_{key}.pcap"/></action></nop>\n  <pause milliseconds="700"/>\n' for key in keys)
        parts += [label(labels[code]), send(200, "OK", audio=True, attributes=' retrans="500"'), '  <recv request="ACK"/>\n',
                  '  <pause milliseconds="500"/>\n', presses, '  <recv request="BYE" timeout="600000"/>\n',
                  send(200, "OK", attributes=' next="9"')]
    for code, pause in {"99": 1000, "13": 1}.items():
        parts += [label(labels[code]), send(200, "OK", audio=True, attributes=' retrans="500"'),
                  '  <recv request="ACK"><action><ereg regexp=".*" search_in="hdr" header="To:" assign_to="ours"/></action></recv>\n',
                  f'  <pause milliseconds="{pause}"/>\n', bye(), '  <nop next="9"/>\n']
    if is_open:
        parts += [label("2"), send(200, "OK", "      Expires: 600\n", attributes=' next="9"')]
    else:
        parts += [label("2"), send(401, "Unauthorized", challenge),
                  f'  <recv request="REGISTER"><action><verifyauth assign_to="valid" username="{user}" password="{password}"/></action></recv>\n',
                  '  <nop next="4" test="valid"/>\n', send(403, "Forbidden", attributes=' next="9"'),
                  label("4"), send(200, "OK", "      Expires: 600\n", attributes=' next="9"')]
    parts += [label("3"), send(200, "OK", attributes=' next="9"'), label("9"),
              '  <Reference variables="line,d,theirs,ours,seq,valid"/>\n',
              "</scenario>\n"]
    return "".join(parts)


def free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_bound(port: int, transport: str) -> bool:
    for line in Path(f"/proc/net/{transport}").read_text().splitlines()[1:]:
        if int(line.split()[1].split(":")[1], 16) == port:
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--user", default="mairie")
    parser.add_argument("--password", default="secret")
    parser.add_argument("--transport", choices=["udp", "tcp"], default="udp")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--open", action="store_true", dest="is_open")
    options = parser.parse_args()
    program = shutil.which("sipp")
    if not program:
        print("sipp is not installed: run Scripts/bootstrap --tests", file=sys.stderr)
        return 3
    port = free_port(socket.SOCK_DGRAM if options.transport == "udp" else socket.SOCK_STREAM)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trunk.xml"
        file.write_text(scenario(options.user, options.password, options.is_open))
        words = [program, "-sf", file, "-i", "127.0.0.1", "-p", str(port), "-mi", "127.0.0.1", "-mp", "17000", "-nostdin",
                 "-t", "u1" if options.transport == "udp" else "t1", "-aa", "-rtp_echo"]
        if options.log:
            words += ["-trace_msg", "-message_file", options.log, "-trace_err", "-error_file", f"{options.log}.errors"]
        with subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as sipp:
            try:
                while sipp.poll() is None and not is_bound(port, options.transport):
                    time.sleep(0.01)
                print(port, flush=True)
                sys.stdin.read()
            finally:
                sipp.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
