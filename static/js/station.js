/* A station's screen: a card reader types into the card's field wherever the focus is, a form is sent once, and
   after the time of a visit without a touch the first screen comes back. */
(() => {
  "use strict";
  const screen = document.querySelector(".station");
  const card = document.querySelector("[data-card]");

  // A reader types the number like a keyboard: if no field has the focus, the first character is its beginning.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if (!card || typing || event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
    if (event.key === " " && event.target.matches("button, a")) return;
    card.focus();
  });

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    for (const button of event.target.querySelectorAll("[type=submit]")) button.classList.add("btn-loading");
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });

  const seconds = Number(screen?.dataset.idleSeconds);
  if (!seconds) return;
  let timer;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.replace(screen.dataset.idleUrl), seconds * 1000);
  };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, restart);
  restart();
})();
