import type { Schema } from "@client/api";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { useEffect } from "react";
import { forgetImport, type Imported } from "./use-import";

const SOURCES: Record<string, string> = { voiceflow: t("Voiceflow"), conduet: t("Conduet") };

/** What became of every step of an export. */
export function ImportReport({ told }: { readonly told: Imported }) {
  const { project, report } = told;
  const { counts, source } = report;
  useEffect(() => forgetImport, []);
  return (
    <div className="flex flex-col gap-4" role="status">
      <p className="text-body text-text">
        <strong className="font-semibold">{project.name}</strong> {t("was imported from")}{" "}
        {SOURCES[source.format] ?? source.format}
        {toldOf(counts)}
      </p>
      <Steps title={t("Nearly the same")} steps={report.approximated} />
      <Steps title={t("Left out; what was connected over them still is")} steps={report.dropped} />
      {report.warnings.length > 0 && (
        <section>
          <h3 className="mb-1 font-medium text-dense">{t("Worth a look")}</h3>
          <ul className="list-disc ps-5 text-dense text-text-2">
            {report.warnings.map(warning => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </section>
      )}
      <Link
        to="/p/$projectId"
        params={{ projectId: project.id }}
        className={`${buttonClass("primary")} self-start`}
      >
        {t("Open project")}
      </Link>
    </div>
  );
}

/** What became of the steps, as far as there is something to tell: an export of ours comes as it is. */
export function toldOf({ steps, mapped, approximated, dropped }: Imported["report"]["counts"]): string {
  if (steps === 0) return ".";
  const parts = [
    mapped > 0 && t("%{count} do the same here", { count: mapped }),
    approximated > 0 && t("%{count} nearly", { count: approximated }),
    dropped > 0 && t("%{count} have no twin", { count: dropped }),
  ].filter(part => part !== false);
  return t(": %{steps}, of which %{parts}.", { steps: counted(steps, "step"), parts: parts.join(", ") });
}

function Steps({
  title,
  steps,
}: {
  readonly title: string;
  readonly steps: readonly Schema<"ImportedStep">[];
}) {
  if (steps.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 font-medium text-dense">{title}</h3>
      <ul className="max-h-48 overflow-y-auto rounded-control border border-line">
        {steps.map(step => (
          <li key={step.id} className="border-line border-b px-3 py-1.5 text-dense last:border-b-0">
            <span className="font-medium">{step.name || step.type}</span>{" "}
            <span className="text-text-3">
              {t("in %{workflow}", { workflow: step.place.workflow })}
              {step.place.block && `, ${step.place.block}`}
            </span>
            {step.reason && <p className="text-text-2">{step.reason}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
