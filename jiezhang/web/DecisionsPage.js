// The page 决议: a step is taken by a form; a seal's keeper sets it on the step that waits for it.

import { carryOut, carryOutForm, root } from "/jiezhang/office.js";

const PAGE = "decisions";

export default {
  init() {
    document.addEventListener("click", ({ target }) => {
      if (!root(PAGE)?.contains(target) || !target.matches(".jz-do-seal")) return;
      carryOut(root(PAGE), "seal", { code: target.dataset.code, seal: target.dataset.seal });
    });
    document.addEventListener("submit", (event) => {
      if (!root(PAGE)?.contains(event.target) || !event.target.matches(".jz-step-form")) return;
      event.preventDefault();
      carryOutForm(root(PAGE), event.target.dataset.address, new FormData(event.target));
    });
  },
};
