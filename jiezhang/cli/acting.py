"""A command that changes the books of an office at work is an act, as on the web: logged, and committed by who did it.

Where the street is no repository, or no office was ever opened for it, a command is just a command.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from jiezhang.domain.problem import ManyRefused, Refused

from .speaking import usage_fault
from .terminal import NOT_DONE, actor_of, refusals, street_of

CHANGING = frozenset(
    {"import", "complete", "attach", "review", "post", "correct", "close", "vote"}
    | {f"new {name}" for name in ("compound", "account", "register", "change", "main")}
    | {f"resolve {name}" for name in ("new", "stage", "bid", "open-bid", "publish", "file", "object", "answer")}
    | {f"attest {name}" for name in ("present", "sign", "explain")}
    | {f"seal {name}" for name in ("enrol", "end", "set")}
    | {f"levy {name}" for name in ("new", "correct")}
    | {f"fund {name}" for name in ("distribute", "lose", "correct", "withdraw")}
    | {f"packs {name}" for name in ("propose", "approve")}
)
"""Commands that write to the street."""

_OF_THE_STREET = frozenset({"new", "packs"})
"""They write beside the compounds' folders too, or name a compound that is not there yet."""

_SECRET = frozenset({"--key", "--cert", "--cert-key", "--p12"})


def carried_out(context: click.Context, words: Sequence[str], run: Callable[[], Any]) -> Any:
    """What `run` gives: the command `words`, as an act of whom `--as` names where an office is at work."""
    params = context.find_root().params
    if not params.get("actor") or not {words[0], " ".join(words[:2])} & CHANGING or {"-h", "--help"} & set(words):
        return run()
    from jiezhang.office.home import known_home, refuse_strange

    street = street_of(context)
    home = known_home(street, Path(params["home"]) if params.get("home") else None)
    with refusals():
        refuse_strange(street, home)
    if home is None or not (street.path / ".git" / "HEAD").is_file():
        return run()
    from .office_options import acts_of, now

    ended: list[BaseException] = []
    with refusals():
        actor, acts = actor_of(context, street), acts_of(context, street)
        named = () if words[0] in _OF_THE_STREET else pairwise(words)
        codes = [code for option, code in named if option == "--compound"]
        try:
            result = acts.carry_out(actor, "command", codes or None, shown(words), lambda: _done(run, ended), now)
        except (Refused, ManyRefused):
            if not ended:
                raise
    if ended:
        raise ended[0]
    return result


def shown(words: Sequence[str]) -> str:
    """A command line as the log keeps it: without where somebody's key lies."""
    kept = ["jiezhang"]
    for before, word in zip(["", *words], words, strict=False):
        option, is_joined, _ = word.partition("=")
        if before in _SECRET:
            kept.append("…")
        elif is_joined and option in _SECRET:
            kept.append(f"{option}=…")
        else:
            kept.append(word if word.isprintable() else ascii(word))  # a new line could pass for the log's own words
    return " ".join(kept)


def _done(run: Callable[[], Any], ended: list[BaseException]) -> Any:
    """A command ends by leaving the program; what it refused is a refusal of the act, and has been said already."""
    try:
        return run()
    except (SystemExit, click.ClickException, click.Abort) as end:
        ended.append(end)
        if isinstance(end, SystemExit) and end.code != NOT_DONE:
            return None
        if isinstance(end.__context__, Refused | ManyRefused):
            raise end.__context__ from None
        raise Refused(usage_fault(end) if isinstance(end, click.UsageError) else "") from None
