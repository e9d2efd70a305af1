"""What may be asked of the server: every route is decided here, and one that is not is refused."""

from __future__ import annotations

from collections.abc import Mapping

START = "MonthPage"
"""The page a compound's address leads to."""

EXTENSIONS: Mapping[str, frozenset[tuple[str, str]]] = {
    "MonthPage": frozenset({("complete", "POST"), ("statement.pdf", "GET"), ("statement.xlsx", "GET")}),
    "VouchersPage": frozenset({("review", "POST"), ("post", "POST"), ("vouchers.pdf", "GET")}),
    "DecisionsPage": frozenset(),
    "PartiesPage": frozenset({("explain", "POST"), ("statement.pdf", "GET"), ("statement.xlsx", "GET")}),
}
"""Our pages in Fava (本月, 凭证, 决议, 三方), and the endpoints of each."""

OURS = frozenset({"jiezhang_style"})

READING = frozenset(
    {
        "static",
        "index",
        "account",
        "holdings_by",
        "help_page",
        "download_journal",
        "document",
        "statement",
        "report",
        "extension_report",
        "extension_js_module",
        "json_api.get_changed",
        "json_api.get_errors",
        "json_api.get_ledger_data",
        "json_api.get_context",
        "json_api.get_source_slice",
        "json_api.get_journal",
        "json_api.get_journal_page",
        "json_api.get_events",
        "json_api.get_documents",
        "json_api.get_help",
        "json_api.get_commodities",
        "json_api.get_income_statement",
        "json_api.get_balance_sheet",
        "json_api.get_trial_balance",
        "json_api.get_account_report",
        "json_api.get_statistics",
    }
)
"""Routes that only read, by GET and HEAD."""

QUERYING = frozenset({"json_api.get_query", "download_query"})
"""Routes that pass a query to the shell, by GET and HEAD; see `bql`."""

EXTENDING = "extension_endpoint"

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

REPORTS = frozenset(
    {
        "balance_sheet",
        "commodities",
        "documents",
        "errors",
        "events",
        "holdings",
        "income_statement",
        "journal",
        "query",
        "statistics",
        "trial_balance",
    }
)
"""Fava's reports that may be opened; the editor, the import page and the options may not."""

SANDBOXED = frozenset({"document", "statement"})
"""Routes that serve files strangers made."""


def allows(endpoint: str, method: str, args: Mapping[str, object]) -> bool:
    """Whether `method` of the route `endpoint` with these parts of its address may be asked at all."""
    reading = method in ("GET", "HEAD")
    if endpoint in QUERYING:
        return reading
    if endpoint == EXTENDING:
        asked = "GET" if method == "HEAD" else method
        return (args.get("endpoint"), asked) in EXTENSIONS.get(str(args.get("extension_name")), frozenset())
    if endpoint not in READING | OURS or not reading:
        return False
    if endpoint == "report":
        return args.get("report_name") in REPORTS
    if endpoint in ("extension_report", "extension_js_module"):
        return args.get("extension_name") in EXTENSIONS
    return True
