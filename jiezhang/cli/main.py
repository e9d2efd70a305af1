"""The command `jiezhang`: each subcommand is one module of `jiezhang.cli`, loaded when it is called."""

from __future__ import annotations

import importlib
import io
import sys
from typing import Any

import click

import jiezhang

from .acting import carried_out
from .speaking import ChineseContext, in_chinese, usage_fault

COMMANDS = {
    "new": "new",
    "import": "import_",
    "complete": "complete",
    "attach": "attach",
    "review": "review",
    "post": "post",
    "correct": "correct",
    "voucher": "voucher",
    "check": "check",
    "reconcile": "reconcile",
    "attest": "attest",
    "close": "close",
    "verify": "verify",
    "disclose": "disclose",
    "resolve": "resolve",
    "vote": "vote",
    "seal": "seal",
    "fund": "fund",
    "levy": "levy",
    "project": "project",
    "rules": "rules",
    "packs": "packs",
    "query": "query",
    "log": "log",
    "backup": "backup",
    "restore": "restore",
    "serve": "serve",
    "user": "user",
    "sample": "sample",
}

ABORTED = 130
"""What a shell reports for Ctrl-C."""


class LazyGroup(click.Group):
    """Subcommands by name; a command's imports cost nothing until it runs."""

    context_class = ChineseContext

    def main(self, *args: Any, **extra: Any) -> Any:
        """Click's own, but what is wrong with a command line is said in one Chinese sentence."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be no text; say it as stderr does
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.UsageError as wrong:
            click.echo(usage_fault(wrong), err=True)
            sys.exit(wrong.exit_code)
        except click.Abort:
            click.echo("已中止。", err=True)
            sys.exit(ABORTED)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Click's own; what changes the books of an office at work is an act there."""
        words = [*ctx._protected_args, *ctx.args]
        return carried_out(ctx, words, lambda: super(LazyGroup, self).invoke(ctx)) if words else super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"jiezhang.cli.{COMMANDS[cmd_name]}")
        command = module.command
        assert isinstance(command, click.Command)
        return in_chinese(command)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "street", default=".", metavar="街道", help="街道文件夹，缺省为当前文件夹。")
@click.option("--as", "actor", envvar="JIEZHANG_AS", metavar="编号", help="谁在办，缺省取环境变量 JIEZHANG_AS。")
@click.option(
    "--home", envvar="JIEZHANG_HOME", metavar="文件夹",
    help="登录账号和操作日志在哪里，缺省取环境变量 JIEZHANG_HOME，再缺省在自己的 ~/.local/state 里。",
)  # fmt: skip
@click.version_option(jiezhang.__version__, prog_name="jiezhang", message="%(prog)s %(version)s")
def main(street: str, actor: str | None, home: str | None) -> None:
    """街账：街道办事处为所辖小区记账、对账、公示。"""
    del street, actor, home
