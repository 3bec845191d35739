import { Icon } from "@ui/icon";
import { Globe, Hash, Mail, MessageCircle, MessageSquare, Phone, Radio, Send, Webhook } from "lucide-react";

const SIGNS = {
  web: Globe,
  whatsapp: Phone,
  messenger: MessageCircle,
  telegram: Send,
  slack: Hash,
  email: Mail,
  sms: MessageSquare,
  webhook: Webhook,
} as const;

/** A channel at a glance; its name stands beside it. */
export function ChannelSign({ channel }: { readonly channel: string }) {
  return (
    <span className="flex size-8 shrink-0 items-center justify-center rounded-control bg-accent-soft text-accent-text">
      <Icon of={(SIGNS as Readonly<Record<string, typeof Radio>>)[channel] ?? Radio} />
    </span>
  );
}
