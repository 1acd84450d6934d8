/* Says that a passkey could not be used; allauth only writes it to the browser's console. */
document.addEventListener("allauth.error", (event) => {
  "use strict";
  const place = document.querySelector("[data-key-trouble]");
  if (!place) return;
  event.preventDefault();
  place.textContent = place.dataset.keyTrouble;
  place.hidden = false;
});
