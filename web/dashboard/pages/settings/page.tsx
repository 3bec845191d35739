import { useMay } from "@dashboard/data/roles";
import { Page } from "@dashboard/frame/page";
import { Tabs } from "@ui/tabs";
import { t } from "@ui/words";
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
    <Page title={t("Account settings")}>
      <Tabs<Tab>
        label={t("Account settings")}
        value={tab}
        onChange={next => navigate({ search: { tab: next === "you" ? undefined : next } })}
        tabs={[
          { value: "you", label: t("You"), content: <You /> },
          { value: "tokens", label: t("Developer tokens"), content: <Tokens /> },
          { value: "members", label: t("Members"), content: <Members owner={owner} /> },
          ...(owner ? [{ value: "audit" as const, label: t("Audit list"), content: <Audit /> }] : []),
        ]}
      />
    </Page>
  );
}
