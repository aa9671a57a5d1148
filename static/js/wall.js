/* The wall display: asks for figures every half minute, keeps what it has while the network is away and says how old it
   is, and goes from scope to scope. Nodes are kept and only their words change, so nothing flickers. All times are the
   server's, carried on by a clock that cannot be set. */
(function () {
  "use strict";
  var root = document.getElementById("wall");
  if (!root) return;
  var words = root.dataset;
  var PER_PAGE = 18, ASK_LIMIT = 20000;
  var had = { content: null, etag: "", asOf: 0, now: 0, at: 0, failed: false };
  var shown = { index: 0, since: 0, paused: false };
  var asking = false;

  function part(id) { return document.getElementById(id); }
  function steady() { return window.performance.now(); }
  function serverNow() { return had.now + (steady() - had.at); }
  function two(number) { return (number < 10 ? "0" : "") + number; }
  function clockOf(date) { return two(date.getHours()) + ":" + two(date.getMinutes()); }
  function say(node, text) { if (node.textContent !== String(text)) node.textContent = text; }
  function put(text, values) {
    return text.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? values[name] : all; });
  }
  function make(tag, css) {
    var node = document.createElement(tag);
    if (css) node.className = css;
    return node;
  }

  /* As many children as items; each is made once and filled again and again. */
  function fill(box, items, build, tell) {
    while (box.children.length > items.length) box.removeChild(box.lastChild);
    while (box.children.length < items.length) box.appendChild(build());
    items.forEach(function (item, number) { tell(box.children[number], item, number); });
  }

  /* ---- the network ---- */
  function ask() {
    if (asking) return;
    asking = true;
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, ASK_LIMIT);
    var options = { cache: "no-store", credentials: "same-origin", signal: stop.signal, headers: {} };
    if (had.etag) options.headers["If-None-Match"] = had.etag;
    fetch("figures/", options).then(function (answer) {
      /* The key was revoked or has expired: the page says so, and no figure stays on the wall. */
      if (answer.status === 404) return window.location.reload();
      if (answer.status !== 304 && !answer.ok) throw new Error(answer.status);
      return (answer.status === 304 ? Promise.resolve(null) : answer.json()).then(function (content) { take(answer, content); });
    }).catch(function () { had.failed = true; }).then(function () {
      clearTimeout(timer);
      asking = false;
      tellAge();
    });
  }
  function take(answer, content) {
    had.asOf = Number(answer.headers.get("X-Figures-As-Of")) * 1000;
    had.now = Number(answer.headers.get("X-Figures-Now")) * 1000;
    had.at = steady();
    had.failed = false;
    if (!content) return;
    /* A new version of the product has other scripts. */
    if (content.version !== words.version) return window.location.reload();
    var here = had.content && had.content.scopes[shown.index] ? had.content.scopes[shown.index].id : 0;
    had.content = content;
    had.etag = answer.headers.get("ETag");
    shown.index = Math.max(0, content.scopes.map(function (scope) { return scope.id; }).indexOf(here));
    draw();
  }

  /* ---- time ---- */
  function tellAge() {
    if (!had.asOf) return;
    var age = serverNow() - had.asOf, late = age > Number(words.late) * 1000;
    var day = new Date(had.asOf), time = clockOf(day);
    if (age > 86400000) time = day.getFullYear() + "-" + two(day.getMonth() + 1) + "-" + two(day.getDate()) + " " + time;
    var text = put(late ? words.old : words.fresh, { time: time, n: Math.floor(age / 60000) });
    if (had.failed) text += " · " + words.lost;
    say(part("wall-age"), text);
    part("wall-age").classList.toggle("late", late || had.failed);
  }
  function tellClock() {
    var now = had.now ? new Date(serverNow()) : new Date();
    say(part("wall-clock"), clockOf(now));
    say(part("wall-day"), now.toLocaleDateString(words.lang === "en" ? "en-GB" : "zh-CN", { year: "numeric", month: "long", day: "numeric", weekday: "long" }));
  }

  /* ---- drawing ---- */
  function draw() {
    var content = had.content, scope = content.scopes[shown.index];
    part("wall-empty").hidden = true;
    part("wall-grid").hidden = false;
    say(part("wall-name"), scope.id ? scope.name : content.region + " · " + scope.name);
    Array.prototype.forEach.call(root.querySelectorAll("[data-period]"), function (node) { say(node, content.period); });
    fill(part("wall-cards"), scope.cards, figureNode, tellCard);
    fill(part("wall-lines"), scope.lines, figureNode, tellFigure);
    bars(part("wall-flow"), scope.flow);
    bars(part("wall-categories"), scope.categories);
    lights(scope.lights);
    tiles(content.scopes.slice(1), scope);
    fill(part("wall-dots"), content.scopes.length > 40 ? [] : content.scopes, function () { return make("li"); }, function (node, one) {
      node.className = one.id === scope.id ? "here" : "";
    });
    say(part("wall-finding"), scope.finding);
    trend(content, scope);
  }
  function figureNode() {
    var group = make("div");
    group.appendChild(make("dt"));
    group.appendChild(make("dd")).appendChild(make("b"));
    group.lastChild.appendChild(make("small"));
    return group;
  }
  function tellFigure(node, one) {
    say(node.firstChild, one.label);
    say(node.querySelector("b"), one.number);
    say(node.querySelector("small"), one.unit);
  }
  function tellCard(node, one) {
    tellFigure(node, one);
    node.dataset.code = one.code;
  }
  function bars(box, rows) {
    var most = rows.reduce(function (top, row) { return Math.max(top, row.value); }, 0) || 1;
    fill(box, rows, function () {
      var row = make("li");
      row.appendChild(make("span", "what"));
      row.appendChild(make("span", "room")).appendChild(make("i"));
      row.appendChild(make("b"));
      return row;
    }, function (row, one) {
      say(row.querySelector(".what"), one.name);
      say(row.querySelector("b"), one.value);
      row.querySelector("i").style.width = 100 * one.value / most + "%";
    });
  }
  function lights(rows) {
    fill(part("wall-lights"), rows, function () {
      var group = make("div");
      group.appendChild(make("dt"));
      group.appendChild(make("dd"));
      return group;
    }, function (group, one) {
      group.className = "light-" + one.light;
      say(group.firstChild, one.label);
      say(group.lastChild, one.value);
    });
    fill(part("wall-stack"), rows, function () { return make("i"); }, function (node, one) {
      node.className = "light-" + one.light;
      node.style.flexGrow = one.value;
    });
  }
  function numberOf(scope, light) {
    return scope.lights.filter(function (one) { return one.light === light; })[0].value;
  }
  /* The page of chains on which the one shown stands; while the region is shown, another page each round. */
  function tiles(chains, scope) {
    var pages = Math.max(1, Math.ceil(chains.length / PER_PAGE)), at = chains.indexOf(scope);
    var page = at < 0 ? Math.floor(serverNow() / 60000) % pages : Math.floor(at / PER_PAGE);
    var some = chains.slice(page * PER_PAGE, (page + 1) * PER_PAGE);
    say(part("wall-page"), pages > 1 ? put(words.page, { from: page * PER_PAGE + 1, to: page * PER_PAGE + some.length, n: chains.length }) : "");
    part("wall-tiles").classList.toggle("many", some.length > 10);
    fill(part("wall-tiles"), some, function () {
      var tile = make("li");
      tile.appendChild(make("span", "what"));
      tile.appendChild(make("span", "open"));
      tile.appendChild(make("span", "lit"));
      return tile;
    }, function (tile, chain) {
      var worst = ["red", "yellow"].filter(function (light) { return numberOf(chain, light) > 0; });
      tile.className = "light-" + (worst[0] || (numberOf(chain, "green") ? "green" : "grey")) + (chain === scope ? " here" : "");
      say(tile.querySelector(".what"), chain.name);
      say(tile.querySelector(".open"), words.open + " " + chain.cards.filter(function (card) { return card.code === "problems_open"; })[0].number);
      say(tile.querySelector(".lit"), chain.lights.filter(function (one) { return worst.indexOf(one.light) >= 0; }).map(function (one) { return one.label + " " + one.value; }).join(" · "));
    });
  }
  function trend(content, scope) {
    if (!window.Plotly) return;
    var unit = parseFloat(getComputedStyle(document.documentElement).fontSize);
    var ink = "#c3d9f7", grid = "rgba(140,180,240,.18)", colours = ["#4f9bff", "#3fc48a", "#ffb454"];
    var data = scope.trend.map(function (one, number) {
      var trace = { name: one.name, x: content.months, y: one.values, type: number < 2 ? "bar" : "scatter", marker: { color: colours[number], size: unit * 0.45 } };
      if (number === 2) Object.assign(trace, { mode: "lines+markers", line: { width: unit * 0.16, color: colours[2] } });
      return trace;
    });
    var top = Math.max.apply(null, [].concat.apply([], scope.trend.map(function (one) { return one.values; })));
    window.Plotly.react(part("wall-trend"), data, {
      font: { family: getComputedStyle(document.body).fontFamily, size: unit * 0.9, color: ink },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", barmode: "group", bargap: 0.3, separators: ".,",
      margin: { l: unit * 2.6, r: unit * 0.6, t: unit * 2, b: unit * 3 },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", traceorder: "normal", itemwidth: Math.max(30, unit * 1.9) },
      xaxis: { type: "category", showgrid: false, linecolor: grid, tickangle: 0 },
      yaxis: { rangemode: "tozero", tickformat: ",d", gridcolor: grid, zerolinecolor: grid, dtick: top <= 6 ? 1 : null, range: top ? null : [0, 4] }
    }, { staticPlot: true, responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", locale: words.lang === "en" ? "en" : "zh-CN" });
  }

  /* ---- rotation ---- */
  function move(step) {
    if (!had.content) return;
    var count = had.content.scopes.length;
    shown.index = (shown.index + step + count) % count;
    shown.since = steady();
    draw();
  }
  function pause() {
    shown.paused = !shown.paused;
    shown.since = steady();
    part("wall-pause").setAttribute("aria-label", shown.paused ? words.play : words.pause);
    root.classList.toggle("paused", shown.paused);
  }
  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(function () { part("wall-full").disabled = true; });
  }
  part("wall-prev").addEventListener("click", function () { move(-1); });
  part("wall-next").addEventListener("click", function () { move(1); });
  part("wall-pause").addEventListener("click", pause);
  part("wall-full").addEventListener("click", full);
  document.addEventListener("keydown", function (event) {
    if (event.key === "ArrowLeft") move(-1);
    if (event.key === "ArrowRight") move(1);
    if (event.key === " " && event.target.tagName !== "BUTTON") { event.preventDefault(); pause(); }
  });
  window.addEventListener("online", ask);
  window.addEventListener("resize", function () { if (had.content) draw(); });

  setInterval(function () {
    tellClock();
    tellAge();
    if (!shown.paused && had.content && steady() - shown.since >= Number(words.seconds) * 1000) move(1);
  }, 1000);
  setInterval(ask, Number(words.refresh) * 1000);
  tellClock();
  ask();
})();
