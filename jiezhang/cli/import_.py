"""`jiezhang import`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from .terminal import actor_of, json_option, print_json, progress, refusals, street_of


@click.command(name="import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[文件或文件夹]...")
@click.option("--account", default="", metavar="账号", help="文件里没有账号时，指明属于哪个账号。")
@click.option("--columns", type=click.Path(path_type=Path), metavar="对照表", help="其他银行的表格：列对照表。")
@json_option
@click.pass_context
def command(
    context: click.Context, files: tuple[Path, ...], account: str, columns: Path | None, as_json: bool
) -> None:
    """导入银行、微信、支付宝的对账单；缺省导入街道文件夹下 inbox 里的全部文件。

    每个文件先验证余额连续、合计相符，全部通过才入账；重复导入不会重复记账。
    """
    from importers.plain_table import load_column_map
    from jiezhang.street.importing import import_files

    with refusals():
        street = street_of(context)
        column_map = load_column_map(columns) if columns else None
        report = import_files(
            street,
            files or ([street.inbox] if street.inbox.exists() else []),
            actor_of(context, street).id,
            account=account,
            column_map=column_map,
            today=date.today(),  # noqa: DTZ011 - the day in the office, as the bank counts
            progress=progress,
        )
    new = sum(count.new for count in report.counts)
    proposed = sum(count.proposed for count in report.counts)
    if as_json:
        print_json(
            {
                "files": report.files,
                "kept": report.kept,
                "rows": sum(count.rows for count in report.counts),
                "new": new,
                "proposed": proposed,
                "waiting": new - proposed,
                "statements": [
                    {"file": c.source, "account": c.account, "rows": c.rows, "new": c.new, "proposed": c.proposed}
                    for c in report.counts
                ],
            }
        )
        return
    if not report.files:
        where = "、".join(map(str, files or [street.inbox]))
        click.echo(f"{where} 里没有对账单：从网银下载当月明细（Excel 或 CSV），不打开、不改名，放进去再导入。")
        return
    rows = sum(count.rows for count in report.counts)
    click.echo(f"读取 {report.files} 个文件，{rows} 笔流水，余额全部验证相符。")
    click.echo(f"新入账 {new} 笔，其余 {rows - new} 笔以前已导入。")
    click.echo(f"按合同和规则提出对方科目 {proposed} 笔，待查明 {new - proposed} 笔。")
