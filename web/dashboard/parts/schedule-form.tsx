import { type ApiError, api, sent } from "@client/api";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Switch } from "@ui/choice";
import { Field, Input } from "@ui/field";
import { NumberInput } from "@ui/number-input";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { useState } from "react";
import { cronOf, type Rhythm, rhythmOf, type Schedule, WEEKDAYS } from "./schedule";

interface ScheduleFormProps {
  readonly projectId: string;
  readonly enabled: boolean;
  readonly schedule: Schedule | null;
  readonly error: string | undefined;
  readonly onEnabled: (enabled: boolean) => void;
  readonly onSchedule: (schedule: Schedule | null) => void;
}

type Choice = Rhythm["kind"] | "none";

const CHOICES: readonly { readonly value: Choice; readonly label: string }[] = [
  { value: "none", label: t("Only when somebody starts it") },
  { value: "daily", label: t("Every day") },
  { value: "weekdays", label: t("Monday to Friday") },
  { value: "weekly", label: t("Every week") },
  { value: "monthly", label: t("Every month") },
  { value: "cron", label: t("Another rhythm (cron)") },
];

const MORNING = "09:00";

/** When a pipeline writes by itself, and when that comes next. */
export function ScheduleForm({
  projectId,
  enabled,
  schedule,
  error,
  onEnabled,
  onSchedule,
}: ScheduleFormProps) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = schedule?.timeZone || here;
  // Who chose to write cron goes on writing it, also where there are words for it.
  const [asCron, setAsCron] = useState(false);
  const rhythm: Rhythm | null =
    schedule && (asCron ? { kind: "cron", cron: schedule.cron } : rhythmOf(schedule.cron));
  const put = (next: Rhythm) => onSchedule({ ...schedule, cron: cronOf(next), timeZone: zone });
  const choose = (kind: Choice) => {
    const time = rhythm && rhythm.kind !== "cron" ? rhythm.time : MORNING;
    setAsCron(kind === "cron");
    if (kind === "none") onSchedule(null);
    else if (kind === "cron") put({ kind, cron: schedule?.cron ?? "0 9 * * 1" });
    else if (kind === "weekly") put({ kind, weekday: 1, time });
    else if (kind === "monthly") put({ kind, day: 1, time });
    else put({ kind, time });
  };
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t("How often")} error={error}>
          <Select value={rhythm?.kind ?? "none"} onChange={choose} options={CHOICES} />
        </Field>
        {rhythm?.kind === "weekly" && (
          <Field label={t("On")}>
            <Select
              value={String(rhythm.weekday)}
              onChange={day => put({ ...rhythm, weekday: Number(day) })}
              options={WEEKDAYS.map((label, index) => ({ value: String(index), label }))}
            />
          </Field>
        )}
        {rhythm?.kind === "monthly" && (
          <Field label={t("On day")} hint={t("A month without that day is left out.")}>
            <NumberInput
              needed
              step={1}
              min={1}
              max={31}
              value={rhythm.day}
              onChange={day => day !== undefined && put({ ...rhythm, day })}
            />
          </Field>
        )}
        {rhythm && rhythm.kind !== "cron" && (
          <Field label={t("At")}>
            <Input
              type="time"
              value={rhythm.time}
              onChange={event =>
                event.currentTarget.value && put({ ...rhythm, time: event.currentTarget.value })
              }
            />
          </Field>
        )}
        {rhythm?.kind === "cron" && (
          <Field label={t("Cron")} hint={t("Minute, hour, day of the month, month, day of the week")}>
            <Input
              className="font-mono"
              value={rhythm.cron}
              onChange={event => put({ kind: "cron", cron: event.currentTarget.value })}
            />
          </Field>
        )}
        {schedule && (
          <Field label={t("Time zone")}>
            <Input
              list="time-zones"
              value={schedule.timeZone}
              onChange={event => onSchedule({ ...schedule, timeZone: event.currentTarget.value })}
            />
            <datalist id="time-zones">
              {Intl.supportedValuesOf("timeZone").map(each => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </Field>
        )}
      </div>
      {schedule && <Coming projectId={projectId} schedule={schedule} />}
      {schedule && (
        <Switch
          label={t("Enabled")}
          hint={t("Runs begin by themselves once a version with this is published.")}
          checked={enabled}
          onChange={onEnabled}
        />
      )}
    </>
  );
}

/** The next times, in the schedule's own time zone, as the server counts them. */
function Coming({
  projectId,
  schedule: { cron, timeZone },
}: {
  readonly projectId: string;
  readonly schedule: Schedule;
}) {
  const coming = useQuery({
    queryKey: ["project", projectId, "schedule-times", cron, timeZone],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/schedule-times", {
          params: { path: { projectId }, query: { cron, timeZone } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const day = (at: string) =>
    new Date(at).toLocaleString("en", {
      weekday: "long",
      day: "numeric",
      month: "long",
      hour: "2-digit",
      minute: "2-digit",
      timeZone: coming.isPlaceholderData ? undefined : timeZone,
      timeZoneName: "short",
    });
  if (coming.error) {
    const error = coming.error as ApiError;
    return (
      <p role="alert" className="text-bad text-caption">
        {error.at("query.cron") ?? error.message}
      </p>
    );
  }
  const times = coming.data?.times ?? [];
  return (
    <div className="text-dense text-text-2" aria-live="polite">
      <p>{t("Comes next")}</p>
      <ul className="list-disc ps-5">
        {times.map(at => (
          <li key={at}>{day(at)}</li>
        ))}
      </ul>
      {coming.isSuccess && times.length === 0 && <p>{t("Never.")}</p>}
    </div>
  );
}
