// On a phone that its user calls their own: fetches, once the page is usable, what is needed to go on without a signal, and says
// what waits and what was sent. Its words come from the server. Without a secure address none of this is there.
"use strict";
{
  const workers = navigator.serviceWorker;
  const pack = document.querySelector("[data-pack]")?.dataset.pack;
  const LONGEST = 200000;
  const MOST_BYTES = 1900000; // what an item may weigh before it is sealed; backend/core/guard.py
  const QUESTION = /^(\/me\/(?:forms\/\d+\/\d+|next-home))\/(\d+|end)$/;
  // Leave's question says by itself what waits.
  const isAsking = document.querySelector("[data-unsent]");
  const TRY_AGAIN = 5000;
  let isReady = false;
  let idleSeconds = 0;
  let places = [];
  let touched = Date.now();
  let box = document.querySelector(".unsent");
  const isMadeUp = Boolean(box);

  const tell = (message) => workers.controller?.postMessage({ isOnline: navigator.onLine, ...message });

  async function begin() {
    await workers.register("/me/sw.js", { scope: "/me/" });
    (await workers.ready).active.postMessage({ isOnline: navigator.onLine, pack });
  }

  function show({ waits, lines, ...now }) {
    isReady = now.isReady;
    idleSeconds = now.idleSeconds;
    places = now.places;
    // All is sent: the page that the phone made up gives way to the server's, which tells it.
    if (isMadeUp && navigator.onLine && !waits && !isWrittenOn()) return location.reload();
    if (now.mark) tell({ told: now.mark });
    say(lines);
    if (waits && navigator.onLine) setTimeout(() => tell({ send: true }), TRY_AGAIN);
  }

  const isWrittenOn = () => [...document.querySelectorAll("main textarea, main input")].some((field) =>
    field.checked !== field.defaultChecked || field.value !== field.defaultValue);

  function say(lines) {
    // News is told once; while nothing newer comes, it stays.
    if (!lines.length || isAsking) return;
    if (!box) {
      box = document.createElement("p");
      box.className = "by unsent";
      box.setAttribute("role", "status");
    }
    if (!box.isConnected) document.querySelector("main")?.prepend(box);
    box.textContent = lines.join(" ");
  }

  // A form that can wait may be sent without a signal; contributor.js holds the others back.
  function canWait(form, button) {
    const path = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action"), location).pathname;
    const fields = [...new FormData(form)];
    const weight = new TextEncoder().encode(JSON.stringify(fields)).length * 4 / 3;
    const isTooLong = weight > MOST_BYTES || fields.some(([, text]) => text.length > LONGEST);
    if (!isReady || isTooLong || button?.value === "remove") return false;
    return places.includes(path) || places.includes(QUESTION.exec(path)?.[1]);
  }
  addEventListener("submit", (event) => {
    event.target.toggleAttribute("data-waits", canWait(event.target, event.submitter));
  }, true);

  // Without a signal the server cannot lock an idle page, so the phone does: also the moment that it wakes.
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
  function lockIfIdle() {
    if (navigator.onLine || !idleSeconds || Date.now() - touched <= idleSeconds * 1000) return;
    document.documentElement.hidden = true;
    location.replace("/me/leave?unsent=keep");
  }
  setInterval(() => {
    if (Date.now() - touched < 60000) tell({ isTouched: true });
    else lockIfIdle();
  }, 60000);
  for (const kind of ["visibilitychange", "pageshow", "focus"]) addEventListener(kind, lockIfIdle, true);

  if (workers && crypto.subtle) {
    workers.addEventListener("message", (event) => show(event.data));
    addEventListener("online", () => tell({ send: true }));
    const whenIdle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 1000));
    if (pack) whenIdle(() => begin().catch(() => {}));
    else tell({ send: navigator.onLine });
  }
}
