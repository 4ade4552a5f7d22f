#!/usr/bin/env python3
# Purpose: say what python-dateutil and zoneinfo make of recurrence rules, clocks and Easter; for tests.
# Usage: calendar-oracle.py FILE
#        answers each line of FILE with one line: "rule ZONE DAY SECOND COUNT RULE" (DAY such as 2026-12-01) with seconds
#        since 1970, "clock ZONE SECONDS" with what the clock shows, "easter YEAR" with the day.
# Exit codes: 0 all were answered, 1 a line cannot be read, 3 dateutil is missing.
import datetime
import itertools
import sys
import zoneinfo

try:
    from dateutil.easter import easter
    from dateutil.rrule import rrulestr
except ImportError:
    sys.exit(3)


def rule(zone, day, second, count, text):
    """Occurrences are days at one time of the local clock; the first of two where it is shown twice."""
    start = datetime.datetime.fromisoformat(day) + datetime.timedelta(seconds=int(second))
    days = itertools.islice(rrulestr("RRULE:" + text, dtstart=start), int(count))
    local = zoneinfo.ZoneInfo(zone)
    return " ".join(str(int(moment.replace(tzinfo=local).timestamp())) for moment in days if moment.year < 2080)


def clock(zone, seconds):
    return datetime.datetime.fromtimestamp(int(seconds), zoneinfo.ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


ANSWERS = {"rule": rule, "clock": clock, "easter": lambda year: easter(int(year)).isoformat()}
for line in open(sys.argv[1]):
    word, *values = line.split()
    print(ANSWERS[word](*values))
