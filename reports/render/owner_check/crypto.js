/* SHA-256, SHA-512 and the verification of Ed25519 signatures for check.js, and the bytes they are made of; the curve
   for jiezhang/web/keys.js.

   Own code, so that the page needs nothing from outside and runs from a file on an old phone: crypto.subtle exists only
   on https pages. BigInt is the newest thing here. Nothing here is secret, so nothing has to take the same time. */
(function (world) {
"use strict";

const WORD = Math.pow(2, 32);

function join() {
  let size = 0;
  for (const part of arguments) size += part.length;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of arguments) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function hexOf(bytes) {
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
}

function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function u64(number) {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(number / WORD));
  view.setUint32(4, number % WORD);
  return bytes;
}

// ---------------------------------------------------------------- SHA-2 (FIPS 180-4)

/** The first 64 bits of the fraction of the power-th root of a prime, [high word, low word]: FIPS 180-4, 4.2 and 5.3. */
function rootFraction(prime, power) {
  const n = BigInt(power), of = BigInt(prime) << (64n * n);
  let root = 1n << 70n; // above every root here; Newton comes down to the whole part
  for (;;) {
    const next = ((n - 1n) * root + of / root ** (n - 1n)) / n;
    if (next >= root) break;
    root = next;
  }
  return [Number((root >> 32n) & 0xffffffffn) | 0, Number(root & 0xffffffffn) | 0];
}

const PRIMES = [];
for (let n = 2; PRIMES.length < 80; n++) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
const ROUNDS = PRIMES.map((prime) => rootFraction(prime, 3));
const START = PRIMES.slice(0, 8).map((prime) => rootFraction(prime, 2));

/** The message, a 1 bit, zeros, and its length in bits, in whole blocks. */
function padded(bytes, block, lengthSize) {
  const whole = new Uint8Array(Math.ceil((bytes.length + 1 + lengthSize) / block) * block);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  whole.set(u64(bytes.length * 8), whole.length - 8);
  return new DataView(whole.buffer);
}

function digest(words) {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((word, at) => view.setInt32(at * 4, word));
  return new Uint8Array(view.buffer);
}

const K256 = Int32Array.from(ROUNDS.slice(0, 64), (pair) => pair[0]);
const W256 = new Int32Array(64);

function sha256(bytes) {
  const data = padded(bytes, 64, 8), hash = Int32Array.from(START, (pair) => pair[0]), w = W256;
  for (let block = 0; block < data.byteLength; block += 64) {
    for (let t = 0; t < 16; t++) w[t] = data.getInt32(block + 4 * t);
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15], y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    let a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + K256[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, at) => { hash[at] += value; });
  }
  return digest(hash);
}

const K_HIGH = Int32Array.from(ROUNDS, (pair) => pair[0]), K_LOW = Int32Array.from(ROUNDS, (pair) => pair[1]);
const W_HIGH = new Int32Array(80), W_LOW = new Int32Array(80);

function sha512(bytes) {
  const data = padded(bytes, 128, 16);
  const high = Int32Array.from(START, (pair) => pair[0]), low = Int32Array.from(START, (pair) => pair[1]);
  for (let block = 0; block < data.byteLength; block += 128) {
    schedule512(data, block);
    block512(high, low);
  }
  const words = [];
  for (let at = 0; at < 8; at++) words.push(high[at], low[at]);
  return digest(words);
}

function schedule512(data, block) {
  const h = W_HIGH, l = W_LOW;
  for (let t = 0; t < 16; t++) {
    h[t] = data.getInt32(block + 8 * t);
    l[t] = data.getInt32(block + 8 * t + 4);
  }
  for (let t = 16; t < 80; t++) {
    const xh = h[t - 15], xl = l[t - 15], yh = h[t - 2], yl = l[t - 2];
    const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
    const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
    const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
    const s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
    const sum = (l[t - 16] >>> 0) + (s0l >>> 0) + (l[t - 7] >>> 0) + (s1l >>> 0);
    l[t] = sum;
    h[t] = h[t - 16] + s0h + h[t - 7] + s1h + Math.floor(sum / WORD);
  }
}

/** One block; a word is a high and a low half, and the low sum's carry goes to the high one. */
function block512(high, low) {
  const h = Array.from(high), l = Array.from(low); // a..h
  for (let t = 0; t < 80; t++) {
    const eh = h[4], el = l[4], ah = h[0], al = l[0];
    const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
    const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
    const chooseH = (eh & h[5]) ^ (~eh & h[6]), chooseL = (el & l[5]) ^ (~el & l[6]);
    const one = (l[7] >>> 0) + (s1l >>> 0) + (chooseL >>> 0) + (K_LOW[t] >>> 0) + (W_LOW[t] >>> 0);
    const oneH = (h[7] + s1h + chooseH + K_HIGH[t] + W_HIGH[t] + Math.floor(one / WORD)) | 0, oneL = one | 0;
    const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
    const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
    const mostH = (ah & h[1]) ^ (ah & h[2]) ^ (h[1] & h[2]), mostL = (al & l[1]) ^ (al & l[2]) ^ (l[1] & l[2]);
    const e = (l[3] >>> 0) + (oneL >>> 0), a = (oneL >>> 0) + (s0l >>> 0) + (mostL >>> 0);
    const newE = (h[3] + oneH + Math.floor(e / WORD)) | 0, newA = (oneH + s0h + mostH + Math.floor(a / WORD)) | 0;
    for (let at = 7; at > 0; at--) {
      h[at] = h[at - 1];
      l[at] = l[at - 1];
    }
    h[4] = newE; l[4] = e | 0; h[0] = newA; l[0] = a | 0;
  }
  for (let at = 0; at < 8; at++) {
    const sum = (low[at] >>> 0) + (l[at] >>> 0);
    low[at] = sum;
    high[at] += h[at] + Math.floor(sum / WORD);
  }
}

