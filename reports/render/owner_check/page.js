
/* The owner's page: takes the code from the address or the form, asks checkProof, shows what it says in plain words.
   In the oldest JavaScript on purpose: where check.js cannot even be read, this still runs and says so. */
(function () {
"use strict";

var trust = JSON.parse(document.getElementById("trust").textContent);
var words = JSON.parse(document.getElementById("words").textContent);
var verdict = document.getElementById("verdict");
var form = document.getElementById("form");
var field = document.getElementById("code");

/** An element with a class and children, which are elements or text; text is never read as HTML. */
function make(tag, kind) {
  var element = document.createElement(tag);
  if (kind) element.className = kind;
  for (var at = 2; at < arguments.length; at++) {
    var child = arguments[at];
    element.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
  return element;
}

function yuan(fen) {
  var whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return whole + "." + String(100 + fen % 100).slice(1);
}

/** POSIX seconds as Beijing's day and minute, whatever the phone's zone. */
function beijing(seconds) {
  var time = new Date((seconds + 8 * 3600) * 1000);
  if (isNaN(time.getTime())) return "日期不明";
  var clock = time.toISOString().slice(-13, -8);
  return time.getUTCFullYear() + "年" + (time.getUTCMonth() + 1) + "月" + time.getUTCDate() + "日 " + clock;
}

function monthName(month) {
  return Number(month.slice(0, 4)) + "年" + Number(month.slice(5)) + "月";
}

function row(name) {
  var cell = make("td");
  for (var at = 1; at < arguments.length; at++) cell.appendChild(make("div", "", arguments[at]));
  return make("tr", "", make("th", "", name), cell);
}

function show(good, headline, below, body) {
  verdict.textContent = "";
  verdict.appendChild(make("p", "verdict " + (good ? "ok" : "bad"), (good ? "✓ " : "✗ ") + headline,
    make("small", "", below)));
  body.className = good ? "framed" : "framed wrong";
  verdict.appendChild(body);
  verdict.setAttribute("data-result", good ? "ok" : "bad");
  window.scrollTo(0, 0);
}

function showFacts(facts) {
  var compound = facts.origin.slice(facts.origin.lastIndexOf("/") + 1), named = words.compounds[compound];
  var about = make("table", "", make("tbody", "",
    row("小　　区", named ? compound + "　" + named : compound),
    row("截　　至", monthName(facts.month) + "底"),
    row("户　　号", facts.household),
    row("已入账凭证", facts.size + " 张")));
  var signed = make("tbody");
  facts.signers.forEach(function (signer) {
    signed.appendChild(row(words.parties[signer[0]], "编号 " + signer[1] + "，已签名",
      signer[2] === null ? "（街道的签名不带时间）" : beijing(signer[2]) + "（北京时间）"));
  });
  var parties = facts.signers.map(function (signer) { return words.parties[signer[0]]; }).join("、");
  show(true, "核对无误", monthName(facts.month) + "底，" + facts.household + " 户", make("div", "",
    make("h2", "", "您这一户的余额"),
    make("p", "figure", yuan(facts.balance_fen), make("small", "", " 元")),
    make("p", "", "请看看：与您对账单上的余额一样吗？"),
    make("h2", "", "全小区合计"),
    make("p", "figure", yuan(facts.total_fen), make("small", "", " 元")),
    make("p", "", make("strong", "", "共 " + facts.count + " 户。"), "请到公告栏比一比：这个月公布的合计和户数，要与这里一模一样。",
      "不一样，请告诉社区和业主代表。"),
    make("h2", "", "哪个小区、哪一户"), about,
    make("h2", "", "谁签了名"), make("table", "", signed),
    make("p", "", "签名的时候有没有提出例外，码里没有写：请看公告栏的三方对账单。"),
    make("h2", "", "证明了什么"),
    make("p", "", "您的这个余额，已经算进上面的全小区合计。这个合计由" + parties +
      "签了名；签名以后，谁改动一分钱，本页都会显示“核对不通过”。"),
    make("h2", "", "没有证明什么"),
    make("p", "", "余额本身算得对不对，本页不知道：交存、收益、维修分摊要看对账单上的每一笔。觉得不对，可以要求复核。")));
}

function required() {
  return ["office"].concat(trust.required).map(function (party) { return words.parties[party]; }).join("、");
}

var KEEP = "留好这张对账单，拿给社区和业主代表看，并要求街道办事处书面答复。";
var REASONS = {
  malformed: ["码读不出来，没有核对成", "多半是没有扫全、贴漏了字，或者纸面折了、脏了。",
    "再扫一次。还是不行，请街道办事处重新打印一张对账单。"],
  not_in_total: ["余额没有算进全小区合计", "码里写的余额，与签了名的全小区合计对不上。这张单子上的余额不能相信。", KEEP],
  untrusted: ["签名的人不在名单里", "码里有本页不认识的签名：不是本街道的对账单，或者公钥换过而本页是旧的，也可能是假的。",
    "先把本页下面的公钥与公告栏上印的比一比。一样的，" + KEEP],
  signature: ["签名是假的", "签名与内容对不上：签名以后内容被改动过，或者签名是伪造的。这张单子上的余额不能相信。", KEEP],
  missing: ["签名不齐", "应当签名的有：" + required() + "。码里缺了一方或几方，不能算数。",
    "过几天再向街道办事处要一张签名齐全的对账单。一直不齐，请告诉社区和业主代表。"],
  old: ["这部手机太旧，不能核对", "手机上的浏览器不支持核对要用的计算。这不是说余额有错。", "换一部手机，或者用电脑打开本页。"],
  broken: ["本页出了错，没有核对成", "这不是说余额有错，也不是说余额没有错。", "换一部手机再试。还是不行，请告诉街道办事处。"]
};

function showReason(reason) {
  var said = REASONS[reason];
  show(false, "核对不通过", said[0], make("div", "",
    make("h2", "", "为什么"), make("p", "", said[1]), make("h2", "", "怎么办"), make("p", "", said[2])));
}

/** The code of what was scanned or pasted: the part after the #, without blanks and line ends. */
function codeOf(text) {
  return text.slice(text.lastIndexOf("#") + 1).replace(/\s+/g, "").toUpperCase();
}

function check(text) {
  if (typeof checkProof !== "function") return showReason("old");
  try {
    var told = checkProof(codeOf(text), trust);
    if (told.result === "ok") showFacts(told.facts);
    else showReason(told.result);
  } catch (error) {
    showReason("broken");
  }
}

function fromAddress() {
  if (location.hash.length > 1) check(location.hash);
}

form.addEventListener("submit", function (event) {
  event.preventDefault();
  check(field.value);
});
window.addEventListener("hashchange", fromAddress);
fromAddress();
})();
