import { useMemberName } from "@dashboard/data/members";
import { isDue, type Run } from "@dashboard/data/runs";
import { targetName } from "@dashboard/data/targets";
import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { CircleAlert, CircleCheck, Clock, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { listed, moment } from "./words";

/** What became of a run, and what that asks of people. */
export function Outcome({ run }: { readonly run: Run }) {
  const names = (status: string) =>
    listed(run.targets.filter(each => each.status === status).map(each => targetName(each.connector)));
  const all = listed(run.targets.map(each => targetName(each.connector)));
  const by = <Approval run={run} />;
  switch (isDue(run) ? "publishing" : run.status) {
    case "generating":
      return (
        <Told icon={Info} tone="info" title={t("The workflow is writing")}>
          {run.note && <Asked note={run.note} />}
        </Told>
      );
    case "waiting":
      return run.note ? (
        <Told icon={Info} tone="info" title={t("Written again")}>
          <Asked note={run.note} />
        </Told>
      ) : null;
    case "scheduled":
      return (
        <Told
          icon={Clock}
          tone="info"
          title={t("Goes to %{all} at %{value}", {
            all,
            value: run.publishAt ? moment(run.publishAt) : t("once"),
          })}
        >
          {by} {t("Until then it can be taken back.")}
        </Told>
      );
    case "publishing":
      return (
        <Told icon={Info} tone="info" title={t("It is being sent to %{all}", { all })}>
          {by}
        </Told>
      );
    case "published":
      return (
        <Told icon={CircleCheck} tone="ok" title={t("Published at %{all}", { all })}>
          {by}
        </Told>
      );
    case "unknown":
      return (
        <Told
          icon={TriangleAlert}
          tone="warn"
          title={t("It may be public at %{names}: nobody knows", { names: names("unknown") })}
        >
          <p>
            {t(
              "It was sent, and no answer came that says whether it was accepted. It is not sent again by itself, so that it does not appear twice.",
            )}
          </p>
          <ol className="mt-1 list-decimal ps-5">
            <li>
              {t("Look at")} {names("unknown")} {t("whether the post is there.")}
            </li>
            <li>{t("If it is, nothing is left to do. Leave this run as it is.")}</li>
            <li>
              {t("If it is not, send it again below. It goes only to the targets that have not accepted it.")}
            </li>
          </ol>
          <p className="mt-1">{by}</p>
        </Told>
      );
    case "failed":
      return run.approval ? (
        <Told
          icon={CircleAlert}
          tone="bad"
          title={t("%{value} did not take it", { value: names("failed") || all })}
        >
          {t(
            "Nothing was published there. Mend what it complains about below, then send it again: targets that have accepted it are left out.",
          )}{" "}
          {by}
        </Told>
      ) : (
        <Told icon={CircleAlert} tone="bad" title={t("It could not be written")}>
          {t("%{problem} Nothing was sent. Mend the workflow and have it written again.", {
            problem: run.problem,
          })}
        </Told>
      );
    case "rejected":
      return (
        <Told icon={Info} tone="neutral" title={t("Rejected: it is not sent")}>
          {run.note && <Asked note={run.note} />}
        </Told>
      );
  }
}

function Asked({ note }: { readonly note: string }) {
  return (
    <p dir="auto" className="whitespace-pre-wrap">
      “{note}”
    </p>
  );
}

const VIA = { session: "", token: t(" with a token"), link: t(" by a link"), pipeline: "" } as const;

/** Who said yes, and when. */
function Approval({ run: { approval } }: { readonly run: Run }) {
  const nameOf = useMemberName();
  if (!approval) return null;
  if (approval.via === "pipeline") return <>{t("Its pipeline asks nobody.")} </>;
  const who = approval.via === "link" ? approval.by : (nameOf(approval.by) ?? t("Somebody"));
  return (
    <>
      {t("Approved by %{who}", { who })}
      {VIA[approval.via]}, {moment(approval.at)}.
    </>
  );
}

const TONES = {
  info: "text-info",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
  neutral: "text-text-2",
} as const;

function Told({
  icon,
  tone,
  title,
  children,
}: {
  readonly icon: LucideIcon;
  readonly tone: keyof typeof TONES;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <div role="status" className="flex gap-2 rounded-card border border-line bg-surface p-3">
      <Icon of={icon} className={cx("mt-0.5", TONES[tone])} />
      <div className="min-w-0 text-dense text-text-2">
        <p className="font-medium text-body text-text">{title}</p>
        {children}
      </div>
    </div>
  );
}
