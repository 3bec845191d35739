import { t } from "@ui/words";

const NAMES: Readonly<Record<string, string>> = {
  webhook: t("Webhook"),
  slack: t("Slack"),
  "slack-webhook": t("Slack (incoming webhook)"),
  discord: t("Discord"),
  email: t("E-mail"),
  x: "X",
  linkedin: t("LinkedIn"),
};

/** A target as people call it. */
export const targetName = (connector: string) => NAMES[connector] ?? connector;
