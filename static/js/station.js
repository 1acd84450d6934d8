/* A station's screen: a card reader types into the card's field wherever the focus is, a form is sent once and only
   while the server answers, and after the time of a visit without a touch the first screen comes back. Nobody
   stands there who could reload a page that failed. */
(() => {
  "use strict";
  const screen = document.querySelector(".station");
  const card = document.querySelector("[data-card]");
  const offline = document.querySelector("[data-offline]");
  const AGAIN = 5000;

  // Whether the server answers; says so on the screen where it does not.
  async function isAlive() {
    let alive = false;
    try {
      const answer = await fetch(screen.dataset.aliveUrl, { cache: "no-store", signal: AbortSignal.timeout(AGAIN) });
      alive = answer.ok;
    } catch {
      // no connection
    }
    offline.hidden = alive;
    return alive;
  }

  // A reader types the number like a keyboard: if no field has the focus, the first character is its beginning.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if (!card || typing || event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
    if (event.key === " " && event.target.matches("button, a")) return;
    if (document.querySelector("dialog[open]")) return;
    card.focus();
  });

  document.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.method === "dialog") return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const button = event.submitter || form.querySelector("[type=submit]");
    button?.classList.add("btn-loading");
    if (await isAlive()) {
      if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
      form.submit();
      return;
    }
    delete form.dataset.sent;
    button?.classList.remove("btn-loading");
  });

  const seconds = Number(screen?.dataset.idleSeconds);
  if (!seconds) return;
  let timer;
  const leave = async () => {
    if (await isAlive()) location.replace(screen.dataset.idleUrl);
    else timer = setTimeout(leave, AGAIN);
  };
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, seconds * 1000);
  };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, restart);
  restart();
})();
