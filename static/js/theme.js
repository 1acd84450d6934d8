/* Light, dark or as the system has it. Loaded before the first paint, so that no page flashes. */
(() => {
  "use strict";
  const KEY = "console-theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch {
      return "auto"; // storage is switched off: follow the system
    }
  }

  function apply() {
    const theme = chosen() === "auto" ? (system.matches ? "dark" : "light") : chosen();
    document.documentElement.setAttribute("data-bs-theme", theme);
    for (const button of document.querySelectorAll("[data-theme-value]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeValue === chosen()));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-value]");
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset.themeValue);
    } catch {
      document.documentElement.setAttribute("data-bs-theme", button.dataset.themeValue);
      return;
    }
    apply();
  });
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  apply();
})();
