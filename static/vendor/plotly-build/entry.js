"use strict";
// `core` brings scatter. Every further trace type is named here.
var Plotly = require("plotly.js/lib/core");
Plotly.register([
  require("plotly.js/lib/bar"),
  require("plotly.js/lib/pie"),
  require("plotly.js/lib/heatmap"),
  require("plotly.js/lib/histogram"),
  require("plotly.js/lib/box"),
  require("plotly.js/lib/funnel"),
  require("plotly.js/lib/waterfall"),
  require("plotly.js/lib/indicator"),
  require("plotly.js/lib/treemap"),
  require("plotly.js/lib/sunburst"),
  require("plotly.js/lib/sankey"),
  require("plotly.js/lib/scatterpolar"),
]);
module.exports = Plotly;
