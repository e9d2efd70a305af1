"""Backup and restore: a drill, and every backup that must not be restored."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from jiezhang.book.layout import StreetFolder
from jiezhang.cli.main import main
from jiezhang.domain.problem import Refused
from jiezhang.office.acts import Acts
from jiezhang.office.backup import back_up, restore
from jiezhang.office.home import open_home
from jiezhang.office.operation_log import NOBODY, Asked, OperationLog
from jiezhang.office.repository import open_repository
from tests.conftest import PEOPLE, snapshot

Members = list[tuple[tarfile.TarInfo, bytes]]


def now() -> datetime:
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def acts(street: StreetFolder, tmp_path: Path) -> Acts:
    home = open_home(street, tmp_path / "home")
    (home.path / "oidc.toml").write_text("client_secret = '密'\n", "utf-8")
    acts = Acts(home, street, OperationLog(home), open_repository(street, now(), home))
    note = street.path / "C0007/register/note.txt"
    acts.carry_out(PEOPLE[0], "complete", "C0007", "写一张便条", lambda: note.write_text("一", "utf-8"), now)
    (street.path / "inbox").mkdir(exist_ok=True)
    return acts


@pytest.fixture
def backup(acts: Acts, tmp_path: Path) -> Path:
    file = tmp_path / "kept" / "b.tar"
    file.parent.mkdir()
    back_up(acts, file, NOBODY, now)
    return file


def run(home: Path, *words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(word) for word in words], env={"JIEZHANG_HOME": str(home)})
    return result.exit_code, result.output


def git(street: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=street, capture_output=True, check=True, text=True).stdout


def test_the_drill(acts: Acts, tmp_path: Path) -> None:
    """All is lost but the backup: the office goes on from it as it was."""
    street, home, file = acts.street.path, acts.home.path, tmp_path / "b.tar"
    code, printed = run(home, "-C", street, "--as", "T01", "backup", file)
    assert code == 0
    assert printed.startswith(f"{file}：")
    before, logged = snapshot(street), acts.log.search(Asked(), None)
    assert logged[0].person == "T01"
    shutil.rmtree(street)
    shutil.rmtree(home)

    place, other = tmp_path / "again" / "street", tmp_path / "other"
    code, printed = run(other, "restore", file, place)
    assert (code, printed.splitlines()[-1]) == (0, "检查账簿、验证封月、核对操作日志：0 处不符。")
    assert snapshot(place).keys() - NOT_KEPT == before.keys() - NOT_KEPT
    assert all(data == before[name] for name, data in snapshot(place).items() if name not in NOT_KEPT)
    assert (place / "inbox").is_dir()
    assert git(place, "status", "--porcelain") == ""
    again = open_home(StreetFolder(place), other)
    log = OperationLog(again)
    assert log.search(Asked(), None)[1:] == logged
    assert log.search(Asked(), 1)[0].content == f"由 b.tar 恢复（{logged[0].time} 的备份）"
    assert (other / "oidc.toml").read_text("utf-8") == "client_secret = '密'\n"
    assert stat.S_IMODE((other / "office.sqlite").stat().st_mode) == 0o600
    assert {path.name for path in other.iterdir()} <= {
        ".lock", "identity", "locks", "oidc.toml", "office.sqlite", "office.sqlite-wal", "office.sqlite-shm",
    }  # fmt: skip

    acts = Acts(again, StreetFolder(place), log, open_repository(StreetFolder(place), now(), again))
    acts.carry_out(PEOPLE[0], "complete", "C0007", "接着办", lambda: (place / "C0007/more.txt").touch(), now)
    assert acts.verify() == []


NOT_KEPT = {".git/index", ".git/jiezhang-home", ".git/COMMIT_EDITMSG"}
"""Made anew, each home being another; and git's own scratch."""


HOSTILE = {
    "config": "[core]\n\tfsmonitor = {run}\n\tsshCommand = {run}\n\tpager = {run}\n[filter \"x\"]\n"
              "\tclean = {run}; cat\n\tprocess = {run}\n[diff \"x\"]\n\ttextconv = {run}\n[alias]\n"
              "\tstatus = !{run}\n[log]\n\tshowSignature = true\n[gpg]\n\tprogram = {run}\n",
    "config.worktree": "[filter \"x\"]\n\tclean = {run}; cat\n",
    "info/attributes": "* filter=x diff=x\n",
    "info/grafts": "0\n",
    "hooks/pre-commit": "#!/bin/sh\n{run}\n",
    "hooks/post-index-change": "#!/bin/sh\n{run}\n",
    "objects/info/alternates": "/elsewhere\n",
    "commondir": "/elsewhere\n",
}  # fmt: skip


