import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { Circle, CircleAlert, CircleCheck, CircleSlash, type LucideIcon } from "lucide-react";
import type { Result } from "./shapes";

/** What a test came to, and the test as it was then. */
export interface Told {
  readonly result: Result;
  /** It was edited since. */
  readonly edited: boolean;
}

export function stateOf(told: Told | undefined): { icon: LucideIcon; words: string; className: string } {
  if (!told) return { icon: Circle, words: t("Not run yet"), className: "text-text-3" };
  if (told.edited) return { icon: Circle, words: t("Edited since it ran"), className: "text-text-3" };
  const { ok, skipped } = told.result;
  if (!ok) return { icon: CircleAlert, words: t("Not as expected"), className: "text-bad" };
  if (skipped) return { icon: CircleSlash, words: t("Not judged"), className: "text-text-3" };
  return { icon: CircleCheck, words: t("As expected"), className: "text-ok" };
}

/** What the open test came to, said aloud. */
export function TestState({ told, running }: { readonly told: Told | undefined; readonly running: boolean }) {
  const { icon, words, className } = stateOf(told);
  return (
    <span role="status" className="flex items-center gap-1 pe-2 text-caption text-text-2">
      {running ? (
        t("Running…")
      ) : (
        <>
          <Icon of={icon} className={className} />
          {words}
        </>
      )}
    </span>
  );
}

/** The first thing that was not as expected: both sides, and the step to look at. */
export function Difference({ projectId, result }: { readonly projectId: string; readonly result: Result }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="text-dense">
        {result.turn
          ? t("Turn %{turn} is the first that is not as expected.", { turn: result.turn })
          : t("It stopped before the first turn.")}
      </p>
      <dl className="grid grid-cols-1 gap-2 text-dense sm:grid-cols-2">
        <Side name={t("Expected")} text={result.expected} className="bg-ok-soft text-ok" />
        <Side name={t("Got")} text={result.got} className="bg-bad-soft text-bad" />
      </dl>
      {result.workflowId && result.stepId && (
        <Link
          to="/p/$projectId/build/{-$workflow}"
          params={{ projectId, workflow: result.workflowId }}
          search={{ step: result.stepId }}
          className={cx(buttonClass("secondary", true), "self-start")}
        >
          {t("Show the step")}
        </Link>
      )}
    </div>
  );
}

function Side({
  name,
  text,
  className,
}: {
  readonly name: string;
  readonly text?: string | null;
  readonly className: string;
}) {
  return (
    <div className={cx("min-w-0 rounded-control px-2 py-1", className)}>
      <dt className="text-caption">{name}</dt>
      <dd dir="auto" className="whitespace-pre-wrap break-words font-mono text-caption">
        {text}
      </dd>
    </div>
  );
}
