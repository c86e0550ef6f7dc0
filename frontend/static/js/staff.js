// Starts GOV.UK Frontend's own scripts; every page works without them.
const { initAll } = await import(document.querySelector("script[data-govuk]").dataset.govuk);
initAll();
