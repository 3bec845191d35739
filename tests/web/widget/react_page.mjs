// Writes react_page.tsx with React as a module that a browser reads, with the checks that React does while one develops.
import { createRequire } from "node:module";

const { rolldown } = await import(createRequire(`${process.cwd()}/web/`).resolve("rolldown"));
const built = await rolldown({
  input: "tests/web/widget/react_page.tsx",
  resolve: { modules: [`${process.cwd()}/web/node_modules`] },
  transform: { define: { "process.env.NODE_ENV": '"development"' } },
});
const { output } = await built.generate({ format: "iife" });
process.stdout.write(output[0].code);
