import { t } from "@ui/words";
import type { MadeKey } from "./data";

export interface Snippet {
  readonly value: string;
  readonly label: string;
  readonly code: string;
}

/** How a new key is used, with it and this server's address in place: what is copied runs. */
export function snippetsFor({ type, key }: Pick<MadeKey, "type" | "key">, host = location.origin): Snippet[] {
  const url = `${host}/api/v1/conversations/user_123/interact`;
  const widget: Snippet = {
    value: "widget",
    label: t("Web page"),
    code: t('<script src="%{host}/widget.js" data-key="%{key}" defer></script>', { host, key }),
  };
  const calls: Snippet[] = [
    {
      value: "curl",
      label: "curl",
      code: t(
        'curl %{url} \\\n  -H \'Authorization: Bearer %{key}\' \\\n  -H \'Content-Type: application/json\' \\\n  -d \'{"action": {"type": "text", "payload": "Hello!"}}\'',
        { url, key },
      ),
    },
    {
      value: "python",
      label: t("Python"),
      code: t(
        'import json\nfrom urllib.request import Request, urlopen\n\nrequest = Request(\n    "%{url}",\n    json.dumps({"action": {"type": "text", "payload": "Hello!"}}).encode(),\n    {"Authorization": "Bearer %{key}", "Content-Type": "application/json"},\n)\nfor trace in json.load(urlopen(request)):\n    print(trace["type"], trace["payload"])',
        { url, key },
      ),
    },
    {
      value: "javascript",
      label: t("JavaScript"),
      code: t(
        'const response = await fetch("%{url}", {\n  method: "POST",\n  headers: { Authorization: "Bearer %{key}", "Content-Type": "application/json" },\n  body: JSON.stringify({ action: { type: "text", payload: "Hello!" } }),\n});\nfor (const trace of await response.json()) console.log(trace.type, trace.payload);',
        { url, key },
      ),
    },
  ];
  return type === "widget" ? [widget, ...calls] : calls;
}
