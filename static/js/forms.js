/* Forms: searchable selects, input methods, one submission at a time, the error summary. */
(function () {
  "use strict";

  /* While a Chinese input method is composing, Enter chooses a word; it must never send the form. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.isComposing || event.keyCode === 229)) return;
    event.stopPropagation();
    if (event.target.tagName === "INPUT") event.preventDefault();
  }, true);

  Desk.onContent(function (root) {
    if (window.TomSelect) Desk.all(root, "select[data-search-select]").forEach(search);
    Desk.all(root, "[data-error-summary]").forEach(function (summary) { summary.focus(); });
  });
  document.addEventListener("htmx:beforeCleanupElement", function (event) {
    if (event.detail.elt.tomselect) event.detail.elt.tomselect.destroy();
  });

  /* A link of the error summary goes to the field itself, also when a search box or a list of choices stands for it. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-error-summary] a");
    var field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    var inner = field.tomselect ? field.tomselect.control_input : field.matches("input,select,textarea") ? field : field.querySelector("input,select,textarea");
    if (!inner) return;
    event.preventDefault();
    inner.focus();
    (inner.closest(".fg") || inner).scrollIntoView({ block: "center" });
  });

  /* A suggestion (a link that also works without scripts) fills its field and leaves what has been typed. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-fill]");
    var field = link && document.querySelector("main form [name='" + link.dataset.fill + "']");
    if (!field) return;
    event.preventDefault();
    field.value = link.dataset.value;
    if (field.tomselect) field.tomselect.sync();
    field.dispatchEvent(new Event("change", { bubbles: true }));
    Desk.all(link.closest("ul"), "a[data-fill]").forEach(function (other) { other.removeAttribute("aria-current"); });
    link.setAttribute("aria-current", "true");
    (field.tomselect ? field.tomselect.control_input : field).focus();
  });

  function search(select) {
    if (select.tomselect || select.disabled) return;
    var describedby = select.getAttribute("aria-describedby");
    var english = document.body.dataset.lang === "en";
    var box = new window.TomSelect(select, {
      maxOptions: 200,
      refreshThrottle: 0, /* else a quick Enter after a word chooses from the list as it was before the word */
      allowEmptyOption: !select.required,
      hideSelected: select.multiple,
      render: {
        no_results: function () {
          var div = document.createElement("div");
          div.className = "no-results";
          div.textContent = english ? "Nothing matches" : "没有匹配的选项";
          return div;
        }
      }
    });
    select.setAttribute("aria-hidden", "true"); /* its label and focus have moved to the box */
    if (describedby) box.control_input.setAttribute("aria-describedby", describedby);
    if (select.getAttribute("aria-invalid")) box.control_input.setAttribute("aria-invalid", "true");
  }

  /* A filter leaves empty fields out of the address and keeps the order that the list is sorted in. */
  document.addEventListener("htmx:configRequest", function (event) {
    if (!event.target.matches("form[data-filters]")) return;
    var data = event.detail.formData, sort = new URLSearchParams(window.location.search).get("sort");
    Array.from(data.keys()).forEach(function (name) {
      if (data.getAll(name).every(function (value) { return value === ""; })) data.delete(name);
    });
    if (sort && !event.target.querySelector('select[name="sort"]')) data.set("sort", sort);
  });

  /* A double click must not send a form twice. Back from the browser's store makes the form usable again. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) Desk.all(document, "form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
})();