def test_a_backups_own_settings_run_nothing(acts: Acts, tmp_path: Path) -> None:
    """A filter, a monitor and hooks of whoever made the backup; the first git shows that they do run as they stand."""
    street, ran, file = acts.street.path, tmp_path / "ran", tmp_path / "b.tar"
    back_up(acts, file, NOBODY, now)
    with_settings = street.parent / "hostile.tar"
    members = read(file)
    for name, text in HOSTILE.items():
        hostile = Path(".git", name)
        members = [one for one in members if one[0].name != f"street/{hostile}"]
        add(f"street/{hostile}", content=text.format(run=f"touch {ran}").encode(), mode=0o755)(members)
    write(with_settings, members)
    with tarfile.open(with_settings) as tar:
        tar.extractall(tmp_path / "plain", filter="data")
    plain = tmp_path / "plain/street"
    (plain / ".git/commondir").unlink()
    (plain / "street.toml").write_bytes((plain / "street.toml").read_bytes() + b"\n")
    subprocess.run(["git", "status"], cwd=plain, capture_output=True, check=False)
    assert ran.exists()
    ran.unlink()

    place, other = tmp_path / "again", tmp_path / "other"
    code, printed = run(other, "restore", with_settings, place)
    assert (code, printed.splitlines()[-1]) == (0, "检查账簿、验证封月、核对操作日志：0 处不符。")
    again = open_home(StreetFolder(place), other)
    back = Acts(again, StreetFolder(place), OperationLog(again), open_repository(StreetFolder(place), now(), again))
    back.carry_out(PEOPLE[0], "complete", "C0007", "接着办", lambda: (place / "C0007/more.txt").touch(), now)
    assert back.verify() == []
    git(place, "status")
    assert not ran.exists()
    left = {path.relative_to(place / ".git").as_posix() for path in (place / ".git").rglob("*")}
    assert left & HOSTILE.keys() == {"config", "info/attributes"}
    assert "filter=x" not in (place / ".git/info/attributes").read_text("utf-8")


def test_only_its_owner_reads_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir()] == ["b.tar"]


def test_a_backup_holds_what_was_changed_past_the_office_as_a_commit(acts: Acts, tmp_path: Path) -> None:
    (acts.street.path / "C0007/hand.txt").write_text("手写", "utf-8")
    back_up(acts, tmp_path / "b.tar", NOBODY, now)
    assert not acts.repository.changed(["."])


def linked(acts: Acts) -> None:
    (acts.street.path / "inbox/link").symlink_to("/etc/passwd")


def test_what_cannot_be_backed_up(acts: Acts, tmp_path: Path) -> None:
    taken = tmp_path / "taken.tar"
    taken.touch()
    for file, said in [
        (taken, "文件已经存在，请换一个名字"),
        (acts.street.path / "b.tar", "备份不得放在街道文件夹里"),
        (acts.home.path / "b.tar", "备份不得放在街道文件夹里"),
    ]:
        with pytest.raises(Refused, match=said):
            back_up(acts, file, NOBODY, now)
    linked(acts)
    with pytest.raises(Refused, match="不能有链接等特殊文件"):
        back_up(acts, tmp_path / "b.tar", NOBODY, now)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "street", "taken.tar"]


def read(file: Path) -> Members:
    with tarfile.open(file) as tar:
        return [(one, content.read() if (content := tar.extractfile(one)) else b"") for one in tar]


def rewrite(file: Path, change: Callable[[Members], object]) -> None:
    members = read(file)
    change(members)
    write(file, members)


