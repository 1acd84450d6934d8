/* A form with data-busy asks a server that may take seconds: its button shows that it works, and the form is
   not sent a second time. */
(() => {
  "use strict";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-busy]")) return;
    if (form.ariaBusy === "true") return event.preventDefault();
    form.ariaBusy = "true";
    event.submitter?.classList.add("btn-loading");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-busy]")) {
      form.ariaBusy = null;
      for (const button of form.querySelectorAll(".btn-loading")) button.classList.remove("btn-loading");
    }
  });
})();
