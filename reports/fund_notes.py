"""The notes (附注) to the fund's statements: what the fund is, how it is kept, and what the main rows consist of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from beancount.core.data import Directive, Open

from jiezhang.domain.accounts import AccountName
from jiezhang.domain.fund_register import Project
from jiezhang.domain.money import show
from jiezhang.domain.period import Month
from jiezhang.domain.register import Compound
from jiezhang.domain.scope import parse_scope

from .fund_forms import FUND_TITLES, INCOME
from .fund_moves import Move, fund_account
from .fund_paper import scope_words
from .fund_split import Split
from .fund_value import Form, Note, NoteRow, Source, cell_of
from .wording import mask_number, month_name, voucher_ranges

_TITLES = {row.key: row.title for row in INCOME.rows}


def notes_of(
    directives: Iterable[Directive],
    split: Split,
    forms: Sequence[Form],
    compound: Compound,
    month: Month,
    projects: Sequence[Project],
) -> tuple[Note, ...]:
    """The notes in the order of printing; the moves reach to the end of `month`. What they hold is 待核实."""
    moves = split.moves
    return (
        _basis(compound, split, forms),
        _banks(directives, moves, compound, month),
        _bonds(moves, month),
        _repairs(moves, month, projects),
        _flows(moves, month, "五、其他收入和支出", ("4201", "4301", "4901", "5901")),
        _changes(moves, month),
    )


def _basis(compound: Compound, split: Split, forms: Sequence[Form]) -> Note:
    texts = [
        (
            f"{compound.name}（{compound.code}）的住宅专项维修资金是独立的会计主体，自 {compound.start} 起"
            "在本账簿核算，与公共收益分账，不与其他小区相混。"
        ),
        "依据财会〔2020〕7号《住宅专项维修资金会计核算办法》，采用收付实现制，按实际收付的日期入账，金额以元为单位，列至分。",
        *_by_nature(split),
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


def _by_nature(split: Split) -> list[str]:
    if "common" not in split.natures:
        return ["商品住宅与已售公有住房分别核算，凭证写明性质的列入各自的栏，整个小区只有一种性质的全部列入该栏。"]
    texts = [
        (
            "商品住宅与已售公有住房分别核算：交存、维修支出、返还支出逐笔记到各户的分户账，按各户的性质分列；利息等收益和"
            "待查款项没有分到户，列在“共有待分配”栏，收益分配时按各户分得的金额转入两种性质。"
        )
    ]
    if split.shared:
        texts.append("专户由两种性质共用，各栏的银行存款是该栏负债和净资产减去该栏其他资产的数额，各栏相加等于专户余额。")
    return texts


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


def _repairs(moves: Sequence[Move], month: Month, projects: Sequence[Project]) -> Note:
    """Repairs by project where there is a register of them, else by account; refunds for lost houses by account."""
    registered = {project.code: project for project in projects}
    paid: dict[str, list[Move]] = {}
    others = []
    for move in moves:
        if registered and move.code == "5001" and move.project:
            paid.setdefault(move.project, []).append(move)
        else:
            others.append(move)
    rows = [
        _flow(*_project_words(code, registered.get(code), own), own, month)
        for code, own in ((code, _of_year(own, month)) for code, own in paid.items())
        if own
    ]
    return _flows(others, month, "四、维修支出和返还支出", ("5001", "5101"), rows)


def _project_words(code: str, project: Project | None, moves: Sequence[Move]) -> tuple[str, str]:
    vouchers = f"凭证 {_vouchers(moves)}"
    if project is None:
        return f"维修支出·{code}", f"未登记的项目　{vouchers}"
    scope = scope_words(parse_scope(project.scope))
    return f"{code} {project.name}", "　".join(filter(None, (scope, project.contractor, vouchers)))


def _vouchers(moves: Iterable[Move]) -> str:
    """`7月 记-0003、9月 记-0007–0009`; moves in order of date."""
    months = groupby(moves, key=lambda move: move.day.month)
    return "、".join(f"{number}月 {voucher_ranges(m.source.voucher for m in own)}" for number, own in months)


def _flows(
    moves: Sequence[Move], month: Month, title: str, codes: Sequence[str], before: Sequence[NoteRow] = ()
) -> Note:
    rows = list(before)
    for account, own in _by_account(_of_year(moves, month), codes, ()):
        vouchers = voucher_ranges(m.source.voucher for m in own if month.contains(m.day) and m.source.voucher)
        rows.append(_flow(_named(account), f"本月凭证 {vouchers}" if vouchers else "", own, month))
    return Note(title, () if rows else ("本年没有发生。",), ("本月数", "本年累计数"), tuple(rows))


def _of_year(moves: Iterable[Move], month: Month) -> list[Move]:
    return [move for move in moves if move.kind == "flow" and move.day.year == month.year]


def _flow(title: str, remark: str, moves: Sequence[Move], month: Month) -> NoteRow:
    sources = [m.source if m.account.root == "Expenses" else m.source.negated for m in moves]
    now = [source for source, move in zip(sources, moves, strict=True) if month.contains(move.day)]
    return NoteRow(title, remark, (cell_of(now), cell_of(sources)))


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
