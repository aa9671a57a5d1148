// Builds plotly-gov.min.js: the trace types the product draws and nothing that fetches from outside (no maps).
// Node is needed only to make this file again, never to run the product:
//   npm install plotly.js@4.1.1 esbuild@0.28.2 --ignore-scripts
//   node build.cjs
const esbuild = require("esbuild");

esbuild
  .build({
    entryPoints: ["entry.js"],
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "Plotly",
    target: "es2018",
    outfile: "plotly-gov.min.js",
    define: { global: "window", "define.amd": "false", "process.env.NODE_DEBUG": "false" },
    alias: { regl: "@plotly/regl", stream: "stream-browserify" },
    // The only stylesheet pulled in belongs to map traces, which are left out; Plotly's own comes as a file.
    loader: { ".glsl": "text", ".css": "empty" },
    logLevel: "warning",
    legalComments: "inline",
  })
  .catch(() => process.exit(1));
