import { fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { FailedAside, lazyPart } from "./lazy-part";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A file of a part that comes when it is there. */
function file() {
  const there = { now: false };
  const load = () =>
    there.now
      ? Promise.resolve({
          default: ({ onClose }: { onClose?: () => void }) => <p>Here{onClose && ", open"}</p>,
        })
      : Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  return { there, load };
}

const beside = (part: React.ReactNode) =>
  render(
    <div>
      <input aria-label="Page" />
      <Suspense>{part}</Suspense>
    </div>,
  );

it("keeps a part that cannot be loaded in its place, and asks for it again", async () => {
  const { there, load } = file();
  const Part = lazyPart(load);
  beside(<Part />);
  const again = await screen.findByRole("button", { name: "Try again" });
  expect(screen.getByText("This part could not be loaded.")).toBeTruthy();
  expect(screen.getByLabelText("Page")).toBeTruthy();
  there.now = true;
  fireEvent.click(again);
  expect(await screen.findByText("Here")).toBeTruthy();
});

it("asks for it again by itself when the connection is back", async () => {
  const { there, load } = file();
  const Part = lazyPart(load);
  beside(<Part />);
  await screen.findByRole("alert");
  there.now = true;
  dispatchEvent(new Event("online"));
  expect(await screen.findByText("Here")).toBeTruthy();
});

it("closes what floats and did not come; opened again, it is asked for again", async () => {
  const { there, load } = file();
  const Part = lazyPart(load, FailedAside);
  const onClose = vi.fn();
  const { unmount } = beside(<Part onClose={onClose} />);
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  unmount();
  there.now = true;
  beside(<Part onClose={onClose} />);
  expect(await screen.findByText("Here, open")).toBeTruthy();
});

it("loads the page anew where the server has another build, when it is asked for again", async () => {
  const { load } = file();
  const script = document.createElement("script");
  script.type = "module";
  script.setAttribute("src", "/assets/index-old.js");
  vi.spyOn(document, "querySelector").mockReturnValue(script);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response('<script src="/assets/index-new.js">')));
  const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
  const Part = lazyPart(load);
  beside(<Part />);
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
});
