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

/** Puts a text on the clipboard; also where the browser trusts the address too little for its clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "fixed opacity-0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
