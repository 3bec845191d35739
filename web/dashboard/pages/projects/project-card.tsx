import { type ListedProject, versionsQuery } from "@dashboard/data/projects";
import { problemsQuery } from "@dashboard/publish/data";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Sparkline } from "@ui/sparkline";
import { Skeleton } from "@ui/states";
import { count, counted, Time } from "@ui/time";
import { t } from "@ui/words";
import { weekQuery } from "./data";
import { ProjectMenu } from "./project-menu";

export const FRAMEWORKS: Record<string, string> = {
  "conversation-flow": t("Conversation flow"),
  agentic: t("Agentic"),
  outbound: t("Outbound"),
};

/** A project with what one asks about first: is it published, is it used, is anything wrong. */
export function ProjectCard({ project }: { readonly project: ListedProject }) {
  return (
    <li className="relative flex min-h-40 flex-col gap-2 rounded-card border border-line bg-surface p-4 hover:border-control">
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 font-semibold text-lead">
          <Link
            to="/p/$projectId"
            params={{ projectId: project.id }}
            title={project.name}
            dir="auto"
            className="line-clamp-2 break-words rounded-tag after:absolute after:inset-0"
          >
            {project.name}
          </Link>
        </h2>
        <div className="relative -me-2 -mt-1">
          <ProjectMenu project={project} />
        </div>
      </div>
      <p dir="auto" title={project.description} className="line-clamp-2 break-words text-dense text-text-2">
        {project.description}
      </p>
      <div className="mt-auto flex flex-wrap items-center gap-2">
        <Badge>{FRAMEWORKS[project.framework] ?? project.framework}</Badge>
        <Published project={project} />
        <Problems projectId={project.id} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2 text-caption text-text-3">
        <Week projectId={project.id} />
        <span className="whitespace-nowrap">
          {t("Changed")} <Time at={project.updatedAt} />
        </span>
      </div>
    </li>
  );
}

function Published({ project }: { readonly project: ListedProject }) {
  const { data: versions } = useQuery(versionsQuery(project.id));
  if (!versions) return <Skeleton className="h-5 w-24" />;
  const latest = versions.find(each => each.production);
  return latest ? <Badge tone="ok">{latest.name}</Badge> : <Badge>{t("Not published")}</Badge>;
}

function Problems({ projectId }: { readonly projectId: string }) {
  const { data: problems = [] } = useQuery(problemsQuery(projectId));
  const errors = problems.filter(problem => problem.severity === "error").length;
  if (problems.length === 0) return null;
  return <Badge tone={errors > 0 ? "bad" : "warn"}>{counted(problems.length, "problem")}</Badge>;
}

function Week({ projectId }: { readonly projectId: string }) {
  const { data } = useQuery(weekQuery(projectId));
  if (!data) return <Skeleton className="h-5 w-16" />;
  const said = t("%{conversations} in 7 days", {
    conversations: counted(data.conversations, "conversation"),
  });
  return (
    <span className="flex items-center gap-2">
      <Sparkline values={data.dailyCounts.map(each => each.conversations)} label={said} />
      {data.conversations > 0 ? count(data.conversations) : "–"} {t("in 7 days")}
    </span>
  );
}
