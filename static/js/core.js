/* What all modules share, and the small behaviours of the frame. No inline script exists anywhere: behaviour hangs on
   data-* attributes and is delegated from the document, so that swapped-in fragments need no set-up. */
window.Desk = (function () {
  "use strict";
  var starters = [];

  /* Run `fn(root)` now for the page, and again for every fragment that HTMX swaps in. */
  function onContent(fn) {
    starters.push(fn);
    if (document.readyState !== "loading") fn(document);
  }
  document.addEventListener("DOMContentLoaded", function () { starters.forEach(function (fn) { fn(document); }); });
  document.addEventListener("htmx:afterSettle", function (event) {
    var root = event.detail.elt;
    if (root) starters.forEach(function (fn) { fn(root); });
  });

  function all(root, selector) {
    var found = Array.prototype.slice.call(root.querySelectorAll(selector));
    if (root.matches && root.matches(selector)) found.unshift(root);
    return found;
  }

  function toast(words, level) {
    var box = document.getElementById("toasts");
    if (!box) return;
    var note = document.createElement("div");
    note.className = "note note-" + (level || "info");
    var text = document.createElement("span");
    text.textContent = words;
    var close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", box.dataset.close);
    close.addEventListener("click", function () { note.remove(); });
    note.appendChild(text);
    note.appendChild(close);
    box.appendChild(note);
    if (level !== "error") setTimeout(function () { note.remove(); }, 6000);
  }

  /* A request that failed says so; the page stays as it was. */
  function words(key) { var box = document.getElementById("toasts"); return box ? box.dataset[key] : ""; }
  function isQuiet(event) { var element = event.detail.elt; return element && element.matches && element.matches("[data-when-visible]"); }
  document.addEventListener("htmx:responseError", function (event) {
    if (isQuiet(event)) return;
    var status = event.detail.xhr.status;
    toast(words(status === 403 || status === 404 ? "denied" : "failed"), "error");
  });
  document.addEventListener("htmx:sendError", function (event) { if (!isQuiet(event)) toast(words("lost"), "error"); });
  document.addEventListener("htmx:timeout", function (event) { if (!isQuiet(event)) toast(words("lost"), "error"); });

  /* The card of a running job asks again after the delay that its server chose. It waits while the tab is hidden, and
     does not give up when an answer is lost. */
  function ask(card) { if (card.isConnected) window.htmx.trigger(card, "job:ask"); }
  function isJob(element) { return element && element.matches && element.matches(".job[hx-get]"); }
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (!document.hidden || !isJob(event.detail.elt)) return;
    event.preventDefault();
    event.detail.elt.dataset.waiting = "1";
  });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) return;
    all(document, ".job[data-waiting]").forEach(function (card) { delete card.dataset.waiting; ask(card); });
  });
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (isJob(event.detail.elt)) setTimeout(ask, 5000, event.detail.elt);
    });
  });

  /* What refreshes itself by the minute rests while the tab is hidden. */
  document.addEventListener("htmx:beforeRequest", function (event) {
    var element = event.detail.elt;
    if (document.hidden && element.matches && element.matches("[data-when-visible]")) event.preventDefault();
  });

  /* The person's menu closes on Escape and on a click elsewhere. */
  document.addEventListener("click", function (event) {
    all(document, "details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    all(document, "details[data-menu][open]").forEach(function (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });

  /* What scrolls sideways can be scrolled by keyboard. */
  function scrollable(root) {
    all(root, ".tw,.tabs,.steps-row").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) box.setAttribute("tabindex", "0");
      else box.removeAttribute("tabindex");
    });
  }
  onContent(scrollable);
  window.addEventListener("resize", function () { scrollable(document); });
  document.addEventListener("toggle", function (event) { if (event.target.open) scrollable(event.target); }, true);

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  return { onContent: onContent, all: all, toast: toast };
})();
