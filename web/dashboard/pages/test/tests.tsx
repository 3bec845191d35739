import { api, sent } from "@client/api";
import { keepRan, useRan } from "@dashboard/data/test-results";
import { useAutosave } from "@dashboard/editing/autosave";
import { Clashes } from "@dashboard/editing/clashes";
import type { Editor } from "@dashboard/editing/editor";
import { tellEdit, useHistory } from "@dashboard/editing/history";
import { equal } from "@dashboard/editing/merge";
import { SaveState } from "@dashboard/editing/save-state";
import { firstChanged } from "@dashboard/editing/touched";
import { useEditor } from "@dashboard/editing/use-editor";
import { useErrors } from "@dashboard/editing/use-errors";
import { whenSaved } from "@dashboard/editing/when-saved";
import { ProjectNames } from "@dashboard/form/project-names";
import { ListAndEditor } from "@dashboard/parts/list-and-editor";
import { UndoButtons } from "@dashboard/parts/undo-buttons";
import { useMutation } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { ErrorState, Loading, Skeleton, SkeletonRows } from "@ui/states";
import { t } from "@ui/words";
import { ArrowLeft } from "lucide-react";
import type { Told } from "./result";
import { copyOf, nameOf, newTest, type Test, withTests } from "./shapes";
import { TestEditor } from "./test-editor";
import { NoTests, TestList } from "./test-list";

export interface TestsProps {
  readonly projectId: string;
  /** What they are run on. */
  readonly versionId: string;
  readonly versionName: string;
  /** The test that is open; it stands in the address. */
  readonly openId: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
}

/** The project's conversation tests: written here, and run on the draft or a version. */
export default function Tests(props: TestsProps) {
  const { editor, error, retry } = useEditor(props.projectId);
  if (editor) return <Edited {...props} editor={editor} />;
  if (error)
    return (
      <ErrorState title={t("Could not load the tests.")} error={error} onRetry={retry} className="m-4" />
    );
  return (
    <Loading what={t("the tests")}>
      <div className={BAR} />
      <div className="flex flex-col gap-3 p-4">
        <Skeleton className="h-8 w-24" />
        <SkeletonRows className="h-11" />
      </div>
    </Loading>
  );
}

function Edited({ editor, projectId, ...props }: TestsProps & { readonly editor: Editor }) {
  const { versionId, versionName, openId, onOpen } = props;
  useAutosave(editor);
  const history = useHistory(editor, (before, after) => {
    const changed = firstChanged(before.tests, after.tests, each => each.id);
    if (changed) onOpen(changed.id);
  });
  const tests = editor(state => state.document.tests);
  const edit = editor(state => state.edit);
  const errors = useErrors(editor);
  const ran = useRan(projectId, versionId);
  const run = useMutation({
    mutationFn: async (ids?: readonly string[]) => {
      // The server runs what it has.
      await whenSaved(editor);
      const now = editor.getState().document.tests;
      const results = await sent(
        api.POST("/api/v1/projects/{projectId}/tests/run", {
          params: { path: { projectId } },
          body: { versionId, ...(ids && { ids: [...ids] }) },
        }),
      );
      return results.flatMap(result => {
        const of = now.find(each => each.id === result.id);
        return of ? [[result.id, { result, of }] as const] : [];
      });
    },
    onSuccess: results => keepRan(projectId, versionId, results),
  });
  const tellOf = (test: Test): Told | undefined => {
    const known = ran.get(test.id);
    return known && { result: known.result, edited: !equal(known.of, test) };
  };
  const put = (label: string, change: (tests: readonly Test[]) => readonly Test[], key?: string) =>
    edit(label, now => withTests(now, change), key);
  const insert = (made: Test, at: number) => {
    put(t("Add %{name}", { name: nameOf(made) }), now => now.toSpliced(at, 0, made));
    onOpen(made.id);
  };
  const add = () => insert(newTest(tests), tests.length);
  const remove = (test: Test) => {
    put(t("Delete %{name}", { name: nameOf(test) }), now => now.filter(each => each.id !== test.id));
    if (openId === test.id) onOpen(undefined);
    tellEdit(editor, t("Deleted %{name}", { name: nameOf(test) }));
  };
  const open = tests.find(each => each.id === openId);
  const isFlawed = (index: number) => [...errors.keys()].some(each => each.startsWith(`tests[${index}]`));
  return (
    <ProjectNames editor={editor}>
      <div className="flex h-full min-h-0 flex-col">
        <Clashes editor={editor} />
        <Bar editor={editor} history={history} onBack={open && (() => onOpen(undefined))} />
        <div className="relative min-h-0 flex-1 overflow-y-auto">
          {tests.length === 0 ? (
            <NoTests projectId={projectId} onAdd={add} />
          ) : open ? (
            <ListAndEditor
              label={t("Tests")}
              one={t("test")}
              openId={open.id}
              onOpen={onOpen}
              onAdd={add}
              items={tests.map((each, index) => {
                const told = tellOf(each);
                const red = told && !told.edited && !told.result.ok;
                return {
                  id: each.id,
                  label: nameOf(each),
                  hint: red ? t("Not as expected") : undefined,
                  problem: red ? ("error" as const) : isFlawed(index) ? ("warning" as const) : undefined,
                };
              })}
            >
              <TestEditor
                key={open.id}
                editor={editor}
                projectId={projectId}
                test={open}
                path={`tests[${tests.indexOf(open)}]`}
                told={tellOf(open)}
                running={run.isPending}
                onChange={(change, field) =>
                  put(
                    t("Edit %{name}", { name: nameOf(open) }),
                    now => now.map(each => (each.id === open.id ? change(each) : each)),
                    `tests.${open.id}.${field}`,
                  )
                }
                onRun={() => run.mutate([open.id])}
                onDuplicate={() => insert(copyOf(open), tests.indexOf(open) + 1)}
                onRemove={() => remove(open)}
              />
            </ListAndEditor>
          ) : (
            <TestList
              projectId={projectId}
              tests={tests}
              tellOf={tellOf}
              versionName={versionName}
              running={run.isPending}
              onRun={ids => run.mutate(ids)}
              onOpen={onOpen}
              onAdd={add}
              onRemove={remove}
            />
          )}
        </div>
      </div>
    </ProjectNames>
  );
}

const BAR = "flex h-10 shrink-0 items-center gap-2 border-line border-b bg-surface px-2";

interface BarProps {
  readonly editor: Editor;
  readonly history: ReturnType<typeof useHistory>;
  readonly onBack: (() => void) | undefined;
}

/** Whether what is written is safe, undo and redo, and the way back to all tests. */
function Bar({ editor, history, onBack }: BarProps) {
  return (
    <div className={BAR}>
      <span className="flex-1">
        {/* A narrow screen has its own way back. */}
        {onBack && (
          <Button dense look="quiet" icon={ArrowLeft} className="max-md:hidden" onClick={onBack}>
            {t("All tests")}
          </Button>
        )}
      </span>
      <SaveState editor={editor} />
      <UndoButtons editor={editor} history={history} />
    </div>
  );
}
