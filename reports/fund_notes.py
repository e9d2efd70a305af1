"""The notes (附注) to the fund's statements: what the fund is, how it is kept, and what the main rows consist of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from beancount.core.data import Directive, Open

from jiezhang.domain.accounts import AccountName
from jiezhang.domain.money import show
from jiezhang.domain.period import Month
from jiezhang.domain.register import Compound

from .fund_forms import FUND_TITLES, INCOME
from .fund_moves import Move, fund_account
from .fund_value import Form, Note, NoteRow, Source, cell_of
from .wording import mask_number, month_name, voucher_ranges

_TITLES = {row.key: row.title for row in INCOME.rows}


def notes_of(
    directives: Iterable[Directive], moves: Sequence[Move], forms: Sequence[Form], compound: Compound, month: Month
) -> tuple[Note, ...]:
    """The notes in the order of printing; `moves` reach to the end of `month`. What they hold is 待核实."""
    return (
        _basis(compound, forms),
        _banks(directives, moves, compound, month),
        _bonds(moves, month),
        _flows(moves, month, "四、维修支出和返还支出", ("5001", "5101")),
        _flows(moves, month, "五、其他收入和支出", ("4201", "4301", "4901", "5901")),
        _changes(moves, month),
    )


def _basis(compound: Compound, forms: Sequence[Form]) -> Note:
    texts = [
        (
            f"{compound.name}（{compound.code}）的住宅专项维修资金是独立的会计主体，自 {compound.start} 起"
            "在本账簿核算，与公共收益分账，不与其他小区相混。"
        ),
        "依据财会〔2020〕7号《住宅专项维修资金会计核算办法》，采用收付实现制，按实际收付的日期入账，金额以元为单位，列至分。",
        "商品住宅与已售公有住房分别核算，凭证写明性质的列入各自的栏，整个小区只有一种性质的全部列入该栏。",
        "本附注的项目未见办法原文，待核实。各表中带圈数字的注见该表下方。",
    ]
    unsplit = forms[0].cell("assets", "end:unsplit")
    claims = forms[0].cell("claims", "end:unsplit")
    if unsplit.sources or claims.sources:
        texts.append(
            f"有资产 {show(unsplit.amount)} 元、负债和净资产 {show(claims.amount)} 元没有写明性质，列在“性质未分”栏；"
            "两种性质各自的资产与净资产因此不能逐栏核对，只核对合计。"
        )
    return Note("一、资金概况和核算依据", tuple(texts))


def _banks(directives: Iterable[Directive], moves: Sequence[Move], compound: Compound, month: Month) -> Note:
    opens = {
        account: entry.meta
        for entry in directives
        if isinstance(entry, Open) and (account := fund_account(entry.account, compound.code))
    }
    rows = []
    for account, own in _by_account(moves, ("1001",), opens):
        meta = opens.get(account, {})
        number, holder = mask_number(str(meta.get("bank-account", ""))), str(meta.get("holder", ""))
        remark = "　".join(filter(None, (number, holder and f"户名 {holder}")))
        rows.append(_balances(_detail(account), remark, own, month))
    return Note("二、银行存款", () if rows else ("没有银行存款账户。",), ("年初余额", "期末余额"), tuple(rows))


def _bonds(moves: Sequence[Move], month: Month) -> Note:
    rows = [
        _balances(_named(account), "按成本列示" if account.subject.code == "1101" else "", own, month)
        for account, own in _by_account(moves, ("1101", "1201", "2001"), ())
    ]
    none = ("没有国债投资、备用金和应付房屋灭失返还资金。",)
    return Note("三、国债投资、备用金和应付款", () if rows else none, ("年初余额", "期末余额"), tuple(rows))


def _flows(moves: Sequence[Move], month: Month, title: str, codes: Sequence[str]) -> Note:
    rows = []
    flows = [m for m in moves if m.kind == "flow" and m.day.year == month.year]
    for account, own in _by_account(flows, codes, ()):
        sources = [m.source if account.root == "Expenses" else m.source.negated for m in own]
        now = [s for s, m in zip(sources, own, strict=True) if month.contains(m.day)]
        vouchers = voucher_ranges(s.voucher for s in now if s.voucher)
        remark = f"本月凭证 {vouchers}" if vouchers else ""
        rows.append(NoteRow(_named(account), remark, (cell_of(now), cell_of(sources))))
    return Note(title, () if rows else ("本年没有发生。",), ("本月数", "本年累计数"), tuple(rows))


def _changes(moves: Sequence[Move], month: Month) -> Note:
    """What went to net assets otherwise than as income or expense, voucher by voucher."""
    found: defaultdict[tuple[date, str, str], list[Source]] = defaultdict(list)
    for move in moves:
        direct = move.kind in ("distribution", "other", "closing") and not move.before(date(month.year, 1, 1))
        if direct and move.bucket in FUND_TITLES:
            found[move.day, move.source.voucher, move.bucket].append(move.source.negated)
    rows = tuple(
        NoteRow(FUND_TITLES[bucket], f"{day} 凭证 {voucher or '（无号）'}", (cell,))
        for (day, voucher, bucket), sources in sorted(found.items())
        if (cell := cell_of(sources)).amount
    )
    none = (f"{month_name(month)}止，本年没有分配累计收益，也没有直接记入净资产的变动。",)
    return Note("六、净资产的分配和其他变动", () if rows else none, ("金额",), rows)


def _by_account(
    moves: Iterable[Move], codes: Sequence[str], besides: Iterable[AccountName]
) -> list[tuple[AccountName, list[Move]]]:
    """The moves of subjects `codes` by account, and the accounts `besides` of these subjects without any."""
    found: dict[AccountName, list[Move]] = {account: [] for account in besides if account.subject.code in codes}
    for move in moves:
        if move.code in codes:
            found.setdefault(move.account, []).append(move)
    return sorted(found.items(), key=lambda item: (item[0].subject.code, item[0].full))


def _balances(title: str, remark: str, moves: Sequence[Move], month: Month) -> NoteRow:
    new_year = date(month.year, 1, 1)
    sources = [m.source if m.account.root == "Assets" else m.source.negated for m in moves]
    start = [s for s, m in zip(sources, moves, strict=True) if m.before(new_year)]
    return NoteRow(title, remark, (cell_of(start), cell_of(sources)))


def _detail(account: AccountName) -> str:
    """What stands after the subject, or the subject's name: `建行4417`."""
    return "·".join(filter(None, (account.detail, *account.subs))) or account.subject.name


def _named(account: AccountName) -> str:
    detail = _detail(account)
    name = _TITLES.get(account.subject.code, account.subject.name)
    return name if detail == account.subject.name else f"{name}·{detail}"
