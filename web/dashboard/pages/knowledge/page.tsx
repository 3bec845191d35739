import { NotYet } from "@dashboard/frame/not-yet";

export default function KnowledgePage() {
  return <NotYet title="Knowledge" what="Knowledge" />;
}
