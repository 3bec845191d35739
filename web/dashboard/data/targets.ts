const NAMES: Readonly<Record<string, string>> = {
  webhook: "Webhook",
  slack: "Slack",
  "slack-webhook": "Slack (incoming webhook)",
  discord: "Discord",
  email: "E-mail",
  x: "X",
  linkedin: "LinkedIn",
};

/** A target as people call it. */
export const targetName = (connector: string) => NAMES[connector] ?? connector;
