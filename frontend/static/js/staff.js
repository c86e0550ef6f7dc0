// Starts GOV.UK Frontend's own scripts; every page works without them.
const { initAll } = await import(document.querySelector("script[data-govuk]").dataset.govuk);
initAll();

// A tab that stayed open while the phone was handed over, or the sign-in ended, shows nothing more.
const root = document.documentElement;
const askAgain = async () => {
  if (document.hidden || !document.querySelector(".heard-bar__out")) return;
  root.style.visibility = "hidden";
  try {
    const answer = await fetch("/staff/account", { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return location.replace("/staff/sign-in");
  } catch {
    // No signal: what stands here was read before; the next look asks again.
  }
  root.style.visibility = "";
};
document.addEventListener("visibilitychange", askAgain);
addEventListener("pageshow", (event) => { if (event.persisted) askAgain(); });
