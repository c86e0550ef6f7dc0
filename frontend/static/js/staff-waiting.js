// Says what is going on while a form's answer takes longer than a second; the words stand in the form.
for (const form of document.querySelectorAll("form[data-wait]")) {
  form.addEventListener("submit", () => {
    setTimeout(() => {
      form.querySelector("[role=status]").textContent = form.dataset.wait;
    }, 1000);
  });
}
