import { afterEach, expect, test, vi } from "vitest";
import { listen } from "./feed";

const event = (type: string, payload: object) => `data: ${JSON.stringify({ type, payload })}\n\n`;

afterEach(() => vi.unstubAllGlobals());

test("all who listen share one connection, and who comes later is told where things stand", async () => {
  let write: ReadableStreamDefaultController<Uint8Array> | undefined;
  const opened = vi.fn(async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        write = controller;
      },
    });
    return new Response(body);
  });
  vi.stubGlobal("fetch", opened);
  const say = (...words: string[]) => write?.enqueue(new TextEncoder().encode(words.join("")));
  const first: unknown[] = [];
  const later: unknown[] = [];
  const leave = listen("shop", told => first.push(told));
  await vi.waitFor(() => expect(write).toBeDefined());
  say(event("hello", { revision: 3, people: [] }), event("presence", { people: [{ clientId: "ana" }] }));
  say(event("revision", { revision: 4 }));
  await vi.waitFor(() => expect(first).toHaveLength(3));
  const leaveToo = listen("shop", told => later.push(told));
  await vi.waitFor(() =>
    expect(later).toEqual([{ type: "hello", payload: { revision: 4, people: [{ clientId: "ana" }] } }]),
  );
  say(event("inbox", {}));
  await vi.waitFor(() => expect(later).toHaveLength(2));
  expect(first).toHaveLength(4);
  expect(opened).toHaveBeenCalledOnce();
  leave();
  leaveToo();
});
