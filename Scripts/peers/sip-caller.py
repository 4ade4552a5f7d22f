#!/usr/bin/env python3
# Purpose: a telephone for tests, on the loopback: PJSIP, told on its standard input what to do.
# Usage: Scripts/peers/sip-caller.py --record FOLDER [--port N] [--says FILE]
#   It prints its port, then what happens. Commands: `call ADDRESS NUMBER` (the number it shows), `press KEYS`,
#   `speak FILE` (a WAV file of 8,000 samples a second), `hang up`.
#   Happenings: `ringing`, `answered`, `sound` and `silence` as they begin, `ended STATUS`; `incoming NUMBER`: it answers by itself.
#   --says is a WAV file of 8,000 samples a second that it says to whoever calls it.
#   What each call heard is FOLDER/N.wav. It ends when its standard input does.
# Exit codes: 0 ended, 3 PJSIP is not installed.
"""Each call's audio is written down, and its loudness tells when somebody speaks."""

import argparse
import os
import re
import select
import sys
import time

try:
    import pjsua2 as pj
except ImportError:
    print("pjsua2-python is not installed: Scripts/test installs it", file=sys.stderr)
    sys.exit(3)

# Of 255: what a line's noise stays below.
SOUND = 6
# A pause between two sentences is no silence.
SILENCE_SECONDS = 0.7
KEY_SECONDS = 0.25

# PJSIP speaks on the standard output before it can be told not to.
OUT = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def tell(*words) -> None:
    print(*words, file=OUT, flush=True)


class Telephone:
    def __init__(self, folder: str, port: int, says: str | None):
        self.folder, self.says, self.count, self.calls = folder, says, 0, []
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        settings = pj.EpConfig()
        settings.uaConfig.threadCnt, settings.uaConfig.mainThreadOnly = 0, True
        settings.logConfig.level = settings.logConfig.consoleLevel = 0
        settings.medConfig.clockRate = settings.medConfig.sndClockRate = 8000
        settings.medConfig.ecTailLen, settings.medConfig.noVad, settings.medConfig.sndAutoCloseTime = 0, True, -1
        self.endpoint.libInit(settings)
        transport = pj.TransportConfig()
        transport.boundAddress = "127.0.0.1"
        self.port = re.search(r":(\d+)", self.endpoint.transportGetInfo(
            self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)).localName).group(1)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        for codec in self.endpoint.codecEnum2():
            self.endpoint.codecSetPriority(codec.codecId, 200 if codec.codecId.startswith("PCMA") else 0)
        self.accounts = {}
        self.account("sip:trunk@127.0.0.1", default=True)

    def account(self, address: str, default: bool = False):
        if address not in self.accounts:
            settings = pj.AccountConfig()
            settings.idUri = address
            settings.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
            self.accounts[address] = Account(self)
            self.accounts[address].create(settings, default)
        return self.accounts[address]

    def call(self, address: str, number: str) -> None:
        self.calls.append(Call(self, self.account(f"sip:{number}@127.0.0.1:{self.port}")))
        self.calls[-1].makeCall(address, pj.CallOpParam(True))

    def obey(self, line: str) -> None:
        word, _, rest = line.strip().partition(" ")
        if word == "call":
            self.call(*rest.split())
        elif self.calls and word == "press":
            self.calls[-1].keys += rest
        elif self.calls and word == "speak":
            self.calls[-1].speak(rest)
        elif self.calls and word == "hang":
            self.calls[-1].hangup(pj.CallOpParam(True))

    def run(self) -> None:
        tell(self.port)
        buffer = b""
        while True:
            self.endpoint.libHandleEvents(10)
            for call in list(self.calls):
                call.listen()
            if select.select([0], [], [], 0)[0]:
                data = os.read(0, 4096)
                if not data:
                    break
                buffer += data
                *lines, buffer = buffer.split(b"\n")
                for line in lines:
                    self.obey(line.decode())
        self.endpoint.hangupAllCalls()
        for call in self.calls:
            call.media = call.recorder = call.player = None
        # Recordings are closed by and by.
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            self.endpoint.libHandleEvents(10)
        OUT.flush()
        # What is left of calls must not be taken apart after the library.
        os._exit(0)


class Account(pj.Account):
    def __init__(self, telephone: Telephone):
        super().__init__()
        self.telephone = telephone

    def onIncomingCall(self, parameters) -> None:
        call = Call(self.telephone, self, parameters.callId)
        self.telephone.calls.append(call)
        tell("incoming", re.search(r"sip:([^@>]*)", call.getInfo().remoteUri).group(1))
        answer = pj.CallOpParam(True)
        answer.statusCode = 200
        call.answer(answer)


class Call(pj.Call):
    def __init__(self, telephone: Telephone, account: Account, number: int = pj.PJSUA_INVALID_ID):
        super().__init__(account, number)
        self.telephone, self.media, self.recorder, self.is_sounding, self.heard_at = telephone, None, None, False, 0.0
        self.keys, self.pressed_at, self.player, self.is_answering = "", 0.0, None, number != pj.PJSUA_INVALID_ID

    def onCallState(self, _) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY:
            tell("ringing")
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            tell("answered")
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.media = self.recorder = self.player = None
            self.telephone.calls.remove(self)
            if self.is_sounding:
                tell("silence")
            tell("ended", info.lastStatusCode)

    def onCallMediaState(self, _) -> None:
        info = self.getInfo()
        for index, medium in enumerate(info.media):
            if medium.type == pj.PJMEDIA_TYPE_AUDIO and medium.status == pj.PJSUA_CALL_MEDIA_ACTIVE and not self.media:
                self.media, self.recorder = self.getAudioMedia(index), pj.AudioMediaRecorder()
                self.telephone.count += 1
                self.recorder.createRecorder(f"{self.telephone.folder}/{self.telephone.count}.wav")
                self.media.startTransmit(self.recorder)
                if self.is_answering and self.telephone.says:
                    self.speak(self.telephone.says)

    def speak(self, file: str) -> None:
        self.player = pj.AudioMediaPlayer()
        self.player.createPlayer(file, pj.PJMEDIA_FILE_NO_LOOP)
        self.player.startTransmit(self.media)

    def listen(self) -> None:
        if not self.media:
            return
        now = time.monotonic()
        # PJSIP takes few at once.
        if self.keys and now - self.pressed_at > KEY_SECONDS:
            self.dialDtmf(self.keys[0])
            self.keys, self.pressed_at = self.keys[1:], now
        if self.media.getTxLevel() > SOUND:
            self.heard_at = now
            if not self.is_sounding:
                self.is_sounding = True
                tell("sound")
        elif self.is_sounding and now - self.heard_at > SILENCE_SECONDS:
            self.is_sounding = False
            tell("silence")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--says")
    options = parser.parse_args()
    Telephone(options.record, options.port, options.says).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
