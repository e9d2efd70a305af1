// The buttons of the page 凭证: a reviewer ticks what they looked at, a poster posts what was reviewed.

import { carryOut, chooseMonth, recallActors, rememberActor, root, say } from "./MonthPage.js";

const PAGE = "vouchers";
const TICKS_MAX = 3000;

function ready(section) {
  return [...section.querySelectorAll(".jz-one")].filter((tick) => !tick.disabled);
}

// Nobody takes two steps that follow each other; who has a key of their own posts by the command, which signs.
function allow(section) {
  const select = section.querySelector(".jz-actor");
  if (!select) return;
  const chosen = select.selectedOptions[0];
  for (const voucher of section.querySelectorAll(".jz-voucher")) {
    const tick = voucher.querySelector(".jz-one");
    tick.disabled = Boolean(select.value) && voucher.dataset.notFor.split(" ").includes(select.value);
    if (tick.disabled) tick.checked = false;
    tick.title = tick.disabled ? "这一步不能由上一步的经办人或出纳来办" : "";
  }
  const signs = section.dataset.endpoint === "post" && chosen && "signs" in chosen.dataset;
  for (const said of section.querySelectorAll(".jz-signs")) {
    said.hidden = said.dataset.person !== select.value;
  }
  const ticked = ready(section).filter((tick) => tick.checked).length;
  const button = section.querySelector(".jz-act");
  const word = section.dataset.endpoint === "post" ? "过账" : "复核";
  button.textContent = ticked ? `${word}选中的 ${ticked} 张` : word;
  button.disabled = !ticked || signs;
  const all = section.querySelector(".jz-all");
  all.checked = ticked > 0 && ticked === ready(section).length;
}

function allowAll() {
  recallActors(root(PAGE));
  root(PAGE)?.querySelectorAll(".jz-state").forEach(allow);
}

async function act(api, section) {
  const select = section.querySelector(".jz-actor");
  if (!select.value) {
    say(root(PAGE), section.dataset.part === "poster" ? "请先选择记账人" : "请先选择复核人", true);
    select.focus();
    return;
  }
  const every = [...section.querySelectorAll(".jz-one")];
  const ticked = every.filter((tick) => tick.checked);
  const everything = ticked.length === every.length;
  if (!everything && ticked.length > TICKS_MAX) {
    say(root(PAGE), `一次最多选 ${TICKS_MAX} 张`, true);
    return;
  }
  if (section.dataset.endpoint === "post" && !window.confirm(`过账 ${ticked.length} 张？过账后不能再改。`)) return;
  const digests = ticked.map((tick) => tick.closest(".jz-voucher").dataset.digest);
  const vouchers = everything ? [] : [...new Set(digests)];
  await carryOut(api, root(PAGE), section.dataset.endpoint, { actor: select.value, vouchers, everything });
  allowAll();
}

function onClick(api, event) {
  if (event.target.matches(".jz-act")) act(api, event.target.closest(".jz-state"));
}

function onChange(event) {
  const section = event.target.closest(".jz-state");
  if (event.target.matches(".jz-months")) chooseMonth(event.target);
  if (event.target.matches(".jz-actor")) rememberActor(event.target);
  if (event.target.matches(".jz-all")) {
    ready(section).forEach((tick) => { tick.checked = event.target.checked; });
  }
  if (section) allow(section);
}

export default {
  init({ api }) {
    document.addEventListener("click", (event) => { if (root(PAGE)?.contains(event.target)) onClick(api, event); });
    document.addEventListener("change", (event) => { if (root(PAGE)?.contains(event.target)) onChange(event); });
  },
  onExtensionPageLoad: allowAll,
};
