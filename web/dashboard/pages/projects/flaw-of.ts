import { t } from "@ui/words";

/** Why a file cannot be an export, for who chose it; `undefined` where it is JSON. */
export function flawOf(name: string, text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    // Browsers say it in words of their own.
    const early = /end of (JSON|data|input)|EOF/i.test(String(error));
    return early
      ? t("%{name} is no JSON file: it ends too early.", { name })
      : t("%{name} is no JSON file.", { name });
  }
}
