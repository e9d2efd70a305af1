"""What may be asked of the server: every route is decided here, and one that is not is refused.

A route is open to everybody, refused to everybody, or asks for one action of `domain.duties`: what a role may do stands
there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from jiezhang.domain.duties.actions import Action

Decision = Action | Literal["open", "machine", "entering", "signed_in", "refused"]
"""`open`: without signing in; `machine`: without, for the addresses that watch the server only; `signed_in`: for
whoever is, whatever their role; `entering`: even for who has yet to set a password of their own."""

START = "MonthPage"
"""The page a compound's address leads to."""

EXTENSIONS: Mapping[str, tuple[Action, Mapping[tuple[str, str], Action]]] = {
    "MonthPage": (
        "books",
        {("complete", "POST"): "complete", ("statement.pdf", "GET"): "download", ("statement.xlsx", "GET"): "download"},
    ),
    "VouchersPage": (
        "vouchers",
        {("review", "POST"): "review", ("post", "POST"): "post", ("vouchers.pdf", "GET"): "download"},
    ),
    "DecisionsPage": ("books", {("seal", "POST"): "seal"}),
    "PartiesPage": (
        "books",
        {
            ("explain", "POST"): "explain",
            ("present", "POST"): "present",
            ("draw", "POST"): "sign",
            ("sign", "POST"): "sign",
            ("close", "POST"): "close",
            ("statement.pdf", "GET"): "parties",
            ("statement.xlsx", "GET"): "parties",
        },
    ),
}
"""Our pages in Fava (本月, 凭证, 决议, 三方): what opening one asks for, and what each of its endpoints does.

Fava puts the ledger's accounts and errors into every page of its own: who may see the decisions or the parties only
reads the same pages in our frame (`outside_fava`).
"""

OURS: Mapping[str, Mapping[str, Decision]] = {
    "jiezhang_style": {"GET": "open"},
    "jiezhang_icon": {"GET": "open"},
    "health": {"GET": "open"},
    "metrics": {"GET": "machine"},
    "jiezhang_script": {"GET": "open"},
    "sign_in": {"GET": "open", "POST": "open"},
    "password": {"GET": "open", "POST": "open"},
    "oidc_start": {"GET": "open"},
    "oidc_back": {"GET": "open"},
    "oidc_code": {"GET": "open", "POST": "open"},
    "oidc_out": {"GET": "open"},
    "demo": {"POST": "signed_in"},
    "demo_key": {"GET": "signed_in"},
    "sign_out": {"POST": "entering"},
    "step_up": {"GET": "signed_in", "POST": "signed_in"},
    "desk": {"GET": "desk"},
    "board": {"GET": "street_board"},
    "inbox": {"GET": "inbox"},
    "inbox_put": {"POST": "import"},
    "inbox_import": {"POST": "import"},
    "inbox_out": {"POST": "import"},
    "original": {"GET": "vouchers"},
    "log": {"GET": "log"},
    "log_export": {"GET": "log"},
    "decisions_outside": {"GET": "decisions"},
    "parties_outside": {"GET": "parties"},
    "take_step": {"POST": "decide"},
    "attach": {"POST": "attach"},
    "posted": {"POST": "publish"},
    "posting_photo": {"GET": "parties"},
    "questions": {"GET": "decisions"},
    "questions_ask": {"POST": "alert"},
    "questions_answer": {"POST": "answer"},
}
"""Our own routes by method. HEAD is GET."""

FORMS = frozenset(
    {
        *("sign_in", "oidc_code", "sign_out", "step_up", "password", "demo", "inbox_put", "inbox_import", "inbox_out"),
        *("questions_ask", "questions_answer", "attach", "take_step", "posted"),
    }
)
"""Those of our routes that take a form: a page without a script."""

UPLOADS = frozenset({"inbox_put", "attach", "take_step", "posted"})
"""Where a request may be as large as files are."""

LINKED = frozenset({"sign_in", "oidc_back", "desk", "health"})
"""Beside the files below and the start page, what other sites may link to without a word between."""

