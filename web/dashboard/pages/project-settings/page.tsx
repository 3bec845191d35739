import { NotYet } from "@dashboard/frame/not-yet";

export default function ProjectSettingsPage() {
  return <NotYet title="Settings" what="The project's settings" />;
}
