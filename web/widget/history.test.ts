import { expect, it } from "vitest";
import { isHandled } from "./history";

it("keeps from a visitor what failed where the agent goes on from it, and only that", () => {
  const failed = (payload: Record<string, unknown>) => ({ type: "error", payload });
  expect(isHandled(failed({ code: "MODEL_NOT_CONFIGURED", message: "", handled: true }))).toBe(true);
  expect(isHandled(failed({ code: "TURN_TIMEOUT", message: "" }))).toBe(false);
  expect(isHandled({ type: "text", payload: { message: "Hi" } })).toBe(false);
});
