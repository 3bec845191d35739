import {
  type Counted,
  type Figures,
  figuresQuery,
  periods,
  RANGE_OPTIONS,
  USUAL,
} from "@dashboard/data/analytics";
import { Page } from "@dashboard/frame/page";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
import { Switch } from "@ui/choice";
import { Select } from "@ui/select";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { ChartNoAxesColumn } from "lucide-react";
import { DayChart } from "./day-chart";
import { Funnel } from "./funnel";
import { Models } from "./models";
import { Numbers } from "./numbers";
import { route } from "./route";
import { Unanswered } from "./unanswered";

/** Whether it works: how many came, how it came out, what it took, and where people stay. */
export default function AnalyticsPage() {
  const { projectId } = route.useParams();
  const { range = USUAL, include } = route.useSearch();
  const navigate = route.useNavigate();
  const { now, before } = periods(range);
  const shown: Counted = { ...now, include };
  const { data } = useQuery(figuresQuery(projectId, shown));
  return (
    <Page
      title={t("Analytics")}
      api={`/api/v1/projects/${projectId}/analytics${now.from ? `?from=${now.from}` : ""}`}
      actions={
        <Select
          dense
          label={t("Time")}
          className="w-36"
          value={range}
          options={RANGE_OPTIONS}
          onChange={next =>
            navigate({ search: old => ({ ...old, range: next === USUAL ? undefined : next }) })
          }
        />
      }
    >
      <div className="flex flex-col gap-8">
        <div className="flex flex-col gap-4">
          <h2 className="sr-only">{t("Figures")}</h2>
          <Switch
            label={t("Count tests from the dashboard too")}
            checked={include !== undefined}
            onChange={on => navigate({ search: old => ({ ...old, include: on ? "dashboard" : undefined }) })}
          />
          <Counts projectId={projectId} counted={shown} before={before && { ...before, include }} />
        </div>
        {!(data && isEmpty(data)) && (
          <>
            <Funnel projectId={projectId} counted={shown} range={range} />
            <Unanswered projectId={projectId} counted={shown} />
          </>
        )}
      </div>
    </Page>
  );
}

const isEmpty = ({ conversations, usage }: Figures) => conversations === 0 && usage.byDay.length === 0;

interface CountsProps {
  readonly projectId: string;
  readonly counted: Counted;
  readonly before: Counted | undefined;
}

function Counts({ projectId, counted, before }: CountsProps) {
  const figures = useQuery(figuresQuery(projectId, counted));
  const earlier = useQuery({ ...figuresQuery(projectId, before ?? {}), enabled: before !== undefined });
  if (figures.isPending) {
    return (
      <Loading what={t("figures")} className="flex flex-col gap-8">
        <Skeleton className="h-60" />
        <Skeleton className="h-64" />
      </Loading>
    );
  }
  if (figures.isError) {
    return (
      <ErrorState
        title={t("Could not load the figures.")}
        error={figures.error}
        onRetry={() => figures.refetch()}
      />
    );
  }
  const { data } = figures;
  if (isEmpty(data)) {
    return <Nothing projectId={projectId} included={counted.include !== undefined} />;
  }
  return (
    <div className="flex flex-col gap-8">
      <Numbers
        projectId={projectId}
        counted={counted}
        figures={data}
        before={before ? earlier.data : undefined}
      />
      <DayChart figures={data} />
      <Models models={data.usage.byModel} />
    </div>
  );
}

function Nothing({ projectId, included }: { readonly projectId: string; readonly included: boolean }) {
  const navigate = route.useNavigate();
  return (
    <EmptyState
      icon={ChartNoAxesColumn}
      title={t("Figures come from conversations, and in this time there is none")}
      actions={
        <>
          <Link to="/p/$projectId/test" params={{ projectId }} className={buttonClass("primary")}>
            {t("Test the agent")}
          </Link>
          {!included && (
            <Button onClick={() => navigate({ search: old => ({ ...old, include: "dashboard" }) })}>
              {t("Count tests too")}
            </Button>
          )}
        </>
      }
    />
  );
}