// ---------------------------------------------------------------- Ed25519 (RFC 8032, 5.1), verification only

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (value) => { const rest = value % P; return rest < 0n ? rest + P : rest; };

function power(base, exponent) {
  let result = 1n;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = result * base % P;
    base = base * base % P;
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n)), D2 = mod(2n * D);
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const ZERO = { x: 0n, y: 1n, z: 1n, t: 0n };

function littleEndian(bytes) {
  return BigInt("0x" + hexOf(Uint8Array.from(bytes).reverse()));
}

/** The point of 32 bytes, or null. Like OpenSSL, y is taken modulo P. */
function decompress(bytes) {
  const whole = littleEndian(bytes), y = mod(whole & (2n ** 255n - 1n)), sign = whole >> 255n;
  const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  let x = u * power(v, 3n) % P * power(u * power(v, 7n) % P, (P - 5n) / 8n) % P;
  if (v * x % P * x % P === mod(-u)) x = x * ROOT_OF_MINUS_ONE % P;
  if (v * x % P * x % P !== u) return null;
  if ((x & 1n) !== sign) x = mod(-x);
  return { x: x, y: y, z: 1n, t: x * y % P };
}

/** Extended coordinates, complete for every two points (Hisil, Wong, Carter, Dawson 2008, section 3.1). */
function add(p, q) {
  const a = (p.y - p.x) * (q.y - q.x) % P, b = (p.y + p.x) * (q.y + q.x) % P;
  const c = p.t * D2 % P * q.t % P, d = 2n * p.z * q.z % P;
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return { x: e * f % P, y: g * h % P, z: f * g % P, t: e * h % P };
}

/** point × digit × 16^row for every row and digit: a multiplication is then 64 additions and no doubling. */
function tableOf(point) {
  const rows = [];
  for (let row = 0; row < 64; row++) {
    const digits = [ZERO];
    for (let digit = 1; digit < 16; digit++) digits.push(add(digits[digit - 1], point));
    rows.push(digits);
    point = add(digits[15], point);
  }
  return rows;
}

function addMultiple(sum, table, scalar) {
  const hex = scalar.toString(16);
  for (let row = 0; row < hex.length; row++) {
    const digit = parseInt(hex[hex.length - 1 - row], 16);
    if (digit) sum = add(sum, table[row][digit]);
  }
  return sum;
}

function compress(point) {
  const inverse = power(mod(point.z), P - 2n), x = mod(point.x * inverse), y = mod(point.y * inverse);
  const hex = (y | ((x & 1n) << 255n)).toString(16);
  return fromHex("0".repeat(64 - hex.length) + hex).reverse();
}

/** point × digit for every digit. */
function digitsOf(point) {
  const digits = [ZERO];
  for (let digit = 1; digit < 16; digit++) digits.push(add(digits[digit - 1], point));
  return digits;
}

/** one × s + other × t from digits alone: a table pays only for a key that comes again and again (Straus 1964). */
function sumOfTwo(one, s, other, t) {
  const a = s.toString(16).padStart(64, "0"), b = t.toString(16).padStart(64, "0");
  let sum = ZERO;
  for (let place = 0; place < 64; place++) {
    for (let twice = 0; twice < 4; twice++) sum = add(sum, sum);
    sum = add(add(sum, one[parseInt(a[place], 16)]), other[parseInt(b[place], 16)]);
  }
  return sum;
}

const FEW = 8; // so often a page meets one key, a test a million times
let base = null;
const seenKeys = new Map(); // by hex, what is known of minus the key; null: no point

function known(point) {
  return { point: point, uses: 0, digits: digitsOf(point), table: null };
}

function knownKey(key) {
  const name = hexOf(key);
  if (!seenKeys.has(name)) {
    const point = decompress(key);
    seenKeys.set(name, point && known({ x: mod(-point.x), y: point.y, z: 1n, t: mod(-point.t) }));
  }
  return seenKeys.get(name);
}

/** base × s + what is known of a key × t. */
function combined(s, key, t) {
  base = base || known(decompress(compressedBase()));
  key.uses += 1;
  if (key.uses <= FEW) return sumOfTwo(base.digits, s, key.digits, t);
  base.table = base.table || tableOf(base.point);
  key.table = key.table || tableOf(key.point);
  return addMultiple(addMultiple(ZERO, base.table, s), key.table, t);
}

/** Whether the 64 bytes are this key's signature of the message: S < L, R as bytes, no cofactor. */
function verifies(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const s = littleEndian(signature.subarray(32)), minus = knownKey(key);
  if (s >= ORDER || minus === null) return false;
  const r = signature.subarray(0, 32), hash = littleEndian(sha512(join(r, key, message))) % ORDER;
  return same(compress(combined(s, minus, hash)), r);
}

function compressedBase() { // y = 4/5, x even
  return compress({ x: 0n, y: 4n * power(5n, P - 2n) % P, z: 1n, t: 0n });
}

world.jiezhangCrypto = {
  join: join, same: same, hexOf: hexOf, fromHex: fromHex, u64: u64, sha256: sha256, sha512: sha512, verifies: verifies,
  curve: {
    P: P, ORDER: ORDER, ZERO: ZERO, add: add, compress: compress, decompress: decompress, littleEndian: littleEndian,
    base: () => decompress(compressedBase()),
  },
};
})(typeof globalThis === "object" ? globalThis : self);
