"""“公示已张贴”: who hangs the month's statement on the board says so on the page 三方, with a photo or without."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, cast

from fava.context import g
from flask import Flask, Response, abort, request, send_file

from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.street.posting import photo_of, post_up, read_postings

from .gate import STALE_PAGE
from .office import Office, visitor
from .office_page import MALFORMED, answer
from .uploads import is_ours, laid_out, uploaded

if TYPE_CHECKING:
    from .ledger import GatedLedger


class Posting:
    """The door for the record, and for its photo: GET gives the photo that `?photo=` names."""

    def __init__(self, app: Flask, office: Office) -> None:
        self._office = office
        place = "/jiezhang/<bfile>/posted"
        app.add_url_rule(place, "posting_photo", self.photo)
        app.add_url_rule(place, "posted", self.post, methods=["POST"])

    def post(self) -> Response:
        """Keep the record; it does no harm to books that changed meanwhile."""
        if not is_ours(visitor()):
            return answer(403, STALE_PAGE)
        try:
            month, day = Month.parse(request.form.get("month", "")), date.fromisoformat(request.form.get("day", ""))
        except ValueError:
            return answer(400, MALFORMED)
        folder, place = cast("GatedLedger", g.ledger).folder, request.form.get("place", "")[:200]

        def post() -> str:
            given = request.files.getlist("photo")
            files = uploaded(given) if any(one.filename for one in given) else {}
            if len(files) > 1:
                raise Refused("一次只附一张照片")
            with ExitStack() as stack:
                paths = stack.enter_context(laid_out(files))
                person, today = visitor().person.id, self._office.serving.today()
                made = post_up(self._office.street, folder, person, month, day, place, next(iter(paths), None), today)
            return f"已登记：{made.month} 公示表 {made.day} 张贴在{made.place}"

        try:
            content = f"登记 {month} 公示表已张贴：{place.strip()[:60]}"
            done = self._office.carry_out("publish", folder.code, content, post)
        except Refused as refused:
            return answer(422, refused.message)
        self._office.model.look_again()
        return answer(200, done)

    def photo(self) -> Response:
        """A photo, to be saved: strangers' files are never shown as pages of ours."""
        folder, wanted = cast("GatedLedger", g.ledger).folder, request.args.get("photo", "")
        try:
            found = next((one for one in read_postings(folder) if one.photo and one.photo == wanted), None)
        except Refused:
            found = None
        path = photo_of(folder, found) if found is not None else None
        if path is None:
            abort(404)
        return send_file(path, "application/octet-stream", as_attachment=True, download_name=path.name[13:])
