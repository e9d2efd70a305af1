"""凭证: made, reviewed and posted by people who may, with its originals counted, and never changed once posted.

Sources: 会计法 2024 art. 15, 25(1), 35; 会计基础工作规范 2019 art. 51, 52, 61; 财会〔2024〕12号 art. 21(2), (3);
财会〔2024〕11号 art. 16, 25. The chain (`chain.csv`) holds a digest of every posted voucher, each head over the one
before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal

from beancount.core import data

from ...booking import POSTED, is_opening
from ...chain import CHAIN_FILE, GENESIS, OPENED_BY, OPENING, Link, content_digest, next_head, posted_digest
from ...invoices import cited_invoices
from ...papers import ATTACHMENTS_KEY, originals_of
from ...people import MAKERS, POSTERS, REVIEWERS, has_role, named, role_names, somebody_signs
from ...problem import Finding
from ...register import Person
from ..seals import verifies_with
from ..unfinished import unfinished
from ..view import OfficeView

RULE = "vouchers"
_FOR_EVER = "财会〔2024〕12号第21条"
_PARTS = (("maker", "制单人", MAKERS), ("reviewer", "复核人", REVIEWERS), ("poster", "记账人", POSTERS))


def find(view: OfficeView) -> list[Finding]:
    """Vouchers that nobody allowed made, reviewed or posted, that changed since, or lack what a voucher must hold."""
    transactions = list(view.transactions())
    contents: dict[int, str] = {}
    parts: dict[tuple[str, str], str] = {}
    found, told = [], set[int]()
    for entry in transactions:
        if not is_opening(entry):
            said = _state_fault(entry, view, contents, parts)
            if said:
                told.add(id(entry))
                found.append(view.at(RULE, f"{_called(entry)}{said}", entry))
    found += [
        view.at(RULE, f"{_called(entry)}的发票 {number} 已在{before}入账，不得重复（财会〔2024〕11号第25条）", entry)
        for number, before, entry in _twice(transactions)
    ]
    return [*found, *_chain(view, transactions, contents, told), *_signatures(view)]


def _called(entry: data.Transaction) -> str:
    if "voucher" in entry.meta:
        return f"{entry.date.isoformat()[:7]} {entry.meta['voucher']}"
    return "待处理的凭证"


def _state_fault(
    entry: data.Transaction, view: OfficeView, contents: dict[int, str], parts: dict[tuple[str, str], str]
) -> str:
    """What is wrong with who made, reviewed and posted it, and with its originals.

    Digests of contents are kept in `contents`, what was found of a person's part in `parts`.
    """
    meta, posted = entry.meta, entry.flag == POSTED
    for key, name, roles in _PARTS:
        if key in meta:
            part = key, str(meta[key])
            if part not in parts:
                parts[part] = _person_fault(part[1], name, roles, view)
            if parts[part]:
                return parts[part]
        elif posted:
            return f"没有{name}（{key}）：会计凭证须经审核才能记账（会计法第15条、会计基础工作规范第51条）"
    if not posted and "poster" in meta:
        return "还没有过账，不得写记账人"
    if posted or "reviewer" in meta or "reviewed-sha256" in meta:
        content = contents[id(entry)] = content_digest(entry)
        if meta.get("reviewed-sha256") != content:
            return "复核以后内容变了，须重新复核；已过账的不得改动（会计法第15条、会计基础工作规范第61条）"
        if "reviewer" not in meta or "maker" not in meta:
            return "写了复核的指纹，却没有制单人或复核人（会计基础工作规范第51条）"
        return _originals_fault(entry)
    return ""


def _person_fault(person: str, part: str, roles: Sequence[str], view: OfficeView) -> str:
    """Why `person` may not have the part; empty when they may."""
    known = view.files.people
    if person not in known:
        return f"的{part} {person} 不在街道的人员名单里（会计基础工作规范第51条）；离任的人也须留在名单里"
    if not has_role(known[person], roles, view.files.compound.code):
        return f"的{part} {named(known, person)}不是本小区的{role_names(roles)}（会计法第25条）"
    return ""


def _originals_fault(entry: data.Transaction) -> str:
    given, needed = entry.meta.get(ATTACHMENTS_KEY), originals_of(entry)
    if not isinstance(given, Decimal) or given != int(given):
        return "没有注明附件张数（attachments，会计基础工作规范第51条）"
    if given < needed:
        return f"注明附件 {int(given)} 张，少于银行流水和附件文件的 {needed} 张（会计基础工作规范第51条）"
    return ""


def _twice(transactions: Sequence[data.Transaction]) -> Iterator[tuple[str, str, data.Transaction]]:
    seen: dict[str, data.Transaction] = {}
    for number, entry in cited_invoices(transactions):
        before = seen.setdefault(number, entry)
        if before is not entry:
            yield number, f"{before.date} {before.meta.get('voucher', '待处理的凭证')}", entry


def _chain(
    view: OfficeView, transactions: Sequence[data.Transaction], contents: Mapping[int, str], told: Set[int]
) -> list[Finding]:
    """Posted vouchers and links, which must be each other's. Of those in `told` is known already that they changed."""
    links = {(link.month, link.voucher): link for link in view.files.chain}
    found, met = list(_broken_heads(view)), set()
    for entry in transactions:
        if entry.flag != POSTED:
            continue
        opening = is_opening(entry)
        key = entry.date.isoformat()[:7], OPENING if opening else str(entry.meta.get("voucher", ""))
        link = links.get(key)
        met.add(key)
        if link is None:
            said = f"不在凭证链（{CHAIN_FILE}）上：凭证只能由过账产生，不得插入（{_FOR_EVER}）"
        elif id(entry) in told:
            continue
        elif link.digest != posted_digest(entry, contents.get(id(entry), "")):
            said = f"与过账时不同：已过账的凭证不得改动，写错的用更正凭证（{_FOR_EVER}）"
        elif link.poster != (OPENED_BY if opening else entry.meta.get("poster")):
            said = f"的记账人与凭证链上的 {link.poster} 不同（{_FOR_EVER}）"
        else:
            continue
        found.append(view.at(RULE, f"{'期初余额' if opening else _called(entry)}{said}", entry))
    chain = enumerate(view.files.chain, start=2)
    lost = [(line, link) for line, link in chain if (link.month, link.voucher) not in met]
    if lost and unfinished(transactions, view.files.chain) is not None:
        said = f"{lost[0][1].month} 的过账写到一半中断了，请再运行一次 jiezhang post {lost[0][1].month} 把它做完"
        return [*found, _at_line(view, lost[0][0], said)]
    return found + [
        _at_line(view, line, f"{link.month} {link.voucher} 已经过账，账簿里却没有：不得删除或重新编号（{_FOR_EVER}）")
        for line, link in lost
    ]


