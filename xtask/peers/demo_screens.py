"""The demo as its screens live it: time to the first picture, sensor to screen, alerts, memory.

Usage: demo_screens.py RENKEI_BINARY [SECONDS]. Starts a demo of its own on loopback, plays further
ships into a feed of the Japanese node at known moments, and reads both floors' WebSockets as
browsers do. Prints one JSON line of seconds and MiB.
"""

import asyncio
import json
import math
import os
import re
import signal
import socket
import struct
import sys
import tempfile
import time
import urllib.request

import websockets

PATIENCE_S = 60
# Ships in turn, so that two reports of one ship are far apart.
SHIPS = 40
# Not in step with the screens' second.
PAUSE_S = 0.137
ENTRIES = 15
# Metres behind the zone's edge, in steps that fusion takes from a ship. The second fix inside is the
# entry.
CROSSING_M = [-190, -70, 50, 170]


def armour(bits):
    sixes = [int(bits[i : i + 6].ljust(6, "0"), 2) for i in range(0, len(bits), 6)]
    return "".join(chr(six + 48 if six < 40 else six + 56) for six in sixes)


def report(mmsi, latitude, longitude, second):
    """A class A position report going north at 12 knots (ITU-R M.1371-5, type 1)."""

    def field(value, width):
        return format(value & ((1 << width) - 1), f"0{width}b")

    bits = "".join([
        field(1, 6), field(0, 2), field(mmsi, 30), field(0, 4), field(0, 8), field(120, 10),
        field(1, 1), field(round(longitude * 600_000), 28), field(round(latitude * 600_000), 27),
        field(0, 12), field(0, 9), field(second, 6), field(0, 24),
    ])
    body = f"AIVDM,1,1,,A,{armour(bits)},0"
    checksum = 0
    for char in body:
        checksum ^= ord(char)
    return f"!{body}*{checksum:02X}\r\n".encode()


