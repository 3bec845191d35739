import { NotYet } from "@dashboard/frame/not-yet";

export default function BuildPage() {
  return <NotYet title="Build" what="Drawing an agent" />;
}
