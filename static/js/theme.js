/* Light and dark without a reload. The cookie is what the server reads; without this script the form posts instead. */
(function () {
  "use strict";
  document.addEventListener("submit", function (event) {
    var form = event.target.closest("form[data-theme-switch]");
    if (!form) return;
    event.preventDefault();
    var root = document.documentElement;
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    document.querySelector('meta[name="color-scheme"]').setAttribute("content", next);
    document.cookie = "theme=" + next + ";path=/;max-age=31536000;samesite=lax" + (location.protocol === "https:" ? ";secure" : "");
    Desk.all(document, "form[data-theme-switch] input[name=theme]").forEach(function (input) {
      input.value = next === "dark" ? "light" : "dark";
    });
    document.dispatchEvent(new CustomEvent("desk:theme"));
  });
})();
