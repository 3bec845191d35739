import { NotYet } from "@dashboard/frame/not-yet";

export default function TranscriptsPage() {
  return <NotYet title="Transcripts" what="Reading conversations" />;
}
