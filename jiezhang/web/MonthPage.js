// The buttons of the page 本月, and what the other pages of ours do in the same way.
// Every answer of the server is {ok, message}; the page is then read anew.

const PAGE = "month";

export function root(page) {
  return document.querySelector(`.jz-page[data-page="${page}"]`);
}

export function say(at, message, isBad) {
  const said = at.querySelector(".jz-said");
  said.textContent = message;
  said.classList.toggle("jz-bad", Boolean(isBad));
}

export function chooseMonth(select) {
  window.location.search = `?month=${encodeURIComponent(select.value)}`;
}

// Who acts is chosen once for this window: reading the page again must not ask again.
export function rememberActor(select) {
  window.sessionStorage.setItem(`jiezhang-${select.name}`, select.value);
}

export function recallActors(at) {
  for (const select of at?.querySelectorAll(".jz-actor") ?? []) {
    select.value = window.sessionStorage.getItem(`jiezhang-${select.name}`) ?? "";
    if (select.selectedIndex < 0) select.value = "";
  }
}

async function send(api, at, endpoint, more) {
  const { month, version } = at.dataset;
  try {
    return await api.post(endpoint, { month, version, ...more });
  } catch {
    return { ok: false, message: "服务器没有回答，请看程序是否还开着" };
  }
}

// The same page with what the books say now; nothing when it can't be had, and the window is then read as a whole.
export async function reread(at) {
  const address = new URL(window.location.href);
  address.searchParams.set("partial", "true");
  address.searchParams.set("month", at.dataset.month);
  const answer = await fetch(address);
  if (!answer.ok) {
    window.location.reload();
    return at;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".jz-page");
  at.replaceWith(fresh);
  recallActors(fresh);
  return fresh;
}

export async function carryOut(api, at, endpoint, more) {
  const enabled = [...at.querySelectorAll("button")].filter((button) => !button.disabled);
  enabled.forEach((button) => { button.disabled = true; });
  say(at, "正在处理…");
  const { ok, message } = await send(api, at, endpoint, more);
  const now = ok ? await reread(at) : at;
  if (!ok) enabled.forEach((button) => { button.disabled = false; });
  say(now, message, !ok);
  return ok;
}

// The cursor goes to the row that follows, so that a month can be done from the keyboard.
function goOn(position) {
  const rows = [...root(PAGE).querySelectorAll(".jz-row")];
  const next = rows.slice(position).find((row) => !("complete" in row.dataset));
  (next?.querySelector(".jz-other") ?? root(PAGE).querySelector(".jz-onward"))?.focus();
}

// Every row offers the same accounts: the page lists them once, and a select takes them when it is first used.
function fill(select) {
  const sets = [...root(PAGE).querySelectorAll("template[data-set]")];
  const set = sets.find((one) => one.dataset.set === select.dataset.choices);
  delete select.dataset.choices;
  if (!set) return;
  const chosen = select.selectedOptions[0].cloneNode(true);
  const { value } = chosen;
  if (value || select.matches(".jz-optional")) select.replaceChildren();
  select.append(set.content.cloneNode(true));
  select.value = value;
  if (select.selectedIndex < 0) {
    select.prepend(chosen);
    select.value = value;
  }
}

// A transfer between two funds is chosen by its other row; the account then follows.
function joinAsked(row) {
  const chosen = row.querySelector(".jz-join")?.selectedOptions[0];
  return chosen?.value ? { join_account: chosen.dataset.account, join_ref: chosen.value } : {};
}

const BOXES = ["contract", "narration", "whose", "deposit", "outside", "resolution", "invoice", "accepted", "payment"];

function rowAsked(row) {
  const asked = { account: row.dataset.account, ref: row.dataset.ref };
  for (const name of BOXES) asked[name] = row.querySelector(`.jz-${name}`)?.value ?? "";
  return asked;
}

async function complete(api, row) {
  const maker = root(PAGE).querySelector(".jz-actor");
  const join = joinAsked(row);
  const other = join.join_ref ? row.querySelector(".jz-join").dataset.other : row.querySelector(".jz-other").value;
  const missing = !maker.value ? [maker, "请先在上方选择制单人"] : !other && [row.querySelector(".jz-other"), "请先选对应科目"];
  if (missing) {
    say(root(PAGE), missing[1], true);
    missing[0].focus();
    return;
  }
  const position = [...root(PAGE).querySelectorAll(".jz-row")].indexOf(row) + 1;
  const asked = { actor: maker.value, rows: [{ ...rowAsked(row), ...join, other }] };
  if (await carryOut(api, root(PAGE), "complete", asked)) goOn(position);
}

function onKey(api, event) {
  const row = event.target.closest(".jz-row");
  if (row && event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    complete(api, row);
  }
}

function onChange(event) {
  if (event.target.matches(".jz-months")) chooseMonth(event.target);
  if (event.target.matches(".jz-actor")) rememberActor(event.target);
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
    const on = (event, act) => {
      document.addEventListener(event, (happened) => { if (root(PAGE)?.contains(happened.target)) act(happened); });
    };
    on("click", ({ target }) => {
      const row = target.closest(".jz-row");
      if (target.matches(".jz-do-complete")) complete(api, row);
      if (target.matches(".jz-more")) row.querySelector(".jz-basis").toggleAttribute("hidden");
    });
    on("keydown", (event) => onKey(api, event));
    on("focusin", ({ target }) => { if (target.matches("select[data-choices]")) fill(target); });
    on("change", onChange);
  },
  onExtensionPageLoad: () => recallActors(root(PAGE)),
};
