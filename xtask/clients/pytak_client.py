"""A real TAK client (pytak) against a real node: it sends its own position and sees tracks.

Usage: pytak_client.py RENKEI_BINARY. Loopback only; exits 0 when everything was seen.
"""

import asyncio
import configparser
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path

import pytak

PATIENCE_S = 30
SHIP = "!AIVDM,1,1,,B,16K2N?P001awhp`DHtka1`Nt08Av,0*03"
CALLSIGN = "PYTAK-1"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def now_plus(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def own_position() -> bytes:
    event = ET.Element("event", {
        "version": "2.0", "uid": "pytak-test-1", "type": "a-f-G-U-C", "how": "m-g",
        "time": now_plus(0), "start": now_plus(0), "stale": now_plus(120), "opex": "e-demo",
    })
    ET.SubElement(event, "point", {
        "lat": "24.8", "lon": "125.3", "hae": "12.0", "ce": "5.0", "le": "9999999.0"})
    detail = ET.SubElement(event, "detail")
    ET.SubElement(detail, "contact", {"callsign": CALLSIGN})
    ET.SubElement(detail, "__group", {"name": "Cyan", "role": "Team Member"})
    return ET.tostring(event)


class Sender(pytak.QueueWorker):
    """Sends the own position once a second."""

    async def handle_data(self, data):
        await self.put_queue(data)

    async def run(self, number_of_iterations=-1):
        while True:
            await self.handle_data(own_position())
            await asyncio.sleep(1)


class Receiver(pytak.QueueWorker):
    """Waits for the ship as a CoT event."""

    def __init__(self, queue, config, seen):
        super().__init__(queue, config)
        self.seen = seen

    async def handle_data(self, data):
        text = data.decode() if isinstance(data, bytes) else str(data)
        if "431005246" in text:
            self.seen.set()

    async def run(self, number_of_iterations=-1):
        while True:
            await self.handle_data(await self.queue.get())


def health(port: int) -> dict:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2) as answer:
        return json.load(answer)


async def until(what: str, seen) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if seen():
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit(f"0 passed, 1 failed: {what} did not come in {PATIENCE_S} s")


async def talk(http: int, cot: int, ais: int) -> None:
    await until("the node", lambda: health(http)["status"] == "ok")
    with socket.create_connection(("127.0.0.1", ais)) as receiver:
        receiver.sendall((SHIP + "\r\n").encode())
        await until("the ship", lambda: health(http)["tracks"] >= 1)
        config = configparser.ConfigParser()
        config["pytak"] = {"COT_URL": f"tcp://127.0.0.1:{cot}"}
        tool = pytak.CLITool(config["pytak"])
        await tool.setup()
        seen = asyncio.Event()
        tool.add_task(Sender(tool.tx_queue, config["pytak"]))
        tool.add_task(Receiver(tool.rx_queue, config["pytak"], seen))
        running = asyncio.create_task(tool.run())
        await until("the client's own track", lambda: health(http)["tracks"] >= 2)
        try:
            await asyncio.wait_for(seen.wait(), PATIENCE_S)
        except asyncio.TimeoutError:
            raise SystemExit("0 passed, 1 failed: the client never saw the ship") from None
        running.cancel()


def main() -> None:
    renkei = Path(sys.argv[1]).resolve()
    http, cot, ais = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as home:
        node = Path(home) / "node"
        subprocess.run(
            [renkei, "init", node, "--nation", "JPN", "--name", "pytak test",
             "--partition", "exercise:demo", "--http", f"127.0.0.1:{http}"],
            check=True, stdout=subprocess.DEVNULL)
        with (node / "renkei.toml").open("a") as config:
            config.write(f'\n[[feed]]\nname = "team"\nkind = "cot"\nlisten = "127.0.0.1:{cot}"\n')
            config.write(f'\n[[feed]]\nname = "coast"\nkind = "ais"\nlisten = "127.0.0.1:{ais}"\n')
        process = subprocess.Popen([renkei, "serve", "--config", node / "renkei.toml"],
                                   stderr=subprocess.PIPE, text=True)
        try:
            asyncio.run(talk(http, cot, ais))
        except BaseException:
            process.terminate()
            print(process.communicate()[1][-4000:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait(10)
    print("2 passed, 0 failed")


if __name__ == "__main__":
    main()
