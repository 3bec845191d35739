import { api, sent } from "@client/api";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { t } from "@ui/words";
import { createContext, useContext } from "react";

/** What a step could read after the last turn of a test. */
export interface LastTest {
  readonly projectId: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly timeZone: string;
}

const Test = createContext<LastTest | undefined>(undefined);
export const LastTestProvider = Test.Provider;
/** `undefined`: nothing was tested. */
export const useLastTest = () => useContext(Test);

export interface PreviewProps {
  readonly kind: "template" | "expression";
  readonly source: string;
}

const PAUSE_MS = 250;
const LONGEST = 1000;

/** What a template or an expression comes to with the values of the last test, as the server computes it. */
export function Preview({ kind, source }: PreviewProps) {
  const test = useLastTest();
  const computes = kind === "template" ? source.includes("{{") : source.trim() !== "";
  const { data } = useQuery({
    queryKey: ["project", test?.projectId, "evaluate", kind, source, test?.values, test?.timeZone],
    enabled: test !== undefined && computes,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
    queryFn: async ({ signal }) => {
      // Whoever types on has asked for something else by then.
      await new Promise(done => setTimeout(done, PAUSE_MS));
      signal.throwIfAborted();
      return sent(
        api.POST("/api/v1/projects/{projectId}/evaluate", {
          params: { path: { projectId: test?.projectId ?? "" } },
          body: {
            kind,
            source,
            variables: named(test) as never,
            timeZone: test?.timeZone ?? "UTC",
          },
          signal,
        }),
      );
    },
  });
  if (!test || !computes || !data) return null;
  const [problem] = data.problems;
  if (problem)
    return (
      <span className="mt-1 block text-caption text-text-2">
        {t("Not computed: %{problem}", { problem })}
      </span>
    );
  const shown = shownAs(data.value);
  if (kind === "template" && shown === source) return null;
  return (
    <span className="mt-1 block text-caption text-text-2" dir="auto">
      <span className="text-text-3">{t("In the last test:")} </span>
      <span className="whitespace-pre-line">{shown}</span>
      {data.missing.length > 0 && (
        <span className="text-text-3"> {t("(no value: %{names})", { names: data.missing.join(", ") })}</span>
      )}
    </span>
  );
}

/** What is there to be read, at this moment. */
function named(test: LastTest | undefined): Readonly<Record<string, unknown>> {
  const system = test?.values["sys"] as Readonly<Record<string, unknown>> | undefined;
  return { ...test?.values, sys: { ...system, now: new Date().toISOString() } };
}

function shownAs(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
