/* After a search says aloud what it found: the words of [data-results] in the list that came. */
document.addEventListener("htmx:afterSettle", (event) => {
  "use strict";
  const asking = event.detail.requestConfig?.elt;
  const region = document.getElementById("announcements");
  if (!region || !asking?.matches(".filters")) return;
  const words = document.querySelector(asking.getAttribute("hx-target"))?.querySelector("[data-results]");
  region.textContent = "";
  if (words) setTimeout(() => (region.textContent = words.textContent.trim()), 50); // the same twice is said twice
});
