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
