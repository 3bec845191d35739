import { Badge, type Tone } from "@ui/badge";
import { Button } from "@ui/button";
import { Switch } from "@ui/choice";
import { TextChanges } from "@ui/text-changes";
import { t } from "@ui/words";
import { argumentsOf, changesOf } from "./offer-changes";
import type { Offered, OfferState, Seen } from "./offered";

interface OfferRowProps {
  readonly name: string;
  /** What the server tells of it now. */
  readonly offer: Offered | undefined;
  /** The server has told what it has. */
  readonly listed: boolean;
  readonly state: OfferState;
  /** What it said when it was pinned, where that is kept. */
  readonly seen: Seen | undefined;
  readonly error: string | undefined;
  readonly onAllow: (allowed: boolean) => void;
  readonly onPin: (() => void) | undefined;
  readonly onUnpin: () => void;
  readonly onForget: () => void;
}

const STATES: Readonly<Record<OfferState["pin"], readonly [string, Tone]>> = {
  none: [t("Not pinned"), "neutral"],
  pinned: [t("Pinned"), "ok"],
  changed: [t("Changed since it was pinned"), "warn"],
  unknown: [t("Pinned"), "neutral"],
};

/** A tool of a server: what it says of itself, whether it may be used, and what changed since it was pinned. */
export function OfferRow(props: OfferRowProps) {
  const { name, offer, listed, state, seen, error, onAllow, onPin, onUnpin, onForget } = props;
  const gone = listed && !offer;
  const [label, tone] = gone ? ([t("Not there any more"), "bad"] as const) : STATES[state.pin];
  return (
    <li aria-label={name} className="flex flex-col gap-2 rounded-card border border-line bg-surface p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Switch
          label={
            <span className="wrap-anywhere font-medium">
              <span className="sr-only">{t("Allow")} </span>
              {name}
            </span>
          }
          checked={state.allowed}
          disabled={state.last}
          hint={state.last ? t("The last that is allowed stays: without any, all would be.") : undefined}
          onChange={onAllow}
        />
        <span className="ms-auto flex flex-wrap items-center gap-1">
          <Badge tone={tone}>{label}</Badge>
          {onPin && state.pin === "none" && (
            <Button dense onClick={onPin}>
              {t("Pin")} <span className="sr-only">{name}</span>
            </Button>
          )}
          {onPin && state.pin === "changed" && (
            <Button dense look="primary" onClick={onPin}>
              {t("Pin as it is now")} <span className="sr-only">{name}</span>
            </Button>
          )}
          {state.pin !== "none" && !gone && (
            <Button dense look="quiet" onClick={onUnpin}>
              {t("Unpin")} <span className="sr-only">{name}</span>
            </Button>
          )}
          {gone && (
            <Button dense disabled={state.last} onClick={onForget}>
              {t("Remove")} <span className="sr-only">{name}</span>
            </Button>
          )}
        </span>
      </div>
      {error && <p className="text-bad text-caption">{error}</p>}
      {offer && state.pin === "changed" && <Changed offer={offer} seen={seen} />}
      {offer && <Said offer={offer} />}
    </li>
  );
}

/** Its own words, and what it is given. */
function Said({ offer }: { readonly offer: Offered }) {
  const all = argumentsOf(offer);
  return (
    <>
      <p dir="auto" className="wrap-anywhere whitespace-pre-wrap text-dense text-text-2">
        {offer.description || t("It says nothing of itself.")}
      </p>
      {all.length === 0 ? (
        <p className="text-caption text-text-3">{t("It takes no arguments.")}</p>
      ) : (
        <dl className="flex flex-col gap-1 text-caption">
          {all.map(({ name, type, required, description }) => (
            <div key={name} className="wrap-anywhere flex flex-wrap gap-x-2">
              <dt className="font-mono text-text">{name}</dt>
              <dd className="text-text-2">
                {type}
                {required && t(", needed")}
                {description && `: ${description}`}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function Changed({ offer, seen }: { readonly offer: Offered; readonly seen: Seen | undefined }) {
  return (
    <div className="flex flex-col gap-1 rounded-control bg-warn-soft p-2 text-dense">
      <p className="font-medium text-warn">{t("It is not used before somebody pins it as it is now.")}</p>
      {seen ? (
        <>
          {seen.description !== offer.description && (
            <TextChanges before={seen.description} after={offer.description} />
          )}
          <ul className="list-disc ps-4 text-text-2">
            {changesOf(seen, offer).map(each => (
              <li key={each} dir="auto" className="wrap-anywhere">
                {each}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="text-text-2">{t("What it said when it was pinned is not kept.")}</p>
      )}
    </div>
  );
}
