import { route as analytics } from "./pages/analytics/route";
import { route as build } from "./pages/build/route";
import { route as deployments } from "./pages/deployments/route";
import { route as inbox } from "./pages/inbox/route";
import { route as keys } from "./pages/keys/route";
import { route as knowledge } from "./pages/knowledge/route";
import { route as outbound } from "./pages/outbound/route";
import { route as projectSettings } from "./pages/project-settings/route";
import { route as projects } from "./pages/projects/route";
import { route as settings } from "./pages/settings/route";
import { route as signIn } from "./pages/sign-in/route";
import { route as test } from "./pages/test/route";
import { route as transcripts } from "./pages/transcripts/route";
import { route as versions } from "./pages/versions/route";
import { project, projectIndex, root, signedIn } from "./parents";

/** Every page: one line each. */
export const routeTree = root.addChildren([
  signIn,
  signedIn.addChildren([
    projects,
    settings,
    project.addChildren([
      projectIndex,
      build,
      test,
      knowledge,
      inbox,
      transcripts,
      analytics,
      versions,
      deployments,
      keys,
      outbound,
      projectSettings,
    ]),
  ]),
]);
