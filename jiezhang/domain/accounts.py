"""Account names: `Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021`.

root : compound : fund : subject[-detail][:sub]. Every part starts with a capital letter or a digit, because
Beancount 3.2.3 takes Chinese-first parts in some places and breaks on them in others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from beancount.core import account as beancount_account

from .chart import BANK_SUBJECTS, CHART, FUND_NAMES, IN_TRANSIT, STATEMENT_SUBJECTS, SUSPENSE, Subject

_COMPOUND = re.compile(r"(C[0-9]{4})(.+)")
_FUND = re.compile(r"([GWJ])([0-9]*)(.+)")


@dataclass(frozen=True, slots=True)
class AccountName:
    """A parsed account name. `fund` is the whole part (`G公共收益`), `fund_kind` its letter."""

    full: str
    root: str
    compound: str
    compound_name: str
    fund: str
    fund_kind: str
    subject: Subject
    detail: str
    subs: tuple[str, ...]

    @property
    def is_bank(self) -> bool:
        return (self.fund_kind, self.subject.code) in BANK_SUBJECTS

    @property
    def is_in_transit(self) -> bool:
        """Whether this is where money stands that left a payment platform and has not reached the bank."""
        return f"{self.subject.component}-{self.detail}" == IN_TRANSIT and not self.subs

    @property
    def is_kept_elsewhere(self) -> bool:
        """Whether its subject is one whose balance somebody else keeps, in transit or not."""
        return (self.fund_kind, self.subject.code) in STATEMENT_SUBJECTS

    @property
    def has_statement(self) -> bool:
        """Whether a bank or a payment platform sends statements of this account."""
        return self.is_kept_elsewhere and not self.is_in_transit

    @property
    def is_suspense(self) -> bool:
        return self.subject.code == SUSPENSE


@lru_cache(maxsize=65536)
def parse_account(name: str) -> AccountName:
    """The parts of an account name; `ValueError` with a sentence when it is not one of ours."""
    parts = name.split(":")
    if len(parts) < 4:
        raise ValueError(f"账户名“{name}”应为 大类:小区:资金:科目 四段以上")
    root, compound, fund, subject_part, *subs = parts
    in_compound, in_fund = _COMPOUND.fullmatch(compound), _FUND.fullmatch(fund)
    if not in_compound:
        raise ValueError(f"账户名“{name}”的第二段应为小区编号加名称，如 C0007长吴公寓")
    if not in_fund or (in_fund[1] != "J" and fund != in_fund[1] + FUND_NAMES[in_fund[1]]):
        raise ValueError(f"账户名“{name}”的第三段应为 G公共收益、W维修资金 或 J专项集资")
    code, detail = subject_part[:4], subject_part.partition("-")[2]
    subject = CHART[in_fund[1]].get(code)
    if subject is None or subject_part.partition("-")[0] != subject.component:
        raise ValueError(f"账户名“{name}”的科目“{subject_part}”不在{FUND_NAMES[in_fund[1]]}科目表中")
    if subject.root != root:
        raise ValueError(f"账户名“{name}”的科目“{subject.component}”应在 {subject.root} 之下")
    if not beancount_account.is_valid(name):
        raise ValueError(f"账户名“{name}”中有不能使用的字符，每段须以大写字母或数字开头，只含文字、数字和连字符")
    return AccountName(
        name, root, in_compound[1], in_compound[2], fund, in_fund[1], subject, detail, tuple(subs)
    )


def is_suspense(name: str) -> bool:
    """Whether `name` is one of ours, and the suspense account (待查款项)."""
    try:
        return parse_account(name).is_suspense
    except ValueError:
        return False  # account_names reports it


def account_name(compound: str, fund: str, code: str, detail: str = "") -> str:
    """The account of subject `code` in `fund` (`G公共收益`) of `compound` (`C0007长吴公寓`)."""
    subject = CHART[fund[0]][code]
    return f"{subject.root}:{compound}:{fund}:{subject.component}{'-' + detail if detail else ''}"


def sibling(name: str, code: str, detail: str = "") -> str:
    """The account of subject `code` in the same compound and fund as account `name`."""
    _, compound, fund, *_ = name.split(":")
    return account_name(compound, fund, code, detail)
