import { NotYet } from "@dashboard/frame/not-yet";

export default function KeysPage() {
  return <NotYet title="Keys" what="Keys" />;
}
