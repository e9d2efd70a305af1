// Asks the person to sign: shows what, takes their key from its file, and keeps it in this page's memory only.

import { readKey } from "./keys.js";

const { fromHex } = globalThis.jiezhangCrypto;
const held = new Map();

async function hold(pem, wanted) {
  const key = await readKey(pem);
  if (key.public !== wanted) throw new Error("这把私钥不是登记的那一把，请另选文件");
  held.set(wanted, key);
}

// In a demonstration the sample's own key is at hand.
async function holdAtHand(address, wanted) {
  try {
    const answer = await fetch(address);
    if (answer.ok) await hold(await answer.text(), wanted);
  } catch { /* the person chooses a file */ }
}

// `isDemo`: the sample's own key was at hand, which is told.
function dialogOf(says, hasKey, isDemo) {
  const dialog = document.createElement("dialog");
  dialog.className = "jz-dialog jz-sign";
  dialog.innerHTML = `<form method='dialog' class='jz-card'><h2>签名</h2><ul></ul><p class='jz-bad' role='alert'></p>
    <p class='jz-by-program'>示例里由程序代签：用样例街道自带的私钥。真的办公室里，在这里选自己的私钥文件。</p>
    <label class='jz-key'>私钥文件<small>（只在本页使用，不上传，不保存）</small><input name='key' type='file' accept='.pem'></label>
    <p><button value='go'>签名</button> <button value='' formnovalidate>不签了</button></p></form>`;
  for (const one of says) {
    const line = document.createElement("li");
    line.textContent = one;
    dialog.querySelector("ul").append(line);
  }
  if (!isDemo) dialog.querySelector(".jz-by-program").remove();
  if (hasKey) dialog.querySelector(".jz-key").remove();
  else dialog.querySelector("input").required = true;
  document.body.append(dialog);
  return dialog;
}

// Whether the person agrees; their key is held then.
async function agrees(says, wanted, isDemo) {
  const dialog = dialogOf(says, held.has(wanted), isDemo && held.has(wanted));
  try {
    for (;;) {
      dialog.returnValue = "";
      dialog.showModal();
      await new Promise((closed) => { dialog.addEventListener("close", closed, { once: true }); });
      if (dialog.returnValue !== "go") return false;
      if (held.has(wanted)) return true;
      const [file] = dialog.querySelector("input").files;
      try {
        await hold(await file.text(), wanted);
        return true;
      } catch (wrong) {
        dialog.querySelector("[role=alert]").textContent = wrong.message;
      }
    }
  } finally {
    dialog.remove();
  }
}

// The signatures that an answer of kind "sign" wants, by their names; null when the person does not sign. `again`: what
// was agreed to goes on.
export async function signatures({ public: wanted, wanted: parts, key }, again) {
  if (key && !held.has(wanted)) await holdAtHand(key, wanted);
  if (!(again && held.has(wanted)) && !(await agrees([...new Set(parts.map((part) => part.says))], wanted, Boolean(key)))) return null;
  const made = {};
  for (const { kind, message } of parts) {
    made[`${kind}:${message}`] = await held.get(wanted).answer(kind, fromHex(message));
  }
  return made;
}
