// Stands in for the server while there is no signal. It governs /me/ alone, and knows no words but those of the pack that the
// server gave it: neutral screens, deleted by Leave, by the lock and after a day. Answers wait sealed (queue.js).

const PATIENCE = 10000; // milliseconds until a signal that is too weak counts as none
const ALONE = ["not_safe", "ask"]; // asked for without a word; what stood on the page comes after them
const WHOLE = /^\/me\/forms\/\d+\/send$/; // an adult's form, sent in one
const QUESTION = /^(\/me\/(?:forms\/\d+\/\d+|next-home))\/(\d+|end)$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(Promise.all([clients.claim(), registration.navigationPreload?.enable()])));
addEventListener("sync", (event) => event.waitUntil(sendAll()));
addEventListener("message", (event) => event.waitUntil(hear(event.data, event.source)));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.mode === "navigate") event.respondWith(answer(event, url));
  else if (url.origin === location.origin && url.pathname.startsWith("/static/")) event.respondWith(fileOf(event.request));
});

const fileOf = async (request) => (await caches.match(request.url)) ?? fetch(request);

const soon = (promise) => Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("no signal")), PATIENCE))]);

async function answer(event, url) {
  await forgetOld();
  const before = await waiting();
  const left = await read("left");
  // What waits goes first, so that the page that comes knows of it; a visit that ended without a signal ends there first.
  if (before.length || left) await soon(settle(left)).catch(() => {});
  const fresh = before.length || left;
  if (url.pathname === "/me/leave") return leave(event, url);
  const pack = await read("pack");
  if (event.request.method === "POST") return pack ? post(event, url, pack) : fetch(event.request);
  try {
    const fromServer = fetchPage(event, fresh);
    const page = await (screenOf(pack, url.pathname) ? soon(fromServer) : fromServer);
    event.waitUntil(settleDown(url.pathname, page));
    return page;
  } catch {
    return screen(pack, url, event.request.referrer);
  }
}

async function fetchPage(event, fresh) {
  return (fresh ? undefined : await event.preloadResponse) ?? fetch(event.request);
}

async function settle(left) {
  if (left) {
    await fetch("/me/lock", { method: "POST", redirect: "manual" });
    await drop("left");
  }
  await sendAll();
}

// The page that asks for a code means that nobody is in: the screens of whoever was in go.
async function settleDown(path, page) {
  if (path === "/me/" && page.ok) {
    await forgetScreens();
    const isDone = !(await waiting()).length && !(await read("told")) && !(await read("left"));
    if (isDone) await forgetAll();
  } else await touch();
}

const touch = async () => (await read("pack")) && write("touched", Date.now());

// A form: to the server, else sealed and into the queue, and on to the next screen.
async function post(event, url, pack) {
  const path = url.pathname;
  const fields = await event.request.clone().formData();
  const kind = kindOf(path, fields);
  const ticket = pack.tickets[path] ?? pack.tickets[QUESTION.exec(path)?.[1]];
  if (!kind || !ticket) return fetch(event.request);
  try {
    const page = await soon(fetch(event.request));
    if (page.type === "opaqueredirect" && kind === "answer") event.waitUntil(mark(fields, pack));
    return page;
  } catch {
    if (ALONE.includes(kind)) {
      await queue(pack, ticket, kind, path, [...fields].filter(([name]) => name === "kind"));
      await queueTyped(pack, fields);
    } else if (kind !== "keep") await queue(pack, ticket, kind, pathOf(path, fields, pack), fields);
    await write("touched", Date.now());
    return Response.redirect(following(path, kind, fields, pack), 303);
  }
}

// What was typed on the page where something else was tapped goes as an answer of its own, after it.
async function queueTyped(pack, fields) {
  const at = fields.get("at") ?? "";
  const ticket = pack.tickets[at] ?? pack.tickets[QUESTION.exec(at)?.[1]];
  if (ticket && fields.has("asked")) await queue(pack, ticket, kindOf(at, fields), pathOf(at, fields, pack), fields);
}

function kindOf(path, fields) {
  const action = fields.get("action");
  if (path === "/me/not-safe") return "not_safe";
  if (path === "/me/ask") return "ask";
  if (WHOLE.test(path)) return action === "send" ? "send_whole" : "keep";
  const screen = QUESTION.exec(path)?.[2];
  if (screen === "end") return action === "send" ? "send" : "keep";
  return screen && action !== "remove" ? "answer" : "";
}

// A question is known by its id: its number differs where an answer opened or closed others.
const pathOf = (path, fields, pack) =>
  Object.keys(pack.pages).find((one) => pack.pages[one].asked && pack.pages[one].asked === fields.get("asked")) ?? path;

async function mark(fields, pack) {
  const said = (await read("said")) ?? [];
  await write("said", [...said, pathOf("", fields, pack)]);
}

function following(path, kind, fields, pack) {
  if (ALONE.includes(kind)) return path;
  const action = fields.get("action");
  if (action === "help") return "/me/help";
  if (action === "back") return pack.pages[pathOf(path, fields, pack)]?.back || "/me/help";
  let next = pack.pages[pathOf(path, fields, pack)]?.onward ?? path.replace(QUESTION, "$1/end");
  for (let when = pack.pages[next]?.when; when && isClosed(when, fields); when = pack.pages[next]?.when) next = pack.pages[next].onward;
  return kind === "answer" ? `${next}?kept=1` : next;
}

