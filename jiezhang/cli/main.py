"""The command `jiezhang`: each subcommand is one module of `jiezhang.cli`, loaded when it is called."""

from __future__ import annotations

import importlib

import click

import jiezhang

COMMANDS = {
    "new": "new",
    "import": "import_",
    "complete": "complete",
    "post": "post",
    "check": "check",
    "reconcile": "reconcile",
    "disclose": "disclose",
    "serve": "serve",
    "sample": "sample",
}


class LazyGroup(click.Group):
    """Subcommands by name; a command's imports cost nothing until it runs."""

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
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "street", default=".", metavar="街道", help="街道文件夹，缺省为当前文件夹。")
@click.version_option(jiezhang.__version__, prog_name="jiezhang", message="%(prog)s %(version)s")
def main(street: str) -> None:
    """街账：街道办事处为所辖小区记账、对账、公示。"""
    del street
