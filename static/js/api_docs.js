/* Draws the description of the API (Swagger UI). What is tried out goes to this server only. */
(() => {
  "use strict";
  const place = document.getElementById("docs");
  window.SwaggerUIBundle({
    url: place.dataset.file,
    domNode: place,
    deepLinking: true,
    displayRequestDuration: true,
    validatorUrl: null,
    persistAuthorization: false,
  });
})();
