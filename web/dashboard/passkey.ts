import { api, sent } from "@client/api";
import { t } from "@ui/words";
import { keep, type Session } from "./session";

/**
 * Whether this browser has passkeys for this address. An address of numbers has none, whatever the browser: a passkey
 * belongs to a name.
 */
export function hasPasskeys(): boolean {
  return (
    globalThis.isSecureContext &&
    typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function" &&
    !/^([\d.]+|\[.*\])$/.test(location.hostname)
  );
}

/** Has the authenticator make a passkey. `current` is one's password, where the server asks for it. */
export async function addPasskey(name: string, current: string | null): Promise<void> {
  const asked = await sent(api.POST("/api/v1/passkeys/options", { body: { current } }));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    asked as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const made = await answered(navigator.credentials.create({ publicKey }));
  await api.POST("/api/v1/passkeys", { body: { name, credential: made } });
}

export async function signInByPasskey(): Promise<Session> {
  const asked = await sent(api.POST("/api/v1/sign-in/passkey/options"));
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    asked as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const signed = await answered(navigator.credentials.get({ publicKey }));
  return keep(await sent(api.POST("/api/v1/sign-in/passkey", { body: { credential: signed } })));
}

/** What the authenticator answered, as JSON. Throws in words for people. */
async function answered(asked: Promise<Credential | null>): Promise<Record<string, never>> {
  try {
    const credential = (await asked) as PublicKeyCredential | null;
    if (credential) return credential.toJSON() as unknown as Record<string, never>;
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidStateError") {
      throw new Error(t("This device holds a passkey of yours already."));
    }
    if (!(error instanceof DOMException)) throw error;
  }
  throw new Error(t("No passkey was used. Try again, or sign in another way."));
}
