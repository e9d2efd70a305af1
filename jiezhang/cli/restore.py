"""`jiezhang restore`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiezhang.book.layout import StreetFolder

from .office_options import acts_of, home_of, now
from .resolve_options import FILE
from .terminal import BOOKS_WRONG, progress, refusals

if TYPE_CHECKING:
    from jiezhang.office.acts import Acts


@click.command()
@click.argument("file", type=FILE, metavar="备份.tar")
@click.argument("folder", type=FILE, metavar="文件夹")
@click.pass_context
def command(context: click.Context, file: Path, folder: Path) -> None:
    """恢复：把备份放进一个空的文件夹，再检查账簿、验证封月和操作日志。有一处不符的退出码为 1。"""
    from jiezhang.office.backup import restore
    from jiezhang.office.operation_log import NOBODY

    street = StreetFolder(folder.absolute())
    with refusals():
        home = home_of(context, street)
        kept = restore(file, street, home, NOBODY, now)
        click.echo(f"{folder}：恢复 {kept.files} 个文件，登录账号和操作日志在 {home.path}。")
        faults = _faults(street, acts_of(context, street))
    for fault in faults:
        click.echo(fault)
    click.echo(f"检查账簿、验证封月、核对操作日志：{len(faults)} 处不符。")
    sys.exit(BOOKS_WRONG if faults else 0)


def _faults(street: StreetFolder, acts: Acts) -> list[str]:
    """What is wrong with a street that was put in place, by everything that can tell."""
    from jiezhang.office.git_run import GitFailed
    from jiezhang.office.log_verify import LogFault
    from jiezhang.street.checking import check_street
    from jiezhang.street.verifying import trust_from, verify_street

    folders = street.compounds()
    found = [str(fault) for check in check_street(street, folders, progress) for fault in check.faults]
    verified = verify_street(street, folders, trust_from(street, ()), (), (), progress)
    found += [f"{fault.place}：{fault.message}" for one in verified for fault in one.faults]
    found += [fault.message for fault in acts.verify()]
    try:
        differs = acts.repository.changed(["."])
    except GitFailed:  # of which `verify` has told
        differs = True
    if differs:
        found.append(LogFault(0, "街道文件夹与版本库最后一次存入的不同").message)
    return found
