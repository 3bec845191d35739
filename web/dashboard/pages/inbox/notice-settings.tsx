import { choose, type Means, type NoticedQueue, useNotices } from "@dashboard/live/notices";
import { IconButton } from "@ui/button";
import { Switch } from "@ui/choice";
import { Popover } from "@ui/popover";
import { t } from "@ui/words";
import { Bell } from "lucide-react";
import { useState } from "react";

const QUEUES: readonly { readonly queue: NoticedQueue; readonly label: string }[] = [
  { queue: "waiting", label: t("When somebody waits for a person") },
  { queue: "mine", label: t("When somebody writes in a conversation of mine") },
];
const MEANS: readonly { readonly means: Means; readonly label: string }[] = [
  { means: "sound", label: t("Play a sound") },
  { means: "desktop", label: t("Show a desktop notice") },
];

/** How this browser tells of what comes while one looks elsewhere: nothing, unless it is chosen. */
export function NoticeSettings() {
  const { chosen } = useNotices();
  const [refused, setRefused] = useState(false);
  const set = async (queue: NoticedQueue, means: Means, on: boolean) =>
    setRefused(!(await choose(queue, means, on)));
  return (
    <Popover title={t("Notices in this browser")} trigger={<IconButton icon={Bell} label={t("Notices")} />}>
      <div className="flex flex-col gap-3">
        {QUEUES.map(({ queue, label }) => (
          <fieldset key={queue}>
            <legend className="text-dense text-text-2">{label}</legend>
            {MEANS.map(({ means, label }) => (
              <Switch
                key={means}
                label={label}
                checked={chosen[queue][means]}
                onChange={on => void set(queue, means, on)}
              />
            ))}
          </fieldset>
        ))}
        <p role="status" className="text-bad text-caption empty:hidden">
          {refused &&
            t("The browser does not allow notices from here. Change that in its settings for this site.")}
        </p>
      </div>
    </Popover>
  );
}
