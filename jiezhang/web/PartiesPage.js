// The page 三方: the office presents a month, says what a difference comes from, and closes; each party signs.

import { carryOut, carryOutForm, chooseMonth, reread, root, say } from "/jiezhang/office.js";

const PAGE = "parties";

async function explain(difference) {
  const box = difference.querySelector(".jz-explanation");
  if (!box.value.trim()) {
    say(root(PAGE), "请先写明差异的来由", true);
    box.focus();
    return;
  }
  await carryOut(root(PAGE), "explain", { code: difference.dataset.code, said: box.value });
}

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

async function sign(verdict) {
  const at = root(PAGE), form = at.querySelector(".jz-signing");
  const reason = form.querySelector(".jz-reason").value.trim();
  if (verdict === "refuse" && !reason) {
    say(at, "请先写明拒绝的理由", true);
    form.querySelector(".jz-reason").focus();
    return;
  }
  const checked = form.querySelector(".jz-checked").value;
  await carryOut(at, "sign", verdict === "refuse" ? { verdict, reason } : {
    verdict,
    remarks: lines(form.querySelector(".jz-remarks").value),
    checked: checked === "" ? null : Number(checked),
    closes: [...form.querySelectorAll(".jz-closes:checked")].map((box) => box.value),
  });
}

const BUTTONS = {
  ".jz-do-explain": (button) => explain(button.closest(".jz-difference")),
  ".jz-do-present": () => carryOut(root(PAGE), "present", {}),
  ".jz-do-draw": () => carryOut(root(PAGE), "draw", {}),
  ".jz-do-sign": () => sign("agree"),
  ".jz-do-refuse": () => sign("refuse"),
  ".jz-do-close": () => { if (window.confirm("封月以后不能再记、再改。现在封月？")) carryOut(root(PAGE), "close", {}); },
};

// Verifying a street's signatures takes longer than one request may: the page asks again until all are there.
async function goOn() {
  let at = root(PAGE);
  while (at && Number(at.dataset.left) > 0) {
    at = await reread(at);
    if (!document.contains(at)) return;
  }
}

export default {
  init() {
    const on = (event, act) => {
      document.addEventListener(event, (happened) => { if (root(PAGE)?.contains(happened.target)) act(happened.target); });
    };
    on("click", (target) => {
      const button = Object.keys(BUTTONS).find((name) => target.matches(name));
      if (button) BUTTONS[button](target);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches(".jz-explanation")) return;
      event.preventDefault();
      explain(event.target.closest(".jz-difference"));
    });
    document.addEventListener("submit", (event) => {
      if (!root(PAGE)?.contains(event.target) || !event.target.matches(".jz-posting-form")) return;
      event.preventDefault();
      carryOutForm(root(PAGE), event.target.dataset.address, new FormData(event.target));
    });
    on("change", (target) => {
      if (target.matches(".jz-months")) chooseMonth(target);
    });
  },
  onExtensionPageLoad: goOn,
};
