/* Copy buttons (data-copy-target="#id") and reveal buttons (data-reveal-target="#id"). */
(() => {
  "use strict";

  async function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        // refused by the browser: try the old way
      }
    }
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }

  function announce(text) {
    const region = document.getElementById("announcements");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => (region.textContent = text), 50); // the same words twice are spoken twice
  }

  async function onCopy(button) {
    const source = document.querySelector(button.dataset.copyTarget);
    if (!source) return;
    const copied = await copy("value" in source ? source.value : source.textContent.trim());
    button.focus();
    announce(copied ? button.dataset.copied : button.dataset.copyFailed);
    if (!copied) {
      source.select?.();
      return;
    }
    button.classList.add("is-copied");
    setTimeout(() => button.classList.remove("is-copied"), 2000);
  }

  function onReveal(button) {
    const field = document.querySelector(button.dataset.revealTarget);
    if (!field) return;
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.setAttribute("aria-pressed", String(hidden));
  }

  document.addEventListener("click", (event) => {
    const copyButton = event.target.closest("[data-copy-target]");
    const revealButton = event.target.closest("[data-reveal-target]");
    if (copyButton) onCopy(copyButton);
    else if (revealButton) onReveal(revealButton);
  });
})();
