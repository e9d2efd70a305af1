"""Words that the three parties' statement has in every format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from jiezhang.domain.chart import FUND_NAMES
from jiezhang.domain.money import yuan
from jiezhang.domain.tri_party.attestation import VERDICT_NAMES
from jiezhang.domain.tri_party.differences import KIND_NAMES, PARTY_NAMES, Party
from jiezhang.domain.tri_party.figures import NOTHING_BEFORE

from ..tri_party_opinions import SHORT
from ..tri_party_value import (
    ASKED,
    AccountPart,
    Equation,
    FigureRow,
    Item,
    Opinion,
    PartyPart,
    Seen,
    Side,
    Signing,
    State,
    Term,
    TriPartyStatement,
)

TITLE = "三方对账单"
DRAFT = "样稿：本月尚未封月，数字和签署都可能变动，不作为依据。"
COLUMNS = ("账簿", "银行", "专业审计", "社区", "银行减账簿")
ITEM_HEADS = ("编号", "哪一方", "种类", "资金", "账户", "日期", "金额（元）", "起自", "第几个月")
SIGNED_HEADS = ("签署方", "签署人", "编号", "意见", "北京时间", "钥匙", "签名")
SIDE_NAMES: dict[Side, str] = {
    "opening": "期初余额", "came": "本月收到", "went": "本月付出", "closing": "期末余额",
}  # fmt: skip
STATE_NAMES: dict[State, str] = {
    "confirmed": VERDICT_NAMES["confirmed"],
    "excepted": VERDICT_NAMES["excepted"],
    "refused": VERDICT_NAMES["refused"],
    "unsigned": "未签署",
    "faulty": "签名不符",
    "partial": "部分账户未签署",
}
PAPER_NAMES = {"payment": "付款", "resolution": "决议", "publication": "公示"}
SEAL_NAMES: tuple[tuple[str, str], ...] = (
    ("bank", "银行（盖章）"),
    ("auditor", "专业审计（盖章）"),
    ("community", "社区（盖章）"),
    ("owners", "业主代表（签章）"),
)
"""Field of the visible seal, and what stands over its box."""
HOUSEHOLDS_SAY = "每户可用本户的查询码，核对自己的余额就在这个合计之内。"
_CELLS: dict[State, str] = {
    "confirmed": "确认", "excepted": "有例外", "refused": "拒绝", "unsigned": "未签", "faulty": "签名不符",
    "partial": "部分未签",
}  # fmt: skip
_REASON = 150
_BEIJING = timezone(timedelta(hours=8))


def fund_name(fund: str) -> str:
    """`维修资金` of `W维修资金`, `加装电梯集资` of `J01加装电梯集资`."""
    return fund[1:].lstrip("0123456789") or FUND_NAMES.get(fund, fund)


def grouped(digest: str) -> str:
    """The first digits of a digest in fours, as people compare them."""
    return " ".join(digest[at : at + 4] for at in range(0, min(SHORT, len(digest)), 4))


def beijing(time: int) -> str:
    """POSIX seconds as the clock on the wall says."""
    try:
        return f"{datetime.fromtimestamp(time, UTC).astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}"
    except (OverflowError, ValueError, OSError):
        return f"时间无效（{time}）"


def party_cell(fen: int | None, said: Opinion, side: Side) -> str:
    """The confirmed figure, or the word why there is none; a dash for what nobody is asked."""
    if side not in ASKED:
        return "—"
    return _CELLS[said.state] if fen is None else yuan(fen)


def figure_cells(part: AccountPart, row: FigureRow) -> tuple[str, ...]:
    """The cells of `COLUMNS`."""
    gap = "—" if row.difference_fen is None else yuan(row.difference_fen)
    bank = "未提供" if row.bank_fen is None else yuan(row.bank_fen)
    auditor = party_cell(row.auditor_fen, part.auditor, row.side)
    community = party_cell(row.community_fen, part.community, row.side)
    return yuan(row.book_fen), bank, auditor, community, gap


def exception_words(said: Opinion) -> str:
    """The amounts a party holds to differ, one by one."""
    return "；".join(yuan(fen) for fen in said.exceptions_fen if fen)


def account_note(part: AccountPart) -> str:
    """How many rows, the bank's word, and whether the open items explain the difference."""
    closing = part.row("closing")
    said = [f"笔数：账簿 {part.book_rows}" + ("" if closing.bank_fen is None else f"，银行 {part.bank_rows}")]
    if part.account:
        said.append(f"银行签署：{STATE_NAMES[part.bank.state]}")
    if closing.difference_fen:
        verdict = "相符" if part.listed_fen == closing.difference_fen else "不符，须查明"
        said.append(f"期末相差 {yuan(closing.difference_fen)}，银行未结事项 {part.listed} 项合计 "
                    f"{yuan(part.listed_fen)}，{verdict}")  # fmt: skip
    return "；".join(said)


def equation_words(equation: Equation) -> str:
    """`各幢合计 1.00 ＝ 各户合计 1.00　✓`."""
    verdict = "✓" if equation.holds else f"不等，相差 {yuan(equation.left_fen - equation.right_fen)}"
    return f"{_sum_words(equation.left)} {'＝' if equation.holds else '≠'} {_sum_words(equation.right)}　{verdict}"


def _sum_words(terms: Sequence[Term]) -> str:
    said = ""
    for number, term in enumerate(terms):
        said += (" － " if term.minus else " ＋ " if number else "") + f"{term.name} {yuan(term.fen)}"
    return said


