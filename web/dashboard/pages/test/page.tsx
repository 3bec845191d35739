import { versionsQuery } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { Page } from "@dashboard/frame/page";
import { Playground } from "@dashboard/playground/playground";
import { useConversation } from "@dashboard/playground/use-conversation";
import { useMoment } from "@dashboard/playground/use-moment";
import { Refused } from "@dashboard/refused";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { FlaskConical } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { route } from "./route";

const Tests = lazy(() => import("./tests"));

const nameOf = (options: readonly { value: string; label: string }[], value: string) =>
  options.find(each => each.value === value)?.label.toLowerCase() ?? value;

/** The playground on the whole page: the draft, production, or one version. */
export default function TestPage() {
  const { projectId } = route.useParams();
  return useMay("edit") ? (
    <Testing key={projectId} projectId={projectId} />
  ) : (
    <Refused projectId={projectId} page={t("Test")} title={t("Testing takes the editor role")} />
  );
}

function Testing({ projectId }: { readonly projectId: string }) {
  const [version, setVersion] = useState("development");
  const versions = useQuery(versionsQuery(projectId));
  const talk = useConversation(projectId, version);
  const { transcript, turn, view, item } = route.useSearch();
  const navigate = route.useNavigate();
  const said = useMoment(projectId, talk, transcript, turn);
  const options = [
    { value: "development", label: t("Draft") },
    ...(versions.data?.length ? [{ value: "production", label: t("Production") }] : []),
    ...(versions.data ?? []).map(each => ({ value: each.id, label: each.name })),
  ];
  return (
    <Page
      title={t("Test")}
      fill
      actions={
        <>
          <Button
            dense
            icon={FlaskConical}
            aria-pressed={view === "tests"}
            onClick={() =>
              navigate({
                search: before => ({
                  ...before,
                  view: view ? undefined : ("tests" as const),
                  item: undefined,
                }),
              })
            }
          >
            {t("Tests")}
          </Button>
          <Select
            dense
            label={t("Version")}
            className="max-w-40"
            options={options}
            value={version}
            onChange={setVersion}
          />
        </>
      }
    >
      {view === "tests" ? (
        <Suspense>
          <Tests
            key={version}
            projectId={projectId}
            versionId={version}
            versionName={version === "development" ? t("the draft") : nameOf(options, version)}
            openId={item}
            onOpen={id => navigate({ search: before => ({ ...before, item: id }) })}
          />
        </Suspense>
      ) : (
        <Playground
          key={`${version} ${said ?? ""}`}
          wide
          projectId={projectId}
          versionId={version}
          talk={talk}
        />
      )}
    </Page>
  );
}
