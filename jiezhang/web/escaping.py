"""Fava's journal template with its escaping turned on again.

`_journal_table.html` of Fava 1.30.16 stands inside `{% autoescape false %}`: payee and narration, which strangers
write, would be raw HTML.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import BaseLoader, Environment

JOURNAL = "_journal_table.html"
Source = tuple[str, str | None, Callable[[], bool] | None]

_RAW = "{% autoescape false %}"


class EscapingLoader(BaseLoader):
    """The templates of `inner`, the journal's with autoescaping."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(self, environment: Environment, template: str) -> Source:
        source, filename, uptodate = self._inner.get_source(environment, template)
        if template == JOURNAL:
            assert source.count(_RAW) == 1, "another Fava: look at its journal template again"
        return source.replace(_RAW, "{% autoescape true %}"), filename, uptodate

    def list_templates(self) -> list[str]:
        return self._inner.list_templates()
