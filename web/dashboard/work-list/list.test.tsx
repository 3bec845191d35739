import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { cutId, type Pages, WorkList } from "./list";

const PAGES: Pages = {
  isPending: false,
  isError: false,
  isSuccess: true,
  error: null,
  hasNextPage: false,
  isFetchingNextPage: false,
  refetch: () => undefined,
  fetchNextPage: () => undefined,
};

function list(many: number) {
  return (
    <WorkList
      label="Posts"
      what="posts"
      pages={PAGES}
      items={Array.from({ length: many }, (_, index) => `post-${index}`)}
      idOf={id => id}
      opened={undefined}
      row={id => <span>{id}</span>}
    >
      Nothing
    </WorkList>
  );
}

test("a hundred rows are all in the page, of ten thousand only those in view", () => {
  const { rerender } = render(list(100));
  expect(screen.getAllByRole("listitem")).toHaveLength(100);
  rerender(list(10_000));
  expect(screen.queryAllByRole("listitem").length).toBeLessThan(50);
});

test("where nothing is, its place says so", () => {
  render(list(0));
  expect(screen.getByText("Nothing")).toBeTruthy();
});

test("a long id goes without its middle, a short one as it is", () => {
  expect([cutId("visitor-3f2a7c90-1b2c-4d5e"), cutId("kim")]).toEqual(["visitor-3f2a7c9…b2c-4d5e", "kim"]);
});
