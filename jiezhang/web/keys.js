// A person's private key in their own browser: read from its PEM file, it signs and proves, and goes nowhere.
//
// Points are plain BigInts, not of constant time: only the owner's own machine could measure it.

import "./crypto.js";

const { curve, fromHex, hexOf, join, sha512 } = globalThis.jiezhangCrypto;
const { ORDER, P, ZERO, add, base, compress, decompress, littleEndian } = curve;
const ED25519 = "06032b657004220420";
const P256 = "06082a8648ce3d030107";
const NONCE = new TextEncoder().encode("jiezhang-vrf-nonce-1");

function times(point, scalar) {
  let sum = ZERO;
  for (const bit of scalar.toString(2)) {
    sum = add(sum, sum);
    if (bit === "1") sum = add(sum, point);
  }
  return sum;
}

function bytes32(number) {
  return fromHex(number.toString(16).padStart(64, "0")).reverse();
}

// The scalar of a seed, and the half of its hash that nonces come from (RFC 8032 §5.1.5).
function secretOf(seed) {
  const digest = sha512(seed);
  const low = digest.slice(0, 32);
  low[0] &= 248;
  low[31] = (low[31] & 127) | 64;
  return { x: littleEndian(low), rest: digest.slice(32) };
}

// As the Python side decodes: nothing but what a point is encoded to.
function decoded(bytes) {
  const whole = littleEndian(bytes), y = whole & ((1n << 255n) - 1n);
  const point = y < P ? decompress(bytes) : null;
  return point !== null && point.x === 0n && whole >> 255n ? null : point;
}

function toCurve(publicKey, alpha) {
  for (let counter = 0; counter < 256; counter++) {
    const tried = sha512(join(Uint8Array.of(3, 1), publicKey, alpha, Uint8Array.of(counter, 0)));
    const found = decoded(tried.slice(0, 32));
    const point = found && times(found, 8n);
    if (point && hexOf(compress(point)) !== hexOf(compress(ZERO))) return point;
  }
  throw new Error("256 hashes in a row are no point");
}

// ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381 with nonces of our own: the same bytes as jiezhang/domain/history/vrf.py.
export function prove(seed, alpha) {
  const { x, rest } = secretOf(seed);
  const publicKey = compress(times(base(), x)), hashed = toCurve(publicKey, alpha), h = compress(hashed);
  const k = littleEndian(sha512(join(NONCE, rest, h))) % ORDER;
  const gamma = compress(times(hashed, x)), u = compress(times(base(), k)), v = compress(times(hashed, k));
  const c = sha512(join(Uint8Array.of(3, 2), publicKey, h, gamma, u, v, Uint8Array.of(0))).slice(0, 16);
  return join(gamma, c, bytes32((k + littleEndian(c) * x) % ORDER));
}

// RFC 8032 §5.1.6, for a browser whose WebCrypto has no Ed25519.
export function signed(seed, message) {
  const { x, rest } = secretOf(seed);
  const publicKey = compress(times(base(), x)), r = littleEndian(sha512(join(rest, message))) % ORDER;
  const point = compress(times(base(), r));
  const k = littleEndian(sha512(join(point, publicKey, message))) % ORDER;
  return join(point, bytes32((r + k * x) % ORDER));
}

// The two numbers of an ECDSA signature as DER has them.
export function derOf(raw) {
  const numbers = [raw.slice(0, 32), raw.slice(32)].map((number) => {
    let at = 0;
    while (at < 31 && number[at] === 0) at += 1;
    const bare = number.slice(at), value = bare[0] & 128 ? join(Uint8Array.of(0), bare) : bare;
    return join(Uint8Array.of(2, value.length), value);
  });
  const both = join(...numbers);
  return join(Uint8Array.of(48, both.length), both);
}

async function ed25519(der) {
  const hex = hexOf(der), at = hex.indexOf(ED25519) + ED25519.length;
  const seed = fromHex(hex.slice(at, at + 64));
  let key = null;
  try {
    key = await crypto.subtle.importKey("pkcs8", der, "Ed25519", false, ["sign"]);
  } catch { /* this browser has none, or the address is not https: our own arithmetic signs */ }
  return {
    public: hexOf(compress(times(base(), secretOf(seed).x))),
    async answer(kind, message) {
      if (kind === "vrf") return hexOf(prove(seed, message));
      return hexOf(key ? new Uint8Array(await crypto.subtle.sign("Ed25519", key, message)) : signed(seed, message));
    },
  };
}

async function p256(der) {
  if (!globalThis.crypto?.subtle) throw new Error("P-256 私钥只能在 https 地址上用，请换用 https 地址打开");
  const kind = { name: "ECDSA", namedCurve: "P-256" };
  const { x, y } = await crypto.subtle.exportKey("jwk", await crypto.subtle.importKey("pkcs8", der, kind, true, ["sign"]));
  const key = await crypto.subtle.importKey("pkcs8", der, kind, false, ["sign"]);
  const [left, right] = [x, y].map((part) => unbase64(part.replaceAll("-", "+").replaceAll("_", "/")));
  return {
    public: `04${hexOf(left)}${hexOf(right)}`,
    async answer(_, message) {
      const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, message);
      return hexOf(derOf(new Uint8Array(raw)));
    },
  };
}

function unbase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

// The key in a PEM file (PKCS#8, without a password): its public half, and `answer(kind, message)` in hex.
export async function readKey(pem) {
  const body = /-----BEGIN PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END PRIVATE KEY-----/.exec(pem);
  if (body === null) throw new Error("不是没有口令的 PEM 私钥文件");
  const der = unbase64(body[1].replace(/\s/g, "")), hex = hexOf(der);
  if (hex.includes(ED25519)) return ed25519(der);
  if (hex.includes(P256)) return p256(der);
  throw new Error("私钥须是 Ed25519 或 P-256");
}