def identity_verdict(equation: Equation) -> str:
    """The sentence under money and whose it is."""
    if equation.holds:
        return f"✓　两边相等：{yuan(equation.left_fen)}"
    left, right = equation.left_fen, equation.right_fen
    return f"两边不等：{yuan(left)} ≠ {yuan(right)}，相差 {yuan(left - right)}"


def summary_words(statement: TriPartyStatement) -> list[str]:
    """What the paper comes to, a line for the equations and one for open items."""
    failing = [one for one in statement.all_equations if not one.holds]
    count = len(statement.all_equations)
    sums = f"{len(failing)} 项不等：{'、'.join(one.name for one in failing)}" if failing else "全部相等 ✓"
    items = statement.open_items
    oldest = f"，最早起自 {min(one.since for one in items)}" if items else ""
    said = [f"勾稽等式 {count} 项，{sums}"] if count else []
    return [*said, f"未结事项 {len(items)} 项{oldest}；已结 {len(statement.ended_items)} 项"]


def anchor_facts(statement: TriPartyStatement) -> list[tuple[str, str]]:
    """What everybody signed: label and value."""
    anchor = statement.anchor
    previous = "无（首次封月）" if anchor.previous == NOTHING_BEFORE else grouped(anchor.previous)
    first, last = statement.first_voucher, statement.last_voucher
    vouchers = f"（{first}）" if first and first == last else f"（{first} 至 {last}）" if first else ""
    homes = f"{anchor.households:,} 个分户账，合计 {yuan(anchor.households_fen)} 元"
    return [
        ("数据摘要", grouped(anchor.figures)),
        ("上月封月", previous),
        ("本月凭证", f"{statement.vouchers:,} 张{vouchers}"),
        ("凭证树", f"累计 {anchor.tree_size:,} 张，树根 {grouped(anchor.tree_root)}"),
        ("户汇总树", f"{homes}，树根 {grouped(anchor.households_root)}"),
        *([("街道公钥", "，".join(anchor.office))] if anchor.office else []),
    ]


def item_cells(item: Item) -> tuple[str, ...]:
    """The cells of `ITEM_HEADS`; the amount is a dash where the item is not about one."""
    return (
        item.id or "—",
        PARTY_NAMES[item.party],
        KIND_NAMES[item.kind],
        fund_name(item.fund) if item.fund else "—",
        item.account or "—",
        item.day or "—",
        yuan(item.amount_fen) if item.amount_fen else "—",
        item.since,
        str(item.age_months),
    )


def item_words(item: Item) -> str:
    """What it is about, what the office says to it, how it ended."""
    said = "：".join(filter(None, (item.ref, item.text)))
    explained = f"说明：{item.explanation}" if item.explanation else "" if item.ended else "说明：尚未说明"
    return "　".join(filter(None, (said, explained, f"结果：{item.ended}" if item.ended else "")))


def paper_cells(paper: Seen) -> tuple[str, ...]:
    """Kind, reference, day, fund, amount."""
    amount = yuan(paper.amount_fen) if paper.amount_fen else "—"
    fund = fund_name(paper.fund) if paper.fund else "—"
    return PAPER_NAMES.get(paper.kind, paper.kind), paper.ref, paper.day, fund, amount


def party_name(party: Party) -> str:
    return PARTY_NAMES[party]


def need_words(part: PartyPart) -> str:
    """Whether a month may be closed without this party."""
    return "必须签署" if part.required else "可以缺签"


def warnings(statement: TriPartyStatement) -> list[str]:
    """What nobody should overlook: who has not signed, who refused, whose signature does not hold."""
    said = []
    for part in statement.parties:
        name = PARTY_NAMES[part.party]
        own = [signing for signing in part.signings if signing.current]
        if not own:
            said.append(f"{name}：未签署（{need_words(part)}）")
        for one in own:
            if one.state == "refused":
                said.append(f"{name}：拒绝签署（{one.name}），理由：{_begun(one.reason) or '没有写明'}")
            elif one.state == "faulty":
                said.append(f"{name}：签名不符（{one.name}），{one.fault}，不作数")
        if own and part.unsigned:
            said.append(f"{name}：以下账户未签署（{need_words(part)}）：{'、'.join(part.unsigned)}")
    return said


def _begun(words: str) -> str:
    """A reason's beginning: all of it stands beside the signature."""
    return words if len(words) <= _REASON else f"{words[:_REASON]}……（全文见后）"


def signing_cells(part: PartyPart, signing: Signing) -> tuple[str, ...]:
    """The cells of `SIGNED_HEADS`."""
    word = STATE_NAMES[signing.state] + ("" if signing.current else "（后又重签）")
    key, mark = signing.key or "—", grouped(signing.signature) or "—"
    return PARTY_NAMES[part.party], signing.name, signing.person, word, beijing(signing.time), key, mark


def signing_note(signing: Signing) -> str:
    """How much it checked, what for, and what it says against."""
    return "；".join(
        filter(
            None,
            (
                f"账户：{'、'.join(signing.accounts)}" if signing.accounts else "",
                f"相符 {signing.checked} 项" if signing.checked else "",
                f"例外 {signing.exceptions} 项" if signing.exceptions else "",
                f"理由：{signing.reason}" if signing.reason else "",
                f"核验：{signing.fault}" if signing.fault else "",
            ),
        )
    )
