import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const server = process.env.CONDUET_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@client": folder("client"), "@ui": folder("ui"), "@dashboard": folder("dashboard") } },
  build: {
    outDir: folder("../src/conduet/app/static"),
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    target: "es2022",
    rolldownOptions: {
      output: {
        // By itself every icon is a file of its own, and a page asks for a hundred.
        codeSplitting: {
          groups: [
            { name: "first", tags: ["$initial"], priority: 2 },
            { name: "shared", minShareCount: 5, priority: 1 },
            { name: "controls", test: /@base-ui|lucide-react/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": server, "/docs": server, "/openapi.json": server } },
  test: {
    environment: "happy-dom",
    setupFiles: ["ui/testing.ts"],
    include: ["{client,ui,dashboard,widget}/**/*.test.{ts,tsx}"],
  },
});