def _broken_heads(view: OfficeView) -> Iterator[Finding]:
    """The first link that does not go on from the one before."""
    head, known = GENESIS, set[tuple[str, str]]()
    for line, link in enumerate(view.files.chain, start=2):
        head = next_head(head, link.month, link.voucher, link.digest, link.poster)
        if link.number != line - 1 or link.head != head:
            said = f"凭证链在 {link.month} {link.voucher} 处断开：被插入、删除或改动过（{_FOR_EVER}）"
            yield _at_line(view, line, said)
            return
        if (link.month, link.voucher) in known:
            yield _at_line(view, line, f"{link.month} {link.voucher} 在凭证链上有两次（{_FOR_EVER}）")
        known.add((link.month, link.voucher))


def _signatures(view: OfficeView) -> Iterator[Finding]:
    """Whoever has a registered key signs the last head of each run of theirs; the head vouches for all before it.

    Once one of those who may post has a key, nobody posts without: else who rewrites the chain would sign for nobody.
    """
    chain: Sequence[Link] = view.files.chain
    must_sign = somebody_signs(view.files.people.values())
    for index, link in enumerate(chain):
        person: Person | None = view.files.people.get(link.poster)
        key = person.key if person is not None else ""
        last = index + 1 == len(chain) or chain[index + 1].poster != link.poster
        if link.signature and not (key and verifies_with("ed25519", key, link.head, link.signature)):
            said = f"{link.month} {link.voucher} 的过账签名与 {link.poster} 登记的公钥不符（{_FOR_EVER}）"
            yield _at_line(view, index + 2, said)
        elif last and key and not link.signature:
            said = f"{link.month} {link.voucher} 由 {link.poster} 过账，没有签名；有公钥的人过账须签名（{_FOR_EVER}）"
            yield _at_line(view, index + 2, said)
        elif last and must_sign and person is not None and not key:
            keyless = f"由没有公钥的 {link.poster} 过账；街道已有人登记公钥，过账的人都须有公钥"
            yield _at_line(view, index + 2, f"{link.month} {link.voucher} {keyless}（{_FOR_EVER}）")


def _at_line(view: OfficeView, line: int, message: str) -> Finding:
    return Finding({"filename": f"{view.folder}/{CHAIN_FILE}", "lineno": line}, message, None, RULE)
