import { useEffect, useRef, useState } from "react";

/** The whole page takes files; a frame says so while one is over it. */
export function DropZone({
  label,
  onDrop,
}: {
  readonly label: string;
  readonly onDrop: (files: File[]) => void;
}) {
  const [over, setOver] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      latest.current(files);
    };
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-4 z-50 flex items-center justify-center rounded-panel border-2 border-accent border-dashed bg-accent-soft font-medium text-accent-text text-lead">
      {label}
    </div>
  );
}
