import { useMay } from "@dashboard/data/roles";
import { Page } from "@dashboard/frame/page";
import { Tabs } from "@ui/tabs";
import { Audit } from "./audit";
import { Members } from "./members";
import { route, type Tab } from "./route";
import { Tokens } from "./tokens";
import { You } from "./you";

/** What is the account's and one's own. */
export default function SettingsPage() {
  const { tab: asked = "you" } = route.useSearch();
  const navigate = route.useNavigate();
  const owner = useMay("own");
  const tab = asked === "audit" && !owner ? "you" : asked;
  return (
    <Page title="Account settings">
      <Tabs<Tab>
        label="Account settings"
        value={tab}
        onChange={next => navigate({ search: { tab: next === "you" ? undefined : next } })}
        tabs={[
          { value: "you", label: "You", content: <You /> },
          { value: "tokens", label: "Developer tokens", content: <Tokens /> },
          { value: "members", label: "Members", content: <Members owner={owner} /> },
          ...(owner ? [{ value: "audit" as const, label: "Audit list", content: <Audit /> }] : []),
        ]}
      />
    </Page>
  );
}
