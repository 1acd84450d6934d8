/* Boxes of a list that belong to a form: one box checks all of them, the number checked is shown, and the
   buttons for them work only while there is one. [data-select-all], [data-selected] and [data-for-selection]
   are in the form, the boxes name it in their form attribute. [data-select-matching], a box in the form that
   says how many rows there are on all pages, stands for all of them. */
(() => {
  "use strict";
  const boxes = (form) => [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"]`)];

  function show(form) {
    const all = boxes(form);
    const checked = all.filter((box) => box.checked).length;
    const master = form.querySelector("[data-select-all]");
    master.checked = checked > 0 && checked === all.length;
    master.indeterminate = checked > 0 && checked < all.length;
    const matching = form.querySelector("[data-select-matching]");
    const every = matching?.checked ?? false;
    form.querySelector("[data-selected]").textContent = every ? matching.dataset.selectMatching : checked;
    for (const button of form.querySelectorAll("[data-for-selection]")) button.disabled = checked === 0 && !every;
  }

  function start() {
    for (const master of document.querySelectorAll("[data-select-all]")) show(master.form);
  }

  document.addEventListener("change", ({ target }) => {
    const form = target.form;
    if (!form?.querySelector("[data-select-all]")) return;
    if (target.matches("[data-select-all]")) for (const box of boxes(form)) box.checked = target.checked;
    show(form);
  });
  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:afterSettle", start);
  window.addEventListener("pageshow", start); // the browser checks boxes again on the way back
})();
