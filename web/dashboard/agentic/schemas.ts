import type { FieldSchema } from "@dashboard/form/schema";
import { t } from "@ui/words";

const text = (control: string, description: string): FieldSchema => ({ control, description });

/** How the assistant is and speaks; fields of `behaviourConfig`. */
export const PERSONA: FieldSchema = {
  properties: {
    persona: text(
      "textarea",
      t(
        "Who the assistant is, how it speaks, and what it is for. It stands before every phase's instructions.",
      ),
    ),
    answerOnlyFromSources: text(
      "switch",
      t("What the knowledge base does not say is not answered; the assistant says that it does not know."),
    ),
    temperature: {
      control: "number",
      minimum: 0,
      maximum: 2,
      description: t("0 is the most predictable; left out, the model's own."),
    },
  },
};

/** What the assistant keeps away from; `behaviourConfig.guard`. */
export const GUARD: FieldSchema = {
  properties: {
    blockedTopics: {
      control: "list",
      items: { type: "string" },
      description: t("What it does not talk about, one topic in each."),
    },
    personalData: {
      control: "select",
      enum: ["off", "mask", "block"],
      labels: {
        off: t("Leave as it is"),
        mask: t("Mask before a model sees it"),
        block: t("Block the message"),
      },
      default: "off",
    },
  },
};

const count = (most: number, least: number, normal: number, description: string): FieldSchema => ({
  control: "number",
  minimum: least,
  maximum: most,
  default: normal,
  description,
});

/** What one turn may take; fields of the harness. */
export const TURN: FieldSchema = {
  properties: {
    maxRounds: count(50, 1, 8, t("How often the model is called before it has to answer.")),
    maxToolCalls: count(100, 1, 16, t("How many tools it may use.")),
    maxHandoffs: count(20, 0, 2, t("How often a turn may be handed to a playbook.")),
  },
};

/** What may be spent; `behaviourConfig.budget`. */
export const BUDGET: FieldSchema = {
  properties: {
    perTurnTokens: {
      control: "number",
      minimum: 0,
      description: t("Tokens of one turn; left out: no bound."),
    },
    perDayUsd: {
      control: "number",
      minimum: 0,
      description: t("US dollars of one day; left out: no bound."),
    },
  },
};

/** What may be reached; of `behaviourConfig`. */
export const REACH: FieldSchema = {
  properties: {
    allowedHosts: {
      control: "list",
      items: { type: "string" },
      description: t("Hosts that tools may call, like api.example.com. Without any, all public ones."),
    },
  },
};

/** Tools that show something beside text. */
export const BUILTINS: FieldSchema = {
  properties: {
    showButtons: text("switch", t("Answers to press.")),
    showCard: text("switch", t("A card with a picture, text and buttons.")),
    showCarousel: text("switch", t("Several cards side by side.")),
    showBadge: text("switch", t("A short mark, such as a status.")),
    showImage: text("switch", t("A picture.")),
  },
};

export const BUTTONS: FieldSchema = {
  control: "list",
  items: {
    required: ["id", "label"],
    properties: {
      id: { control: "text" },
      label: { control: "text", needed: true },
      value: { control: "text", description: t("What is sent; left out: the label.") },
    },
  },
};

/** The ways out of a phase, to one of the others. */
export function exitsTo(phases: readonly { id: string; name?: string }[]): FieldSchema {
  const ids = phases.map(each => each.id);
  return {
    control: "list",
    items: {
      properties: {
        description: {
          control: "textarea",
          needed: true,
          description: t("In words: the model decides when it is so. Or write an expression."),
        },
        expression: {
          control: "expression",
          needed: true,
          description: t("Taken as soon as it holds, such as email != null."),
        },
        to: {
          control: "select",
          needed: true,
          enum: ["", ...ids],
          labels: {
            "": t("None chosen"),
            ...Object.fromEntries(phases.map(each => [each.id, each.name || each.id])),
          },
        },
      },
    },
  };
}
