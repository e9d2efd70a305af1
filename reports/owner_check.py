"""The page on which an owner checks the code of a household statement: one file, nothing from outside, no server.

It can be opened from a folder, a USB stick or any web server. The code stands after the # of the address, which a
browser sends to nobody. Which keys it believes is in the page itself: an owner compares them with the notice board.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from string import Template

from jiezhang.domain.history.trust import PARTIES, Trust, as_json

_SCRIPTS = ("crypto", "check", "page")
_NO_NAMES: Mapping[str, str] = {}


def render_page(trust: Trust, compounds: Mapping[str, str] = _NO_NAMES) -> bytes:
    """The page as one HTML file in UTF-8; the same values give the same bytes.

    `compounds`: names of compounds by code, shown beside the code. They are the page's own words, not a proof's.
    """
    style, scripts = _asset("page.css"), {name: _asset(f"{name}.js") for name in _SCRIPTS}
    words = {"parties": PARTIES, "compounds": dict(sorted(compounds.items()))}
    policy = "; ".join((
        "default-src 'none'", f"script-src {' '.join(map(_hash, scripts.values()))}", f"style-src {_hash(style)}",
        "base-uri 'none'", "form-action 'none'",
    ))  # fmt: skip
    page = Template(_asset("page.html")).substitute(
        scripts, policy=policy, style=style, street=escape(trust.street), title=escape(f"{trust.street}分户余额核对"),
        trust=_data(as_json(trust)), words=_data(json.dumps(words, ensure_ascii=False)), keys=_keys(trust),
        required=escape(_required(trust)),
    )  # fmt: skip
    return page.encode()


def _asset(name: str) -> str:
    return files("reports.render.owner_check").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    """A CSP source for an inline script or style: what stands between its tags, no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(text: str) -> str:
    """JSON that cannot end the script element it stands in."""
    return text.replace("<", "\\u003c")


def _keys(trust: Trust) -> str:
    rows = ((PARTIES[key.party], key.name, key.public[:8]) for key in trust.keys)
    return "".join(
        f'<tr><td>{escape(party)}</td><td>{escape(name)}</td><td class="key">{public}</td></tr>'
        for party, name, public in rows
    )


def _required(trust: Trust) -> str:
    return f"{'、'.join(PARTIES[party] for party in ('office', *trust.required))}都签了名，本页才说“核对无误”。"
