"""Nothing half-written, one writer at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from jiezhang.book.write import lock, write_atomically

KILLED_WRITER = """
import sys
from pathlib import Path
from jiezhang.book.write import write_atomically
path, size = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
while True:
    for letter in b"AB":
        write_atomically(path, bytes([letter]) * size)
"""


def test_a_killed_writer_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "book.beancount"
    size = 200_000
    write_atomically(path, b"A" * size)
    for attempt in range(12):
        writer = subprocess.Popen([sys.executable, "-c", KILLED_WRITER, str(path), str(size)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.003 * attempt)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        content = path.read_bytes()
        assert content in (b"A" * size, b"B" * size)


def test_a_writer_waits_for_the_lock(tmp_path: Path) -> None:
    order: list[str] = []
    child = f"""
from pathlib import Path
from jiezhang.book.write import lock
with lock(Path({str(tmp_path)!r})):
    print("in", flush=True)
"""
    with lock(tmp_path):
        other = subprocess.Popen([sys.executable, "-c", child], stdout=subprocess.PIPE, text=True)
        time.sleep(0.5)
        order.append("first leaves")
        assert other.poll() is None
    assert other.stdout is not None
    order.append(other.stdout.readline().strip())
    other.wait()
    other.stdout.close()
    assert order == ["first leaves", "in"]


def test_readers_share(tmp_path: Path) -> None:
    with lock(tmp_path, shared=True), lock(tmp_path, shared=True):
        assert os.path.exists(tmp_path / ".lock")  # noqa: PTH110
