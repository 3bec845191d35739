import type { Editor } from "@dashboard/editing/editor";
import { useErrors } from "@dashboard/editing/use-errors";
import { ProjectNames } from "@dashboard/form/project-names";
import { BuildBar } from "@dashboard/parts/build-bar";
import type { Place } from "@dashboard/parts/place";
import { t } from "@ui/words";
import { Phases } from "./phases";
import { Limits, Persona, Playbooks, Tools } from "./tabs";

export const TABS = ["persona", "phases", "tools", "playbooks", "limits"] as const;
export type AgentTab = (typeof TABS)[number];

const LABELS: Readonly<Record<AgentTab, string>> = {
  persona: t("Persona"),
  phases: t("Phases"),
  tools: t("Tools"),
  playbooks: t("Playbooks"),
  limits: t("Limits"),
};

export interface AgentEditorProps {
  readonly editor: Editor;
  readonly projectId: string;
  readonly tab: string | undefined;
  /** The phase that is open. */
  readonly item: string | undefined;
  readonly onTab: (tab: AgentTab) => void;
  readonly onItem: (id: string | undefined) => void;
  readonly onPlace: (place: Place) => void;
}

/** An agentic project: who the assistant is, in which phases it works, with what, and within which limits. */
export default function AgentEditor(props: AgentEditorProps) {
  const { editor, projectId, tab, item, onTab, onItem, onPlace } = props;
  const errors = useErrors(editor);
  const shown = TABS.find(each => each === tab) ?? "persona";
  const shared = { editor, errors };
  return (
    <ProjectNames editor={editor}>
      <div className="flex h-full min-h-0 flex-col">
        <BuildBar
          editor={editor}
          projectId={projectId}
          label={t("Agent")}
          value={shown}
          tabs={TABS.map(value => ({ value, label: LABELS[value] }))}
          onChange={onTab}
          onPlace={onPlace}
        />
        <div className="min-h-0 flex-1">
          {shown === "persona" && <Persona {...shared} />}
          {shown === "phases" && <Phases {...shared} openId={item} onOpen={onItem} />}
          {shown === "tools" && <Tools {...shared} projectId={projectId} />}
          {shown === "playbooks" && <Playbooks {...shared} projectId={projectId} />}
          {shown === "limits" && <Limits {...shared} />}
        </div>
      </div>
    </ProjectNames>
  );
}
