import type { Counted, Figures } from "@dashboard/data/analytics";
import { Link } from "@tanstack/react-router";
import { count, counted as inWords } from "@ui/time";
import { t } from "@ui/words";
import { change, dollars, duration, share } from "./amounts";

interface Shown {
  readonly label: string;
  /** What is counted, on hover. */
  readonly means: string;
  readonly value: string;
  readonly note?: string;
  /** Against the days before. */
  readonly change?: string;
  /** Which transcripts are behind it. */
  readonly filter?: { readonly resolved?: "true"; readonly escalated?: "true" };
}

function shownOf(now: Figures, before: Figures | undefined): readonly Shown[] {
  const { usage } = now;
  const was = before?.usage;
  return [
    {
      label: t("Conversations"),
      means: t("Transcripts that began in this time."),
      value: count(now.conversations),
      note: inWords(now.messages, "message"),
      change: change(now.conversations, before?.conversations),
      filter: {},
    },
    {
      label: t("Resolved"),
      means: t("Conversations that reached a resolution."),
      value: share(now.resolutions, now.conversations),
      note: inWords(now.resolutions, "conversation"),
      change: change(now.resolutions, before?.resolutions),
      filter: { resolved: "true" },
    },
    {
      label: t("Escalated"),
      means: t("Conversations that were handed over to a person."),
      value: share(now.escalations, now.conversations),
      note: inWords(now.escalations, "conversation"),
      change: change(now.escalations, before?.escalations),
      filter: { escalated: "true" },
    },
    {
      label: t("Latency, median"),
      means: t("Half of the turns that called a model or a tool, or searched, took less."),
      value: duration(usage.latencyMs.p50),
      change: change(usage.latencyMs.p50, was?.latencyMs.p50),
    },
    {
      label: t("Latency, p95"),
      means: t("19 of 20 turns that called a model or a tool, or searched, took less."),
      value: duration(usage.latencyMs.p95),
      change: change(usage.latencyMs.p95, was?.latencyMs.p95),
    },
    {
      label: t("Cost"),
      means: t("What model calls cost, without those that failed or whose price is not known."),
      value: usage.modelCalls > 0 ? dollars(usage.costUsd) : "–",
      note:
        usage.unpricedCalls > 0
          ? t("%{unpricedCalls} calls without a price", { unpricedCalls: count(usage.unpricedCalls) })
          : undefined,
      change: change(usage.costUsd, was?.costUsd),
    },
    {
      label: t("Failed calls"),
      means: t("Model calls that no model of the chain answered, or not in time."),
      value: usage.modelCalls > 0 ? count(usage.failedCalls) : "–",
      note:
        usage.modelCalls > 0
          ? t("of %{modelCalls} calls", { modelCalls: count(usage.modelCalls) })
          : undefined,
      change: change(usage.failedCalls, was?.failedCalls),
    },
    {
      label: t("Tokens"),
      means: t("What models read and wrote."),
      value: usage.modelCalls > 0 ? count(usage.inputTokens + usage.outputTokens) : "–",
      note:
        usage.modelCalls > 0
          ? t("%{outputTokens} written", { outputTokens: count(usage.outputTokens) })
          : undefined,
      change: change(usage.inputTokens + usage.outputTokens, was && was.inputTokens + was.outputTokens),
    },
  ];
}

export interface NumbersProps {
  readonly projectId: string;
  readonly counted: Counted;
  readonly figures: Figures;
  readonly before: Figures | undefined;
}

/** How it went, in numbers; those that stand for conversations lead to them. */
export function Numbers({ projectId, counted, figures, before }: NumbersProps) {
  return (
    <ul
      aria-label={t("Figures")}
      className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line md:grid-cols-4"
    >
      {shownOf(figures, before).map(shown => (
        <li key={shown.label} title={shown.means} className="relative flex flex-col gap-0.5 bg-surface p-4">
          <span className="text-dense text-text-2">
            {shown.filter ? (
              <Link
                to="/p/$projectId/transcripts/{-$transcriptId}"
                params={{ projectId }}
                search={{ ...counted, ...shown.filter }}
                className="after:absolute after:inset-0 hover:underline"
              >
                {shown.label}
              </Link>
            ) : (
              shown.label
            )}
          </span>
          <span className="text-number text-text tabular-nums">{shown.value}</span>
          <span className="flex flex-wrap gap-x-2 text-caption text-text-2">
            {shown.note && <span>{shown.note}</span>}
            {shown.change && <span title={t("Against as many days before")}>{shown.change}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
