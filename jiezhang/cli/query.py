"""`jiezhang query`."""

from __future__ import annotations

import csv
import io
import sys

import click

from .terminal import chosen, compound_option, json_option, print_json, refusals, street_of


@click.command()
@click.argument("query", metavar="查询")
@compound_option
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV，第一列是小区。")
@json_option
@click.pass_context
def command(context: click.Context, query: str, codes: tuple[str, ...], as_csv: bool, as_json: bool) -> None:
    """用 BQL 查询账簿，例如 "SELECT date, narration, position WHERE account ~ '4001'"。

    除 Beancount 自己的表之外，维修资金还有 #dwellings（户册）、#buildings（各幢）和 #households（分户账），三方对账还有
    #reconciliations（各方签署）、#differences（差异）和 #seals（封月）。
    """
    from jiezhang.street.querying import query_street

    with refusals():
        street = street_of(context)
        answers = query_street(street, chosen(street, codes), query)
    for one in answers:
        if one.faults:
            click.echo(f"注意：{one.code} 的账簿有 {one.faults} 处错误，查到的未必可信。", err=True)
    if as_json:
        print_json([{"compound": one.code, **dict(zip(one.columns, row, strict=True))}
                    for one in answers for row in one.rows])
    elif as_csv:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["compound", *(answers[0].columns if answers else ())])
        writer.writerows([one.code, *row] for one in answers for row in one.rows)
        sys.stdout.write(out.getvalue())
    else:
        for one in answers:
            click.echo(one.text if len(answers) == 1 else f"{one.code}\n{one.text}", nl=False)
