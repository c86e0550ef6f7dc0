// What waits on this phone: sealed to the server's key, so that nobody can read it here, not even this script.
// The other half is backend/offline/sealing.py.

const DAY = 24 * 60 * 60 * 1000;
const PURPOSE = "heard offline 1";
const HELD_PAUSE = 10 * 60 * 1000;
const SENT_PARTS = ["key", "kid", "ticket", "point", "iv", "body"];

// Two shelves: "items" wait to be sent, in their order; "kept" holds the screens and a few marks. Looking for something makes
// no shelves, so that a phone that was cleared stays clear.
function openShelves(makesThem) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("heard", 1);
    asked.onupgradeneeded = () => {
      if (!makesThem) return asked.transaction.abort();
      asked.result.createObjectStore("items", { keyPath: "id", autoIncrement: true });
      asked.result.createObjectStore("kept");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = (event) => {
      event.preventDefault();
      if (makesThem) reject(asked.error);
      else resolve(undefined);
    };
  });
}

async function onShelf(name, act, makesThem = false) {
  const shelves = await openShelves(makesThem);
  if (!shelves) return undefined;
  try {
    return await new Promise((resolve, reject) => {
      const turn = shelves.transaction(name, "readwrite");
      const asked = act(turn.objectStore(name));
      turn.oncomplete = () => resolve(asked.result);
      turn.onerror = () => reject(turn.error);
      turn.onabort = () => reject(turn.error);
    });
  } finally {
    shelves.close();
  }
}

const read = (name) => onShelf("kept", (shelf) => shelf.get(name));
const write = (name, value) => onShelf("kept", (shelf) => shelf.put(value, name), true);
const drop = (name) => onShelf("kept", (shelf) => shelf.delete(name));
// Read and written in one turn, so that nothing that comes between is lost.
const change = (name, act) => onShelf("kept", (shelf) => {
  const asked = shelf.get(name);
  asked.onsuccess = () => {
    const value = act(asked.result);
    if (value) shelf.put(value, name);
    else shelf.delete(name);
  };
  return asked;
}, true);
const waiting = async () => (await onShelf("items", (shelf) => shelf.getAll())) ?? [];
const putAside = (item) => onShelf("items", (shelf) => shelf.add(item), true);
const putBack = (item) => onShelf("items", (shelf) => shelf.put(item));
const takeOff = (id) => onShelf("items", (shelf) => shelf.delete(id));
const takeAllOff = () => onShelf("items", (shelf) => shelf.clear());

const asBase64 = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};
const fromBase64 = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const asBytes = (text) => new TextEncoder().encode(text);

// A key pair for once and the server's public key make the secret; its private half is gone when this returns.
async function seal(pack, ticket, words) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const forOnce = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const theirs = await crypto.subtle.importKey("raw", fromBase64(pack.point), curve, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, forOnce.privateKey, 256);
  const key = asBase64(crypto.getRandomValues(new Uint8Array(24)));
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const lock = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: asBytes(key), info: asBytes(PURPOSE) },
    secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bound = asBytes([key, pack.kid, ticket].join("\n"));
  const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound }, lock, asBytes(JSON.stringify(words)));
  const point = await crypto.subtle.exportKey("raw", forOnce.publicKey);
  return { key, kid: pack.kid, ticket, point: asBase64(point), iv: asBase64(iv), body: asBase64(body) };
}

// `path` says only which screen was answered, never what was said.
async function queue(pack, ticket, kind, path, fields) {
  // When it was said, by the server's clock: what comes behind a later answer never takes its place.
  const said = Math.round(pack.now + Date.now() - pack.at);
  const item = await seal(pack, ticket, { kind, fields: [...fields], said });
  await putAside({ ...item, kind, path, at: Date.now() });
  await registration.sync?.register("send").catch(() => {});
}

// In their order, one after the other; what cannot go now waits. Each goes without the cookie: its ticket says whose it is.
let sending;
const sendAll = () => (sending ??= sendEach().finally(() => { sending = undefined; }));

async function sendEach() {
  await forgetOld();
  for (const item of await waiting()) {
    if (item.held + HELD_PAUSE > Date.now()) continue;
    const sent = Object.fromEntries(SENT_PARTS.map((name) => [name, item[name]]));
    const answer = await fetch("/me/queue", {
      method: "POST", credentials: "omit",
      headers: { "content-type": "application/json" }, body: JSON.stringify(sent),
    });
    if (await isHeld(answer)) {
      await putBack({ ...item, held: Date.now() });
      continue;
    }
    if (answer.status >= 500 || answer.status === 429) return;
    await note(answer.ok ? (await answer.json()).outcome : "refused");
    await takeOff(item.id);
  }
  for (const page of await clients.matchAll()) await report(page, true, true);
}

// The server cannot open it now, and may again once its key is back: it stays here, and is tried again until its day is over.
async function isHeld(answer) {
  if (answer.status !== 503) return false;
  const { outcome } = await answer.clone().json().catch(() => ({}));
  return outcome === "held";
}

// What became of it, until a page has said so once. Each piece of news gets a mark of its own.
const NO_NEWS = { kept: 0, sent: 0, lost: 0, said: false, asked: false, apart: false };
const note = (outcome) => change("told", (told = NO_NEWS) => ({
  kept: told.kept + (outcome === "kept" || outcome === "apart"),
  sent: told.sent + (outcome === "sent"),
  lost: told.lost + (outcome === "refused"),
  said: told.said || outcome === "said",
  asked: told.asked || outcome === "asked",
  apart: told.apart || outcome === "apart",
  mark: crypto.randomUUID(),
}));

// What a page has said goes; where more came while it spoke, all stays and is said together.
const forgetNews = (mark) => change("told", (told) => (told?.mark === mark ? undefined : told));

async function forgetOld() {
  for (const item of await waiting()) {
    if (item.at + DAY > Date.now()) continue;
    await note("refused");
    await takeOff(item.id);
  }
  const pack = await read("pack");
  if (pack && pack.at + DAY < Date.now()) await forgetScreens();
}

async function forgetScreens() {
  for (const name of ["pack", "said", "touched"]) await drop(name);
  await caches.delete("heard");
}

// Nothing of ours is left in this browser but this script's own registration, until its last page is gone.
async function forgetAll() {
  await caches.delete("heard");
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase("heard");
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
  await registration.unregister();
}
