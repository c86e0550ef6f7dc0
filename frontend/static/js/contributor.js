// Improves pages that work without it: leaving fast, words that a lost signal would take, locking an idle page.
// Keeps nothing on the phone.

// The page says what its scripts may have to say.
const told = document.querySelector("[data-offline]").dataset;

// What was typed and not sent goes to the server as somebody leaves: a draft, which nobody reads until it is sent. Skip, or any
// link inside the form, leaves it out.
const answer = document.getElementById("answer");
const typed = () => new URLSearchParams(new FormData(answer)).toString();
const MOST_KEPT_ALIVE = 60000; // characters; browsers let go of more once the page is gone
const before = answer && typed();
let isKept = !answer;
function keepDraft() {
  if (isKept) return;
  isKept = true;
  const body = typed();
  if (body === before && !document.querySelector(".errors")) return;
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  fetch("/me/draft", { method: "POST", headers, body, keepalive: body.length < MOST_KEPT_ALIVE }).catch(() => {});
}
answer?.addEventListener("click", (event) => {
  if (event.target.closest("a")) isKept = true;
});
addEventListener("pagehide", keepDraft);
// The browser shows the page again as it was: the server knows more by now.
addEventListener("pageshow", (event) => {
  if (event.persisted && answer) location.reload();
});

// On a screen that the phone made up, the foot knew of no question: its buttons take along what stands in it.
if (answer) for (const button of document.querySelectorAll("[form=foot]")) button.setAttribute("form", "answer");

// Leave puts its page in place of this one, so that Back does not bring this one up again.
const leave = document.querySelector("[data-leave]");
const go = (event) => {
  event.preventDefault();
  document.documentElement.hidden = true;
  keepDraft();
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
  if (navigator.onLine || event.target.hasAttribute("data-waits")) {
    isKept = true;
    return;
  }
  event.preventDefault();
  noSignal.textContent = told.noSignal;
  // Enter presses a button that nobody sees.
  const pressed = event.submitter?.tabIndex < 0 ? undefined : event.submitter;
  (pressed ?? event.target.lastElementChild).before(noSignal);
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

// The buttons that ask for somebody close again by Escape.
const asker = document.querySelector(".foot details");
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !asker?.open) return;
  asker.open = false;
  asker.firstElementChild.focus();
});

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
