/* The way back to a list leads to it as it was left: with its search, filters and page. */
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  for (const link of document.querySelectorAll(".page-pretitle a")) {
    if (document.referrer.split("?")[0] === link.href) link.href = document.referrer;
  }
});
