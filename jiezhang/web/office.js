// What every page of ours does in the same way: a button's request, its answer, the password asked again.
// Every answer of the server is {ok, message}; the page is then read anew.

export function root(page) {
  return document.querySelector(`.jz-page[data-page="${page}"]`);
}

export function say(at, message, isBad) {
  const said = at.querySelector(".jz-said");
  said.textContent = message;
  said.classList.toggle("jz-bad", Boolean(isBad));
}

export function chooseMonth(select) {
  const address = new URL(window.location.href);
  address.searchParams.set("month", select.value);
  window.location.search = address.search;
}

// An element with its properties and children.
export function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function post(address, token, body) {
  const isForm = body instanceof FormData;
  const headers = { Accept: "application/json", "X-Jiezhang-Token": token };
  if (!isForm) headers["Content-Type"] = "application/json";
  try {
    const answer = await fetch(address, { method: "POST", headers, body: isForm ? body : JSON.stringify(body) });
    return { status: answer.status, ...(await answer.json()) };
  } catch {
    return { ok: false, message: "服务器没有回答，请看网络和程序是否还开着" };
  }
}

// The link by which who signs in by the office's own service shows there that they are still here; none without one.
async function otherWay() {
  const here = encodeURIComponent(window.location.pathname + window.location.search);
  try {
    const answer = await fetch(`/jiezhang/step-up?next=${here}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const link = page.querySelector("main .jz-button");
    return link ? make("p", {}, link, " ", make("small", {}, "离开本页")) : "";
  } catch {
    return "";
  }
}

// Before what can't be undone the password is asked again: whether it was right.
async function stepUp(token, sentence) {
  const said = make("p", { className: "jz-bad", role: "alert" });
  const password = make("input", { name: "password", type: "password", autocomplete: "current-password", maxLength: 200 });
  const code = make("input", { name: "code", autocomplete: "one-time-code", inputMode: "numeric", maxLength: 20 });
  const dialog = make("dialog", { className: "jz-dialog" }, make(
    "form", { method: "dialog", className: "jz-card" }, make("h2", {}, sentence), said,
    make("label", {}, "密码", password), make("label", {}, "动态码", make("small", {}, "没设不填"), code),
    make("p", {}, make("button", { value: "go" }, "确认"), " ", make("button", { value: "" }, "不办了")),
    await otherWay(),
  ));
  document.body.append(dialog);
  try {
    for (;;) {
      dialog.returnValue = "";
      dialog.showModal();
      await new Promise((closed) => { dialog.addEventListener("close", closed, { once: true }); });
      if (dialog.returnValue !== "go") return false;
      const { ok, message } = await post("/jiezhang/step-up", token, { password: password.value, code: code.value });
      if (ok) return true;
      password.value = "";
      said.textContent = message;
    }
  } finally {
    dialog.remove();
  }
}

// What a person keeps of an act: a file that the server does not store.
function keep(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 60000);
}

const SIGNINGS_MAX = 4;

// Sign what the server wants signed: the request with the signatures, or null when the person does not sign.
async function withSignatures(body, answer) {
  const { signatures } = await import("/jiezhang/sign.js");
  const made = await signatures(answer, body.signatures !== undefined);
  return made && { ...body, signatures: { ...body.signatures, ...made }, at: answer.at };
}

function signIn() {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/jiezhang/sign-in?next=${encodeURIComponent(here)}`);
}

// Send a form with its files to an address of our own.
async function sendForm(at, address, form) {
  const { token, month, version, seen } = at.dataset;
  for (const [name, value] of Object.entries({ month, version, seen: seen ?? "0" })) form.set(name, value);
  const answer = await post(address, token, form);
  if (answer.kind === "sign_in") signIn();
  return answer;
}

// Ask the page's own endpoint; what the server wants first (a password, a signature) is had, and the request repeated.
async function send(at, endpoint, more) {
  const { base, token, month, version, seen } = at.dataset;
  let body = { month, version, seen: Number(seen ?? 0), ...more };
  for (let signings = 0; ;) {
    const answer = await post(`${base}${endpoint}`, token, body);
    if (answer.ok || answer.kind === undefined || answer.kind === "refused") return answer;
    if (answer.kind === "sign_in") {
      signIn();
      return answer;
    }
    if (answer.kind === "step_up") {
      if (!(await stepUp(token, answer.message))) return { ok: false, message: "没有办理" };
    } else if (answer.kind === "sign") {
      signings += 1;
      if (signings > SIGNINGS_MAX) return { ok: false, message: "账簿一直在变动，没有签成，请刷新页面后再做" };
      body = await withSignatures(body, answer);
      if (body === null) return { ok: false, message: "没有办理" };
    } else {
      return answer;
    }
  }
}

// The same page with what the books say now; when it can't be had, the window is read as a whole.
export async function reread(at) {
  const address = new URL(window.location.href);
  address.searchParams.set("partial", "true");
  if (at.dataset.month) address.searchParams.set("month", at.dataset.month);
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) {
    window.location.reload();
    return at;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".jz-page");
  at.replaceWith(fresh);
  return fresh;
}

async function carried(at, ask) {
  const enabled = [...at.querySelectorAll("button")].filter((button) => !button.disabled);
  enabled.forEach((button) => { button.disabled = true; });
  say(at, "正在处理…");
  const { ok, message, file, text } = await ask();
  if (ok && file) keep(file, text);
  const now = ok ? await reread(at) : at;
  if (!ok) enabled.forEach((button) => { button.disabled = false; });
  say(now, message, !ok);
  return ok;
}

export function carryOut(at, endpoint, more) {
  return carried(at, () => send(at, endpoint, more));
}

export function carryOutForm(at, address, form) {
  return carried(at, () => sendForm(at, address, form));
}
