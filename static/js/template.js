/* Sentences of reports: a figure that is chosen goes where the cursor last stood in a sentence. */
(function () {
  "use strict";

  var last = null;
  document.addEventListener("focusin", function (event) {
    if (event.target.matches("[data-template-text]")) last = event.target;
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-insert]");
    if (!button) return;
    var box = last && document.contains(last) ? last : document.querySelector("details[open] [data-template-text]");
    if (!box) return;
    box.setRangeText(button.dataset.insert, box.selectionStart, box.selectionEnd, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
