import { expect, test } from "vitest";
import { backoff, follow, readEvents, type ServerEvent } from "./sse";

const encoder = new TextEncoder();

function stream(...parts: (string | Error)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const next = parts.shift();
      if (next === undefined) controller.close();
      else if (next instanceof Error) controller.error(next);
      else controller.enqueue(encoder.encode(next));
    },
  });
}

async function all(events: AsyncGenerator<ServerEvent>): Promise<string[]> {
  const seen: string[] = [];
  for await (const event of events) seen.push(`${event.id}|${event.event}|${event.data}`);
  return seen;
}

test("events are whole wherever the bytes were cut", async () => {
  const text = ": keep-alive\n\nid: t/1\nevent: job\ndata: a\ndata: b\n\nid: t/2\r\ndata: ü\r\n\r\n";
  for (let cut = 1; cut < text.length; cut++) {
    const events = await all(readEvents(stream(text.slice(0, cut), text.slice(cut))));
    expect(events, `cut at ${cut}`).toEqual(["t/1|job|a\nb", "t/2|message|ü"]);
  }
});

test("an event that was not ended is not one", async () => {
  expect(await all(readEvents(stream("data: a\n\ndata: half")))).toEqual(["|message|a"]);
});

test("a broken stream goes on after the last event that was seen", async () => {
  const asked: (string | null)[] = [];
  const broken: boolean[] = [];
  const bodies = [
    stream("id: t/0\ndata: a\n\n", new TypeError("network")),
    stream("id: t/1\ndata: b\n\n"),
    stream("id: t/2\ndata: [DONE]\n\n"),
  ];
  const events = follow({
    signal: new AbortController().signal,
    end: "[DONE]",
    delay: () => 0,
    onBroken: is => broken.push(is),
    open: async last => {
      asked.push(last);
      return new Response(bodies.shift());
    },
  });
  expect(await all(events)).toEqual(["t/0|message|a", "t/1|message|b"]);
  expect(asked).toEqual([null, "t/0", "t/1"]);
  expect(broken).toEqual([false, true, false, true, false]);
});

test("what the server refuses is not tried again", async () => {
  let tries = 0;
  const events = follow({
    signal: new AbortController().signal,
    delay: () => 0,
    open: async () => {
      tries++;
      throw Object.assign(new Error("gone"), { status: tries < 3 ? 503 : 404 });
    },
  });
  await expect(all(events)).rejects.toThrow("gone");
  expect(tries).toBe(3);
});

test("it ends when nobody follows any more", async () => {
  const controller = new AbortController();
  const events = follow({
    signal: controller.signal,
    delay: () => 10_000,
    onBroken: broken => broken && controller.abort(),
    open: async () => new Response(stream("data: a\n\n")),
  });
  expect(await all(events)).toEqual(["|message|a"]);
});

test("the wait doubles up to eight seconds", () => {
  for (const [attempt, base] of [500, 1000, 2000, 4000, 8000, 8000].entries()) {
    expect(backoff(attempt)).toBeGreaterThanOrEqual(base * 0.75);
    expect(backoff(attempt)).toBeLessThanOrEqual(base * 1.25);
  }
});
