/* The board of states and the calendar of deadlines: arrows move between cards and days, cards can be dragged. A drop
   opens the form of the step that leads there; nothing is done without it. */
(function () {
  "use strict";

  function fill(words, values) {
    return words.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }
  function say(words) {
    var box = document.getElementById("board-said");
    if (box) box.textContent = words;
  }
  function cards(column) { return Desk.all(column, "[data-card]"); }
  function shown(element) { return element.offsetParent !== null; }

  /* --- keyboard --- */
  function step(card, key) {
    var column = card.closest(".bcol"), own = cards(column), place = own.indexOf(card);
    if (key === "ArrowDown") return own[place + 1];
    if (key === "ArrowUp") return own[place - 1];
    var columns = Desk.all(card.closest("[data-board]"), ".bcol").filter(shown);
    var at = columns.indexOf(column), by = key === "ArrowRight" ? 1 : -1;
    for (var n = at + by; n >= 0 && n < columns.length; n += by) {
      var found = cards(columns[n]);
      if (found.length) return found[Math.min(place, found.length - 1)];
    }
    return null;
  }
  function day(link, key) {
    var days = Desk.all(link.closest("[data-deadlines]"), ".dl-d").filter(shown);
    var by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key];
    if (window.matchMedia("(max-width:767.98px)").matches) by = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
    return days[days.indexOf(link) + by];
  }
  document.addEventListener("keydown", function (event) {
    if (!/^Arrow(Up|Down|Left|Right)$/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    var card = event.target.closest(".bcard"), link = event.target.closest(".dl-d");
    if (!card && !link) return;
    var next = card ? step(card, event.key) : day(link, event.key);
    if (!next) return;
    event.preventDefault();
    if (link) { next.focus(); return; }
    next.querySelector(".b-t").focus();
    var column = next.closest(".bcol"), own = cards(column), board = next.closest("[data-board]");
    say(fill(board.dataset.said, {
      column: column.dataset.label, n: own.indexOf(next) + 1, m: own.length, title: next.dataset.title
    }));
  });

  /* --- dragging --- */
  var taken = null;
  Desk.onContent(function (root) {
    Desk.all(root, "[data-card]").forEach(function (card) { card.setAttribute("draggable", "true"); });
  });
  document.addEventListener("dragstart", function (event) {
    var card = event.target.closest && event.target.closest("[data-card]");
    if (!card) return;
    taken = card;
    card.classList.add("taken");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.title);
    say(fill(card.closest("[data-board]").dataset.taken, { title: card.dataset.title }));
  });
  function over(event) { return taken && event.target.closest && event.target.closest(".bcol"); }
  function clear() { Desk.all(document, ".bcol.over").forEach(function (column) { column.classList.remove("over"); }); }
  document.addEventListener("dragover", function (event) {
    var column = over(event);
    if (!column || column.contains(taken)) return;
    event.preventDefault();
    if (!column.classList.contains("over")) { clear(); column.classList.add("over"); }
  });
  document.addEventListener("dragend", function () {
    if (taken) taken.classList.remove("taken");
    taken = null;
    clear();
  });
  document.addEventListener("drop", function (event) {
    var column = over(event);
    if (!column || column.contains(taken)) return;
    event.preventDefault();
    say(fill(column.closest("[data-board]").dataset.dropped, { column: column.dataset.label }));
    window.location.assign(taken.dataset.card + "?to=" + encodeURIComponent(column.dataset.state));
  });
})();