def write(file: Path, members: Members) -> None:
    with tarfile.open(file, "w") as tar:
        for info, content in members:
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def add(
    name: str, kind: bytes = tarfile.REGTYPE, link: str = "", content: bytes = b"x", mode: int = 0o644
) -> Callable[[Members], object]:
    """Put something more in, with its digest in the manifest."""

    def change(members: Members) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.mode = kind, link, mode
        manifest, listed = members.pop()
        said = json.loads(listed)
        said["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        members += [(info, content if kind == tarfile.REGTYPE else b""), (manifest, json.dumps(said).encode())]

    return change


def at(members: Members, name: str) -> int:
    return next(place for place, (info, _) in enumerate(members) if info.name == name)


def toml_changed(members: Members) -> None:
    place = at(members, "street/street.toml")
    info, content = members[place]
    members[place] = (info, content.replace("长吴".encode(), "短吴".encode()))


def newer(members: Members) -> None:
    info, content = members[-1]
    members[-1] = (info, content.replace(b'"format": 1', b'"format": 2'))


def gitfile(members: Members) -> None:
    """A repository that lies elsewhere, with settings of its own."""
    members[:] = [one for one in members if not one[0].name.startswith("street/.git")]
    add("street/.git", content=b"gitdir: /elsewhere\n")(members)


def leading(name: str, text: str) -> Callable[[Members], object]:
    """A branch that is none, or whose file would lie elsewhere."""

    def change(members: Members) -> None:
        members[:] = [one for one in members if one[0].name != f"street/.git/{name}"]
        add(f"street/.git/{name}", content=text.encode())(members)

    return change


def without_objects(members: Members) -> None:
    gone = [info.name for info, _ in members if info.name.startswith("street/.git/objects/") and info.isreg()]
    members[:] = [one for one in members if one[0].name not in gone]
    manifest, listed = members.pop()
    said = json.loads(listed)
    said["files"] = {name: entry for name, entry in said["files"].items() if name not in gone}
    members.append((manifest, json.dumps(said).encode()))


LEADING = [
    "ref: refs/heads/../../../../PWN\n",
    "ref: refs/heads/../../../../other/oidc.toml\n",
    "ref: refs/heads/new/../../x\n",
    "ref: refs/heads//PWN\n",
    "ref: refs/heads/.PWN\n",
    "ref: refs/heads/PWN.lock\n",
    "ref: refs/heads/a b\n",
    "ref: refs/heads/\n",
    "ref: refs/tags/main\n",
    "ref: HEAD\n",
    "zzz",
]
UNREADABLE = "备份里的版本库读不懂，不能恢复"
OUTSIDE, ODD, PART = "备份里有指向别处的文件名", "备份里有不该有的内容", "不是街账的备份文件，或不完整"
BROKEN = [
    (toml_changed, "备份里的 street/street.toml 与备份时的指纹不符"),
    (lambda members: members.pop(at(members, "street/street.toml")), "street/street.toml 与备份时的指纹不符"),
    (lambda members: members.insert(0, (tarfile.TarInfo("street/more"), b"x")), "street/more 与备份时的指纹不符"),
    (lambda members: members.pop(), PART),
    (lambda members: members.append(members[0]), ODD),
    (lambda members: members.insert(0, members[at(members, "street/street.toml")]), ODD),
    (newer, "备份的清单读不懂"),
    (add("../climbed"), OUTSIDE),
    (add("street/../../climbed"), OUTSIDE),
    (add("/climbed"), OUTSIDE),
    (add("home/../../climbed"), OUTSIDE),
    (add("elsewhere/climbed"), OUTSIDE),
    (add("street/link", tarfile.SYMTYPE, "/etc"), ODD),
    (add("street/link", tarfile.LNKTYPE, "street/street.toml"), ODD),
    (add("street/pipe", tarfile.FIFOTYPE), ODD),
    (add("street/C0007/.git/config"), ODD),
    (add("street/C0007/.git"), ODD),
    (add("street/.GIT/config"), ODD),
    (add("home/.git/config"), ODD),
    (gitfile, ODD),
    (add("street/inbox/" + "a/" * 1500 + "b"), OUTSIDE),
    *((leading("HEAD", text), UNREADABLE) for text in LEADING),
    *((leading("refs/heads/main", f"ref: {name}\n"), UNREADABLE) for name in ("refs/../../../PWN", "HEAD", "/PWN")),
    (leading("packed-refs", "# pack-refs with: peeled\nzzz\n"), UNREADABLE),
    (leading("packed-refs", f"{'0' * 40} refs/heads/../../../../PWN\n"), UNREADABLE),
    (without_objects, "备份里的版本库读不出来，不能恢复：git log: "),
]


@pytest.mark.parametrize(("change", "said"), BROKEN)
def test_a_broken_or_forged_backup_is_refused(
    backup: Path, tmp_path: Path, change: Callable[[Members], object], said: str
) -> None:
    rewrite(backup, change)
    refused(backup, tmp_path, said)


def refused(backup: Path, tmp_path: Path, said: str) -> None:
    """`Refused`, and nothing is left anywhere."""
    place = StreetFolder(tmp_path / "again")
    home = open_home(place, tmp_path / "other")
    before = sorted(path for path in tmp_path.rglob("*"))
    with pytest.raises(Refused, match=said):
        restore(backup, place, home, NOBODY, now)
    assert sorted(path for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("length", [0, 100, 5_000, 20_000])
def test_a_backup_cut_short_is_refused(backup: Path, tmp_path: Path, length: int) -> None:
    backup.write_bytes(backup.read_bytes()[:length])
    refused(backup, tmp_path, PART)


def test_a_place_that_is_taken_is_refused(backup: Path, acts: Acts, tmp_path: Path) -> None:
    place = tmp_path / "again"
    with pytest.raises(Refused, match="已有登录账号和操作日志"):
        restore(backup, StreetFolder(place), acts.home, NOBODY, now)
    place.mkdir()
    (place / "mine.txt").touch()
    with pytest.raises(Refused, match="已经存在而且不是空的"):
        restore(backup, StreetFolder(place), open_home(StreetFolder(place), tmp_path / "other"), NOBODY, now)
    (place / "mine.txt").unlink()
    restore(backup, StreetFolder(place), open_home(StreetFolder(place), tmp_path / "other"), NOBODY, now)
    assert (place / "street.toml").is_file()
