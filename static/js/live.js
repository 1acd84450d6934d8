/* A part of a page that asks for itself again ([data-live]) leaves whoever works in it alone: the control that
   had the focus has it afterwards, what was unfolded stays so, and an answer that says the same is not shown.
   An open dialog keeps it from being replaced at all (confirm.js). */
(() => {
  "use strict";
  const CONTROLS = "a[href], button, input, select, textarea, summary";
  const TOKEN = /name="csrfmiddlewaretoken"\s+value="[^"]*"/g;
  const shown = new Map(); // by id: the answer that is on the page
  let part = ""; // the id of the part with the focus
  let focus = "";
  let unfolded = [];

  // Which control it is, also in the next answer.
  function key(control) {
    const form = control.form ? [...new FormData(control.form)].filter(([name]) => name !== "csrfmiddlewaretoken") : [];
    const { tagName, name, value, href, form: { action } = {} } = control;
    return JSON.stringify([tagName, name, tagName === "INPUT" ? "" : value, href, action, form, control.textContent.trim()]);
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse } = event.detail;
    if (!target.matches("[data-live]") || !event.detail.shouldSwap) return;
    const answer = serverResponse.replace(TOKEN, "");
    if (shown.get(target.id) === answer) {
      event.detail.shouldSwap = false;
      return;
    }
    shown.set(target.id, answer);
    const active = document.activeElement;
    part = active?.closest("[data-live]")?.id ?? "";
    focus = part && key(active);
    unfolded = [...target.querySelectorAll("details[open] > summary")].map(key);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.detail.target.matches("[data-live]")) return;
    for (const summary of document.querySelectorAll("[data-live] summary")) {
      if (unfolded.includes(key(summary))) summary.parentElement.open = true;
    }
    const now = document.getElementById(part);
    if (!now || now.contains(document.activeElement)) return;
    const again = [...now.querySelectorAll(CONTROLS)].find((control) => key(control) === focus);
    (again ?? now).focus({ preventScroll: true }); // the part itself where the control is gone
  });
})();
