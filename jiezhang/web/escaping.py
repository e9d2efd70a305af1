"""Two of Fava's templates as the office needs them.

`_journal_table.html` of Fava 1.30.16 stands inside `{% autoescape false %}`: payee and narration, which strangers
write, would be raw HTML. `_layout.html` is the frame of every page, and gets our bar on top: who is signed in, and how
to leave.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import BaseLoader, Environment

JOURNAL = "_journal_table.html"
LAYOUT = "_layout.html"
Source = tuple[str, str | None, Callable[[], bool] | None]

_CHANGED = {
    JOURNAL: ("{% autoescape false %}", "{% autoescape true %}"),
    LAYOUT: ("<body>", "<body>{{ office_bar() | safe }}"),
}


class EscapingLoader(BaseLoader):
    """The templates of `inner`, the journal's with autoescaping, the layout with the global `office_bar`."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(self, environment: Environment, template: str) -> Source:
        source, filename, uptodate = self._inner.get_source(environment, template)
        if template in _CHANGED:
            old, new = _CHANGED[template]
            assert source.count(old) == 1, "another Fava: look at this template again"
            source = source.replace(old, new)
        return source, filename, uptodate

    def list_templates(self) -> list[str]:
        return self._inner.list_templates()
