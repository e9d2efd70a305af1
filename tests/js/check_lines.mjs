// Runs the page's own check.js under node. First line of stdin: the trust as JSON. Every line after it: a code.
// One line on stdout for each code: the word of the result; with --facts, {"result", "facts"} as JSON.
// With --json every code is a JSON string, for codes that have a newline in them.
// With --primitives instead, lines are JSON: ["sha256"|"sha512", hex] or ["ed25519", key, message, signature], all hex.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const folder = new URL("../../reports/render/owner_check/", import.meta.url);
// A bare context: the scripts get the language and nothing of node, no more than an old phone gives.
const world = vm.createContext({});
for (const name of ["crypto.js", "check.js"]) vm.runInContext(readFileSync(new URL(name, folder), "utf8"), world);
const run = vm.runInContext(
  `(function (code, trust, facts) {
    const told = checkProof(code, trust);
    return facts ? JSON.stringify(told) : told.result;
  })`, world);
const primitive = vm.runInContext(
  `(function (line) {
    const { fromHex, hexOf, sha256, sha512, verifies } = jiezhangCrypto;
    const [name, ...hex] = JSON.parse(line), given = hex.map(fromHex);
    return name === "ed25519" ? String(verifies(...given)) : hexOf((name === "sha256" ? sha256 : sha512)(given[0]));
  })`, world);
const parse = vm.runInContext("JSON.parse", world);

const facts = process.argv.includes("--facts");
const json = process.argv.includes("--json");
const primitives = process.argv.includes("--primitives");
let trust = null, held = "";

function answer(line) {
  if (primitives) return primitive(line) + "\n";
  if (trust !== null) return run(json ? JSON.parse(line) : line, trust, facts) + "\n";
  trust = parse(line);
  return "";
}

// Not node:readline, to which U+2028 ends a line too: a spoilt code may hold anything but \n.
process.stdin.setEncoding("utf8");
for await (const chunk of process.stdin) {
  const lines = (held + chunk).split("\n");
  held = lines.pop();
  process.stdout.write(lines.map(answer).join(""));
}
if (held) process.stdout.write(answer(held));
