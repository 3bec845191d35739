import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.mock("@ui/toast", () => ({ toast: () => undefined }));

interface Row {
  readonly id: string;
}

let onServer: Row[] = [];
let page: typeof import("./delete-later");

function Rows() {
  const read = useQuery({ queryKey: ["rows"], queryFn: async () => [...onServer], retry: false });
  const rows = page.useKept(read.data);
  return <p>{read.isSuccess && `Read: ${rows.map(row => row.id).join(" ")}`}</p>;
}

/** As a browser does that loads it anew. */
async function loadPage() {
  vi.resetModules();
  page = await import("./delete-later");
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Rows />
    </QueryClientProvider>,
  );
  return page.deleteLater;
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  onServer = [{ id: "kept" }, { id: "gone" }];
});

afterEach(() => {
  vi.useRealTimers();
  sessionStorage.clear();
});

test("what the page before was deleting does not come back while the server is at it", async () => {
  const send = vi.fn(async () => undefined);
  (await loadPage())({ id: "gone", title: "Gone deleted", send });
  dispatchEvent(new Event("pagehide"));
  expect(send).toHaveBeenCalledOnce();
  document.body.replaceChildren();

  await loadPage();
  await screen.findByText("Read: kept");
  // Now the server has done it, and the page finds that out by itself.
  onServer = [{ id: "kept" }, { id: "new" }];
  await vi.advanceTimersByTimeAsync(1000);
  await screen.findByText("Read: kept new");
});

test("what could not be deleted is shown again", async () => {
  const deleteLater = await loadPage();
  deleteLater({ id: "gone", title: "Gone deleted", send: () => Promise.reject(new Error("No")) });
  dispatchEvent(new Event("pagehide"));
  document.body.replaceChildren();

  await loadPage();
  await screen.findByText("Read: kept");
  await vi.advanceTimersByTimeAsync(10_000);
  await screen.findByText("Read: kept gone");
  // The next page knows nothing of it.
  expect(sessionStorage.length).toBe(0);
});
