// Runs jiezhang/web/keys.js under node: argv[2] is a folder with keys.js and crypto.js in it. Each line of stdin is JSON
// [pem, kind, message] or ["signed" | "prove", seed, message], hex; one line of JSON on stdout for each.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { prove, readKey, signed } = await import(`${pathToFileURL(process.argv[2])}/keys.js`);
const { fromHex, hexOf } = globalThis.jiezhangCrypto;

async function told([first, second, message]) {
  if (first === "signed") return hexOf(signed(fromHex(second), fromHex(message)));
  if (first === "prove") return hexOf(prove(fromHex(second), fromHex(message)));
  try {
    const key = await readKey(first);
    return { public: key.public, answer: await key.answer(second, fromHex(message)) };
  } catch (wrong) {
    return { wrong: wrong.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await told(JSON.parse(line))));
