"""Originals dropped on a row of the page 本月: kept, and cited by the row's voucher."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fava.context import g
from flask import Flask, Response, request

from jiezhang.domain.problem import Refused
from jiezhang.street.attaching import attach

from .gate import STALE_PAGE
from .office import Office, visitor
from .office_page import answer
from .uploads import is_ours, laid_out, uploaded

if TYPE_CHECKING:
    from .ledger import GatedLedger


class Attaching:
    """The door for files; it can't do harm to a row that changed meanwhile, so that any page may come late."""

    def __init__(self, app: Flask, office: Office) -> None:
        self._office = office
        app.add_url_rule("/jiezhang/<bfile>/attach", "attach", self.attach, methods=["POST"])

    def attach(self) -> Response:
        """Keep the files that were dropped, on the row `account`/`ref`."""
        if not is_ours(visitor()):
            return answer(403, STALE_PAGE)
        folder, street, who = cast("GatedLedger", g.ledger).folder, self._office.street, visitor().person
        account, number = (request.form.get(name, "")[:200] for name in ("account", "ref"))
        try:
            files = uploaded(request.files.getlist("files"))

            def keep() -> int:
                with laid_out(files) as paths:
                    return attach(street, folder, who.id, f"{account}/{number}", paths)

            content = f"流水 {number} 附单据：{'、'.join(files)}"
            count = self._office.carry_out("attach", folder.code, content, keep, _counted)
        except Refused as refused:
            return answer(422, refused.message)
        return answer(200, _done(len(files), count))


def _done(files: int, count: int) -> str:
    return f"已附 {files} 个文件，{_counted(count)}"


def _counted(count: int) -> str:
    return f"凭证的附件连同银行流水共 {count} 件"
