import { IconButton } from "@ui/button";
import { Tabs } from "@ui/tabs";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { Chat } from "./chat";
import { useConversationVariables } from "./conversation-state";
import { useMocks } from "./mocks";
import { TraceList } from "./trace-list";
import type { Talk } from "./use-conversation";
import { UserMenu } from "./user-menu";
import { Variables } from "./variables";

export interface PlaygroundProps {
  readonly projectId: string;
  /** What is talked to; left out: the draft. */
  readonly versionId?: string;
  readonly talk: Talk;
  readonly onStep?: (workflowId: string, stepId: string) => void;
  readonly onClose?: () => void;
  /** Conversation, trace and variables beside each other. */
  readonly wide?: boolean;
}

type View = "talk" | "trace" | "variables";

// Beside each other they say themselves what they are.
const HEADING = "border-line border-t px-3 pt-3 font-medium text-dense lg:sr-only";

/** Talks to the draft: what is said, what happened, what the variables are. */
export function Playground(props: PlaygroundProps) {
  const { projectId, versionId = "development", talk, onStep, onClose, wide } = props;
  const [view, setView] = useState<View>("talk");
  const mocked = Object.keys(useMocks(projectId)).length;
  const known = useConversationVariables(projectId, talk);
  const chat = <Chat projectId={projectId} versionId={versionId} talk={talk} />;
  const trace = (
    <TraceList
      turns={talk.conversation.turns}
      whose={{ projectId, userId: talk.userId }}
      variables={known}
      onStep={onStep}
    />
  );
  const variables = <Variables projectId={projectId} talk={talk} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-1 border-line border-b px-3 py-2">
        <h2 className="flex-1 font-semibold text-lead">
          {t("Test")}{" "}
          {mocked > 0 && (
            <span className="font-normal text-dense text-text-2">
              {t("%{mocked} mocked", { mocked: counted(mocked, "step") })}
            </span>
          )}
        </h2>
        <UserMenu projectId={projectId} talk={talk} />
        <IconButton icon={RotateCcw} label={t("Restart")} onClick={() => talk.restart()} />
        {onClose && <IconButton icon={X} label={t("Close")} shortcut="mod+j" onClick={onClose} />}
      </header>
      {wide ? (
        <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto max-lg:auto-rows-max lg:grid-cols-[1fr_1.2fr_0.8fr] lg:overflow-hidden">
          <div className="min-h-96 overflow-hidden">{chat}</div>
          <section aria-label={t("Trace")} className="overflow-y-auto border-line lg:border-s">
            <h2 className={HEADING}>{t("Trace")}</h2>
            {trace}
          </section>
          <section aria-label={t("Variables")} className="overflow-y-auto border-line lg:border-s">
            <h2 className={HEADING}>{t("Variables")}</h2>
            {variables}
          </section>
        </div>
      ) : (
        <div className="flex min-h-0 flex-1 flex-col px-3">
          <Tabs
            label={t("Test")}
            value={view}
            onChange={setView}
            tabs={[
              {
                value: "talk",
                label: t("Conversation"),
                content: <div className="-mx-3 -mt-4 h-full">{chat}</div>,
              },
              {
                value: "trace",
                label: t("Trace"),
                content: <div className="-mx-3 -mt-4 h-full overflow-y-auto">{trace}</div>,
              },
              {
                value: "variables",
                label: t("Variables"),
                content: <div className="-mx-3 -mt-4 h-full overflow-y-auto">{variables}</div>,
              },
            ]}
          />
        </div>
      )}
    </div>
  );
}
