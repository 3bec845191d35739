import { createContext } from "react";

/** Below this a card shows its name alone. */
export const FAR = 0.45;

/** Whether the canvas is looked at from afar. It changes when a gesture ends, never during it. */
export const Far = createContext(false);
