// The buttons of the page 本月. Every answer of the server is {ok, message}; the page is then read anew.

const ROOT = "jz-month";

function root() {
  return document.getElementById(ROOT);
}

function say(message, isBad) {
  const said = document.getElementById("jz-said");
  said.textContent = message;
  said.classList.toggle("jz-bad", Boolean(isBad));
}

function rowAsked(row) {
  return { account: row.dataset.account, ref: row.dataset.ref };
}

async function send(api, endpoint, more) {
  const { month, version } = root().dataset;
  try {
    return await api.post(endpoint, { month, version, ...more });
  } catch {
    return { ok: false, message: "服务器没有回答，请看程序是否还开着" };
  }
}

// Read the page again and put the cursor in the row that follows, so that a month can be done from the keyboard.
async function refresh(position) {
  const address = new URL(window.location.href);
  address.searchParams.set("partial", "true");
  address.searchParams.set("month", root().dataset.month);
  const answer = await fetch(address);
  if (!answer.ok) {
    window.location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  root().replaceWith(page.getElementById(ROOT));
  const rows = [...root().querySelectorAll(".jz-row")];
  const next = rows.slice(position).find((row) => !("complete" in row.dataset));
  (next?.querySelector(".jz-other") ?? root().querySelector(".jz-do-post"))?.focus();
}

// Every row offers the same accounts: the page lists them once, and a select takes them when it is first used.
function fill(select) {
  const sets = [...root().querySelectorAll("template[data-set]")];
  const set = sets.find((one) => one.dataset.set === select.dataset.choices);
  delete select.dataset.choices;
  if (!set) return;
  const { value } = select;
  if (value || select.matches(".jz-contract")) select.replaceChildren();
  select.append(set.content.cloneNode(true));
  select.value = value;
}

function onFocus(event) {
  if (event.target.matches("select[data-choices]")) fill(event.target);
}

async function carryOut(api, endpoint, more, position) {
  const buttons = [...root().querySelectorAll("button")];
  const enabled = buttons.filter((button) => !button.disabled);
  enabled.forEach((button) => { button.disabled = true; });
  say("正在处理…");
  const { ok, message } = await send(api, endpoint, more);
  if (ok) {
    await refresh(position);
  } else {
    enabled.forEach((button) => { button.disabled = false; });
  }
  say(message, !ok);
}

// A transfer between two funds is chosen by its other row; the account then follows.
function joinAsked(row) {
  const chosen = row.querySelector(".jz-join")?.selectedOptions[0];
  return chosen?.value ? { join_account: chosen.dataset.account, join_ref: chosen.value } : {};
}

function complete(api, row) {
  const join = joinAsked(row);
  const other = join.join_ref ? row.querySelector(".jz-join").dataset.other : row.querySelector(".jz-other").value;
  if (!other) {
    say("请先选对应科目", true);
    row.querySelector(".jz-other").focus();
    return;
  }
  const contract = row.querySelector(".jz-contract")?.value ?? "";
  const narration = row.querySelector(".jz-narration").value;
  const whose = row.querySelector(".jz-whose")?.value ?? "";
  const deposit = row.querySelector(".jz-deposit")?.value ?? "";
  const outside = row.querySelector(".jz-outside")?.value ?? "";
  const position = [...root().querySelectorAll(".jz-row")].indexOf(row) + 1;
  const asked = { ...rowAsked(row), ...join, other, contract, narration, whose, deposit, outside };
  carryOut(api, "complete", { rows: [asked] }, position);
}

function post(api) {
  const count = root().querySelectorAll(".jz-row[data-complete]").length;
  if (window.confirm(`过账 ${count} 笔？过账后不能再改。`)) {
    carryOut(api, "post", {}, 0);
  }
}

function onClick(api, event) {
  const row = event.target.closest(".jz-row");
  if (event.target.matches(".jz-do-complete")) {
    complete(api, row);
  } else if (event.target.matches(".jz-do-post")) {
    post(api);
  }
}

function onKey(api, event) {
  const row = event.target.closest(".jz-row");
  if (row && event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    complete(api, row);
  }
}

function onChange(event) {
  if (event.target.matches(".jz-months")) {
    window.location.search = `?month=${encodeURIComponent(event.target.value)}`;
  }
}

function addStyle() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "/jiezhang/style.css";
  document.head.append(link);
}

export default {
  init({ api }) {
    document.documentElement.lang = "zh-CN";
    addStyle();
    document.addEventListener("click", (event) => { if (root()?.contains(event.target)) onClick(api, event); });
    document.addEventListener("keydown", (event) => { if (root()?.contains(event.target)) onKey(api, event); });
    document.addEventListener("focusin", (event) => { if (root()?.contains(event.target)) onFocus(event); });
    document.addEventListener("change", (event) => { if (root()?.contains(event.target)) onChange(event); });
  },
};
