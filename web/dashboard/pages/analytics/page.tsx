import { NotYet } from "@dashboard/frame/not-yet";

export default function AnalyticsPage() {
  return <NotYet title="Analytics" what="Figures" />;
}
