"""Click's own words in Chinese: the frame of a help text, and what is wrong with a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

_HEADINGS = {"Options": "选项", "Commands": "命令"}
_WORDS = {
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 …",
    "Show this message and exit.": "显示本说明。",
    "Show the version and exit.": "显示版本。",
    "[required]": "[必填]",
    "[default: ": "[缺省 ",
}

_EXTRA = re.compile(r"unexpected extra arguments? \((.+)\)")


def _translated(text: str) -> str:
    for english, chinese in _WORDS.items():
        text = text.replace(english, chinese)
    return text


class ChineseFormatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        del prefix
        super().write_usage(prog, _translated(args), "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(term, _translated(text)) for term, text in rows], col_max, col_spacing)


class ChineseContext(click.Context):
    formatter_class = ChineseFormatter


def in_chinese(command: click.Command) -> click.Command:
    """`command` and its subcommands, with help in Chinese."""
    command.context_class = ChineseContext
    if isinstance(command, click.Group):
        for below in command.commands.values():
            in_chinese(below)
    return command


def usage_fault(wrong: click.UsageError) -> str:
    """One sentence on what is wrong with the command line, and where to read how it is written; or the help itself."""
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        return wrong.message
    where = wrong.ctx.command_path if wrong.ctx else "jiezhang"
    return f"{_fault(wrong)}；写法见 {where} --help"


def _fault(wrong: click.UsageError) -> str:
    match wrong:
        case click.MissingParameter(param=click.Parameter() as param):
            return f"没有写{_name(param, before=' ')}"
        case click.BadParameter(param=click.Parameter() as param):
            return f"{_name(param, after=' ')}不对：{_reason(param.type, wrong.message)}"
        case click.NoSuchOption(option_name=name):
            return f"没有选项 {name}"
        case click.BadOptionUsage(option_name=name):
            return f"选项 {name} 后面没有写值，或不应写值"
        case click.exceptions.NoSuchCommand(command_name=name):
            return f"没有命令 {name}"
        case _:
            extra = _EXTRA.search(wrong.message)
            return f"多写了 {extra[1]}" if extra else f"命令写法不对（{wrong.message}）"


def _name(param: click.Parameter, before: str = "", after: str = "") -> str:
    """An option by its own name, with spaces about it, or an argument by its Chinese word, without."""
    return f"{before}{param.opts[0]}{after}" if isinstance(param, click.Option) else str(param.metavar or param.name)


def _reason(kind: click.ParamType[Any], message: str) -> str:
    match kind:
        case click.Choice(choices=choices):
            return f"只能是 {'、'.join(map(str, choices))}"
        case click.IntRange(min=least, max=most):
            return f"应是 {least} 到 {most} 的整数"
        case click.DateTime():
            return "应写成 2026-01-01 的样子"
        case _ if kind is click.INT:
            return "应是整数"
        case _:
            return message