def call(port, path, method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def sign_in(url, port):
    opener = urllib.request.build_opener(NoRedirect)
    path = "/" + url.split("/", 3)[3]
    try:
        opener.open(f"http://127.0.0.1:{port}{path}", timeout=5)
    except urllib.error.HTTPError as redirect:
        return redirect.headers["Set-Cookie"].split(";")[0]
    raise SystemExit("sign-in gave no cookie")


class Screen:
    """One floor's live connection: rows as they come, by MMSI."""

    def __init__(self, port, cookie):
        self.port, self.cookie = port, cookie
        self.mmsi, self.base_ms, self.rows = {}, 0, 0
        self.shown = []  # (arrival, mmsi, event time)
        self.entered = {}  # mmsi -> arrival of its incident
        self.zone = None
        self.first_picture = None

    async def watch(self):
        url = f"ws://127.0.0.1:{self.port}/ws"
        headers = {"Cookie": self.cookie}
        options = {"additional_headers": headers, "max_size": None, "compression": None}
        async with websockets.connect(url, **options) as socket_:
            async for message in socket_:
                arrival = time.time()
                if isinstance(message, bytes):
                    self.binary(message, arrival)
                else:
                    self.text(json.loads(message), arrival)

    def text(self, message, arrival):
        if message["type"] == "hello":
            self.base_ms = message["base_ms"]
        elif message["type"] == "tracks":
            for track in message["add"]:
                for identity in track["identities"]:
                    self.mmsi[track["handle"]] = identity
        elif message["type"] == "affairs":
            self.zone = message["zones"][0]["ring"] if message["zones"] else None
            for incident in message["incidents"]:
                for mmsi in re.findall(r"2009\d{5}", json.dumps(incident)):
                    self.entered.setdefault(int(mmsi), arrival)

    def binary(self, message, arrival):
        (count,) = struct.unpack_from("<I", message, 16)
        handles = struct.unpack_from(f"<{count}I", message, 20)
        times = struct.unpack_from(f"<{count}I", message, 20 + 16 * count)
        self.rows = max(self.rows, count)
        if self.first_picture is None and count >= 100:
            self.first_picture = arrival
        for handle, tenths in zip(handles, times):
            identity = self.mmsi.get(handle, "")
            if "2009" in identity:
                event = self.base_ms / 1000 + tenths / 10
                self.shown.append((arrival, int(re.sub(r"\D", "", identity)), event))


async def until(what, seen):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            found = seen()
        except OSError:
            found = None
        if found:
            return found
        await asyncio.sleep(0.02)
    raise SystemExit(f"{what} did not come in {PATIENCE_S} s")


def delays(sent, screen):
    """From each report to the first row of its ship that is as young; None where none came."""
    shown = {}
    for arrival, mmsi, event in screen.shown:
        shown.setdefault(mmsi, []).append((arrival, event))
    for at, mmsi in sent:
        # Event times are cut to a tenth of a second.
        rows = (arrival for arrival, event in shown.get(mmsi, []) if event >= at - 0.1 and arrival >= at)
        yield min((arrival - at for arrival in rows), default=None)


def spread(values):
    values = list(values)
    seen = sorted(value for value in values if value is not None)
    if not seen:
        return {"n": 0, "missed": len(values)}
    at = lambda share: round(seen[min(len(seen) - 1, int(len(seen) * share))], 3)
    return {"n": len(seen), "missed": len(values) - len(seen), "p50": at(0.5), "p99": at(0.99), "max": at(1)}


async def ships(feed, seconds):
    """Reports of ships that sail far from the story; gives when each was sent."""
    sent, start = [], time.time()
    while time.time() - start < seconds:
        number = len(sent) % SHIPS
        latitude = 27 + number * 0.05 + (time.time() - start) / 18_000
        line = report(200_900_000 + number, latitude, 127, int(time.time()) % 60)
        sent.append((time.time(), 200_900_000 + number))
        feed.sendall(line)
        await asyncio.sleep(PAUSE_S)
    return sent


def crossing(zone, share):
    """Positions of a ship that goes over the zone's first edge towards its middle."""
    (south, west), (north, east) = zone[0], zone[1]
    at = [south + (north - south) * share, west + (east - west) * share]
    middle = [sum(corner[axis] for corner in zone) / len(zone) for axis in (0, 1)]
    shrunk = math.cos(math.radians(at[0]))
    way = [middle[0] - at[0], (middle[1] - at[1]) * shrunk]
    length_m = math.hypot(*way) * 111_195
    for metres in CROSSING_M:
        part = metres / length_m
        yield at[0] + (middle[0] - at[0]) * part, at[1] + (middle[1] - at[1]) * part


async def entries(feed, zone):
    """Ships that enter the zone one after the other; gives when each sent its second fix inside."""
    sent = []
    for number in range(ENTRIES):
        mmsi = 200_950_000 + number
        for latitude, longitude in crossing(zone, (number + 1) / (ENTRIES + 1)):
            at = time.time()
            feed.sendall(report(mmsi, latitude, longitude, int(at) % 60))
            await asyncio.sleep(0.67)
        sent.append((at, mmsi))
        await asyncio.sleep(0.5)
    return sent


def memory_mib(parent):
    """Resident memory of the demo's two nodes, and of the demo itself."""
    nodes, own = [], 0.0
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/status", encoding="utf-8") as file:
                status = dict(line.split(":", 1) for line in file if ":" in line)
        except OSError:
            continue
        resident = int(status.get("VmRSS", "0 kB").split()[0]) / 1024
        if int(entry) == parent:
            own = round(resident, 1)
        elif int(status["PPid"]) == parent:
            nodes.append(round(resident, 1))
    return {"nodes": nodes, "both": round(sum(nodes), 1), "demo": own}


async def measure(binary, seconds):
    port = free_ports()
    with tempfile.TemporaryDirectory(prefix="renkei-bench-demo-") as home:
        started = time.time()
        arguments = ["demo", "--no-story", "--port", str(port), "--dir", home]
        quiet = asyncio.subprocess.DEVNULL
        demo = await asyncio.create_subprocess_exec(binary, *arguments, stdout=quiet, stderr=quiet)
        try:
            return await watched(demo, port, started, seconds)
        finally:
            demo.send_signal(signal.SIGINT)
            await demo.wait()


async def watched(demo, port, started, seconds):
    up = lambda nation: call(port + nation, "/api/health").get("status") == "ok"
    await until("both nodes", lambda: up(1) and up(2))
    nodes_up = time.time() - started
    urls = call(port, "/api/stage/floors", "POST")
    screens = [Screen(port + i, sign_in(urls[n], port + i)) for i, n in ((1, "JPN"), (2, "USA"))]
    watching = [asyncio.create_task(screen.watch()) for screen in screens]
    await until("a picture on both", lambda: all(screen.first_picture for screen in screens))
    with socket.create_connection(("127.0.0.1", port + 10)) as feed:
        sent = await ships(feed, seconds)
        entered = await entries(feed, screens[0].zone)
        await asyncio.sleep(3)
    memory = memory_mib(demo.pid)
    for task in watching:
        task.cancel()
    own, partner = screens
    alert = lambda screen: spread(
        screen.entered[mmsi] - at if mmsi in screen.entered else None for at, mmsi in entered
    )
    return {
        "nodes_up_s": round(nodes_up, 2),
        "first_picture_s": round(max(s.first_picture for s in screens) - started, 2),
        "rows": [screen.rows for screen in screens],
        "own_screen_s": spread(delays(sent, own)),
        "partner_screen_s": spread(delays(sent, partner)),
        "own_alert_s": alert(own),
        "partner_alert_s": alert(partner),
        "resident_mib": memory,
    }


def free_ports():
    """A port with 20 free ones above it."""

    def free(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    for port in range(23_000, 24_000, 40):
        if all(free(port + offset) for offset in range(20)):
            return port
    raise SystemExit("find 20 free ports from 23000: all are taken")


def main():
    binary = os.path.abspath(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    figures = asyncio.run(measure(binary, seconds))
    print(json.dumps({"bench": "demo", "figures": figures}))


main()
