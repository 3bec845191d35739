import type { AnyRouter, ParsedLocation } from "@tanstack/react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { reach } from "./reach";

const there = { pathname: "/test", href: "/test" } as ParsedLocation;

/** A router that shows a page, and cannot load the other. */
const router = (shown = true) =>
  ({
    state: { resolvedLocation: shown ? { href: "/build" } : undefined },
    getMatchedRoutes: () => [[{ options: { component: { preload: () => Promise.resolve() } } }]],
  }) as unknown as AnyRouter;

/** The script of the server's page, where the one that runs is `old`. */
function serves(build: string) {
  const script = document.createElement("script");
  script.setAttribute("src", "/assets/old.js");
  vi.spyOn(document, "querySelector").mockReturnValue(script);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(`<script src="/assets/${build}.js">`)));
  return vi.spyOn(location, "assign").mockImplementation(() => undefined);
}

beforeEach(() => sessionStorage.clear());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("goes back to what is shown where a page does not come", async () => {
  serves("old");
  await expect(reach(router(), there)).rejects.toMatchObject({ options: { href: "/build", replace: true } });
});

it("holds up no first page", async () => {
  await expect(reach(router(false), there)).resolves.toBeUndefined();
});

it("opens the page of a new build by loading it, once", async () => {
  const assign = serves("new");
  void reach(router(), there);
  await vi.waitFor(() => expect(assign).toHaveBeenCalledWith("/test"));
  await expect(reach(router(), there)).rejects.toMatchObject({ options: { href: "/build" } });
  expect(assign).toHaveBeenCalledOnce();
});
