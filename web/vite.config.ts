// Builds the dashboard to web/dist, which CMake embeds in the binary; `npm run dev` serves it in front of a running `./dev up`.
import { defineConfig } from "vite";

const server = "http://localhost:8080";

export default defineConfig({
  base: "/app/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the Content-Security-Policy has no data: URLs
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": server, "/images": server, "/assets": server, "/login": server, "/s/": server } },
});
