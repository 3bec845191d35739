import { create } from "zustand";

/** Queues that people may be told about when they look elsewhere. */
export type NoticedQueue = "waiting" | "mine";
export type Means = "sound" | "desktop";

export type NoticeChoices = Readonly<Record<NoticedQueue, Readonly<Record<Means, boolean>>>>;

const KEY = "conduet.notices";
const NONE: NoticeChoices = {
  waiting: { sound: false, desktop: false },
  mine: { sound: false, desktop: false },
};

export const useNotices = create<{ readonly chosen: NoticeChoices }>(() => ({ chosen: kept() }));

function kept(): NoticeChoices {
  try {
    return { ...NONE, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return NONE;
  }
}

/** Switches one on or off for this browser. A desktop notice asks the browser first: `false` when that says no. */
export async function choose(queue: NoticedQueue, means: Means, on: boolean): Promise<boolean> {
  if (on && means === "desktop" && !(await mayNotify())) return false;
  if (on && means === "sound") play();
  const { chosen } = useNotices.getState();
  const next = { ...chosen, [queue]: { ...chosen[queue], [means]: on } };
  useNotices.setState({ chosen: next });
  localStorage.setItem(KEY, JSON.stringify(next));
  return true;
}

/** Tells whoever wants to be told; `open` shows the conversation. */
export function notice(queue: NoticedQueue, title: string, body: string, open: () => void): void {
  const { sound, desktop } = useNotices.getState().chosen[queue];
  if (sound) play();
  if (!desktop || !("Notification" in globalThis) || Notification.permission !== "granted") return;
  const shown = new Notification(title, { body, tag: title });
  shown.onclick = () => {
    window.focus();
    open();
    shown.close();
  };
}

async function mayNotify(): Promise<boolean> {
  if (!("Notification" in globalThis)) return false;
  return (await Notification.requestPermission()) === "granted";
}

const SECONDS = 0.25;

/** Two soft tones; made here, so that no file is loaded. */
function play(): void {
  const context = new AudioContext();
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  tone.frequency.setValueAtTime(660, 0);
  tone.frequency.setValueAtTime(880, SECONDS / 2);
  volume.gain.setValueAtTime(0.08, 0);
  volume.gain.linearRampToValueAtTime(0, SECONDS);
  tone.connect(volume).connect(context.destination);
  tone.onended = () => void context.close();
  tone.start();
  tone.stop(SECONDS);
}
