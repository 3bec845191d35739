import { NotYet } from "@dashboard/frame/not-yet";

export default function InboxPage() {
  return <NotYet title="Inbox" what="Answering in person" />;
}
