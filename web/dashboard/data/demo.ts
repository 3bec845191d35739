import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "./projects";

/** The id of the project that a first start adds. */
const DEMO = "proj_demo";

/** The demo, an example to open beside this project; `undefined`: it is gone, or is this project. */
export function useDemo(projectId: string): string | undefined {
  const { data: projects } = useQuery(projectsQuery);
  return projectId !== DEMO && projects?.some(each => each.id === DEMO) ? DEMO : undefined;
}
