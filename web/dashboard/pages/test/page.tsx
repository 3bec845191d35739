import { NotYet } from "@dashboard/frame/not-yet";

export default function TestPage() {
  return <NotYet title="Test" what="The playground" />;
}
