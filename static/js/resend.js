/* A form marked data-resend is sent by script: where the line is cut, what was typed stays here, and the form is sent
   again when the line is back. It carries a key (once_key), so that one that had arrived after all makes nothing twice. */
(function () {
  "use strict";
  var english = function () { return document.body.dataset.lang === "en"; };
  var WAITS = [3000, 5000, 10000, 20000, 30000];

  function note(form, words) {
    var bar = form.querySelector(".resend-note");
    if (!bar) {
      bar = document.createElement("div");
      bar.className = "draft-offer resend-note";
      bar.setAttribute("role", "status");
      form.insertBefore(bar, form.firstChild);
      bar.scrollIntoView({ block: "center" });
    }
    bar.textContent = words;
  }

  /* As the browser itself would: for answers that are pages (mistakes to mend, a sign-in). */
  function plainly(form, name, value) {
    if (name) {
      var field = document.createElement("input");
      field.type = "hidden"; field.name = name; field.value = value;
      form.appendChild(field);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  function send(form, name, value, turn) {
    var data = new FormData(form);
    if (name) data.set(name, value);
    form.dataset.resending = "1";
    fetch(form.action || window.location.href, { method: "POST", body: data, headers: { "X-Resend": "1" } })
      .then(function (answer) {
        var type = answer.headers.get("Content-Type") || "";
        if (answer.ok && type.indexOf("application/json") === 0) return answer.json().then(function (done) { window.location.assign(done.url); });
        if (answer.status >= 502) throw new TypeError("not reached");
        delete form.dataset.resending;
        plainly(form, name, value);
      })
      .catch(function () {
        note(form, english() ? "The line is cut. What you typed is kept here and will be sent when it is back." : "网络中断，填写的内容已保存在本机，网络恢复后自动提交，不会重复登记。");
        wait(form, name, value, turn);
      });
  }

  function wait(form, name, value, turn) {
    var timer = null;
    function again() {
      clearTimeout(timer);
      window.removeEventListener("online", again);
      if (document.contains(form)) send(form, name, value, turn + 1);
    }
    window.addEventListener("online", again);
    timer = setTimeout(again, WAITS[Math.min(turn, WAITS.length - 1)]);
  }

  document.addEventListener("submit", function (event) {
    var form = event.target, by = event.submitter;
    if (!form.hasAttribute("data-resend") || event.defaultPrevented || !window.fetch || (by && by.name === "more")) return;
    event.preventDefault();
    if (!form.dataset.resending) send(form, by && by.name, by && by.value, 0);
  });
})();
