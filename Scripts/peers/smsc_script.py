"""What the two SMSCs in Python have in common: what a number's last two digits ask for, and their options."""

import argparse

HOST = "127.0.0.1"
REFUSALS = {"90": 0x0B, "91": 0x58, "92": 0x14, "93": 0x08}
RECEIPTS = {"80": ["UNDELIV"], "81": ["EXPIRED"], "82": ["REJECTD"], "83": [], "84": ["DELIVRD", "DELIVRD"],
            "85": ["ENROUTE", "DELIVRD"]}
STATES = {"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "UNDELIV": 5, "REJECTD": 8}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log")
    parser.add_argument("--dlr", type=float, default=0.05)
    parser.add_argument("--before", action="store_true")
    parser.add_argument("--ids", default="same", choices=["same", "hexThenDecimal", "decimalThenHex"])
    parser.add_argument("--tlv", action="store_true")
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--late", type=float, default=0)
    parser.add_argument("--shuffle", type=int, default=0)
    parser.add_argument("--unbind-after", type=int, default=0)
    parser.add_argument("--stall-after", type=int, default=0)
    parser.add_argument("--mo")
    parser.add_argument("--plain", action="store_true")
    return parser
