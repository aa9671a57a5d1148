/* Picking rows of the ledger: the whole page at once, and how many are picked. Without it the boxes work as they are. */
(function () {
  "use strict";
  function told(form) {
    var rows = Desk.all(form, "input[name=row]"), picked = rows.filter(function (box) { return box.checked; });
    var page = form.querySelector("[data-bulk-page]"), all = form.querySelector("[data-bulk-all]");
    var note = form.querySelector("[data-bulk-n]");
    if (page) {
      page.checked = rows.length > 0 && picked.length === rows.length;
      page.indeterminate = picked.length > 0 && picked.length < rows.length;
    }
    rows.forEach(function (box) { box.disabled = all.checked; });
    form.classList.toggle("picked", picked.length > 0 || all.checked);
    if (note) note.textContent = picked.length && !all.checked ? note.dataset.words.replace("{n}", picked.length) : "";
  }
  /* On a phone the steps show once something is picked. */
  Desk.onContent(function (root) {
    Desk.all(root, "form[data-pick]").forEach(function (form) { form.classList.add("scripted"); told(form); });
  });
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-pick]");
    if (!form) return;
    if (event.target.matches("[data-bulk-page]")) {
      Desk.all(form, "input[name=row]").forEach(function (box) { box.checked = event.target.checked; });
    }
    told(form);
  });
})();
