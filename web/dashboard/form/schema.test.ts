import { expect, test } from "vitest";
import { choicesOf, labelOf } from "./schema";

test("names of the API are told in words", () => {
  expect(labelOf("timeoutMs")).toBe("Timeout ms");
  expect(labelOf("workflowId", "workflow")).toBe("Workflow");
  expect(labelOf("toolIds", "tools")).toBe("Tools");
  // Nobody chooses an account from a list: its id is what is asked for.
  expect(labelOf("accountId", "text")).toBe("Account id");
});

test("values of a choice are told in words, by their labels first", () => {
  const labels = (values: string[], more = {}) =>
    choicesOf({ enum: values, ...more }).map(each => each.label);
  expect(labels(["scripted", "isNot", "starttls", "GET"])).toEqual(["Scripted", "Is not", "STARTTLS", "GET"]);
  expect(labels(["de", "ja"])).toEqual(["German", "Japanese"]);
  expect(labels(["tls"], { labels: { tls: "From the start" } })).toEqual(["From the start"]);
});
