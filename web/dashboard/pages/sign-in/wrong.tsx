/** What went wrong with signing in; there before it is, so that it is heard, and takes no place. */
export function Wrong({ children }: { readonly children: string | undefined }) {
  return (
    <div role="alert" className="empty:absolute">
      {children && <p className="rounded-control bg-bad-soft px-3 py-2 text-bad text-body">{children}</p>}
    </div>
  );
}
