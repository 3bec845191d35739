import { Button, IconButton } from "@ui/button";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { X } from "lucide-react";
import { cancelUploads, forgetFailed, useUploads } from "./uploads";

/** How far the uploads of this project are, and which failed. */
export function UploadBar({ projectId }: { readonly projectId: string }) {
  const { waiting, failed } = useUploads();
  const mine = waiting.filter(each => each.projectId === projectId);
  const first = mine[0];
  const percent = first && first.file.size > 0 ? Math.round((first.sent / first.file.size) * 100) : 0;
  return (
    <div role="status" className="mx-auto flex w-full max-w-5xl flex-col gap-2 px-4 not-empty:pt-4 md:px-6">
      {first && (
        <div className="flex items-center gap-3 rounded-card border border-line bg-surface px-3 py-2">
          <div className="min-w-0 flex-1">
            <p className="truncate text-dense">
              {t("Uploading %{name}", { name: first.file.name })}
              {mine.length > 1 && (
                <span className="text-text-2"> · {counted(mine.length - 1, "more file")}</span>
              )}
            </p>
            <progress
              aria-label={t("%{name}: uploaded", { name: first.file.name })}
              value={percent}
              max={100}
              className="bar"
            />
          </div>
          <Button dense onClick={cancelUploads}>
            {t("Cancel")}
          </Button>
        </div>
      )}
      {failed
        .filter(each => each.projectId === projectId)
        .map(each => (
          <div key={each.id} className="flex items-start gap-2 rounded-card bg-bad-soft ps-3 pe-1 text-bad">
            <p className="min-w-0 flex-1 break-words py-1.5 text-dense">
              <strong className="font-medium">{each.file.name}</strong>{" "}
              {t("was not added. %{error}", { error: each.error })}
            </p>
            <IconButton
              dense
              icon={X}
              label={t("Dismiss %{name}", { name: each.file.name })}
              onClick={() => forgetFailed(each.id)}
            />
          </div>
        ))}
    </div>
  );
}
