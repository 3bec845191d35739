import { NotYet } from "@dashboard/frame/not-yet";

export default function VersionsPage() {
  return <NotYet title="Versions" what="Versions" />;
}
