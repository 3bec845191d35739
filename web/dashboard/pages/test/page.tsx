import { versionsQuery } from "@dashboard/data/projects";
import { Page } from "@dashboard/frame/page";
import { Playground } from "@dashboard/playground/playground";
import { useConversation } from "@dashboard/playground/use-conversation";
import { useMoment } from "@dashboard/playground/use-moment";
import { useQuery } from "@tanstack/react-query";
import { Select } from "@ui/select";
import { useState } from "react";
import { route } from "./route";

/** The playground on the whole page: the draft, production, or one version. */
export default function TestPage() {
  const { projectId } = route.useParams();
  const [version, setVersion] = useState("development");
  const versions = useQuery(versionsQuery(projectId));
  const talk = useConversation(projectId, version);
  const { transcript, turn } = route.useSearch();
  const said = useMoment(projectId, talk, transcript, turn);
  const options = [
    { value: "development", label: "Draft" },
    ...(versions.data?.length ? [{ value: "production", label: "Production" }] : []),
    ...(versions.data ?? []).map(each => ({ value: each.id, label: each.name })),
  ];
  return (
    <Page
      title="Test"
      fill
      actions={
        <Select
          dense
          label="Version"
          className="w-40"
          options={options}
          value={version}
          onChange={setVersion}
        />
      }
    >
      <Playground key={`${version} ${said ?? ""}`} wide projectId={projectId} talk={talk} draft={said} />
    </Page>
  );
}
