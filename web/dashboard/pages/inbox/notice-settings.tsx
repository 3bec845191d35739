import { choose, type Means, type NoticedQueue, useNotices } from "@dashboard/live/notices";
import { IconButton } from "@ui/button";
import { Switch } from "@ui/choice";
import { Popover } from "@ui/popover";
import { Bell } from "lucide-react";
import { useState } from "react";

const QUEUES: readonly { readonly queue: NoticedQueue; readonly label: string }[] = [
  { queue: "waiting", label: "When somebody waits for a person" },
  { queue: "mine", label: "When somebody writes in a conversation of mine" },
];
const MEANS: readonly { readonly means: Means; readonly label: string }[] = [
  { means: "sound", label: "Play a sound" },
  { means: "desktop", label: "Show a desktop notice" },
];

/** How this browser tells of what comes while one looks elsewhere: nothing, unless it is chosen. */
export function NoticeSettings() {
  const { chosen } = useNotices();
  const [refused, setRefused] = useState(false);
  const set = async (queue: NoticedQueue, means: Means, on: boolean) =>
    setRefused(!(await choose(queue, means, on)));
  return (
    <Popover title="Notices in this browser" trigger={<IconButton icon={Bell} label="Notices" />}>
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
            "The browser does not allow notices from here. Change that in its settings for this site."}
        </p>
      </div>
    </Popover>
  );
}
