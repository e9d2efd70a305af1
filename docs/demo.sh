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

# The acting person: the bookkeeper makes, the reviewer reviews, another bookkeeper posts and signs with a key. The keys
# in example-keys/ are of made-up people; a real office keeps each key with its owner.
by() { JIEZHANG_AS=$1; export JIEZHANG_AS; }

by K01
say "导入 $month 的银行、微信、支付宝对账单"
jiezhang -C "$street" import
cp -R "$street" "$out/office"
say "试着补录一笔没有业主决定的付款：程序不收"
! jiezhang -C "$street" complete "$street/completions/refused.csv"
say "补录规则不认识的流水，每笔付款写明决议"
jiezhang -C "$street" complete "$street/completions/$month.csv"
say "另一个人复核，再由另一个人过账、签名"
by F01
jiezhang -C "$street" review "$month"
by K02
jiezhang -C "$street" post "$month" --key "$street/example-keys/K02.pem"
say "用全部规则检查账簿"
jiezhang -C "$street" check
say "与银行逐笔核对"
jiezhang -C "$street" reconcile "$month"
say "编制公示表；有流水没查明的小区只出样稿"
jiezhang -C "$street" disclose "$month" --draft --out "$out/公示"
say "核对维修资金：银行、账、幢、户"
jiezhang -C "$street" fund balance
say "编制维修资金公示表和会计报表"
jiezhang -C "$street" fund publish "$month" --out "$out/公示"
say "报送当月的数字；有流水没查明的小区不能报送"
keys=$street/example-keys
set -- --compound C0001 --compound C0002 --compound C0003
! jiezhang -C "$street" attest present "$month" --compound C0004 --key "$keys/K02.pem"
jiezhang -C "$street" attest present "$month" "$@" --key "$keys/K02.pem"
say "银行先签；审计的凭证由两方的随机数抽取；社区再签。各方自己留存证"
# Each fills in a sheet at their own desk; here they have looked, and everything agrees.
by B01
jiezhang -C "$street" attest sign "$month" "$@" --key "$keys/B01.pem" --agree --keep "$out/银行留存"
by A01
jiezhang -C "$street" attest sheets "$month" "$@" --key "$keys/A01.pem" --out "$out/审计回单"
jiezhang -C "$street" attest sign "$month" "$@" --key "$keys/A01.pem" --agree --keep "$out/审计留存"
by S01
jiezhang -C "$street" attest sign "$month" "$@" --key "$keys/S01.pem" --agree --keep "$out/社区留存"
say "封月，各方盖章，编三方对账单"
by K02
jiezhang -C "$street" close "$month" "$@"
for who in B01 A01 S01; do
  by "$who"
  jiezhang -C "$street" attest stamp "$month" "$@" --cert "$keys/$who.cert.pem" --cert-key "$keys/$who.cert-key.pem"
done
by K02
jiezhang -C "$street" attest paper "$month" "$@" --out "$out/公示"
say "验证：用各方自己留的公钥和存证，不联网"
jiezhang -C "$street" attest trust --out "$out/信任.toml"
jiezhang -C "$street" verify --trust "$out/信任.toml" --kept "$out/银行留存" --kept "$out/审计留存" \
  --kept "$out/社区留存" --ca "$keys/demo-ca.pem"
say "一户业主核对自己的余额；给手机用的核对网页"
jiezhang -C "$street" attest proof "$month" --compound C0001 --household 01-1-101 > "$out/凭码.txt"
jiezhang verify "$out/凭码.txt" --trust "$out/信任.toml"
jiezhang -C "$street" attest page --trust "$out/信任.toml" --out "$out/核对.html"
say "排印一个小区的分户对账单（每户一个核对的码）和续交通知"
code=$(basename "$(find "$street" -maxdepth 1 -name 'C[0-9]*' | sort | head -n 1)" | cut -c 1-5)
jiezhang -C "$street" fund statement "$month" --compound "$code" --out "$out/业主"
jiezhang -C "$street" fund notice --compound "$code" --on "$month-28" --to-percent 50 --out "$out/业主"
say "排印记账凭证、用印登记，看一项决议和一项集资"
jiezhang -C "$street" voucher print "$month" --compound "$code" --out "$out/凭证"
jiezhang -C "$street" seal log --compound "$code" --from 2026-07 --to "$month" --out "$out/公示"
jiezhang -C "$street" resolve show R2026-01 --compound C0002
jiezhang -C "$street" levy publish J01 --compound C0003 --out "$out/公示"
jiezhang -C "$street" project R2026-01 --compound C0003 --on "$month-31" --out "$out/公示"
