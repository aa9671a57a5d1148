/* Every element with data-chart="ID" draws the Plotly figure of the JSON block with that id: {"data": [], "layout": {}}.
   Colours in a figure may be names ("@bar", "@green", ...) that are resolved from the page's tokens, so that light and
   dark need one figure. A point whose customdata is an address (or whose customdata[0] is) opens the rows behind it. */
(function () {
  "use strict";
  var TOKENS = {
    "@bar": "--gov-bar", "@bar2": "--gov-bar-2", "@green": "--gov-chart-green", "@green-soft": "--gov-chart-green-soft", "@red": "--gov-chart-red",
    "@yellow": "--gov-chart-yellow", "@grey": "--gov-chart-grey", "@orange": "--gov-orange",
    "@purple": "--gov-chart-purple", "@teal": "--gov-chart-teal", "@grid": "--gov-grid", "@primary": "--tblr-primary"
  };
  var CONFIG = {
    responsive: true, displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "",
    showEditInChartStudio: false, showTips: false, doubleClick: false,
    modeBarButtonsToRemove: ["sendDataToCloud", "lasso2d", "select2d", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"]
  };
  var english = function () { return document.body.dataset.lang === "en"; };

  function token(name) {
    if (name === "@ink") return getComputedStyle(document.body).color;
    if (name === "@surface") return surface();
    return getComputedStyle(document.documentElement).getPropertyValue(TOKENS[name]).trim();
  }
  function surface() {
    var card = document.querySelector(".gcard");
    return card ? getComputedStyle(card).backgroundColor : "#ffffff";
  }
  /* A copy with every colour name resolved. */
  function resolve(value) {
    if (typeof value === "string") return TOKENS[value] || value === "@ink" || value === "@surface" ? token(value) : value;
    if (Array.isArray(value)) return value.map(resolve);
    if (value && typeof value === "object") {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = resolve(value[key]); });
      return copy;
    }
    return value;
  }
  /* `extra` wins over `base`, object by object. */
  function merge(base, extra) {
    var out = Object.assign({}, base);
    Object.keys(extra || {}).forEach(function (key) {
      var a = out[key], b = extra[key];
      out[key] = a && b && typeof a === "object" && typeof b === "object" && !Array.isArray(a) && !Array.isArray(b) ? merge(a, b) : b;
    });
    return out;
  }
  function baseLayout(figure) {
    var given = figure.layout, lying = (figure.data || []).some(function (trace) { return trace.orientation === "h"; });
    var ink = getComputedStyle(document.body).color, grid = token("@grid");
    var axis = { gridcolor: grid, linecolor: grid, zerolinecolor: grid, fixedrange: true, automargin: true };
    var layout = {
      font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: ink },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      margin: { l: 40, r: 16, t: 34, b: 28 },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 12 }, traceorder: "normal" },
      hovermode: "closest", dragmode: false, bargap: 0.4, separators: ".,",
      hoverlabel: { bgcolor: surface(), bordercolor: grid, font: { color: ink, size: 12 } },
      xaxis: merge(axis, { showgrid: lying }), yaxis: merge(axis, { showgrid: !lying, showline: false, zeroline: false }), colorway: ["@bar", "@orange", "@green", "@purple", "@teal", "@grey"].map(token)
    };
    Object.keys(given || {}).forEach(function (key) { if (/^[xy]axis\d+$/.test(key)) layout[key] = axis; });
    return layout;
  }

  /* The figure of an element in the colours of the theme in force, or null where there is none. */
  function figureOf(element) {
    var source = document.getElementById(element.dataset.chart);
    if (!source) return null;
    var figure = JSON.parse(source.textContent);
    return {
      data: resolve(figure.data || []),
      layout: merge(baseLayout(figure), resolve(figure.layout || {})),
      config: Object.assign({ locale: english() ? "en" : "zh-CN" }, CONFIG, figure.config || {})
    };
  }
  function draw(element, size) {
    var figure = window.Plotly ? figureOf(element) : null;
    if (!figure) return;
    if (size) Object.assign(figure.layout, size);
    window.Plotly.react(element, figure.data, figure.layout, figure.config).then(function () { listen(element); });
  }
  /* What is saved or printed goes into documents: it is drawn in light colours whatever the screen shows. */
  function inLight(work) {
    var root = document.documentElement, theme = root.getAttribute("data-bs-theme");
    root.setAttribute("data-bs-theme", "light");
    try { return work(); } finally { root.setAttribute("data-bs-theme", theme); }
  }
  function listen(element) {
    if (element.dataset.drawn) return;
    element.dataset.drawn = "1";
    element.on("plotly_click", function (event) {
      var address = addressOf(event.points && event.points[0]);
      if (address) window.location.assign(address);
    });
    element.on("plotly_hover", function (event) { element.classList.toggle("linked", !!addressOf(event.points && event.points[0])); });
    element.on("plotly_unhover", function () { element.classList.remove("linked"); });
    Desk.all(document, '[data-chart-save="' + element.id + '"]').forEach(function (button) { button.hidden = false; });
  }
  /* Only addresses of this site open: a path, never another host or scheme. */
  function addressOf(point) {
    if (!point) return "";
    var data = point.customdata;
    if (Array.isArray(data)) data = data[0];
    return typeof data === "string" && data.charAt(0) === "/" && data.charAt(1) !== "/" && data.charAt(1) !== "\\" ? data : "";
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-chart-save]");
    var element = button && document.getElementById(button.dataset.chartSave);
    if (!element || !window.Plotly) return;
    var figure = inLight(function () {
      var found = figureOf(element);
      Object.assign(found.layout, { paper_bgcolor: surface(), title: { text: element.dataset.title, font: { size: 15 } }, margin: { l: 60, r: 40, t: 84, b: 50 } });
      return found;
    });
    window.Plotly.downloadImage(figure, { format: "png", width: 1100, height: 520, scale: 2, filename: element.dataset.title || "chart" });
  });
  document.addEventListener("desk:theme", function () { drawAll(document); });
  document.addEventListener("htmx:beforeCleanupElement", function (event) {
    if (window.Plotly && event.detail.elt.dataset && event.detail.elt.dataset.drawn) window.Plotly.purge(event.detail.elt);
  });

  /* The range picker of the cockpit: Escape and a click beside it close it, and what is typed there outlives the
     refresh of the page. */
  function openRange() { return document.querySelector(".pick-range[open]"); }
  document.addEventListener("keydown", function (event) {
    var range = openRange();
    if (event.key !== "Escape" || !range) return;
    range.open = false;
    if (range.contains(document.activeElement) || document.activeElement === document.body) range.querySelector("summary").focus();
  });
  document.addEventListener("click", function (event) {
    var range = openRange();
    if (range && !range.contains(event.target)) range.open = false;
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.id === "figures" && openRange()) event.preventDefault();
  });

  /* On paper: light colours, two charts side by side on A4 landscape, every data table open. */
  var restore = null;
  window.addEventListener("beforeprint", function () {
    if (restore) return;
    var root = document.documentElement, theme = root.getAttribute("data-bs-theme");
    var closed = Desk.all(document, "details.chart-data:not([open])");
    closed.forEach(function (details) { details.open = true; });
    root.setAttribute("data-bs-theme", "light");
    Desk.all(document, "[data-chart]").forEach(function (element) { draw(element, { width: 490, height: 200, autosize: false }); });
    restore = function () {
      closed.forEach(function (details) { details.open = false; });
      root.setAttribute("data-bs-theme", theme);
      drawAll(document);
      Desk.all(document, "[data-chart]").forEach(function (element) { if (element.dataset.drawn) window.Plotly.Plots.resize(element); });
    };
  });
  window.addEventListener("afterprint", function () { if (restore) restore(); restore = null; });

  function drawAll(root) { Desk.all(root, "[data-chart]").forEach(function (element) { draw(element); }); }
  /* A long row of charts with open tables is short on a phone: the sentence and the chart stand, the table unfolds. */
  Desk.onContent(function (root) {
    if (!window.matchMedia("(max-width: 599.98px)").matches) return;
    Desk.all(root, ".compare details.chart-data[open]").forEach(function (details) { details.open = false; });
  });
  Desk.onContent(drawAll);
})();
