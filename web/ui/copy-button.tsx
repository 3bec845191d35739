import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, IconButton } from "./button";
import { t } from "./words";

export interface CopyButtonProps {
  readonly text: string;
  /** With a label it is a whole button, without it a sign. */
  readonly label?: string;
  /** What is copied: "Copy id". */
  readonly what?: string;
}

/** Copies a text and says so. */
export function CopyButton({ text, label, what = t("Copy") }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => setCopied(await copyText(text));
  return (
    <>
      {label ? (
        <Button icon={copied ? Check : Copy} onClick={copy}>
          {copied ? t("Copied") : label}
        </Button>
      ) : (
        <IconButton dense icon={copied ? Check : Copy} label={copied ? t("Copied") : what} onClick={copy} />
      )}
      <span className="sr-only" role="status">
        {copied ? t("Copied") : ""}
      </span>
    </>
  );
}

/** Puts a text on the clipboard: before it is awaited where that can be, so that whoever pastes at once gets it. */
export async function copyText(text: string): Promise<boolean> {
  if (copyNow(text)) return true;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** As a press of the keys for it does: at once, and on whatever address; not where nobody has pressed anything. */
function copyNow(text: string): boolean {
  let done = false;
  const put = (event: ClipboardEvent) => {
    event.stopImmediatePropagation();
    event.preventDefault();
    event.clipboardData?.setData("text/plain", text);
    done = event.clipboardData !== null;
  };
  addEventListener("copy", put, { capture: true });
  try {
    return document.execCommand("copy") && done;
  } finally {
    removeEventListener("copy", put, { capture: true });
  }
}
