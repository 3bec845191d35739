import { NotYet } from "@dashboard/frame/not-yet";

export default function OutboundPage() {
  return <NotYet title="Approvals" what="Approving posts" />;
}
