// Improves pages that work without it: leaving fast, words that a lost signal would take, locking an idle page.
// Keeps nothing on the phone.

// The page says what its scripts may have to say.
const told = document.querySelector("[data-offline]").dataset;

// Leave puts its page in place of this one, so that Back does not bring this one up again.
const leave = document.querySelector("[data-leave]");
const go = (event) => {
  event.preventDefault();
  document.documentElement.hidden = true;
  location.replace(leave.href);
};
leave?.addEventListener("click", go);

// In a hurry nothing is asked: what waits for a signal stays on the phone, sealed.
const goAtOnce = (event) => {
  if (!leave.search) leave.search = "unsent=keep";
  go(event);
};

// Shift three times within five seconds does the same.
let presses = [];
addEventListener("keyup", (event) => {
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  presses = [...presses.filter((at) => event.timeStamp - at < 5000), event.timeStamp];
  if (leave && presses.length === 3) goAtOnce(event);
});

// Without a signal the browser would put its own error in place of the page and of what was typed.
const noSignal = document.createElement("p");
noSignal.className = "error";
noSignal.setAttribute("role", "alert");
addEventListener("submit", (event) => {
  if (navigator.onLine || event.target.hasAttribute("data-waits")) return;
  event.preventDefault();
  noSignal.textContent = told.noSignal;
  (event.submitter ?? event.target.lastElementChild).before(noSignal);
});
addEventListener("online", () => noSignal.remove());

// The server says how long this page stays open; a tap or a key keeps it open.
const ASK_EVERY = 120000;
const WARN_BELOW = 300;
let isTouched = false;
let wasOpen = false;
let hint;
for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, () => {
    isTouched = true;
    if (hint) ask();
  }, { passive: true });
}

async function ask() {
  try {
    const answer = await fetch("/me/here", { method: isTouched ? "POST" : "GET" });
    isTouched = false;
    show((await answer.json()).seconds_left);
  } catch {
    // No signal: ask again later.
  }
}

function show(left) {
  if (left > 0) wasOpen = true;
  else if (wasOpen) location.replace("/me/");
  hint?.remove();
  hint = undefined;
  if (left <= 0 || left >= WARN_BELOW) return;
  hint = document.createElement("p");
  hint.className = "notice";
  hint.setAttribute("role", "status");
  hint.textContent = told.locks;
  document.querySelector("main")?.prepend(hint);
}

setInterval(ask, ASK_EVERY);
document.addEventListener("visibilitychange", () => {
  if (wasOpen && document.visibilityState === "visible") ask();
});

// Going on without a signal (offline.js) is for phones that can seal what waits, and are somebody's own.
const canSeal = navigator.serviceWorker && crypto.subtle;
if (canSeal) document.querySelector("[data-own-phone]")?.removeAttribute("hidden");
if (canSeal && (document.querySelector("[data-pack]") || navigator.serviceWorker.controller)) {
  const script = document.createElement("script");
  script.src = told.offline;
  document.head.append(script);
}
