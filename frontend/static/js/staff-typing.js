// Half a sheet typed and left is kept, as its button "Keep it" would: the page works without this.
const form = document.querySelector("form.heard-typing");
const before = new URLSearchParams(new FormData(form)).toString();
let isSent = false;
form.addEventListener("submit", () => { isSent = true; });
addEventListener("pagehide", () => {
  const fields = new URLSearchParams(new FormData(form));
  if (isSent || fields.toString() === before) return;
  fields.set("action", "keep");
  navigator.sendBeacon(form.action, fields);
});
