// The buttons of the page 凭证: a reviewer ticks what they looked at, a poster posts what was reviewed.

import { carryOut, chooseMonth, root, say } from "/jiezhang/office.js";

const PAGE = "vouchers";
const TICKS_MAX = 3000;

function ready(section) {
  return [...section.querySelectorAll(".jz-one")].filter((tick) => !tick.disabled);
}

// Nobody takes two steps that follow each other.
function allow(section) {
  const { person } = root(PAGE).dataset;
  const button = section.querySelector(".jz-act");
  if (!button) return;
  for (const voucher of section.querySelectorAll(".jz-voucher")) {
    const tick = voucher.querySelector(".jz-one");
    tick.disabled = voucher.dataset.notFor.split(" ").includes(person);
    if (tick.disabled) tick.checked = false;
    tick.title = tick.disabled ? "这一步不能由上一步的经办人或出纳来办" : "";
  }
  const ticked = ready(section).filter((tick) => tick.checked).length;
  const word = section.dataset.endpoint === "post" ? "过账" : "复核";
  button.textContent = ticked ? `${word}选中的 ${ticked} 张` : word;
  button.disabled = !ticked;
  const all = section.querySelector(".jz-all");
  all.checked = ticked > 0 && ticked === ready(section).length;
}

function allowAll() {
  root(PAGE)?.querySelectorAll(".jz-state").forEach(allow);
}

async function act(section) {
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
  await carryOut(root(PAGE), section.dataset.endpoint, { vouchers, everything });
  allowAll();
}

function onClick(event) {
  if (event.target.matches(".jz-act")) act(event.target.closest(".jz-state"));
}

function onChange(event) {
  const section = event.target.closest(".jz-state");
  if (event.target.matches(".jz-months")) chooseMonth(event.target);
  if (event.target.matches(".jz-all")) {
    ready(section).forEach((tick) => { tick.checked = event.target.checked; });
  }
  if (section) allow(section);
}

export default {
  init() {
    document.addEventListener("click", (event) => { if (root(PAGE)?.contains(event.target)) onClick(event); });
    document.addEventListener("change", (event) => { if (root(PAGE)?.contains(event.target)) onChange(event); });
  },
  onExtensionPageLoad: allowAll,
};
