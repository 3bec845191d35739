import type { ApiError, Schema } from "@client/api";
import type { Run } from "@dashboard/data/runs";
import { schemaQuery } from "@dashboard/data/schema";
import { targetName } from "@dashboard/data/targets";
import { Markdown } from "@dashboard/playground/markdown";
import { useQuery } from "@tanstack/react-query";
import { Badge, type Tone } from "@ui/badge";
import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { bytes, count, Time } from "@ui/time";
import { t } from "@ui/words";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { lengthAt, rateOf } from "./limits";

type Target = Run["targets"][number];
type TargetType = Schema<"TargetType">;

interface PreviewsProps {
  readonly run: Run;
  readonly text: string;
  /** Why an approval of this text was refused. */
  readonly refused: Error | null;
}

/** The post as each of its targets will show it, with what the target's limits say. */
export function Previews({ run, text, refused }: PreviewsProps) {
  const { data: schema } = useQuery(schemaQuery);
  const asWritten = text === run.text;
  const told = (refused as ApiError | null)?.details ?? [];
  const problems = told.length > 0 ? told : asWritten ? run.problems : [];
  const at = (path: string) => problems.filter(each => each.path.startsWith(path)).map(each => each.message);
  const elsewhere = problems.filter(each => !each.path.startsWith("targets[")).map(each => each.message);
  return (
    <div className="flex flex-col gap-4">
      <Problems messages={elsewhere} />
      {run.targets.map((target, index) => (
        <Preview
          // biome-ignore lint/suspicious/noArrayIndexKey: a run's targets do not move
          key={index}
          target={target}
          type={schema?.targets.find(each => each.type === target.connector)}
          waits={run.status === "waiting"}
          text={text}
          pictures={run.pictures}
          problems={at(`targets[${index}]`)}
        />
      ))}
    </div>
  );
}

interface PreviewProps {
  readonly target: Target;
  readonly type: TargetType | undefined;
  readonly waits: boolean;
  readonly text: string;
  readonly pictures: Run["pictures"];
  readonly problems: readonly string[];
}

function Preview({ target, type, waits, text, pictures, problems }: PreviewProps) {
  const name = targetName(target.connector);
  return (
    <section aria-label={name} className="rounded-card border border-line bg-surface">
      <header className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2 text-dense">
        <h3 className="font-medium">{name}</h3>
        <Delivered target={target} />
        {waits && type && <Limits type={type} text={text} pictures={pictures} />}
      </header>
      <div dir="auto" className="break-words p-3 text-body">
        <Post connector={target.connector} text={text} />
        {(type === undefined || type.mostImages > 0) && <Pictures of={pictures} />}
      </div>
      <Problems messages={problems} inside />
      {target.problem && target.status !== "accepted" && (
        <p className="border-line border-t px-3 py-2 text-dense text-text-2">{target.problem}</p>
      )}
    </section>
  );
}

/** The text as the target draws it. */
function Post({ connector, text }: { readonly connector: string; readonly text: string }) {
  switch (connector) {
    case "slack":
    case "slack-webhook":
    case "discord":
      return <Markdown text={text} />;
    case "email":
      return <Mail text={text} />;
    default:
      return <p className="whitespace-pre-wrap">{linked(text)}</p>;
  }
}

function Mail({ text }: { readonly text: string }) {
  const [first = ""] = text.trim().split("\n", 1);
  return (
    <>
      <p className="mb-2 border-line border-b pb-2 text-dense">
        <span className="text-text-2">{t("Subject, where the pipeline has none:")} </span>
        <span className="font-medium">{first.replace(/^[# ]+/, "")}</span>
      </p>
      <Markdown text={text} />
    </>
  );
}

/** Addresses as links, which X, LinkedIn and others make of them. */
function linked(text: string): ReactNode[] {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    const key = `${index} ${part}`;
    return index % 2 === 1 ? (
      <span key={key} className="text-accent-text">
        {part}
      </span>
    ) : (
      <span key={key}>{part}</span>
    );
  });
}

/** The pictures, each with the words that stand for it, or that there are none. */
function Pictures({ of }: { readonly of: Run["pictures"] }) {
  if (of.length === 0) return null;
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {of.map(({ url, alt, size }, index) => (
        <figure key={url} className="max-w-full">
          <img
            src={url}
            alt={alt || t("%{value} of %{urls} that go with the text", { value: index + 1, urls: of.length })}
            className="max-h-60 rounded-card border border-line"
          />
          <figcaption className="mt-1 max-w-80 text-caption text-text-2">
            {alt || t("No alternative text")}
            {size !== null && ` · ${bytes(size)}`}
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

/** What the target takes, beside what this is. */
function Limits({
  type,
  text,
  pictures,
}: {
  readonly type: TargetType;
  readonly text: string;
  readonly pictures: Run["pictures"];
}) {
  const length = lengthAt(type.type, text);
  const over = length > type.longest;
  const rate = rateOf(type.rate);
  return (
    <span className="ms-auto flex flex-wrap gap-x-2 text-caption text-text-2 tabular-nums">
      <span className={cx(over && "font-medium text-bad")}>
        {t("%{length} of %{longest} characters", { length: count(length), longest: count(type.longest) })}
      </span>
      {pictures.length > 0 && (
        <span className={cx(pictures.length > type.mostImages && "font-medium text-bad")}>
          {t("%{images} of %{mostImages} pictures", { images: pictures.length, mostImages: type.mostImages })}
        </span>
      )}
      {pictures.length > 0 && type.pictureFiles && (
        <span>
          {t("%{types}, at most %{size} each", {
            types: Object.values(type.pictureFiles.types).join(", "),
            size: bytes(type.pictureFiles.bytes),
          })}
        </span>
      )}
      {rate && <span>{rate}</span>}
    </span>
  );
}

const DELIVERED: Readonly<
  Record<NonNullable<Target["status"]>, { readonly label: string; readonly tone: Tone }>
> = {
  pending: { label: t("To be sent"), tone: "info" },
  sending: { label: t("Being sent"), tone: "info" },
  accepted: { label: t("Accepted"), tone: "ok" },
  failed: { label: t("Failed"), tone: "bad" },
  unknown: { label: t("Not known"), tone: "warn" },
};

function Delivered({ target: { status, attempts, triedAt, vendorId } }: { readonly target: Target }) {
  if (!status) return null;
  const { label, tone } = DELIVERED[status];
  return (
    <>
      <Badge tone={tone}>{label}</Badge>
      <span className="flex flex-wrap gap-x-2 text-caption text-text-2">
        {attempts > 1 && <span>{t("%{attempts} tries", { attempts })}</span>}
        {triedAt && <Time at={triedAt} />}
        {vendorId && <span className="break-all font-mono">{vendorId}</span>}
      </span>
    </>
  );
}

function Problems({ messages, inside }: { readonly messages: readonly string[]; readonly inside?: boolean }) {
  if (messages.length === 0) return null;
  return (
    <ul
      className={cx(
        "bg-bad-soft px-3 py-2 text-bad text-dense",
        inside ? "border-line border-t" : "rounded-card",
      )}
    >
      {messages.map(message => (
        <li key={message} className="flex gap-2">
          <Icon of={CircleAlert} className="mt-0.5" />
          {message}
        </li>
      ))}
    </ul>
  );
}
