"""The fault table, first part continued: texts, account openings and ledger files somebody changed by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import snapshot
from tests.faults.breaking import (
    ACCOUNTS,
    BOOK,
    COST,
    INCOME,
    Break,
    Fault,
    append,
    change,
    copy,
    edit,
    judge,
    remove,
    run,
)

RESOLUTIONS = "C0001/resolutions.beancount"
MAIN = "C0001/main.beancount"

AD = "Income:.*4002电梯广告"


def _same_number(compound: str) -> Break:
    """The maintenance fund's account of `compound` has the bank and number of the first compound's other account."""

    def broken(street: Path) -> None:
        first = (street / ACCOUNTS).read_text("utf-8")
        bank, number = re.findall(r'bank: "(.+)"\n  bank-account: "(.+)"', first)[0]
        edit(
            f"{compound}/accounts.beancount",
            r"bank: .*\n  bank-account: .*",
            f'bank: "{bank}"\n  bank-account: "{number}"',
            "W维修资金:1001",
        )(street)

    return broken


def _linked(street: Path) -> None:
    (street / BOOK).rename(street / "2026-06.beancount")
    (street / BOOK).symlink_to(street / "2026-06.beancount")


def _huge(street: Path) -> None:
    with (street / BOOK).open("ab") as file:
        file.truncate(65 * 1024 * 1024)


FAULTS = [
    # text
    Fault(
        "markup in the summary",
        edit(BOOK, r'" "', '" "<img src=x>', AD),
        "文字“□img src=x□.*”中有不允许的字符 U\\+003C",
        "^2026",
    ),
    Fault("text turned round", edit(BOOK, r'" "', '" "\u202e', AD), "文字“□.*”中有不允许的字符 U\\+202E", "^2026"),
    Fault("a line separator", edit(BOOK, r'" "', '" "\u2028', AD), "账簿文件里有看不见的字符 U\\+2028.*", "\u2028"),
    Fault(
        "markup in metadata",
        edit(BOOK, r"  voucher", '  note: "<b>"\n  voucher', AD),
        "文字“□b□”中有不允许的字符 U\\+003C",
        "^2026",
    ),
    Fault(
        "markup in an account's holder",
        edit(ACCOUNTS, 'holder: "', 'holder: "<i>'),
        "文字“□i□.*”中有不允许的字符 U\\+003C",
        "open",
        ACCOUNTS,
    ),
    Fault(
        "a narration of two lines",
        edit(BOOK, r'" "', '" "上\n下', AD),
        "文字“上□下.*”中有不允许的字符 U\\+000A",
        "^2026|上",
    ),
    # dedicated accounts
    Fault(
        "in a person's name",
        edit(ACCOUNTS, 'holder-kind: "assembly"', 'holder-kind: "person"'),
        "专户“.*”不得以个人名义开立（户名：.*）",
        "open",
        ACCOUNTS,
    ),
    Fault(
        "in a kind of name nobody knows",
        edit(ACCOUNTS, 'holder-kind: "assembly"', 'holder-kind: "cousin"'),
        "专户“.*”的户名性质“cousin”无法识别",
        "open",
        ACCOUNTS,
    ),
    Fault(
        "in a name the city forbids",
        edit(ACCOUNTS, 'holder-kind: "assembly"', 'holder-kind: "neighbourhood"'),
        "专户“.*”的户名性质“居民委员会”不在允许之列（.*杭州市物业管理条例.*）",
        "open",
        ACCOUNTS,
    ),
    Fault("without a holder", edit(ACCOUNTS, r"  holder: .*\n", ""), "专户“.*”没有登记户名", "open", ACCOUNTS),
    Fault(
        "one bank account for two funds",
        _same_number("C0001"),
        r"银行账号 \d+ 已属于“G_BANK”，一个专户只能属于一项资金",
        "W维修资金",
        ACCOUNTS,
    ),
    Fault(
        "one bank account for two compounds",
        _same_number("C0002"),
        r"银行账号 \d+ 已由小区 C0001 登记，一个专户只能属于一个小区",
        "W维修资金",
        "C0002/accounts.beancount",
    ),
    # the file itself
    Fault(
        "pad",
        append(BOOK, f"2026-06-20 pad {COST} {INCOME}\n"),
        "账簿中不得使用 pad：它会悄悄补平余额，差额须查明后用凭证入账",
        "pad",
    ),
    Fault(
        "pad after a carriage return",
        append(BOOK, f"\r2026-06-20 pad {COST} {INCOME}\n"),
        "账簿文件里有看不见的字符 U\\+000D.*",
        "\r",
    ),
    Fault("a plugin", append(BOOK, 'plugin "os"\n'), "只有主文件可以写 plugin，这一行须删去", "plugin"),
    Fault(
        "a plugin behind a carriage return",
        append(BOOK, '\rplugin "os"\n'),
        "账簿文件里有看不见的字符 U\\+000D.*",
        "plugin",
    ),
    Fault(
        "an include",
        append(RESOLUTIONS, 'include "/etc/passwd"\n'),
        "只有主文件可以写 include，这一行须删去",
        "include",
        RESOLUTIONS,
    ),
    Fault(
        "rules of holders of one's own",
        append(ACCOUNTS, '2026-06-01 custom "jiezhang-holders" "G" "neighbourhood" "我说的" TRUE\n'),
        "只有主文件可以写 custom “jiezhang-holders”，这一行须删去",
        "jiezhang-holders",
        ACCOUNTS,
    ),
    Fault(
        "a program for Fava",
        append(BOOK, '2026-06-01 custom "fava-extension" "evil"\n'),
        "只有主文件可以写 custom “fava-extension”，这一行须删去",
        "fava-extension",
    ),
    Fault(
        "an option for Fava",
        append(BOOK, '2026-06-01 custom  "fava-option" "import-config" "evil.py"\n'),
        "只有主文件可以写 custom “fava-option”，这一行须删去",
        "fava-option",
    ),
    Fault(
        "a removed plugin line",
        edit(MAIN, '\nplugin "plugins.strict"', ""),
        "主文件不是程序生成的那一份（被改动过），请用“jiezhang new main”重新生成",
        "^$",
        MAIN,
    ),
    Fault(
        "a hand-edited main file",
        append(MAIN, ";; 无害\n"),
        "主文件不是程序生成的那一份（被改动过），请用“jiezhang new main”重新生成",
        "^$",
        MAIN,
    ),
    Fault("GBK", append(BOOK, ";; 街账\n".encode("gbk")), "账簿文件不是 UTF-8 编码", ";;"),
    Fault(
        "a byte order mark",
        change(BOOK, lambda data: b"\xef\xbb\xbf" + data),
        "账簿文件里有看不见的字符 U\\+FEFF.*",
        1,
    ),
    Fault(
        "Windows line ends",
        change(BOOK, lambda data: data.replace(b"\n", b"\r\n")),
        "账簿文件里有看不见的字符 U\\+000D.*",
        1,
    ),
    Fault("NUL", append(BOOK, '2026-06-30 note G_BANK "\x00"\n'), "账簿文件里有看不见的字符 U\\+0000.*", "note"),
    Fault("an open quote", append(BOOK, '2026-06-30 note G_BANK "没写完\n'), "账簿写法有误.*", "note|^$"),
    Fault("words that are no ledger", append(BOOK, "你好\n"), "账簿写法有误.*", "你好"),
    Fault(
        "half a file",
        change(BOOK, lambda data: data[: data.rindex(b"source-sha256") + 20]),
        "账簿写法有误.*",
        "source-sha256|^$",
    ),
    Fault("a link", _linked, "账簿文件不得是链接，也不得在小区文件夹之外", "", BOOK),
    Fault(
        "a folder named like a month",
        lambda street: (street / "C0001/2026/2026-08.beancount").mkdir(),
        "账簿文件的位置上是一个文件夹，请移走或改名",
        "",
        "2026-08.beancount",
    ),
    Fault("another month's file", copy(BOOK, "C0001/2026/2026-08.beancount"), "期初余额只能有一笔", "期初"),
    Fault(
        "a copy kept beside",
        copy(BOOK, "C0001/2026/2026-06 (2).beancount"),
        "账簿文件夹中有不认识的账簿文件，请移走或改名",
        "",
        "2026-06 (2).beancount",
    ),
    Fault(
        "a voucher among the accounts",
        append(ACCOUNTS, f'2026-06-15 * "手工"\n  voucher: "记-9999"\n  {COST}  5.00 CNY\n  {INCOME}  -5.00 CNY\n'),
        "凭证只能写在月份账簿文件里",
        "手工",
        ACCOUNTS,
    ),
    Fault("a missing file", remove(RESOLUTIONS), "缺少账簿文件", "", RESOLUTIONS),
    Fault("a huge file", _huge, "账簿文件超过 64 MB，不能装载", "", BOOK),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_ledger_file_was_changed(ready: Path, fault: Fault) -> None:
    fault.broken(ready)
    before = snapshot(ready)
    code, lines = run(ready, "check")
    assert code == 1
    judge(ready, fault, lines)
    assert snapshot(ready) == before


def test_a_killed_writers_scratch_is_nobodys_ledger(ready: Path) -> None:
    """It is not read, not found fault with, and gone after the next change."""
    scratch = ready / "C0001/.staging-abc/C0001/2026"
    scratch.mkdir(parents=True)
    (scratch / "2026-06.beancount").write_text('plugin "os"\n', "utf-8")
    half = ready / "C0001/2026/.2026-06.beancount.123.tmp"
    half.write_bytes(b"\x00")
    assert run(ready, "check")[0] == 0
    assert half.exists()
    assert run(ready, "import")[0] == 0
    assert not half.exists()
    assert not (ready / "C0001/.staging-abc").exists()
