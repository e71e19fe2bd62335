"""aiscat (AIS-catcher's own bindings) over one buffer in memory, to dictionaries and to JSON."""

import json
import sys
import time
from importlib.metadata import version

import aiscat


def measure(lines, seconds, one_pass):
    out = one_pass()
    start = time.process_time()
    passes = 0
    while (spent := time.process_time() - start) < seconds or passes == 0:
        one_pass()
        passes += 1
    return {"per_s": round(lines * passes / spent), "out": out}


def main():
    path, seconds = sys.argv[1], float(sys.argv[2])
    with open(path, "rb") as file:
        data = file.read()
    lines = sum(1 for line in data.split(b"\n") if line.strip(b"\r"))
    chunks = [data[at : at + 65536] for at in range(0, len(data), 65536)]

    def one_pass(shape):
        count = 0
        for _ in aiscat.iter_decode(chunks, format=shape):
            count += 1
        return count

    figures = {
        "fields": measure(lines, seconds, lambda: one_pass("dictionary")),
        "json": measure(lines, seconds, lambda: one_pass("json")),
    }
    print(json.dumps({"tool": f"aiscat {version('aiscat')}", "figures": figures}))


main()
