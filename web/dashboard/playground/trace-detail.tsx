import { JsonView } from "@ui/code";
import { CopyButton } from "@ui/copy-button";
import { t } from "@ui/words";
import type { ReactNode } from "react";
import { cost } from "./trace-row";
import type { Row, TurnCall } from "./trace-tree";

/** All that a row of a trace tells. */
export default function TraceDetail({ row }: { readonly row: Row }) {
  const { kind, trace, call, args, said } = row;
  const { payload } = trace ?? { payload: {} as Record<string, unknown> };
  if (call?.kind === "model") return <ModelDetail call={call} />;
  if (call?.kind === "search") return <Passages request={call.request} found={call.response} />;
  if (call) return <CallDetail call={call} />;
  if (kind === "step") return <StepDetail payload={payload} />;
  if (said !== undefined)
    return (
      <Part title={t("Answer")}>
        <Words text={said} />
      </Part>
    );
  if (trace?.type === "knowledge")
    return <Passages request={{ query: payload["query"] }} found={payload["sources"]} />;
  if (kind === "tool")
    return (
      <Part title={t("Arguments")}>
        <JsonView value={parsed(args)} />
      </Part>
    );
  return <JsonView value={payload} />;
}

function Part({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <div className="flex min-h-6 items-center gap-2">
        <h4 className="flex-1 font-medium text-caption text-text-2">{title}</h4>
        {aside}
      </div>
      {children}
    </section>
  );
}

function Words({ text }: { readonly text: string }) {
  return (
    <p dir="auto" className="whitespace-pre-wrap break-words font-mono text-caption">
      {text || "–"}
    </p>
  );
}

function ModelDetail({ call }: { readonly call: TurnCall }) {
  const { prompt, answer, inputTokens, outputTokens, costUsd } = call;
  return (
    <>
      {call.error && <p className="text-bad">{call.error}</p>}
      <dl className="flex flex-wrap gap-x-4 gap-y-1 text-caption">
        <Fact name="Model" value={call.model ?? "–"} />
        <Fact name={t("Tokens in")} value={inputTokens?.toLocaleString("en") ?? "–"} />
        <Fact name={t("Tokens out")} value={outputTokens?.toLocaleString("en") ?? "–"} />
        <Fact name="Cost" value={typeof costUsd === "number" ? cost(costUsd) : "–"} />
        {typeof prompt?.temperature === "number" && (
          <Fact name="Temperature" value={String(prompt.temperature)} />
        )}
      </dl>
      {prompt && (
        <Part
          title={t("Prompt")}
          aside={<CopyButton text={JSON.stringify(prompt, null, 2)} what={t("Copy prompt")} />}
        >
          <ol className="flex flex-col gap-1">
            {prompt.messages.map((message, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they have no names and stay in their order
              <li key={index} className="rounded-control border border-line bg-sunken px-2 py-1">
                <p className="text-caption text-text-3">
                  {message.role}
                  {message.name && ` · ${message.name}`}
                </p>
                {(message.text || !message.calls?.length) && <Words text={message.text} />}
                {message.calls?.map(made => (
                  <Words key={made.id} text={`${made.name}(${made.arguments})`} />
                ))}
              </li>
            ))}
          </ol>
        </Part>
      )}
      {prompt && prompt.tools.length > 0 && (
        <Part title={t("Tools offered")}>
          <ul>
            {prompt.tools.map(tool => (
              <li key={tool.name}>
                <details>
                  <summary className="min-h-6 cursor-pointer truncate">
                    <span className="font-mono">{tool.name}</span>{" "}
                    <span className="text-text-2">{tool.description}</span>
                  </summary>
                  <JsonView value={tool.parameters} />
                </details>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {answer && (
        <Part title={t("Answer")}>
          {(answer.text || !answer.calls?.length) && <Words text={answer.text} />}
          {answer.calls?.map(made => (
            <Words key={made.id} text={`${made.name}(${made.arguments})`} />
          ))}
        </Part>
      )}
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="flex gap-1">
      <dt className="text-text-3">{name}</dt>
      <dd className="tabular-nums">{value}</dd>
    </div>
  );
}

function CallDetail({ call }: { readonly call: TurnCall }) {
  return (
    <>
      {call.error && <p className="text-bad">{call.error}</p>}
      <Part title={t("Request")}>
        {typeof call.request === "string" ? <Words text={call.request} /> : <JsonView value={call.request} />}
      </Part>
      <Part title={call.mocked ? t("Response, mocked") : t("Response")}>
        <JsonView value={call.response} />
      </Part>
    </>
  );
}

interface Passage {
  readonly chunkId?: string;
  readonly chunk_id?: string;
  readonly name?: string;
  readonly document_name?: string;
  readonly score?: number;
  readonly excerpt?: string;
  readonly content?: string;
}

function Passages({ request, found }: { readonly request: unknown; readonly found: unknown }) {
  const passages = (Array.isArray(found) ? found : []) as readonly Passage[];
  const query = (request as { query?: unknown } | null)?.query;
  return (
    <>
      {typeof query === "string" && (
        <Part title={t("Query")}>
          <Words text={query} />
        </Part>
      )}
      <Part title={passages.length > 0 ? t("Passages") : t("No passage was found")}>
        <ol className="flex flex-col gap-1">
          {passages.map((each, index) => (
            <li
              key={each.chunkId ?? each.chunk_id ?? index}
              className="rounded-control border border-line bg-sunken px-2 py-1"
            >
              <p className="flex gap-2 text-caption text-text-2">
                <span className="min-w-0 flex-1 truncate">{each.name ?? each.document_name}</span>
                <span className="tabular-nums">{each.score?.toFixed(3) ?? "–"}</span>
              </p>
              <p dir="auto" className="line-clamp-4 text-caption">
                {each.excerpt ?? each.content}
              </p>
            </li>
          ))}
        </ol>
      </Part>
    </>
  );
}

function StepDetail({ payload }: { readonly payload: Readonly<Record<string, unknown>> }) {
  const changed = Object.entries((payload["changed"] ?? {}) as Record<string, readonly [unknown, unknown]>);
  const error = payload["error"] as { code?: string; message?: string } | undefined;
  return (
    <>
      {error && (
        <p className="text-bad">
          {error.message} <span className="font-mono text-caption">{error.code}</span>
        </p>
      )}
      {changed.length > 0 && (
        <Part title={t("Variables changed")}>
          <ul>
            {changed.map(([name, [before, after]]) => (
              <li key={name} className="break-words font-mono text-caption">
                {name}: <del className="text-text-3">{JSON.stringify(before)}</del> →{" "}
                <ins className="no-underline">{JSON.stringify(after)}</ins>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={t("Given")}>
        <JsonView value={payload["input"]} />
      </Part>
      <Part title={t("Gave")}>
        <JsonView value={payload["output"]} />
      </Part>
    </>
  );
}

function parsed(args: string | undefined): unknown {
  try {
    return JSON.parse(args ?? "{}");
  } catch {
    return args;
  }
}
