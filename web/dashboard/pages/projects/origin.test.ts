import { toast } from "@ui/toast";
import { beforeEach, expect, test, vi } from "vitest";
import { tellOrigin } from "./origin";

vi.mock("@ui/toast", () => ({ toast: vi.fn() }));
beforeEach(() => vi.clearAllMocks());

const TEMPLATES = [{ id: "faq", name: "Frequent questions" }];

test("a project that no model wrote says what it was composed from, and what to do", () => {
  tellOrigin("templates faq, booking", TEMPLATES);
  expect(toast).toHaveBeenCalledWith("Composed from Frequent questions and booking", {
    description: expect.stringContaining("No language model wrote it"),
  });
});

test("so does one that no template is about", () => {
  tellOrigin("brief", TEMPLATES);
  expect(toast).toHaveBeenCalledWith("Made without a template: none is about the brief", expect.anything());
});

test("of one that a model wrote nothing is said", () => {
  tellOrigin("model openai:gpt-4o", TEMPLATES);
  expect(toast).not.toHaveBeenCalled();
});
