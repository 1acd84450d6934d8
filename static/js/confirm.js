/* Asks before a form with data-confirm is sent, and before an htmx request with hx-confirm.
   data-confirm-title, data-confirm-button and data-confirm-tone="danger" shape the dialog.
   What a control adds to the question: data-confirm-changed when it says something else than data-confirm-was
   (or than the page came with), data-confirm-less when its number is smaller. A form whose own data-confirm is
   empty asks only then. A button with its own data-confirm asks that instead. */
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

  function before(control) {
    if ("confirmWas" in control.dataset) return control.dataset.confirmWas;
    if (control.tagName === "SELECT") return [...control.options].find((option) => option.defaultSelected)?.value;
    return control.defaultValue;
  }

  function consequence(control) {
    const { confirmChanged, confirmLess } = control.dataset;
    if (control.type === "radio") return control.checked && !control.defaultChecked ? confirmChanged : "";
    if (confirmLess) return Number(control.value) < Number(before(control)) ? confirmLess : "";
    return control.value === before(control) ? "" : confirmChanged;
  }

  function question(form) {
    if (!("confirm" in form.dataset)) return "";
    const controls = form.querySelectorAll("[data-confirm-changed], [data-confirm-less]");
    return [form.dataset.confirm, ...[...controls].map(consequence)].filter(Boolean).join(" ");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const { submitter } = event;
    const own = submitter?.dataset.confirm;
    const text = own || question(form);
    if (!text || form.dataset.confirmed || !dialog()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(words(own ? submitter : form, text), () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
  }, true);

  // A part of the page that brings itself up to date would take away the form that is asked about.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (dialog()?.open) event.detail.shouldSwap = false;
  });

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question || !dialog()) return;
    event.preventDefault();
    ask(words(event.target, event.detail.question), () => event.detail.issueRequest(true));
  });
})();
