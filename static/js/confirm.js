/* Asks before a form with data-confirm is sent, and before an htmx request with hx-confirm.
   data-confirm-title, data-confirm-button and data-confirm-tone="danger" shape the dialog. */
(() => {
  "use strict";
  const dialog = () => document.getElementById("confirm");

  function ask({ question, title, button, tone }, go) {
    const box = dialog();
    const yes = box.querySelector("[value=yes]");
    const heading = box.querySelector("[data-confirm-heading]");
    heading.textContent = title || heading.dataset.default;
    box.querySelector("[data-confirm-text]").textContent = question;
    yes.textContent = button || yes.dataset.default;
    yes.classList.toggle("btn-danger", tone === "danger");
    yes.classList.toggle("btn-primary", tone !== "danger");
    box.returnValue = "no";
    box.addEventListener("close", () => box.returnValue === "yes" && go(), { once: true });
    box.showModal();
  }

  function words(element, question) {
    const { confirmTitle, confirmButton, confirmTone } = element.dataset;
    return { question, title: confirmTitle, button: confirmButton, tone: confirmTone };
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed || !dialog()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    ask(words(form, form.dataset.confirm), () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question || !dialog()) return;
    event.preventDefault();
    ask(words(event.target, event.detail.question), () => event.detail.issueRequest(true));
  });
})();
