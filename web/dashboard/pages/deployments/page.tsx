import { NotYet } from "@dashboard/frame/not-yet";

export default function DeploymentsPage() {
  return <NotYet title="Deployments" what="Connecting channels" />;
}
