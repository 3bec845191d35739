import { type Ask, arranged } from "./arrange";

addEventListener("message", (event: MessageEvent<Ask>) => postMessage(arranged(event.data)));
