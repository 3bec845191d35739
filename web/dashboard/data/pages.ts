/** Where the next page of a list begins, as its `Link` header says. */
export function cursorOf(response: Response): string | undefined {
  const address = response.headers.get("Link")?.match(/<([^>]+)>;\s*rel="next"/)?.[1];
  return address ? (new URL(address, location.origin).searchParams.get("cursor") ?? undefined) : undefined;
}
