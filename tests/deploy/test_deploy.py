"""The files of deploy/: what they name exists, what they run the program has, and the units are tight."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from jiezhang.cli.main import COMMANDS, main
from jiezhang.web.guard import UPLOAD_BYTES_MAX
from jiezhang.web.machine_routes import HEALTH, METRICS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
HARDENED = ("jiezhang.service", "jiezhang-backup.service")
DOMAIN = "zhang.example.cn"

CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
STEPS = [line.split(maxsplit=1) for line in CONTAINERFILE.splitlines() if line.strip() and not line.startswith("#")]


_RUN = re.compile(rf"(?:bin/jiezhang|(?<![\w/-])jiezhang|街账) ((?:-C|--as|(?:{'|'.join(COMMANDS)})\b)[^'`|#\n]*)")
"""What is run, in a unit, a shell block or between backticks."""


def unit(name: str) -> dict[str, dict[str, str]]:
    """A unit's sections; of a key written twice, both values."""
    found: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in (UNITS / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section[key] = f"{section[key]} {value}" if key in section else value
    return found


def steps(instruction: str) -> list[str]:
    return [rest for word, rest in STEPS if word == instruction]


def test_the_image_is_made_of_what_is_there() -> None:
    known = {"FROM", "ENV", "RUN", "WORKDIR", "COPY", "VOLUME", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK"}
    assert {word for word, _ in STEPS} == known | {"ENTRYPOINT", "CMD"}
    copied = [source for step in steps("COPY") for source in step.split()[:-1]]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages <= set(copied), "a package the program imports"
    assert {"pyproject.toml", "requirements.lock", "README.md", "LICENSE"} <= set(copied)


def test_the_image_is_safe() -> None:
    order = [word for word, _ in STEPS]
    assert steps("USER") == ["jiezhang"]
    assert order.index("USER") > max(at for at, word in enumerate(order) if word in ("RUN", "COPY"))
    assert "--require-hashes" in CONTAINERFILE
    assert steps("FROM") == ["docker.io/library/python:3.11-slim"]
    volumes = steps("VOLUME")[0]
    assert "/srv/street" in volumes
    assert "JIEZHANG_HOME=/srv/home" in CONTAINERFILE and "/srv/home" in volumes
    assert HEALTH in steps("HEALTHCHECK")[0]


def command_lines() -> Iterator[tuple[str, str]]:
    """Every line of deploy/ that runs jiezhang, without what stands before the program."""
    entry = re.findall(r'"([^"]+)"', steps("ENTRYPOINT")[0])
    yield "Containerfile", shlex.join([*entry, *re.findall(r'"([^"]+)"', steps("CMD")[0])])
    for file in (*UNITS.glob("*.service"), DEPLOY / "README.md", ROOT / "docs/handbook/安装和运行.md"):
        for line in file.read_text("utf-8").replace("\\\n", " ").splitlines():
            yield from ((file.name, f"jiezhang {found}") for found in _RUN.findall(line) if "$@" not in found)


def test_lines_are_found_in_every_file() -> None:
    found = [name for name, _ in command_lines()]
    assert set(found) == {"Containerfile", *HARDENED, "README.md", "安装和运行.md"}


@pytest.mark.parametrize(("file", "line"), sorted(command_lines()))
def test_commands_are_the_programs(file: str, line: str) -> None:
    """Read by the program itself, option by option, down to the command."""
    words = [word.replace("%%", "%") for word in shlex.split(line)[1:]]
    context = main.make_context("jiezhang", words)
    command: click.Command = main
    while isinstance(command, click.Group) and (left := [*context._protected_args, *context.args]):
        name, found, rest = command.resolve_command(context, left)
        assert found is not None, file
        command = found
        context = command.make_context(name, rest, parent=context)
    assert command is not main, line


@pytest.mark.parametrize("name", sorted(path.name for path in UNITS.iterdir()))
def test_units(name: str, tmp_path: Path) -> None:
    """As systemd reads them, with the program where it is here."""
    assert ConfigParser(strict=False, interpolation=None, allow_no_value=True).read(UNITS / name, "utf-8")
    if shutil.which("systemd-analyze") is None:
        return
    placed = tmp_path / "units"
    shutil.copytree(UNITS, placed)
    for file in placed.iterdir():
        file.write_text(file.read_text("utf-8").replace("/opt/jiezhang/.venv/bin/jiezhang", "/bin/true"), "utf-8")
    judged = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(placed / name)], capture_output=True, text=True, check=False
    )
    assert [line for line in judged.stderr.splitlines() if "jiezhang" in line] == []
    assert judged.returncode == 0, judged.stderr


@pytest.mark.parametrize("name", HARDENED)
def test_services_are_shut_in(name: str) -> None:
    service = unit(name)["Service"]
    wanted = {
        "User": "jiezhang", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
        "PrivateDevices": "yes", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "UMask": "0077",
        "RestrictSUIDSGID": "yes", "RestrictNamespaces": "yes", "StateDirectoryMode": "0700",
    }  # fmt: skip
    assert {key: service.get(key) for key in wanted} == wanted
    assert service["Environment"] == "JIEZHANG_HOME=/var/lib/jiezhang/home"
    assert service["ReadWritePaths"].split()[0] == "/srv/jiezhang/street"
    if shutil.which("systemd-analyze") is not None:
        said = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(UNITS / name)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert said.returncode == 0, said.stdout[-200:] + said.stderr


def test_the_backup_runs_every_night_to_another_disk() -> None:
    timer = unit("jiezhang-backup.timer")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"
    place = unit("jiezhang-backup.service")["Service"]["ReadWritePaths"].split()[1]
    assert not place.startswith(("/srv", "/var", "/opt"))


def test_server_and_proxies_agree() -> None:
    serving = unit("jiezhang.service")["Service"]["ExecStart"]
    port = re.search(r"--port (\d+)", serving)
    assert port is not None
    for name in ("nginx.conf", "Caddyfile"):
        text = (DEPLOY / name).read_text("utf-8")
        assert f"127.0.0.1:{port[1]}" in text
        assert DOMAIN in text and f"--name {DOMAIN}" in serving
        assert "Strict-Transport-Security" in text
        assert METRICS in text
        megabytes = re.search(r"(?:client_max_body_size|max_size) (\d+)M?i?B?m?", text)
        assert megabytes is not None
        assert int(megabytes[1]) * 1024 * 1024 == UPLOAD_BYTES_MAX
        assert text.count("{") == text.count("}")
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in nginx
    assert "--proxy 127.0.0.1" in serving


def test_the_page_names_every_file() -> None:
    text = (DEPLOY / "README.md").read_text("utf-8")
    named = set(re.findall(r"^\| \[([^\]]+)\]\(\1\) \|", text, re.MULTILINE))
    assert named == {
        path.relative_to(DEPLOY).as_posix() for path in DEPLOY.rglob("*") if path.is_file() and path.name != "README.md"
    }
