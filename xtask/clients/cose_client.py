"""A COSE library (pycose) verifies the records that a real node exported.

Usage: cose_client.py RENKEI_BINARY. Loopback only; exits 0 when every object verifies and a changed
one does not.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import Sign1Message

RUN_S = 4


def verifies(data: bytes, keys: dict) -> bool:
    message = Sign1Message.decode(data)
    kid = next(v for k, v in message.uhdr.items() if k.identifier == 4)
    message.key = OKPKey(crv=Ed25519, x=keys[kid])
    return message.verify_signature()


def main() -> None:
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory() as root:
        node, out = Path(root, "node"), Path(root, "cose")
        init = [binary, "init", str(node), "--nation", "JPN", "--name", "COSE", "--partition", "exercise:cose"]
        subprocess.run(init, check=True, capture_output=True)
        config = node / "renkei.toml"
        text = config.read_text()
        lines = ['http = "127.0.0.1:0"' if line.startswith("http =") else line for line in text.splitlines()]
        config.write_text("\n".join(lines) + "\n")
        serving = subprocess.Popen([binary, "serve", "--config", str(config)], stderr=subprocess.DEVNULL)
        time.sleep(RUN_S)
        serving.terminate()
        serving.wait(20)
        subprocess.run([binary, "ledger", "export", str(node), "--cose", "--out", str(out)], check=True)
        keys = {
            bytes.fromhex(file.stem): bytes.fromhex(file.read_text().strip()) for file in out.glob("*.key")
        }
        objects = sorted(out.glob("*.cose"))
        assert len(objects) >= 3, f"{len(objects)} objects"
        for file in objects:
            data = file.read_bytes()
            assert verifies(data, keys), file.name
            changed = bytearray(data)
            # The last byte of the signature: the object stays well-formed.
            changed[-1] ^= 1
            assert not verifies(bytes(changed), keys), f"{file.name} changed"
    print(f"pycose: {len(objects)} records verify, as many changed ones do not")


if __name__ == "__main__":
    main()
