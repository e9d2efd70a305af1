// The page 本月: rows are completed one after the other, from the keyboard too.

import { carryOut, carryOutForm, chooseMonth, root, say } from "/jiezhang/office.js";

const PAGE = "month";

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

async function complete(row) {
  const join = joinAsked(row);
  const other = join.join_ref ? row.querySelector(".jz-join").dataset.other : row.querySelector(".jz-other").value;
  if (!other) {
    say(root(PAGE), "请先选对应科目", true);
    row.querySelector(".jz-other").focus();
    return;
  }
  const position = [...root(PAGE).querySelectorAll(".jz-row")].indexOf(row) + 1;
  if (await carryOut(root(PAGE), "complete", { rows: [{ ...rowAsked(row), ...join, other }] })) goOn(position);
}

// Originals of a row: dropped anywhere on it, or chosen.
function attach(row, files) {
  if (!row?.querySelector(".jz-files") || !files.length) return;
  const form = new FormData();
  form.set("account", row.dataset.account);
  form.set("ref", row.dataset.ref);
  for (const file of files) form.append("files", file);
  carryOutForm(root(PAGE), row.closest("fieldset").dataset.attach, form);
}

function onDrag(event) {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault(); // a file dropped beside a row must not replace the page
  const row = event.target.closest(".jz-row");
  for (const other of root(PAGE).querySelectorAll(".jz-over")) other.classList.remove("jz-over");
  if (event.type === "drop") attach(row, event.dataTransfer.files);
  else if (row?.querySelector(".jz-files")) row.classList.add("jz-over");
}

function onKey(event) {
  const row = event.target.closest(".jz-row");
  if (row && event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    complete(row);
  }
}

// The period printed on the sheet begins with the day it goes up.
function postOn(day) {
  for (const link of root(PAGE).querySelectorAll(".jz-downloads a")) {
    const address = new URL(link.href);
    address.searchParams.set("posted", day);
    link.href = address.href;
  }
}

function onChange(event) {
  if (event.target.matches(".jz-posting-day") && event.target.value) postOn(event.target.value);
  if (event.target.matches(".jz-months")) chooseMonth(event.target);
  if (event.target.matches(".jz-files")) attach(event.target.closest(".jz-row"), event.target.files);
}

function addStyle() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "/jiezhang/style.css";
  document.head.append(link);
}

export default {
  init() {
    document.documentElement.lang = "zh-CN";
    addStyle();
    const on = (event, act) => {
      document.addEventListener(event, (happened) => { if (root(PAGE)?.contains(happened.target)) act(happened); });
    };
    on("click", ({ target }) => {
      const row = target.closest(".jz-row");
      if (target.matches(".jz-do-complete")) complete(row);
      if (target.matches(".jz-more")) row.querySelector(".jz-basis").toggleAttribute("hidden");
    });
    on("keydown", (event) => onKey(event));
    on("focusin", ({ target }) => { if (target.matches("select[data-choices]")) fill(target); });
    // Who was quicker than this script already stands on one.
    const waiting = document.activeElement;
    if (waiting?.matches("select[data-choices]")) fill(waiting);
    on("change", onChange);
    on("dragover", onDrag);
    on("drop", onDrag);
  },
};
