import { keepPreset, type Preset, presetsQuery, removePreset } from "@dashboard/data/presets";
import { useMay } from "@dashboard/data/roles";
import { deleteLater, useKept } from "@dashboard/delete-later";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { Popover } from "@ui/popover";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { Trash2 } from "lucide-react";
import { type FormEvent, type ReactElement, type ReactNode, useState } from "react";

export interface PresetMenuProps {
  readonly projectId: string;
  readonly kind: Preset["kind"];
  readonly trigger: ReactElement;
  readonly title: string;
  /** What one is, in the words of a button: "view". */
  readonly one: string;
  readonly onChoose: (preset: Preset) => void;
  /** What is set by now; `undefined`: there is nothing to set by. */
  readonly content: Preset["content"] | undefined;
  /** What else can be chosen. */
  readonly children?: ReactNode;
}

/** What the project's people have set by: chosen, added by a name, deleted. It is the same in every browser. */
export function PresetMenu(props: PresetMenuProps) {
  const { projectId, kind, trigger, title, one, onChoose, content, children } = props;
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const edits = useMay("edit");
  const client = useQueryClient();
  const query = presetsQuery(projectId, kind);
  const presets = useKept(useQuery(query).data);
  const renew = () => client.invalidateQueries({ queryKey: query.queryKey });
  const keep = useMutation({
    mutationFn: (content: Preset["content"]) => keepPreset(projectId, { kind, name: name.trim(), content }),
    onSuccess: kept => {
      setName("");
      toast(t("%{name} saved", { name: kept.name }));
      return renew();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (content && name.trim()) keep.mutate(content);
  };
  const remove = (preset: Preset) =>
    deleteLater({
      id: preset.id,
      title: t("%{name} deleted", { name: preset.name }),
      send: init => removePreset(projectId, preset.id, init),
      onDone: renew,
    });
  return (
    <Popover trigger={trigger} title={title} align="start" open={open} onOpenChange={setOpen}>
      <div className="flex flex-col gap-2">
        {children}
        {presets.length === 0 && (
          <p className="text-dense text-text-2">{t("No %{one} is saved yet.", { one })}</p>
        )}
        <ul>
          {presets.map(preset => (
            <li key={preset.id} className="flex items-center gap-1">
              <button
                type="button"
                dir="auto"
                className="h-8 min-w-0 flex-1 truncate rounded-control px-2 text-start text-dense hover:bg-hover coarse:h-10"
                onClick={() => {
                  setOpen(false);
                  onChoose(preset);
                }}
              >
                {preset.name}
              </button>
              {edits && (
                <IconButton
                  dense
                  icon={Trash2}
                  label={t("Delete %{name}", { name: preset.name })}
                  onClick={() => remove(preset)}
                />
              )}
            </li>
          ))}
        </ul>
        {edits && content && (
          <form onSubmit={submit} className="flex items-end gap-2 border-line border-t pt-2">
            <Field label={t("Name")} className="min-w-0 flex-1">
              <Input
                value={name}
                maxLength={100}
                dir="auto"
                onChange={event => setName(event.currentTarget.value)}
              />
            </Field>
            <Button type="submit" busy={keep.isPending} disabled={!name.trim()}>
              {t("Save %{one}", { one })}
            </Button>
          </form>
        )}
      </div>
    </Popover>
  );
}