// Only an answer on this very page opens or closes: earlier ones are sealed, and their questions are asked.
const isClosed = ({ field, any_of }, fields) =>
  fields.has(`${field}-revision`) && !fields.getAll(field).some((picked) => any_of.includes(picked));

// Leave asks once when something waits. A second tap on Leave, and Shift three times, ask nothing and keep it.
async function leave(event, url) {
  const pack = await read("pack");
  const unsent = url.searchParams.get("unsent");
  const items = unsent === "delete" ? [] : await waiting();
  // The question stands alone on its screen: it says what waits, once.
  if (items.length && !unsent && pack) return compose(pack, "/me/leave", { status: [], notes: [], referrer: event.request.referrer });
  if (!items.length) await takeAllOff();
  const leaveTo = pack?.leave_to ?? "about:blank";
  await forgetScreens();
  try {
    const page = await soon(fetch(event.request));
    if (!items.length) await forgetAll();
    return page;
  } catch {
    await write("left", true);
    return Response.redirect(leaveTo, 303);
  }
}

const screenOf = (pack, path) =>
  pack && (pack.pages[path] ? path : QUESTION.test(path) && pack.pages[path.replace(QUESTION, "$1/end")] ? path.replace(QUESTION, "$1/end") : "");

async function screen(pack, url, referrer) {
  const touched = (await read("touched")) ?? 0;
  if (pack && touched + pack.idle_seconds * 1000 < Date.now()) {
    await forgetScreens();
    pack = undefined;
  }
  // Nothing of ours to show: the browser says itself that there is no signal.
  if (!pack) return Response.error();
  await write("touched", Date.now());
  const path = screenOf(pack, url.pathname) || "*";
  const words = pack.words;
  const items = await waiting();
  const said = (await read("said")) ?? [];
  const notes = [];
  if (url.searchParams.has("kept")) notes.push(words.kept);
  if (items.some((item) => item.path === path && item.kind === "answer")) notes.push(words.again);
  else if (said.includes(path)) notes.push(words.first);
  return compose(pack, path, { status: [words.none, ...linesAbout(items, words)], notes, referrer });
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function compose(pack, path, { status, notes, referrer }) {
  const { main, back } = pack.pages[path];
  const noted = notes.map((note) => `<p class="notice">${escaped(note)}</p>`).join("");
  const said = status.length ? `<p class="by unsent" role="status">${escaped(status.join(" "))}</p>` : "";
  const came = referrer ? new URL(referrer).pathname : "/me/help";
  let html = pack.frame.replace("@main", () => noted + said + main).replace("@back", () => back || came);
  if (path === "/me/leave") html = html.replace('href="/me/leave"', 'href="/me/leave?unsent=keep"');
  return new Response(html, { headers: pack.headers });
}

// What waits: answers that Heard does not have yet, and what was to be sent. The two are not the same: nobody reads what is
// only kept.
function linesAbout(items, words, isOnline = false) {
  const [stuck, free] = [items.filter((item) => item.held), items.filter((item) => !item.held)];
  const answers = free.filter((item) => item.kind === "answer").length;
  const lines = [];
  if (stuck.length) lines.push(words.held.replace("{n}", stuck.length));
  if (answers) lines.push(words.holds.replace("{n}", answers));
  if (free.length > answers) lines.push(words.waits.replace("{n}", free.length - answers));
  if (free.length) lines.push(isOnline ? words.going : words.goes);
  return lines;
}

function linesAfter(told, words) {
  const lines = [];
  if (told.said) lines.push(words.said);
  if (told.asked) lines.push(words.asked);
  if (told.kept) lines.push(words.arrived.replace("{n}", told.kept));
  if (told.sent) lines.push(words.sent.replace("{n}", told.sent));
  if (told.apart) lines.push(words.apart);
  if (told.lost) lines.push(words.lost.replace("{n}", told.lost));
  return lines;
}

// What pages say and ask.
async function hear({ pack, send, isTouched, told, isOnline }, page) {
  if (isTouched) return touch();
  if (told) return forgetNews(told);
  if (pack) await take(pack);
  if (send) await soon(sendAll()).catch(() => {});
  await report(page, isOnline);
}

// While things are being sent no page tells of a part of them: a child would read "1" where two came.
async function report(page, isOnline, isAllSent = !sending) {
  const [kept, items, words] = [await read("pack"), await waiting(), await read("words")];
  const news = isAllSent ? await read("told") : undefined;
  const isMadeUp = kept && !isOnline;
  const lines = words ? [...(isMadeUp ? [words.none] : []), ...linesAbout(items, words, isOnline), ...linesAfter(news ?? {}, words)] : [];
  const waits = items.filter((item) => !item.held).length;
  page.postMessage({ isReady: Boolean(kept), idleSeconds: kept?.idle_seconds, waits, places: Object.keys(kept?.tickets ?? {}), lines, mark: news?.mark });
}

async function take(address) {
  const id = new URL(address, location).searchParams.get("id");
  if ((await read("pack"))?.id === id) return;
  const answer = await fetch(address);
  if (!answer.ok) return;
  const pack = await answer.json();
  await (await caches.open("heard")).addAll(pack.files);
  await write("pack", { ...pack, at: Date.now() });
  await write("words", pack.words);
  await write("said", []);
  await write("touched", Date.now());
}
