import { useMay } from "@dashboard/data/roles";
import { Link } from "@tanstack/react-router";
import { Badge, type Tone } from "@ui/badge";
import { EmptyState } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { Radio } from "lucide-react";
import type { ReactNode } from "react";
import { ChannelSign } from "./channel-sign";
import { type Channel, type Deployment, nameOf } from "./data";
import { route } from "./route";

export const GALLERY = "grid grid-cols-[repeat(auto-fill,minmax(min(220px,100%),1fr))] gap-3";

const TONES: Readonly<Record<Deployment["status"], Tone>> = {
  ready: "ok",
  off: "neutral",
  "needs attention": "warn",
};
const WORDS: Readonly<Record<Deployment["status"], string>> = {
  ready: t("Ready"),
  off: t("Paused"),
  "needs attention": t("Needs attention"),
};

export function Health({ deployment }: { readonly deployment: Deployment }) {
  return <Badge tone={TONES[deployment.status]}>{WORDS[deployment.status]}</Badge>;
}

/** The deployments there are, and a gallery of channels to add one. */
export function Overview({
  deployments,
  channels,
}: {
  readonly deployments: readonly Deployment[];
  readonly channels: readonly Channel[];
}) {
  const navigate = route.useNavigate();
  const edits = useMay("edit");
  return (
    <div className="flex flex-col gap-8">
      {deployments.length > 0 && (
        <section aria-labelledby="deployments-there" className="flex flex-col gap-3">
          <h2 id="deployments-there" className="font-semibold text-lead">
            {t("On")}{" "}
            {deployments.length === 1
              ? t("one channel")
              : t("%{deployments} channels", { deployments: deployments.length })}
          </h2>
          <Table
            label={t("Deployments")}
            rows={deployments}
            rowKey={each => each.id}
            columns={COLUMNS}
            onOpen={each => navigate({ params: { deploymentId: each.id }, search: {} })}
          />
        </section>
      )}
      {!edits && deployments.length === 0 && (
        <EmptyState icon={Radio} title={t("A deployment puts the project where people are")}>
          {t("There is none yet. Owners and editors add them.")}
        </EmptyState>
      )}
      {edits && (
        <AddChannel>
          <ul className={GALLERY}>
            {sorted(channels).map(each => (
              <li key={each.type}>
                <Link
                  from={route.fullPath}
                  to="."
                  search={{ new: each.type }}
                  className="flex h-full gap-3 rounded-card border border-line bg-surface p-3 hover:border-control"
                >
                  <ChannelSign channel={each.type} />
                  <span className="min-w-0">
                    <span className="block font-medium text-body text-text">{nameOf(each.type)}</span>
                    <span className="block text-caption text-text-2">{each.description}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </AddChannel>
      )}
    </div>
  );
}

/** The gallery under its heading, which stands before the channels are known. */
export function AddChannel({ children }: { readonly children: ReactNode }) {
  return (
    <section aria-labelledby="deployments-add" className="flex flex-col gap-3">
      <div>
        <h2 id="deployments-add" className="font-semibold text-lead">
          {t("Add a channel")}
        </h2>
        <p className="text-body text-text-2">
          {t("A deployment puts the project where people are. It serves what was published last.")}
        </p>
      </div>
      {children}
    </section>
  );
}

const ORDER = ["web", "whatsapp", "messenger", "instagram", "telegram", "slack", "email", "sms", "wechat"];

/** Those that most people look for first, then whatever else this server has. */
function sorted(channels: readonly Channel[]): Channel[] {
  const place = ({ type }: Channel) => (ORDER.includes(type) ? ORDER.indexOf(type) : ORDER.length);
  return [...channels].sort((one, other) => place(one) - place(other));
}

const COLUMNS: Column<Deployment>[] = [
  {
    id: "name",
    title: t("Name"),
    cell: each => (
      <Link
        from={route.fullPath}
        to="."
        params={{ deploymentId: each.id }}
        search={{}}
        title={each.name}
        className="inline-block max-w-full truncate py-1 align-middle hover:underline"
        dir="auto"
      >
        {each.name}
      </Link>
    ),
  },
  { id: "channel", title: t("Channel"), width: "120px", minor: true, cell: each => nameOf(each.channel) },
  { id: "status", title: t("State"), width: "136px", cell: each => <Health deployment={each} /> },
  {
    id: "version",
    title: t("Serves"),
    width: "120px",
    minor: true,
    cell: each => SERVES[each.versionId] ?? t("A version"),
  },
  {
    id: "in",
    title: t("Last received"),
    width: "128px",
    minor: true,
    cell: each => <Time at={each.lastReceivedAt} />,
  },
  {
    id: "out",
    title: t("Last sent"),
    width: "128px",
    minor: true,
    cell: each => <Time at={each.lastSentAt} />,
  },
];

const SERVES: Readonly<Record<string, string>> = { production: t("Production"), development: t("The draft") };
