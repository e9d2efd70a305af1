"""The command `jiezhang` for a shell that types hundreds of them, without waiting for Python each time.

One process imports the program once, and forks for every command typed; the command that is typed only hands over its
words, folder, environment and files. `tests/cli` starts the program as it is installed.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

PACKAGES = ("jiezhang", "importers", "plugins", "reports")
KILLED = 137

_TYPED = """#!{python} -ISE
import json, os, socket, sys
program = socket.socket(socket.AF_UNIX)
program.connect({path!r})
asked = {{"words": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}}
socket.send_fds(program, [json.dumps(asked).encode() + b"\\n"], [0, 1, 2])
answer = program.recv(1)
sys.exit(answer[0] if answer else {killed})
"""


@cache
def folder() -> Path:
    """A folder for `PATH`, with the command in it; the process behind it ends with this one."""
    place = tempfile.TemporaryDirectory()
    path = Path(place.name) / "socket"
    server = subprocess.Popen([sys.executable, __file__, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(place.cleanup)
    atexit.register(server.kill)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    typed = Path(place.name) / "bin" / "jiezhang"
    typed.parent.mkdir()
    typed.write_text(_TYPED.format(python=sys.executable, path=str(path), killed=KILLED))
    typed.chmod(0o700)
    return typed.parent


def _import_all() -> None:
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)


def _serve(path: str) -> None:
    """Until standard input ends."""
    _import_all()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as waiting:
        listening.bind(path)
        listening.listen()
        waiting.register(listening, selectors.EVENT_READ)
        waiting.register(0, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print("ready", flush=True)
        while all(key.fileobj is listening for key, _event in waiting.select()):
            asking, _address = listening.accept()
            if os.fork() == 0:
                listening.close()
                _answer(asking)
            asking.close()


def _answer(asking: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said, files, _flags, _address = socket.recv_fds(asking, 1 << 20, 3)
    while not said.endswith(b"\n"):
        said += asking.recv(1 << 20)
    asked = json.loads(said)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["jiezhang", *asked["words"]]
    code = 1
    try:
        code = _run()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        asking.send(bytes([code]))
        os._exit(0)


def _run() -> int:
    from jiezhang.cli.main import main

    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
