// On a phone that its user calls their own: fetches, once the page is usable, what is needed to go on without a signal, and says
// what waits and what was sent. Its words come from the server. Without a secure address none of this is there.
"use strict";
{
  const workers = navigator.serviceWorker;
  const pack = document.querySelector("[data-pack]")?.dataset.pack;
  const LONGEST = 200000;
  const TRY_AGAIN = 5000;
  let isReady = false;
  let idleSeconds = 0;
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
    // All is sent: the page that the phone made up gives way to the server's, which tells it.
    if (isMadeUp && navigator.onLine && !waits && !isWrittenOn()) return location.reload();
    if (lines.length) tell({ told: true });
    say(lines);
    if (waits && navigator.onLine) setTimeout(() => tell({ send: true }), TRY_AGAIN);
  }

  const isWrittenOn = () => [...document.querySelectorAll("main textarea, main input")].some((field) =>
    field.checked !== field.defaultChecked || field.value !== field.defaultValue);

  function say(lines) {
    // News is told once; while nothing newer comes, it stays.
    if (!lines.length) return;
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
    const path = new URL(form.getAttribute("action"), location).pathname;
    const isTooLong = [...new FormData(form).values()].some((text) => text.length > LONGEST);
    if (!isReady || isTooLong || button?.value === "remove") return false;
    return path === "/me/not-safe" || /^\/me\/forms\/\d+\/\d+\/(\d+|end)$/.test(path);
  }
  addEventListener("submit", (event) => {
    event.target.toggleAttribute("data-waits", canWait(event.target, event.submitter));
  }, true);

  // Without a signal the server cannot lock an idle page, so the phone does.
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
  setInterval(() => {
    if (Date.now() - touched < 60000) tell({ isTouched: true });
    else if (!navigator.onLine && idleSeconds && Date.now() - touched > idleSeconds * 1000) location.replace("/me/leave?unsent=keep");
  }, 60000);

  if (workers && crypto.subtle) {
    workers.addEventListener("message", (event) => show(event.data));
    addEventListener("online", () => tell({ send: true }));
    const whenIdle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 1000));
    if (pack) whenIdle(() => begin().catch(() => {}));
    else tell({ send: navigator.onLine });
  }
}
