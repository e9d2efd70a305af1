/* Checks the code on a household statement (分户对账单): was this balance counted in the total that was signed?

   Written from the description of the format, not from the Python: two programs that agree are worth more than one.
   Needs crypto.js before it; no library, no network, no page.

   checkProof(code, trust) -> {result, facts}. code: Base32 text. trust: {street, required: [party], keys: [{party,
   name, public: hex}]}. result: "ok", or the first that is wrong of "malformed", "not_in_total", "untrusted",
   "signature", "missing". facts: null unless "ok". */
(function (world) {
"use strict";

const { join, same, hexOf, fromHex, u64, sha256, verifies } = world.jiezhangCrypto;
const LIMIT = Math.pow(2, 53); // sums below it are exact in every language
const OFFICE = 1, COSIGNER = 4; // kinds of signature, C2SP signed-note

function must(holds, reason) {
  if (!holds) throw { reason: reason };
}

// ---------------------------------------------------------------- text

function utf8(text) {
  return fromHex(encodeURIComponent(text).replace(/%(..)|([^%])/g, (_, code, plain) =>
    code || plain.charCodeAt(0).toString(16)));
}

/** The text of valid UTF-8; decodeURIComponent refuses every other sequence by its definition. */
function textOf(bytes) {
  try {
    return decodeURIComponent(hexOf(bytes).replace(/../g, "%$&"));
  } catch (error) {
    throw { reason: "malformed" };
  }
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const three = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
    for (let six = 0; six < 4; six++) {
      text += six <= bytes.length - at ? BASE64[(three >> (18 - 6 * six)) & 63] : "=";
    }
  }
  return text;
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function fromBase32(text) {
  must(typeof text === "string" && [0, 2, 4, 5, 7].indexOf(text.length % 8) >= 0, "malformed");
  const bytes = new Uint8Array(Math.floor(text.length * 5 / 8));
  let held = 0, bits = 0, at = 0;
  for (let place = 0; place < text.length; place++) {
    const value = BASE32.indexOf(text[place]);
    must(value >= 0, "malformed");
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  must(held === 0, "malformed"); // spare bits: one proof has one code
  return bytes;
}

// ---------------------------------------------------------------- 1. reading

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(count) {
    must(this.at + count <= this.bytes.length, "malformed");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  u8() {
    return this.take(1)[0];
  }

  u64() {
    const number = this.take(8).reduce((sum, byte) => sum * 256 + byte, 0);
    must(number < LIMIT, "malformed");
    return number;
  }

  /** LEB128, as short as can be. */
  uvar() {
    let number = 0;
    for (let scale = 1; scale < LIMIT; scale *= 128) {
      const byte = this.u8();
      number += (byte & 127) * scale;
      if (byte < 128) {
        must(number < LIMIT && (byte > 0 || scale === 1), "malformed");
        return number;
      }
    }
    throw { reason: "malformed" };
  }

  str() {
    const text = textOf(this.take(this.u8()));
    must(text.length > 0 && !/[\u0000-\u001f\u007f-\u009f]/.test(text), "malformed");
    return text;
  }
}

const ORIGIN = /^[^/+\s]+\/C[0-9]{4}$/;

function readProof(code) {
  const from = new Reader(fromBase32(code)), proof = {};
  must(from.u8() === 1, "malformed");
  proof.origin = from.str();
  must(ORIGIN.test(proof.origin), "malformed");
  proof.size = from.uvar();
  proof.vouchers = from.take(32);
  const year = from.u8() * 256 + from.u8(), month = from.u8();
  must(year >= 1990 && year <= 2199 && month >= 1 && month <= 12, "malformed");
  proof.month = year + "-" + (month < 10 ? "0" : "") + month;
  proof.figures = from.take(32);
  proof.count = from.uvar();
  proof.total = from.uvar();
  proof.sumRoot = from.take(32);
  proof.household = from.str();
  proof.balance = from.uvar();
  proof.salt = from.take(16);
  readPath(from, proof);
  readSignatures(from, proof);
  must(from.at === from.bytes.length, "malformed");
  return proof;
}

/** The path from the leaf up; its sums, added to the balance, stay below the limit too. */
function readPath(from, proof) {
  const index = from.uvar();
  must(index < proof.count, "malformed");
  const sides = siblingSides(index, proof.count);
  must(from.u8() === sides.length, "malformed");
  let sum = proof.balance;
  proof.path = sides.map((side) => {
    const step = { side: side, hash: from.take(32), sum: from.uvar() };
    sum += step.sum;
    must(sum < LIMIT, "malformed");
    return step;
  });
}

/** On which side the sibling is, from the leaf up (RFC 6962, 2.1.1: the left part is the largest power of two). */
function siblingSides(index, count) {
  const sides = [];
  while (count > 1) {
    let left = 1;
    while (left * 2 < count) left *= 2;
    const inLeft = index < left;
    sides.push(inLeft ? "right" : "left");
    count = inLeft ? left : count - left;
    index = inLeft ? index : index - left;
  }
  return sides.reverse();
}

/** The office first, under the origin as its name; then parties in the order of their names' bytes, each once. */
function readSignatures(from, proof) {
  proof.signatures = [];
  const names = [];
  for (let left = from.u8(); left > 0; left--) {
    const line = { name: from.str(), type: from.u8() };
    must(line.type === OFFICE || line.type === COSIGNER, "malformed");
    line.id = from.take(4);
    line.time = line.type === COSIGNER ? from.u64() : null;
    line.signature = from.take(64);
    if (line.type === OFFICE) must(proof.signatures.length === 0, "malformed");
    names.push(hexOf(utf8(line.name)));
    proof.signatures.push(line);
  }
  const firstParty = proof.signatures.length > 0 && proof.signatures[0].type === OFFICE ? 1 : 0;
  must(names.every((name, at) => at <= firstParty || names[at - 1] < name), "malformed");
  must(names.indexOf(names[0], 1) < 0, "malformed"); // not even a party under the office's name
}

// ---------------------------------------------------------------- 2. the balance is in the total

function isInTotal(proof) {
  const zero = Uint8Array.of(0), compound = utf8(proof.origin.slice(proof.origin.lastIndexOf("/") + 1));
  const salted = join(proof.salt, compound, zero, utf8(proof.month), zero, utf8(proof.household));
  let hash = sha256(join(Uint8Array.of(2), sha256(salted), u64(proof.balance))), sum = proof.balance;
  for (const step of proof.path) {
    const mine = join(hash, u64(sum)), other = join(step.hash, u64(step.sum));
    hash = sha256(step.side === "right" ? join(Uint8Array.of(3), mine, other) : join(Uint8Array.of(3), other, mine));
    sum += step.sum;
  }
  return same(hash, proof.sumRoot) && sum === proof.total;
}

// ---------------------------------------------------------------- 3. and 4. who signed it

/** The trusted key this line says it is by. An office's signs under any compound's origin, a party's under its name. */
function keyOf(line, proof, trust) {
  return trust.keys.find((key) => {
    const isOffice = key.party === "office", name = isOffice ? proof.origin : trust.street + "/" + key.name;
    if (isOffice !== (line.type === OFFICE) || line.name !== name) return false; // a street has hundreds of keys
    return same(line.id, sha256(join(utf8(name), Uint8Array.of(10, line.type), fromHex(key.public))).subarray(0, 4));
  });
}

/** The checkpoint, a C2SP signed note without its signatures. */
function noteOf(proof) {
  return [
    proof.origin, proof.size, base64(proof.vouchers), "month " + proof.month, "figures " + base64(proof.figures),
    "households " + proof.count + " " + proof.total + " " + base64(proof.sumRoot), "",
  ].join("\n");
}

function isSigned(line, key, note) {
  const said = line.type === OFFICE ? note : "cosignature/v1\ntime " + line.time + "\n" + note;
  return verifies(fromHex(key.public), utf8(said), line.signature);
}

// ---------------------------------------------------------------- the whole

function factsOf(code, trust) {
  const proof = readProof(code), note = noteOf(proof);
  must(isInTotal(proof), "not_in_total");
  must(proof.origin.slice(0, proof.origin.lastIndexOf("/")) === trust.street, "untrusted");
  const keys = proof.signatures.map((line) => keyOf(line, proof, trust));
  must(keys.every((key) => key !== undefined), "untrusted");
  must(keys.every((key, at) => isSigned(proof.signatures[at], key, note)), "signature");
  const signers = keys.map((key, at) => [key.party, key.name, proof.signatures[at].time]);
  const parties = keys.map((key) => key.party);
  must(["office"].concat(trust.required).every((party) => parties.indexOf(party) >= 0), "missing");
  return {
    origin: proof.origin, month: proof.month, household: proof.household, balance_fen: proof.balance,
    total_fen: proof.total, count: proof.count, size: proof.size, signers: signers,
  };
}

world.checkProof = function (code, trust) {
  try {
    return { result: "ok", facts: factsOf(code, trust) };
  } catch (refused) {
    if (typeof refused.reason !== "string") throw refused; // a mistake of this program
    return { result: refused.reason, facts: null };
  }
};
})(typeof globalThis === "object" ? globalThis : self);
