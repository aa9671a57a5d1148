/* Text typed into a form marked data-draft="KEY" survives a lost connection, a closed tab and a session that ended.
   It stays in this browser, under the person's own id, and goes when the form was accepted or the person signs out;
   a second copy waits on the server for the same person on another device or after a sign-out.
   A submitted draft is dropped when the next page shows another form or a message of success: a refused or expired
   submission keeps it. Files and hidden fields are never stored, but
   those marked data-draft-keep: the key by which a form that arrives twice is known stays with its text. */
(function () {
  "use strict";
  var PREFIX = "draft:", SENT = "draft-sent", MAX_AGE = 14 * 24 * 3600 * 1000;
  var english = function () { return document.body.dataset.lang === "en"; };

  function store() { try { return window.localStorage; } catch (e) { return null; } }
  function session() { try { return window.sessionStorage; } catch (e) { return null; } }
  function keyOf(form) {
    var user = document.body.dataset.user;
    return user ? PREFIX + user + ":" + form.dataset.draft : null;
  }

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (el) {
      if (el.type === "hidden") return el.name && el.hasAttribute("data-draft-keep");
      return el.name && ["file", "password", "submit", "button"].indexOf(el.type) < 0;
    });
  }
  function read(form) {
    var values = {};
    fields(form).forEach(function (el) {
      var list = values[el.name] = values[el.name] || [];
      if (el.type === "checkbox" || el.type === "radio") { if (el.checked) list.push(el.value); }
      else if (el.multiple) Array.prototype.forEach.call(el.selectedOptions, function (o) { list.push(o.value); });
      else list.push(el.value);
    });
    return values;
  }
  function write(form, values) {
    var seen = {};
    fields(form).forEach(function (el) {
      var list = values[el.name];
      if (!list) return;
      if (el.type === "checkbox" || el.type === "radio") el.checked = list.indexOf(el.value) >= 0;
      else if (el.multiple) Array.prototype.forEach.call(el.options, function (o) { o.selected = list.indexOf(o.value) >= 0; });
      else { var i = seen[el.name] = (seen[el.name] || 0); if (list[i] !== undefined) el.value = list[i]; seen[el.name] = i + 1; }
      if (el.tomselect) el.tomselect.sync();
      el.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /* --- the copy on the server: kept a few seconds after the last key, fetched where this browser has none --- */
  var REST = 3000, waiting = new WeakMap();
  function address(form) { return "/drafts/" + encodeURIComponent(form.dataset.draft) + "/"; }
  function tell(form, values) {
    var token = form.querySelector("[name=csrfmiddlewaretoken]");
    if (!token || !window.fetch) return Promise.resolve();
    var body = new URLSearchParams({ csrfmiddlewaretoken: token.value });
    if (values) body.set("values", JSON.stringify(values));
    return fetch(address(form), { method: "POST", body: body, redirect: "error", keepalive: !values }).catch(function () {});
  }
  function saveThere(form) {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(function () {
      if (form.dataset.draftOff || !document.contains(form)) return;
      tell(form, read(form)).then(function (answer) {
        var note = form.querySelector("[data-draft-note]");
        if (note && answer && answer.ok) note.textContent = english() ? "Draft kept" : "草稿已保存";
      });
    }, REST));
  }
  function fetchThere(form) {
    if (!document.body.dataset.user || !window.fetch || form.querySelector("[data-error-summary]")) return;
    fetch(address(form), { redirect: "error", headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : {}; })
      .then(function (kept) { if (kept.values && document.contains(form)) propose(form, kept); })
      .catch(function () {});
  }

  function save(form) {
    var key = keyOf(form), box = store();
    if (!key || !box || form.dataset.draftOff) return;
    try { box.setItem(key, JSON.stringify({ at: Date.now(), values: read(form) })); } catch (e) { return; }
    var note = form.querySelector("[data-draft-note]");
    if (note) note.textContent = english() ? "Draft kept in this browser" : "草稿已存在本机";
    saveThere(form);
  }

  function offer(form) {
    var key = keyOf(form), box = store();
    if (!key || !box || form.dataset.draftReady) return;
    form.dataset.draftReady = "1";
    var kept = null;
    try { kept = JSON.parse(box.getItem(key) || "null"); } catch (e) { box.removeItem(key); }
    if (!kept || !kept.values || Date.now() - kept.at > MAX_AGE) { box.removeItem(key); fetchThere(form); return; }
    propose(form, kept);
  }

  /* The key of a fresh page differs each time: that alone is no other text. */
  function same(kept, here) {
    var keys = Object.keys(Object.assign({}, kept, here));
    return keys.every(function (name) { return name === "once_key" || JSON.stringify(kept[name]) === JSON.stringify(here[name]); });
  }

  function propose(form, kept) {
    var key = keyOf(form), box = store();
    if (same(kept.values, read(form)) || form.querySelector(".draft-offer")) return;
    var bar = document.createElement("div");
    bar.className = "draft-offer";
    bar.setAttribute("role", "status");
    var text = document.createElement("span");
    var when = new Date(kept.at).toLocaleString(english() ? "en" : "zh-CN", { hour12: false });
    text.textContent = english() ? "An unsent draft of " + when + " is kept here." : "这里有 " + when + " 没有提交的草稿。";
    bar.appendChild(text);
    [[english() ? "Restore" : "恢复草稿", "btn btn-sm btn-primary", function () { write(form, kept.values); }],
     [english() ? "Discard" : "不要了", "btn btn-sm", function () { box.removeItem(key); tell(form, null); }]].forEach(function (choice) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = choice[1];
      button.textContent = choice[0];
      button.addEventListener("click", function () { choice[2](); bar.remove(); });
      bar.appendChild(button);
    });
    form.insertBefore(bar, form.firstChild);
  }

  /* Arriving anywhere after a submission: the draft goes unless the same form came back (an error, a sign-in page). */
  function settle() {
    var box = store(), tab = session();
    if (!box || !tab) return;
    var sent = tab.getItem(SENT);
    if (!sent) return;
    var same = Desk.all(document, "form[data-draft]").some(function (form) { return keyOf(form) === sent; });
    if (!document.body.dataset.user) return;
    tab.removeItem(SENT);
    if (document.querySelector(".note-success")) same = false;
    if (!same && !document.querySelector("[data-error-page]")) {
      box.removeItem(sent);
      forget(sent.slice((PREFIX + document.body.dataset.user + ":").length));
    }
  }

  /* The page after an accepted form has no such form any more: the token comes from any other (the sign-out form). */
  function forget(key) {
    var token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (!token || !window.fetch) return;
    fetch("/drafts/" + encodeURIComponent(key) + "/", {
      method: "POST", redirect: "error", body: new URLSearchParams({ csrfmiddlewaretoken: token.value })
    }).catch(function () {});
  }

  var timers = new WeakMap();
  function later(event) {
    var form = event.target.form || (event.target.closest && event.target.closest("form"));
    if (!form || !form.dataset || !form.dataset.draft || !event.isTrusted) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(function () { save(form); }, 400));
  }
  document.addEventListener("input", later);
  document.addEventListener("change", later);

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.draft) {
      save(form);
      clearTimeout(waiting.get(form)); /* the answer decides whether the copy on the server stays */
      var tab = session();
      if (tab && keyOf(form)) tab.setItem(SENT, keyOf(form));
    }
    if (form.hasAttribute("data-sign-out")) {
      var box = store(), mine = PREFIX + document.body.dataset.user + ":";
      if (box) Object.keys(box).forEach(function (key) { if (key.indexOf(mine) === 0) box.removeItem(key); });
    }
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-draft-discard]"), form = link && link.closest("form");
    if (form && keyOf(form) && store()) { clearTimeout(timers.get(form)); clearTimeout(waiting.get(form)); form.dataset.draftOff = "1"; store().removeItem(keyOf(form)); tell(form, null); }
  });

  document.addEventListener("DOMContentLoaded", settle);
  Desk.onContent(function (root) { Desk.all(root, "form[data-draft]").forEach(offer); });
})();
