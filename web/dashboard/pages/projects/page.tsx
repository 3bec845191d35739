import { projectsQuery } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { useKept } from "@dashboard/delete-later";
import { Page } from "@dashboard/frame/page";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { Field, Input } from "@ui/field";
import { Icon } from "@ui/icon";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { FolderOpen, Plus } from "lucide-react";
import { DropAnywhere } from "./drop-anywhere";
import { NewProject } from "./new-project";
import { ProjectCard } from "./project-card";
import { route } from "./route";

const GRID = "grid grid-cols-[repeat(auto-fill,minmax(min(280px,100%),1fr))] gap-4";
const SEARCH_FROM = 7;

/** All projects, and the ways to a new one. */
export default function ProjectsPage() {
  const { new: way, find = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const edits = useMay("edit");
  const projects = useQuery(projectsQuery);
  const kept = useKept(projects.data);
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const found = kept.filter(each =>
    words.every(word => `${each.name} ${each.description}`.toLowerCase().includes(word)),
  );
  const setFind = (text: string) =>
    navigate({ search: before => ({ ...before, find: text || undefined }), replace: true });
  return (
    <Page
      title={t("Projects")}
      api="/api/v1/projects"
      actions={
        edits && (
          <Link to="/" search={{ new: "template" }} className={buttonClass("primary")}>
            <Icon of={Plus} />
            {t("New project")}
          </Link>
        )
      }
    >
      {kept.length >= SEARCH_FROM && (
        <Field label={t("Find a project")} hideLabel className="mb-4 max-w-xs">
          <Input
            type="search"
            placeholder={t("Find a project")}
            value={find}
            onChange={event => setFind(event.target.value)}
          />
        </Field>
      )}
      {projects.isPending && <Skeletons />}
      {projects.isError && (
        <ErrorState
          title={t("Could not load the projects.")}
          error={projects.error}
          onRetry={() => projects.refetch()}
        />
      )}
      {projects.isSuccess && kept.length === 0 && <None edits={edits} />}
      {found.length > 0 && (
        <ul className={GRID} aria-label={counted(found.length, "project")}>
          {found.map(project => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </ul>
      )}
      {kept.length > 0 && found.length === 0 && (
        <p className="text-text-2">{t("No project is called “%{find}”.", { find })}</p>
      )}
      {edits && <NewProject way={way} onClose={() => navigate({ search: { find: find || undefined } })} />}
      {edits && <DropAnywhere />}
    </Page>
  );
}

function None({ edits }: { readonly edits: boolean }) {
  return (
    <EmptyState
      icon={FolderOpen}
      title={t("A project holds one agent and everything that belongs to it")}
      actions={
        edits && (
          <>
            <Link to="/" search={{ new: "template" }} className={buttonClass("primary")}>
              {t("Begin from a template")}
            </Link>
            <Link to="/" search={{ new: "blank" }} className={buttonClass()}>
              {t("Begin blank")}
            </Link>
          </>
        )
      }
    >
      {edits
        ? t(
            "Templates are whole agents that run as they are. An export of ours or of Voiceflow can be dropped anywhere here.",
          )
        : t("There is none yet. Owners and editors make them.")}
    </EmptyState>
  );
}

function Skeletons() {
  return (
    <Loading what={t("projects")} className={GRID}>
      {["a", "b", "c"].map(key => (
        <Skeleton key={key} className="h-40 rounded-card" />
      ))}
    </Loading>
  );
}
