"use strict";
// `core` brings scatter. Every further trace type is named here.
var Plotly = require("plotly.js/lib/core");
Plotly.register([
  require("plotly.js/lib/bar"),
  require("plotly.js/lib/heatmap"),
  require("plotly.js/lib/box"),
  require("plotly.js/lib/sunburst"),
  require("plotly.js/lib/sankey"),
]);
module.exports = Plotly;
