"""The gate fails closed: what may not be loaded is refused before Beancount sees it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from beancount import loader

from jiezhang.book.create import create_compound
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import check_loaded, load_ledger
from jiezhang.close.directory import known_accounts
from jiezhang.domain.problem import Refused
from tests.conftest import new_compound


def test_a_new_ledger_loads_clean(compound: CompoundFolder) -> None:
    ledger = load_ledger(compound, "hangzhou")
    assert ledger.errors == []
    assert ledger.options["jiezhang_rules"]


APPENDED = [
    ("main.beancount", 'plugin "os"\n', "主文件不是程序生成"),
    ("main.beancount", ";; 无害的注释\n", "主文件不是程序生成"),
    ("2026/2026-09.beancount", 'plugin "evil"\n', "只有主文件可以写 plugin"),
    ("2026/2026-09.beancount", ' include "/etc/passwd"\n', "只有主文件可以写 include"),
    ("2026/2026-09.beancount", 'option "tolerance_multiplier" "1"\n', "只有主文件可以写 option"),
    ("accounts.beancount", 'option "insert_pythonpath" "True"\n', "只有主文件可以写 option"),
    ("resolutions.beancount", "pushtag #hidden\n", "只有主文件可以写 pushtag"),
    ("2026/2026-09.beancount", '  filename: "2026/2026-12.beancount"\n', "元数据“filename”由程序使用"),
    ("2026/2026-09.beancount", "    lineno: 4\n", "元数据“lineno”由程序使用"),
    ("accounts.beancount", "  __automatic__: TRUE\n", "元数据“__automatic__”由程序使用"),
    ("2026/2026-09.beancount", "2026-09-02 pad Assets:A Equity:B\n", "不得使用 pad"),
    ("2026/2026-09.beancount", "2026/09/02  pad  Assets:A Equity:B\n", "不得使用 pad"),
]


@pytest.mark.parametrize(("name", "text", "said"), APPENDED)
def test_a_line_that_may_not_stand_there(compound: CompoundFolder, name: str, text: str, said: str) -> None:
    path = compound.path / name
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    with pytest.raises(Refused, match=said) as refused:
        load_ledger(compound, "hangzhou")
    assert refused.value.file.endswith(name)
    assert refused.value.line == len(path.read_text("utf-8").splitlines())


def test_a_removed_plugin_line(compound: CompoundFolder) -> None:
    text = compound.main.read_text("utf-8").replace('plugin "plugins.strict"\n', "")
    compound.main.write_text(text, "utf-8")
    with pytest.raises(Refused, match="主文件不是程序生成") as refused:
        load_ledger(compound, "hangzhou")
    assert refused.value.line == 5


@pytest.mark.parametrize("name", ["2026/extra.beancount", "2027/2026-09.beancount", "backup.beancount"])
def test_a_file_that_has_no_business_here(compound: CompoundFolder, name: str) -> None:
    (compound.path / name).parent.mkdir(exist_ok=True)
    (compound.path / name).write_text("")
    with pytest.raises(Refused, match="不认识的账簿文件"):
        load_ledger(compound, "hangzhou")


def test_a_link_out_of_the_folder(compound: CompoundFolder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.beancount").write_text("")
    (compound.path / "2026/2026-10.beancount").symlink_to(tmp_path / "elsewhere.beancount")
    with pytest.raises(Refused, match="不得是链接"):
        load_ledger(compound, "hangzhou")


def test_a_missing_file(compound: CompoundFolder) -> None:
    (compound.path / "resolutions.beancount").unlink()
    with pytest.raises(Refused, match="缺少账簿文件"):
        load_ledger(compound, "hangzhou")


def test_text_that_is_not_utf8(compound: CompoundFolder) -> None:
    path = compound.path / "2026/2026-09.beancount"
    path.write_bytes(path.read_bytes() + ";; 街账\n".encode("gb18030"))
    with pytest.raises(Refused, match="不是 UTF-8"):
        load_ledger(compound, "hangzhou")


def test_rules_that_did_not_run_do_not_pass(compound: CompoundFolder) -> None:
    ledger = load_ledger(compound, "hangzhou")
    for key, value, said in [
        ("jiezhang_rules", None, "没有运行"),
        ("jiezhang_rules", ("exact_amounts",), "没有运行"),
        ("tolerance_multiplier", 1, "容差"),
        ("plugin", [("plugins.strict", None), ("os", None)], "插件"),
        ("include", ledger.options["include"][1:], "不一致"),
    ]:
        with pytest.raises(Refused, match=said):
            check_loaded(ledger.folder, {**ledger.options, key: value})


def test_another_city_means_another_main_file(compound: CompoundFolder) -> None:
    with pytest.raises(Refused, match="主文件不是程序生成"):
        load_ledger(compound, "huzhou")


def test_the_pickle_cache_is_off(compound: CompoundFolder) -> None:
    load_ledger(compound, "hangzhou")
    assert not list(compound.path.glob("**/*.picklecache"))
    assert "pickle" not in getattr(loader._load_file, "__qualname__", "")


def test_bean_check_finds_what_the_gate_loads(compound: CompoundFolder) -> None:
    """A ledger is plain Beancount: the ecosystem's own checker runs our rules too."""
    path = compound.path / "2026/2026-09.beancount"
    bank = "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021"
    wrong = f'\n2026-09-02 * "x"\n  {bank}  1.00 CNY\n  Income:C0007长吴公寓:G公共收益:4901其他  -1.00 CNY\n'
    path.write_text(path.read_text("utf-8") + wrong, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", str(compound.main)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "银行分录没有注明对账单来源" in done.stderr


def test_a_holder_may_have_quotes_in_his_name(street: StreetFolder) -> None:
    new = new_compound("C0008", "长水公寓")
    holder = '“长水”"公寓"\\业主大会'
    accounts = [account.model_copy(update={"holder": holder}) for account in new.accounts]
    ledger = load_ledger(create_compound(street, replace(new, accounts=accounts)), "hangzhou")
    assert {account.holder for account in known_accounts("C0008", ledger.entries)} == {holder}
