"""The register of seal use for the board, on A4."""

from __future__ import annotations

from jiezhang.domain.money import yuan

from ..seal_register import SIGNATURE_SHOWN, SealLine, SealRegister
from ..wording import mask_party, month_name
from .canvas import Page
from .flow import DENSE, LEFT, RIGHT, WIDTH, Column, Flow, Row, table
from .fund_paper import MIDDLE, asking, boxed, facts, head_again, heading, number_pages, seals, sentences
from .paper import Document, put_on_paper

TITLE = "印章使用情况"

_COLUMNS = (
    Column("号", 28, small=True),
    Column("日期", 62, small=True),
    Column("印章、保管人", 98),
    Column("事项", 150),
    Column("金额（元）", 64, "right"),
    Column("核验（钥匙、签名）", WIDTH - 402),
)
_KEYS = (
    Column("钥匙", 70),
    Column("印章", 120),
    Column("保管人", 150),
    Column("启用", 85),
    Column("停用", WIDTH - 425),
)


def render_pdf(value: SealRegister) -> bytes:
    """The register as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    issuer = value.issuer
    document = Document(
        title=f"{issuer.compound_name}{TITLE}",
        author=issuer.street,
        subject=_period(value),
        keywords=f"印章 {issuer.compound}",
        day=value.last.last_day,
    )
    return put_on_paper(lay_out(value), document)


def lay_out(value: SealRegister) -> list[Page]:
    """The pages, numbered."""
    issuer = value.issuer
    flow = Flow(lambda page: head_again(page, issuer, f"{TITLE}（续）"))
    _title(flow, value)
    if value.wrong:
        boxed(flow, f"有 {value.wrong} 次用印核验不符，不能作为依据。")
    facts(flow, ("小区", f"{issuer.compound}{issuer.compound_name}"), ("社区", issuer.community))
    heading(flow, f"用印 {len(value.lines)} 次", 60, "金额单位：元")
    if value.lines:
        table(flow, _COLUMNS, [_row(line) for line in value.lines], DENSE)
    else:
        sentences(flow, ["本期没有用印。"])
    if value.keys:
        heading(flow, "本期在用的钥匙", 60)
        table(
            flow, _KEYS,
            [Row((key.code, key.seal, key.keeper, str(key.starts), str(key.ended or ""))) for key in value.keys], DENSE,
        )  # fmt: skip
    flow.gap(6)
    said = f"签名栏是数字签名的前 {SIGNATURE_SHOWN} 位；“相符”指签名、钥匙和所盖的内容经程序核验一致。"
    sentences(flow, [said, *([f"{value.ground}。"] if value.ground else []), asking(issuer)], grey=0.1)
    seals(flow, ("业主委员会（盖章）", "社区居民委员会（盖章）"), 92)
    number_pages(flow.pages, issuer.street, TITLE)
    return flow.pages


def _title(flow: Flow, value: SealRegister) -> None:
    top, page = flow.take(86), flow.page
    page.write(LEFT, top - 9, value.issuer.street, 10.5, grey=0.25)
    page.write(RIGHT, top - 9, "业主大会、业主委员会印章", 10.5, align="right", grey=0.25)
    page.write(MIDDLE, top - 42, TITLE, 27, align="middle", bold=True)
    under = f"{value.issuer.compound_name}　{_period(value)}"
    page.write(MIDDLE, top - 72, under, page.fit([under], 17, WIDTH), align="middle")


def _period(value: SealRegister) -> str:
    if value.first == value.last:
        return month_name(value.first)
    return f"{month_name(value.first)}至{month_name(value.last)}"


def _row(line: SealLine) -> Row:
    paid = f"付款 {line.payment}，付给“{mask_party(line.payee)}”" if line.payment else ""
    cells = (
        str(line.number), str(line.day), line.seal, f"{line.resolution} {line.title}",
        yuan(line.amount_fen) if line.amount_fen else "", "相符" if line.verifies else "不符",
    )  # fmt: skip
    notes = ("", "", line.keeper, paid, "", f"{line.key} {line.signature}")
    return Row(cells, notes, "" if line.verifies else f"不符：{line.wrong}")
