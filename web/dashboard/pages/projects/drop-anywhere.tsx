import { toast } from "@ui/toast";
import { useEffect, useState } from "react";
import { route } from "./route";
import { useImport } from "./use-import";

/** An export may be dropped anywhere on the page. */
export function DropAnywhere() {
  const [over, setOver] = useState(false);
  const navigate = route.useNavigate();
  const { take } = useImport();
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
    const drag = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      setOver(false);
      if (!file) return;
      event.preventDefault();
      navigate({ search: before => ({ ...before, new: "import" }) });
      take(file, { onError: error => toast(error.message, { bad: true }) });
    };
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [navigate, take]);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-4 z-50 flex items-center justify-center rounded-panel border-2 border-accent border-dashed bg-accent-soft font-medium text-accent-text text-lead">
      Drop to import
    </div>
  );
}
