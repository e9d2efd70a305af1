#!/bin/sh
# A month of the example street: sh docs/demo.sh STREET MONTH OUT. The example itself is copied, never changed.
# OUT/street ends with the month done; OUT/office stays after the import, with work for the page to show.
set -eu
example=$1 month=$2 out=$3
street=$out/street

say() { printf '\n== %s\n' "$*"; }

rm -rf "$out"
mkdir -p "$out"
cp -R "$example" "$street"

say "导入 $month 的银行、微信、支付宝对账单"
jiezhang -C "$street" import
cp -R "$street" "$out/office"
say "补录规则不认识的流水，过账"
jiezhang -C "$street" complete "$street/completions/$month.csv"
jiezhang -C "$street" post "$month"
say "用全部规则检查账簿"
jiezhang -C "$street" check
say "与银行逐笔核对"
jiezhang -C "$street" reconcile "$month"
say "编制公示表"
jiezhang -C "$street" disclose "$month" --out "$out/公示"
say "核对维修资金：银行、账、幢、户"
jiezhang -C "$street" fund balance
say "编制维修资金公示表和会计报表"
jiezhang -C "$street" fund publish "$month" --out "$out/公示"
say "排印一个小区的分户对账单和续交通知"
code=$(basename "$(find "$street" -maxdepth 1 -name 'C[0-9]*' | sort | head -n 1)" | cut -c 1-5)
jiezhang -C "$street" fund statement "$month" --compound "$code" --out "$out/业主"
jiezhang -C "$street" fund notice --compound "$code" --on "$month-28" --to-percent 50 --out "$out/业主"
