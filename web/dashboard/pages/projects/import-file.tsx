import { Button } from "@ui/button";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { Upload } from "lucide-react";
import { useRef } from "react";
import { ImportReport } from "./import-report";
import { useImport } from "./use-import";

/** A project from an export, with what became of each step. */
export function ImportFile() {
  const input = useRef<HTMLInputElement>(null);
  const { take, told, isPending, error } = useImport();
  if (told) return <ImportReport told={told} />;
  return (
    <div className="flex flex-col items-center gap-3 rounded-card border border-control border-dashed px-4 py-10 text-center">
      <Icon of={Upload} className="size-6 text-text-3" />
      <p className="text-body text-text">
        {t("Drop an export here: ours (.json) or Voiceflow's (.vf), up to 20 MB.")}
      </p>
      <input
        ref={input}
        type="file"
        accept=".json,.vf,application/json"
        className="sr-only"
        tabIndex={-1}
        aria-label={t("Export to import")}
        onChange={event => event.target.files?.[0] && take(event.target.files[0])}
      />
      <Button look="primary" busy={isPending} onClick={() => input.current?.click()}>
        {t("Choose file")}
      </Button>
      <div role="alert">{error && <p className="text-bad text-body">{error.message}</p>}</div>
    </div>
  );
}
