"""Answers the queries of standard input with addok, in process, and says how long each took."""

import json
import sys
import time

from addok.config import config

config.load()

from addok.core import search  # noqa: E402  addok reads its configuration at import

answers = []
for text in json.load(sys.stdin):
    start = time.perf_counter()
    found = search(text, limit=1)
    answer = {"seconds": time.perf_counter() - start}
    if found:
        best = found[0]
        answer |= {"label": str(best), "lon": float(best.lon), "lat": float(best.lat), "citycode": best.citycode,
                   "is_door": best.type == "housenumber"}
    answers.append(answer)
# What addok prints while it loads comes before the separator.
print("\x1e" + json.dumps(answers))
