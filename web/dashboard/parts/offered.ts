import type { Schema } from "@client/api";
import type { Tool } from "./kinds";
import type { Told } from "./offer-changes";

export type Offered = Schema<"OfferedTool">;

/** What a tool said of itself when it was pinned. */
export interface Seen extends Told {
  readonly pin: string;
}

interface McpConfig {
  readonly url: string;
  /** Those that may be used; all of them where none is named. */
  readonly tools: readonly string[];
  readonly pins: Readonly<Record<string, string>>;
  readonly seen: Readonly<Record<string, Seen>>;
}

/** How the configuration tells of a tool of the server, beside what the server tells now. */
export interface OfferState {
  readonly allowed: boolean;
  /** Only with it named is not everything allowed: it cannot be taken away. */
  readonly last: boolean;
  readonly pin: "none" | "pinned" | "changed" | "unknown";
}

export function configOf({ config }: Tool): McpConfig {
  const { url = "", tools = [], pins = {}, seen = {} } = config as unknown as Partial<McpConfig>;
  return { url, tools, pins, seen };
}

/** Where and as whom the server is asked. */
export function addressOf({ config }: Tool): unknown {
  return [config["url"] ?? "", config["headers"] ?? {}];
}

/** All that the server has, and what is named and no longer there. */
export function rowsOf({ tools, pins }: McpConfig, offers: readonly Offered[]): string[] {
  return [...new Set([...offers.map(each => each.name), ...tools, ...Object.keys(pins)])];
}

/** What a tool said when it was pinned, where that is kept: whoever pins through the API may keep nothing. */
export function seenOf({ pins, seen }: McpConfig, name: string): Seen | undefined {
  return seen[name]?.pin === pins[name] ? seen[name] : undefined;
}

export function stateOf({ tools, pins }: McpConfig, name: string, offer: Offered | undefined): OfferState {
  const pin = pins[name];
  return {
    allowed: tools.length === 0 || tools.includes(name),
    last: tools.length === 1 && tools[0] === name,
    pin:
      pin === undefined ? "none" : offer === undefined ? "unknown" : offer.pin === pin ? "pinned" : "changed",
  };
}

const put = ({ config }: Tool, change: Partial<McpConfig>) =>
  ({ ...config, ...change }) as unknown as Tool["config"];

/** Only these may be used; none: all. */
export const allowOnly = (tool: Tool, names: readonly string[]) => put(tool, { tools: names });

/** One is allowed or not; `rows` are all there are, for where all were allowed. */
export function allow(tool: Tool, rows: readonly string[], name: string, allowed: boolean) {
  const { tools } = configOf(tool);
  const named = tools.length > 0 ? tools : rows;
  return allowOnly(tool, allowed ? [...named, name] : named.filter(each => each !== name));
}

/** Takes tools for what they are now, and keeps what they say, to tell a change of it by. */
export function pin(tool: Tool, offers: readonly Offered[]) {
  const { pins, seen } = configOf(tool);
  const told = ({ pin, description, inputSchema }: Offered): Seen => ({ pin, description, inputSchema });
  return put(tool, {
    pins: { ...pins, ...Object.fromEntries(offers.map(each => [each.name, each.pin])) },
    seen: { ...seen, ...Object.fromEntries(offers.map(each => [each.name, told(each)])) },
  });
}

export function unpin(tool: Tool, name: string) {
  const { pins, seen } = configOf(tool);
  return put(tool, { pins: without(pins, name), seen: without(seen, name) });
}

/** Names a tool no longer, in any way. */
export function forget(tool: Tool, name: string) {
  const { tools } = configOf(tool);
  return { ...unpin(tool, name), ...(tools.length > 0 && { tools: tools.filter(each => each !== name) }) };
}

function without<Value>(of: Readonly<Record<string, Value>>, name: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(of).filter(([each]) => each !== name));
}
