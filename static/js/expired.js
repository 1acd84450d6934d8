/* A session that ended while a page was open: htmx would put the sign-in page's remains into the list. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (answered.pathname !== document.body.dataset.signIn) return;
  event.detail.shouldSwap = false;
  location.reload();
});
