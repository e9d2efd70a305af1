// The page 三方: the office says what a difference comes from. Nobody signs here: keys stay with their owners.

import { carryOut, recallActors, rememberActor, reread, root, say } from "./MonthPage.js";

const PAGE = "parties";

function chooseMonth(select) {
  const address = new URL(window.location.href);
  address.searchParams.set("month", select.value);
  window.location.search = address.search;
}

async function explain(api, difference) {
  const actor = root(PAGE).querySelector(".jz-actor");
  const box = difference.querySelector(".jz-explanation");
  const missing = !actor.value ? [actor, "请先选择说明人"] : !box.value.trim() && [box, "请先写明差异的来由"];
  if (missing) {
    say(root(PAGE), missing[1], true);
    missing[0].focus();
    return;
  }
  await carryOut(api, root(PAGE), "explain", { actor: actor.value, code: difference.dataset.code, said: box.value });
}

// Verifying a street's signatures takes longer than one request may: the page asks again until all are there.
async function goOn() {
  let at = root(PAGE);
  while (at && Number(at.dataset.left) > 0) {
    at = await reread(at);
    if (!document.contains(at)) return;
  }
}

export default {
  init({ api }) {
    const on = (event, act) => {
      document.addEventListener(event, (happened) => { if (root(PAGE)?.contains(happened.target)) act(happened.target); });
    };
    on("click", (target) => { if (target.matches(".jz-do-explain")) explain(api, target.closest(".jz-difference")); });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches(".jz-explanation")) return;
      event.preventDefault();
      explain(api, event.target.closest(".jz-difference"));
    });
    on("change", (target) => {
      if (target.matches(".jz-months")) chooseMonth(target);
      if (target.matches(".jz-actor")) rememberActor(target);
    });
  },
  onExtensionPageLoad: () => {
    recallActors(root(PAGE));
    goOn();
  },
};
