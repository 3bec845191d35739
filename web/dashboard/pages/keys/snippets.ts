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
    label: "Web page",
    code: `<script src="${host}/widget.js" data-key="${key}" defer></script>`,
  };
  const calls: Snippet[] = [
    {
      value: "curl",
      label: "curl",
      code: `curl ${url} \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{"action": {"type": "text", "payload": "Hello!"}}'`,
    },
    {
      value: "python",
      label: "Python",
      code: `import json
from urllib.request import Request, urlopen

request = Request(
    "${url}",
    json.dumps({"action": {"type": "text", "payload": "Hello!"}}).encode(),
    {"Authorization": "Bearer ${key}", "Content-Type": "application/json"},
)
for trace in json.load(urlopen(request)):
    print(trace["type"], trace["payload"])`,
    },
    {
      value: "javascript",
      label: "JavaScript",
      code: `const response = await fetch("${url}", {
  method: "POST",
  headers: { Authorization: "Bearer ${key}", "Content-Type": "application/json" },
  body: JSON.stringify({ action: { type: "text", payload: "Hello!" } }),
});
for (const trace of await response.json()) console.log(trace.type, trace.payload);`,
    },
  ];
  return type === "widget" ? [widget, ...calls] : calls;
}