CACHED = frozenset({"static", "jiezhang_icon", "jiezhang_style", "jiezhang_script"})
"""What a browser may keep."""

READING: Mapping[str, Decision] = {
    "static": "open",
    "index": "books",
    "account": "books",
    "holdings_by": "books",
    "help_page": "books",
    "download_journal": "download",
    "document": "vouchers",
    "statement": "vouchers",
    "json_api.get_changed": "books",
    "json_api.get_errors": "books",
    "json_api.get_ledger_data": "books",
    "json_api.get_context": "books",
    "json_api.get_source_slice": "books",
    "json_api.get_journal": "books",
    "json_api.get_journal_page": "books",
    "json_api.get_events": "books",
    "json_api.get_documents": "books",
    "json_api.get_help": "books",
    "json_api.get_commodities": "books",
    "json_api.get_income_statement": "books",
    "json_api.get_balance_sheet": "books",
    "json_api.get_trial_balance": "books",
    "json_api.get_account_report": "books",
    "json_api.get_statistics": "books",
    "json_api.get_query": "query",
    "download_query": "query",
}
"""Fava's routes that only read, by GET and HEAD."""

QUERYING = frozenset({"json_api.get_query", "download_query"})
"""Routes that pass a query to the shell; see `bql`."""

ASKED_BY_PARTS = frozenset({"report", "extension_report", "extension_js_module", "extension_endpoint"})
"""Fava's routes that are many pages: what they ask for depends on the parts of the address."""

REFUSED = frozenset(
    {
        "jump",
        "json_api.get_source",
        "json_api.get_options",
        "json_api.get_extract",
        "json_api.get_imports",
        "json_api.get_payee_accounts",
        "json_api.get_payee_transaction",
        "json_api.get_narration_transaction",
        "json_api.get_narrations",
        "json_api.put_move",
        "json_api.put_source",
        "json_api.put_source_slice",
        "json_api.delete_source_slice",
        "json_api.put_format_source",
        "json_api.delete_document",
        "json_api.put_add_document",
        "json_api.put_attach_document",
        "json_api.put_add_entries",
        "json_api.put_upload_import_file",
    }
)
"""The source editor, every way Fava writes, its import page, the options (they name paths of this machine)."""

REPORTS: Mapping[str, Action] = {
    "balance_sheet": "books",
    "commodities": "books",
    "documents": "books",
    "errors": "books",
    "events": "books",
    "holdings": "books",
    "income_statement": "books",
    "journal": "books",
    "query": "query",
    "statistics": "books",
    "trial_balance": "books",
}
"""Fava's reports that may be opened; the editor, the import page and the options may not."""

SANDBOXED = frozenset({"document", "statement", "original"})
"""Routes that serve files strangers made."""


def may_be_linked(endpoint: str, args: Mapping[str, object]) -> bool:
    """Whether a link of another site opens the route at once: it costs little and does nothing."""
    return endpoint in LINKED | CACHED or (endpoint == "index" and "bfile" not in args)


def decision(endpoint: str, method: str, args: Mapping[str, object]) -> Decision:
    """What `method` of the route `endpoint` with these parts of its address asks for; `refused` if never decided."""
    asked = "GET" if method == "HEAD" else method
    if endpoint in OURS:
        return OURS[endpoint].get(asked, "refused")
    page = EXTENSIONS.get(str(args.get("extension_name")))
    if endpoint == "extension_endpoint" and page is not None:
        return page[1].get((str(args.get("endpoint")), asked), "refused")
    if asked != "GET":
        return "refused"
    if endpoint == "index" and "bfile" not in args:
        return "signed_in"
    if endpoint == "report":
        return REPORTS.get(str(args.get("report_name")), "refused")
    if endpoint == "extension_report" and page is not None:
        return page[0]
    if endpoint == "extension_js_module" and page is not None:
        return "decisions"  # a script is no secret, and our own frame needs it
    return READING.get(endpoint, "refused")
